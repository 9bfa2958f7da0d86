//! The commands besides docker: one file each, or one for a small group. The table below is what the shell runs, what
//! `help` prints and what completion offers.

mod absent;
mod alias;
mod awk;
mod base64;
mod cat;
mod cd;
mod chmod;
mod clear;
mod cp;
mod curl;
mod cut;
mod date;
mod docker;
mod echo;
pub(super) mod edit;
pub(super) mod escapes;
mod exit;
mod export;
mod filter;
mod grep;
mod head;
mod help;
mod history;
mod inside;
mod jobs;
mod jq;
mod ls;
mod mkdir;
mod openssl;
mod options;
mod printf;
mod read;
mod rm;
mod script;
mod sed;
mod seq;
mod sleep;
mod sort;
mod tail;
mod tee;
mod test;
mod timeout;
mod tr;
mod uniq;
mod watch;
mod wc;
mod which;
mod why;
mod world;
mod xargs;

use std::rc::Rc;

use super::ast::{Command, List};
use super::complete::{Candidate, Place, nothing};
use super::env::Env;
use super::process::{Host, Jump};
use super::stdin::Stdin;
use crate::docker as cli;
use crate::output::Output;
use crate::time::Ms;
use crate::world::Typed;

/// One command: its name, how it is written, and what it does, in a few words.
pub(super) struct Builtin {
    pub name: &'static str,
    pub usage: &'static str,
    pub about: &'static str,
    run: fn(&mut Call) -> Flow,
    /// What can stand at a word of it, given the words before that one (without the command's own name).
    pub complete: fn(&Place, before: &[String], word: &str) -> Vec<Candidate>,
}

/// All commands, in the order of `help`.
pub(super) const ALL: &[Builtin] = &[
    docker::DOCKER,
    curl::CURL,
    world::WORLD,
    why::WHY,
    watch::WATCH,
    sleep::SLEEP,
    timeout::TIMEOUT,
    edit::EDIT,
    cat::CAT,
    tee::TEE,
    ls::LS,
    cp::CP,
    cp::MV,
    rm::RM,
    rm::RMDIR,
    mkdir::MKDIR,
    mkdir::TOUCH,
    chmod::CHMOD,
    cd::CD,
    cd::PWD,
    head::HEAD,
    tail::TAIL,
    grep::GREP,
    sed::SED,
    awk::AWK,
    jq::JQ,
    cut::CUT,
    tr::TR,
    sort::SORT,
    uniq::UNIQ,
    wc::WC,
    xargs::XARGS,
    base64::BASE64,
    openssl::OPENSSL,
    echo::ECHO,
    printf::PRINTF,
    date::DATE,
    seq::SEQ,
    test::TEST,
    test::BRACKET,
    read::READ,
    export::EXPORT,
    export::UNSET,
    export::ENV,
    export::PRINTENV,
    export::SET,
    export::LOCAL,
    export::SHIFT,
    alias::ALIAS,
    alias::UNALIAS,
    which::TYPE,
    which::WHICH,
    which::COMMAND,
    script::BASH,
    script::SH,
    script::SOURCE,
    script::DOT,
    script::EVAL,
    jobs::JOBS,
    jobs::WAIT,
    jobs::FG,
    jobs::KILL,
    plain("hostname", "print the name of this machine", |call| {
        if let Some(name) = call.host.inside {
            call.output.out(format!("{name}\n"));
            return Flow::Exit(0);
        }
        let machine = call.host.world.machine(call.host.node);
        let address = call.args.first().is_some_and(|arg| arg == "-i" || arg == "-I");
        let text = machine.filter(|_| address).map_or(call.host.node, |machine| &machine.address).to_owned();
        call.output.out(text + "\n");
        Flow::Exit(0)
    }),
    plain("whoami", "print who you are", |call| {
        call.output.out("root\n");
        Flow::Exit(0)
    }),
    history::HISTORY,
    clear::CLEAR,
    help::HELP,
    plain("true", "end with success", |_| Flow::Exit(0)),
    plain("false", "end with failure", |_| Flow::Exit(1)),
    plain(":", "do nothing", |_| Flow::Exit(0)),
    exit::BREAK,
    exit::CONTINUE,
    exit::RETURN,
    exit::EXIT,
];

/// A command without arguments.
const fn plain(name: &'static str, about: &'static str, run: fn(&mut Call) -> Flow) -> Builtin {
    Builtin { name, usage: name, about, run, complete: nothing }
}

/// What a command gets.
pub(super) struct Call<'a, 'h> {
    /// Without the command's own name.
    pub args: &'a [String],
    pub host: &'a mut Host<'h>,
    pub env: &'a mut Env,
    pub output: &'a mut Output,
}

/// How a command goes on after it was started. All but the first two are the process's work.
pub(super) enum Flow {
    Exit(i32),
    Hold(Running),
    /// It leaves loops, functions or everything.
    Jump(Jump),
    /// More commands, as if they stood in its place.
    List(Rc<List>),
    /// A function's body.
    Body(Rc<Command>),
    /// Commands in a shell of their own.
    Script {
        list: Rc<List>,
        args: Vec<String>,
    },
    /// Another command, as if it stood in its place.
    Words(Vec<String>),
    Read {
        names: Vec<String>,
        raw: bool,
    },
    Wait(Vec<String>),
    Jobs,
    Foreground(String),
    Kill(Vec<String>),
    /// Variables of the function that runs.
    Local(Vec<(String, String)>),
}

/// A command that takes time.
#[derive(Clone)]
pub(super) enum Running {
    Docker(Box<(Typed, cli::Foreground)>),
    DockerReads(Box<docker::Reads>),
    Sleep { until: Ms },
    Filter(Box<filter::Filter>),
    Reading(Box<filter::Reading>),
    Requests(Box<curl::Requests>),
    Follow(Box<tail::Follow>),
    Watch(Box<watch::Watch>),
    Timeout(Box<timeout::Timeout>),
    Xargs(Box<xargs::Xargs>),
    Inside(Box<inside::Inside>),
    Edit(Rc<str>),
}

/// What Ctrl-C did to a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signalled {
    /// The signal ended it.
    Killed,
    /// It ended in its own way, with this exit code.
    Ended(i32),
    Ignored,
}

impl Running {
    /// When it goes on by itself; `None` for what only waits for input.
    pub(super) fn wake_at(&self) -> Option<Ms> {
        match self {
            Running::Docker(held) => Some(held.1.wake_at()),
            Running::Sleep { until } => Some(*until),
            Running::Requests(requests) => Some(requests.wake_at()),
            Running::Follow(follow) => Some(follow.wake_at()),
            Running::Watch(watch) => watch.wake_at(),
            Running::Timeout(timeout) => timeout.wake_at(),
            Running::Xargs(xargs) => xargs.wake_at(),
            Running::Inside(inside) => inside.wake_at(),
            Running::Filter(_) | Running::Reading(_) | Running::DockerReads(_) | Running::Edit(_) => None,
        }
    }

    /// Whether it waits for its standard input.
    pub(super) fn reads(&self) -> bool {
        match self {
            Running::Filter(_) | Running::DockerReads(_) => true,
            Running::Xargs(xargs) => xargs.reads(),
            Running::Timeout(timeout) => timeout.reads(),
            Running::Inside(inside) => inside.reads(),
            _ => false,
        }
    }

    /// Goes on, if it is time to. Returns the exit code when it has ended.
    pub(super) fn poll(&mut self, host: &mut Host, stdin: &mut Stdin, output: &mut Output) -> Option<i32> {
        // Those with a process inside know themselves when it is time for what.
        let inside = matches!(self, Running::Watch(_) | Running::Timeout(_) | Running::Xargs(_) | Running::Inside(_));
        if !inside && self.wake_at().is_some_and(|at| at > host.world.now()) {
            return None;
        }
        match self {
            Running::Docker(held) => {
                let (typed, foreground) = &mut **held;
                host.world.typed(typed, |world| foreground.poll(world, output))
            }
            Running::DockerReads(reads) => match reads.poll(host, stdin, output)? {
                Flow::Exit(code) => Some(code),
                Flow::Hold(running) => {
                    *self = running;
                    None
                }
                _ => Some(0),
            },
            Running::Sleep { .. } => Some(0),
            Running::Filter(filter) => filter.poll(host, stdin, output),
            Running::Reading(reading) => reading.poll(host, output),
            Running::Requests(requests) => requests.go_on(host, output),
            Running::Follow(follow) => follow.poll(host, output),
            Running::Watch(watch) => watch.poll(host, output),
            Running::Timeout(timeout) => timeout.poll(host, stdin, output),
            Running::Xargs(xargs) => xargs.poll(host, stdin, output),
            Running::Inside(inside) => inside.poll(host, stdin, output),
            Running::Edit(_) => stdin.at_end().then_some(0),
        }
    }

    /// Ctrl-C.
    pub(super) fn interrupt(&mut self, host: &mut Host, output: &mut Output) -> Signalled {
        match self {
            Running::Docker(held) => match held.1.interrupt(host.world, output) {
                Some(code) => Signalled::Ended(code),
                None => Signalled::Ignored,
            },
            _ => Signalled::Killed,
        }
    }
}

/// Whether a name with slashes is one of the places where commands are.
pub(super) fn is_path(name: &str) -> bool {
    let directory = name.rsplit_once('/').map_or("", |(directory, _)| directory);
    ["/bin", "/usr/bin", "/usr/local/bin", "/sbin", "/usr/sbin"].contains(&directory)
}

/// The command called `name`.
pub(super) fn find(name: &str) -> Option<&'static Builtin> {
    ALL.iter().find(|builtin| builtin.name == name)
}

/// Runs the command called `name`.
pub(super) fn run(name: &str, call: &mut Call) -> Flow {
    let own = if is_path(name) { name.rsplit('/').next().unwrap_or(name) } else { name };
    if call.host.inside.is_some() && !inside::KNOWN.contains(&own) && !inside::OF_SHELL.contains(&own) {
        let known = inside::KNOWN.join(", ");
        call.output.err(format!("swarmyard: '{own}' in a container is not simulated; there are {known}\n"));
        return Flow::Exit(127);
    }
    if let Some(builtin) = find(own) {
        return (builtin.run)(call);
    }
    // Commands are often written down with these. Everybody is root here.
    if matches!(own, "sudo" | "nohup" | "exec" | "stdbuf" | "builtin") {
        let options = call.args.iter().take_while(|arg| arg.starts_with('-')).count();
        if call.args.len() > options {
            return Flow::Words(call.args[options..].to_vec());
        }
    }
    if absent::KNOWN.contains(&own) {
        let instead = absent::instead(own);
        call.output.err(format!("swarmyard: '{own}' is not simulated; {instead}\n"));
    } else if own != name {
        call.output.err(format!("bash: {name}: No such file or directory\n"));
    } else {
        call.output.err(format!("bash: {name}: command not found\n"));
    }
    Flow::Exit(127)
}

/// Words as one could type them.
pub(super) fn quoted_words(words: &[String]) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || !c.is_ascii() || "-_./:=@,+%".contains(c);
    words.iter().fold(String::new(), |mut line, word| {
        if !line.is_empty() {
            line.push(' ');
        }
        if !word.is_empty() && word.chars().all(plain) {
            line.push_str(word);
        } else {
            line.push('\'');
            line.push_str(&word.replace('\'', "'\\''"));
            line.push('\'');
        }
        line
    })
}

/// Says that an option is none of `command`'s, as GNU's tools do.
fn bad_option(call: &mut Call, command: &str, option: &str) -> Flow {
    let what = match option.strip_prefix("--") {
        Some(_) => format!("unrecognized option '{option}'"),
        None => format!("invalid option -- '{}'", option.chars().nth(1).unwrap_or('-')),
    };
    fail(call, command, &what, 1)
}

/// Says what is wrong with how `command` was written, as GNU's tools do.
fn fail(call: &mut Call, command: &str, why: &str, code: i32) -> Flow {
    call.output.err(format!("{command}: {why}\nTry '{command} --help' for more information.\n"));
    Flow::Exit(code)
}
