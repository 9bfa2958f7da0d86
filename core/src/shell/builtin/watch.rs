//! `watch`: a command again and again, each time on a fresh screen.
//!
//! Models: procps-ng, watch.c. Differs: without `-d`; what it shows stays on the screen when it is interrupted.

use std::rc::Rc;

use super::options::options;
use super::sleep::interval;
use super::{Builtin, Call, Flow, Running, fail, nothing};
use crate::output::Output;
use crate::shell::ast::List;
use crate::shell::env::Env;
use crate::shell::parse::parse;
use crate::shell::process::{Host, Process, State};
use crate::shell::stdin::Stdin;
use crate::time::{Ms, SECOND};

pub(super) const WATCH: Builtin = Builtin {
    name: "watch",
    usage: "watch [-n SECONDS] [-t] COMMAND …",
    about: "run a command again and again, until Ctrl-C",
    run,
    complete: nothing,
};

#[derive(Clone)]
pub(in crate::shell) struct Watch {
    interval: Ms,
    /// Whether there is a line above that says what runs.
    title: bool,
    text: String,
    list: Rc<List>,
    env: Env,
    /// The command, while it runs, and what it has said.
    process: Option<Process>,
    said: String,
    next: Ms,
}

fn run(call: &mut Call) -> Flow {
    let longs = [("interval", 'n'), ("no-title", 't'), ("differences", 'd')];
    let options = match options(call, "watch", "+n:tdcegbpx", &longs) {
        Ok(options) => options,
        Err(flow) => return flow,
    };
    if options.words.is_empty() {
        call.output.err("Usage:\n watch [options] command\n");
        return Flow::Exit(1);
    }
    let number = options.value('n').unwrap_or("2");
    let Some(interval) = interval(number) else {
        return fail(call, "watch", &format!("failed to parse argument: '{number}'"), 1);
    };
    let text = options.words.join(" ");
    let (Ok(list), Some(env)) = (parse(&text), call.env.fork()) else {
        call.output.err("sh: 1: Syntax error\n");
        return Flow::Exit(2);
    };
    let watch = Watch {
        interval: interval.max(SECOND / 10),
        title: !options.has('t'),
        text,
        list: Rc::new(list),
        env,
        process: None,
        said: String::new(),
        next: call.host.world.now(),
    };
    Flow::Hold(Running::Watch(Box::new(watch)))
}

impl Watch {
    pub(super) fn wake_at(&self) -> Option<Ms> {
        self.process.as_ref().map_or(Some(self.next), Process::wake_at)
    }

    pub(super) fn poll(&mut self, host: &mut Host, output: &mut Output) -> Option<i32> {
        if self.process.is_none() && self.next > host.world.now() {
            return None;
        }
        let process = self.process.get_or_insert_with(|| Process::of(Rc::clone(&self.list), self.env.clone()));
        let mut said = Output::new(None);
        let state = process.run(host, &mut Stdin::closed(), &mut said);
        self.said.extend(said.take().into_iter().map(|(_, text)| text));
        if state == State::Ended {
            self.process = None;
            self.next = host.world.now() + self.interval;
            let text = std::mem::take(&mut self.said);
            self.draw(host, &text, output);
        }
        None
    }

    fn draw(&self, host: &Host, said: &str, output: &mut Output) {
        let columns = usize::from(output.terminal.unwrap_or(80));
        let mut text = "\u{1b}[H\u{1b}[2J".to_owned();
        if self.title {
            let seconds = format!("{}.{}", self.interval / SECOND, self.interval % SECOND / 100);
            let left = format!("Every {seconds}s: {}", self.text);
            let now = host.world.unix_ms(host.world.now());
            let right = format!("{}: {}", host.node, super::date::written(now, "%a %b %e %H:%M:%S %Y"));
            let room = columns.saturating_sub(right.chars().count() + 2);
            let left: String = left.chars().take(room).collect();
            let gap = columns.saturating_sub(left.chars().count() + right.chars().count());
            text += &[&left, &*" ".repeat(gap), &right, "\n\n"].concat();
        }
        for line in said.lines() {
            text.extend(line.chars().take(columns));
            text.push('\n');
        }
        output.out(text);
    }
}
