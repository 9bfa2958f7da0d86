//! What conditions, loops and functions do. Part of the process.
//!
//! Models: bash, execute_cmd.c (execute_if_command, execute_while_or_until and the like).

use std::rc::Rc;

use super::arith;
use super::ast::{Compound, List, Redirect, Term, Word};
use super::condition;
use super::expand::Expander;
use super::nested::Inner;
use super::pattern::fits;
use super::plumbing::Plumbing;
use super::process::{Frame, Host, Jump, Process};
use crate::output::Output;

impl Process {
    /// Starts a compound command whose questions are answered.
    pub(super) fn enter(
        &mut self,
        compound: &Compound,
        redirects: &[Redirect],
        answers: &[String],
        host: &mut Host,
        output: &mut Output,
    ) -> Result<(), String> {
        let mut expander = Expander { env: &mut self.env, files: host.files, answers: answers.iter() };
        let start = expander.start(compound)?;
        let leads = expander.leads(redirects)?;
        let plumbing = Plumbing::new(&leads, &self.env.directory, host.files)?;
        let mut process = match compound {
            Compound::Subshell(_) => match self.env.fork() {
                Some(env) => Process::new(env),
                None => {
                    self.no_fork(output);
                    return Ok(());
                }
            },
            _ if leads.is_empty() => return self.begin(compound, start, host, output),
            _ => Process::within(&self.env),
        };
        process.begin(compound, start, host, output)?;
        self.stack.push(Frame::Inner(Box::new(Inner { process, plumbing })));
        Ok(())
    }

    fn begin(&mut self, compound: &Compound, start: Start, host: &mut Host, output: &mut Output) -> Result<(), String> {
        match (compound, start) {
            (Compound::Group(list) | Compound::Subshell(list), _) => self.start(Rc::clone(list)),
            (Compound::If(branches), _) => {
                self.stack.push(Frame::If { branches: Rc::clone(branches), at: 0 });
                self.start(Rc::clone(&branches[0].0));
            }
            (Compound::Loop { until, condition, body }, _) => {
                let (condition, body) = (Rc::clone(condition), Rc::clone(body));
                self.start(Rc::clone(&condition));
                let loops = Frame::Loop { until: *until, condition, body, checking: true, status: 0 };
                self.stack.insert(self.stack.len() - 1, loops);
            }
            (Compound::For { name, body, .. }, Start::Words(words)) => {
                self.env.status = 0;
                let (name, body) = (Rc::clone(name), Rc::clone(body));
                self.stack.push(Frame::For { name, words: words.into(), next: 0, body });
            }
            (Compound::Count { parts, body }, _) => {
                self.count(&parts[0], host)?;
                self.env.status = 0;
                self.stack.push(Frame::Count { parts: Rc::clone(parts), body: Rc::clone(body), stepping: false });
            }
            (_, Start::Arm(list)) => {
                self.env.status = 0;
                self.stack.extend(list.map(|list| Frame::List { list, next: 0 }));
            }
            (_, Start::Status(status)) => self.env.status = status,
            (Compound::Function { name, body }, _) => {
                self.env.functions.insert(name.clone(), Rc::clone(body));
                self.env.status = 0;
            }
            (Compound::Background { list, text }, _) => self.send_away(list, text, host, output),
            _ => {}
        }
        Ok(())
    }

    /// Goes on with a compound command when what ran above its frame has ended.
    pub(super) fn control(&mut self, frame: Frame, host: &mut Host) -> Result<(), String> {
        match frame {
            Frame::If { branches, at } => {
                if self.env.status == 0 {
                    self.start(Rc::clone(&branches[at].1));
                } else if let Some((condition, body)) = branches.get(at + 1) {
                    if condition.0.is_empty() {
                        self.start(Rc::clone(body));
                    } else {
                        let condition = Rc::clone(condition);
                        self.stack.push(Frame::If { branches, at: at + 1 });
                        self.start(condition);
                    }
                } else {
                    self.env.status = 0;
                }
            }
            Frame::Loop { until, condition, body, checking: true, status } => {
                if (self.env.status == 0) == until {
                    self.env.status = status;
                } else {
                    let next = Rc::clone(&body);
                    self.stack.push(Frame::Loop { until, condition, body, checking: false, status });
                    self.start(next);
                }
            }
            Frame::Loop { until, condition, body, checking: false, .. } => {
                let next = Rc::clone(&condition);
                self.stack.push(Frame::Loop { until, condition, body, checking: true, status: self.env.status });
                self.start(next);
            }
            Frame::For { name, words, next, body } => {
                if let Some(word) = words.get(next) {
                    self.env.set(&name, word.clone());
                    let list = Rc::clone(&body);
                    self.stack.push(Frame::For { name, words, next: next + 1, body });
                    self.start(list);
                }
            }
            Frame::Count { parts, body, stepping } => {
                if stepping {
                    self.count(&parts[2], host)?;
                }
                if self.count(&parts[1], host)? != Some(0) {
                    let list = Rc::clone(&body);
                    self.stack.push(Frame::Count { parts, body, stepping: true });
                    self.start(list);
                }
            }
            other => self.stack.push(other),
        }
        Ok(())
    }

    /// Computes a part of `for ((…))`; `None` where it is empty.
    fn count(&mut self, part: &Word, host: &Host) -> Result<Option<i64>, String> {
        let mut expander = Expander { env: &mut self.env, files: host.files, answers: [].iter() };
        let text = expander.text(part)?;
        if text.trim().is_empty() {
            return Ok(None);
        }
        arith::evaluate(&text, &mut self.env).map(Some)
    }

    /// Leaves loops, functions, or everything.
    pub(super) fn jump(&mut self, jump: Jump, output: &mut Output) {
        let is_loop = |frame: &Frame| matches!(frame, Frame::Loop { .. } | Frame::For { .. } | Frame::Count { .. });
        let is_call = |frame: &Frame| matches!(frame, Frame::Call { .. });
        let calls = self.stack.iter().any(is_call);
        match jump {
            Jump::Break(levels) | Jump::Continue(levels) => {
                let inside = self.stack.iter().rev().take_while(|frame| !is_call(frame));
                let loops = inside.filter(|frame| is_loop(frame)).count();
                let mut left = if self.inner { levels } else { levels.min(loops) };
                if left == 0 {
                    return;
                }
                let goes_on = matches!(jump, Jump::Continue(_));
                while let Some(frame) = self.stack.pop() {
                    if !is_loop(&frame) {
                        self.undo(frame);
                        continue;
                    }
                    left -= 1;
                    if left == 0 {
                        self.stack.extend(goes_on.then_some(frame));
                        return;
                    }
                }
                self.left = Some(if goes_on { Jump::Continue(left) } else { Jump::Break(left) });
            }
            Jump::Return(status) if calls => {
                while let Some(frame) = self.stack.pop() {
                    let call = is_call(&frame);
                    self.undo(frame);
                    if call {
                        break;
                    }
                }
                self.env.status = status;
            }
            Jump::Return(_) if !self.inner => {
                output.err("bash: return: can only `return' from a function or sourced script\n");
                self.env.status = 1;
            }
            Jump::Return(status) | Jump::Exit(status) => {
                self.kill(status);
                self.left = Some(jump);
            }
        }
    }

    /// Takes back what a frame has changed for those above it.
    pub(super) fn undo(&mut self, frame: Frame) {
        match frame {
            Frame::Call { args, locals } => {
                self.env.args = args;
                for (name, value) in locals.into_iter().rev() {
                    match value {
                        Some(value) => self.env.set(&name, value),
                        None => drop(self.env.variables.remove(&name)),
                    }
                }
            }
            Frame::Restore(before) => (self.env.variables, self.env.exported) = *before,
            _ => {}
        }
    }

    /// `local`: the variable is the innermost function's own. Returns whether there is one.
    pub(super) fn make_local(&mut self, name: &str) -> bool {
        let value = self.env.variables.get(name).cloned();
        let call = self.stack.iter_mut().rev().find_map(|frame| match frame {
            Frame::Call { locals, .. } => Some(locals),
            _ => None,
        });
        call.map(|locals| locals.push((name.to_owned(), value))).is_some()
    }
}

/// What the words of a compound command came to.
pub(super) enum Start {
    Nothing,
    Words(Vec<String>),
    /// The arm of a `case`, if one fits.
    Arm(Option<Rc<List>>),
    Status(i32),
}

impl Expander<'_> {
    fn start(&mut self, compound: &Compound) -> Result<Start, String> {
        Ok(match compound {
            Compound::For { words: None, .. } => Start::Words(self.env.args.clone()),
            Compound::For { words: Some(words), .. } => {
                let mut found = Vec::new();
                for word in words {
                    self.fields(word, &mut found)?;
                }
                Start::Words(found)
            }
            Compound::Case { word, arms } => {
                let text = self.text(word)?;
                let mut found = None;
                for (patterns, list) in arms {
                    for pattern in patterns {
                        let pattern = self.pattern(pattern)?;
                        if found.is_none() && fits(&pattern, &text) {
                            found = Some(Rc::clone(list));
                        }
                    }
                }
                Start::Arm(found)
            }
            Compound::Arithmetic(text) => {
                let text = self.text(text)?;
                let value = arith::evaluate(&text, self.env).map_err(|why| format!("((: {why}"))?;
                Start::Status(i32::from(value == 0))
            }
            Compound::Condition(terms) => {
                let mut found = Vec::new();
                for term in terms {
                    found.push(match term {
                        Term::Operator(operator) => condition::Term::Operator(operator),
                        Term::Word(word) => condition::Term::Word {
                            pattern: self.clone_answers(|expander| expander.pattern(word))?,
                            text: self.text(word)?,
                            plain: word.plain().is_some(),
                        },
                    });
                }
                Start::Status(condition::holds(&found, self.env, self.files)?)
            }
            _ => Start::Nothing,
        })
    }

    /// Expands something whose answers will be needed once more.
    fn clone_answers<T>(&mut self, expand: impl FnOnce(&mut Self) -> T) -> T {
        let answers = self.answers.clone();
        let value = expand(self);
        self.answers = answers;
        value
    }
}
