//! Commands in the background: `&`, `jobs`, `wait`, `fg`, `kill %1`.
//!
//! Models: bash, jobs.c. Differs: there is no Ctrl-Z and no `bg`; who was not waited for ends with the prompt's session.

use std::cmp::Reverse;
use std::rc::Rc;

use super::ast::List;
use super::env::SHELL_PID;
use super::process::{FORK, Frame, Host, Process, STEPS, State};
use super::stdin::Stdin;
use crate::collections;
use crate::output::Output;
use crate::time::Ms;

#[derive(Clone)]
pub(super) struct Job {
    pub number: u32,
    pub pid: u32,
    pub text: Rc<str>,
    process: Process,
    ended: Option<Ended>,
    /// How often in a row others had taken too much for it to go on.
    stood_back: u32,
}

#[derive(Clone, Copy)]
enum Ended {
    Exit(i32),
    Terminated,
}

/// How many may run.
const MOST: usize = 32;

impl Job {
    pub(super) fn wake_at(&self) -> Option<Ms> {
        self.process.wake_at().filter(|_| self.ended.is_none())
    }

    /// As `jobs` shows it: `[1]+  Running                 sleep 5 &`.
    fn shown(&self, mark: char) -> String {
        let state = match self.ended {
            None => "Running".to_owned(),
            Some(Ended::Exit(0)) => "Done".to_owned(),
            Some(Ended::Exit(code)) => format!("Exit {code}"),
            Some(Ended::Terminated) => "Terminated".to_owned(),
        };
        let going = if self.ended.is_none() { " &" } else { "" };
        format!("[{}]{mark}  {state:24}{}{going}\n", self.number, self.text)
    }
}

impl Process {
    /// `… &`
    pub(super) fn send_away(&mut self, list: &Rc<List>, text: &Rc<str>, host: &mut Host, output: &mut Output) {
        let running = self.jobs.iter().filter(|job| job.ended.is_none()).count();
        let Some(env) = self.env.fork().filter(|_| running < MOST) else { return self.no_fork(output) };
        host.spend(FORK);
        let number = self.jobs.iter().map(|job| job.number).max().unwrap_or(0) + 1;
        let pid = self.env.last_job.max(SHELL_PID) + 1;
        self.env.last_job = pid;
        if output.terminal.is_some() && self.env.depth == 0 {
            output.err(format!("[{number}] {pid}\n"));
        }
        let process = Process::of(Rc::clone(list), env);
        self.jobs.push(Job { number, pid, text: Rc::clone(text), process, ended: None, stood_back: 0 });
        self.env.status = 0;
        self.run_jobs(host, output);
    }

    /// Lets every job run as far as it goes.
    pub(super) fn run_jobs(&mut self, host: &mut Host, output: &mut Output) {
        let now = host.world.now();
        // Those that had to stand back go first.
        let mut order: Vec<usize> = (0..self.jobs.len()).collect();
        collections::sort_by_key(&mut order, |at| Reverse(self.jobs[*at].stood_back));
        for at in order {
            let job = &mut self.jobs[at];
            // One that waits for input has none, and sees that at once.
            if job.ended.is_some() || job.wake_at().is_some_and(|at| at > now) {
                continue;
            }
            if host.is_spent() {
                job.stood_back += 1;
                job.process.rest(host, output);
                continue;
            }
            job.stood_back = 0;
            let steps = std::mem::replace(&mut host.steps, STEPS);
            if job.process.run(host, &mut Stdin::closed(), output) == State::Ended {
                job.ended = Some(Ended::Exit(job.process.env.status));
            }
            host.over = host.over.saturating_add(STEPS - host.steps);
            host.steps = steps;
        }
    }

    /// What the shell tells of jobs before its next prompt. They are forgotten with that.
    pub(super) fn notices(&mut self) -> String {
        let told = self.listed(|job| job.ended.is_some());
        self.jobs.retain(|job| job.ended.is_none());
        told
    }

    /// What `jobs` shows.
    pub(super) fn listing(&mut self) -> String {
        let told = self.listed(|_| true);
        self.jobs.retain(|job| job.ended.is_none());
        told
    }

    fn listed(&self, which: fn(&Job) -> bool) -> String {
        let count = self.jobs.len();
        let shown = self.jobs.iter().enumerate().filter(|(_, job)| which(job)).map(|(place, job)| {
            job.shown(match count - place {
                1 => '+',
                2 => '-',
                _ => ' ',
            })
        });
        shown.collect()
    }

    /// The job that `%1`, `%%`, `%text` or a process id names; the last one for an empty name.
    fn job(&self, name: &str) -> Option<usize> {
        match name.strip_prefix('%').unwrap_or(name) {
            "" | "%" | "+" => self.jobs.len().checked_sub(1),
            "-" => self.jobs.len().checked_sub(2),
            id => self.jobs.iter().position(|job| match id.parse::<u32>() {
                Ok(number) if name.starts_with('%') => job.number == number,
                Ok(pid) => job.pid == pid,
                Err(_) => name.starts_with('%') && job.text.starts_with(id),
            }),
        }
    }

    /// `wait`: the exit code, once all of these jobs have ended.
    pub(super) fn waited(&self, pids: &[u32]) -> Option<i32> {
        let mut status = 0;
        for job in &self.jobs {
            if !pids.is_empty() && !pids.contains(&job.pid) {
                continue;
            }
            match job.ended? {
                Ended::Exit(code) if !pids.is_empty() => status = code,
                Ended::Terminated if !pids.is_empty() => status = 143,
                _ => {}
            }
        }
        Some(status)
    }

    pub(super) fn wait_for(&mut self, names: &[String], output: &mut Output) {
        let mut pids = Vec::new();
        for name in names {
            match self.job(name) {
                Some(place) => pids.push(self.jobs[place].pid),
                None => {
                    output.err(match name.starts_with('%') {
                        true => format!("bash: wait: {name}: no such job\n"),
                        false => format!("bash: wait: pid {name} is not a child of this shell\n"),
                    });
                    self.env.status = 127;
                }
            }
        }
        if !pids.is_empty() || names.is_empty() {
            self.stack.push(Frame::Wait(pids));
        }
    }

    /// `fg`: a job goes on in the foreground.
    pub(super) fn foreground(&mut self, name: &str, output: &mut Output) {
        match self.job(name).filter(|place| self.jobs[*place].ended.is_none()) {
            Some(place) => {
                let job = self.jobs.remove(place);
                output.out(format!("{}\n", job.text));
                self.inside(job.process);
            }
            None => {
                let name = if name.is_empty() { "current" } else { name };
                output.err(format!("bash: fg: {name}: no such job\n"));
                self.env.status = 1;
            }
        }
    }

    /// `kill`: ends jobs. Returns the exit code.
    pub(super) fn end_jobs(&mut self, names: &[String], output: &mut Output) -> i32 {
        let mut status = 0;
        for name in names {
            match self.job(name) {
                Some(place) => {
                    let job = &mut self.jobs[place];
                    job.process.kill(143);
                    job.ended.get_or_insert(Ended::Terminated);
                }
                None => {
                    let number = name.parse::<i64>().is_ok();
                    output.err(match (name.starts_with('%'), number) {
                        (true, _) => format!("bash: kill: {name}: no such job\n"),
                        (_, true) => format!("bash: kill: ({name}) - No such process\n"),
                        _ => format!("bash: kill: {name}: arguments must be process or job IDs\n"),
                    });
                    status = 1;
                }
            }
        }
        status
    }
}
