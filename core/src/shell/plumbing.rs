//! Where a command's streams lead after its redirections.
//!
//! Models: bash, redir.c. Differs: only the descriptors 0, 1 and 2 exist.

use super::ast::Mode;
use super::expand::Lead;
use super::files::Files;
use super::stdin::Stdin;
use crate::output::{Output, Stream};

#[derive(Clone)]
pub(super) struct Plumbing {
    /// `None`: what the shell itself reads.
    stdin: Option<Stdin>,
    out: Target,
    err: Target,
}

#[derive(Clone)]
enum Target {
    /// A stream of the shell itself.
    Shell(Stream),
    /// A file's absolute path.
    File(String),
    /// `/dev/null`
    Nowhere,
}

impl Plumbing {
    /// Everything stays as it is.
    pub(super) fn none() -> Plumbing {
        Plumbing { stdin: None, out: Target::Shell(Stream::Out), err: Target::Shell(Stream::Err) }
    }

    /// Opens the files that `leads` name, from left to right.
    ///
    /// # Errors
    /// What bash says, without `bash: `.
    pub(super) fn new(leads: &[Lead], directory: &str, files: &mut Files) -> Result<Plumbing, String> {
        let mut plumbing = Plumbing::none();
        for Lead { fd, mode, target } in leads {
            let path = Files::resolve(directory, target);
            match mode {
                Mode::Read => {
                    let text = files.open(&path).map_err(|why| format!("{target}: {why}"))?;
                    plumbing.stdin = Some(Stdin::file(&text));
                }
                Mode::Here | Mode::HereStripped | Mode::HereString => plumbing.stdin = Some(Stdin::file(target)),
                Mode::Duplicate => {
                    let source = match target.as_str() {
                        "0" if *fd == 0 => continue,
                        "1" => plumbing.out.clone(),
                        "2" => plumbing.err.clone(),
                        "-" => Target::Nowhere,
                        _ if *fd == 1 && target.parse::<u8>().is_err() => {
                            let sink = create(target, path, false, files)?;
                            plumbing.err = sink.clone();
                            sink
                        }
                        _ => return Err(format!("{target}: Bad file descriptor")),
                    };
                    plumbing.set(*fd, source)?;
                }
                Mode::Write | Mode::Append | Mode::WriteBoth | Mode::AppendBoth => {
                    let sink = create(target, path, matches!(mode, Mode::Append | Mode::AppendBoth), files)?;
                    if matches!(mode, Mode::WriteBoth | Mode::AppendBoth) {
                        plumbing.err = sink.clone();
                    }
                    plumbing.set(*fd, sink)?;
                }
            }
        }
        Ok(plumbing)
    }

    fn set(&mut self, fd: u8, target: Target) -> Result<(), String> {
        match fd {
            0 => self.stdin = Some(Stdin::closed()),
            1 => self.out = target,
            2 => self.err = target,
            _ => return Err(format!("{fd}: Bad file descriptor")),
        }
        Ok(())
    }

    /// Whether what the command reads is what the shell itself reads.
    pub(super) fn reads_shell(&self) -> bool {
        self.stdin.is_none()
    }

    /// What the command reads.
    pub(super) fn stdin<'a>(&'a mut self, shell: &'a mut Stdin) -> &'a mut Stdin {
        self.stdin.as_mut().unwrap_or(shell)
    }

    /// What the command writes into: a terminal only where its output goes to the shell's, and that is one.
    pub(super) fn output(&self, shell: &Output) -> Output {
        Output::new(shell.terminal.filter(|_| matches!(self.out, Target::Shell(Stream::Out))))
    }

    /// Sends what the command said where it belongs.
    pub(super) fn route(&self, mut said: Output, files: &mut Files, shell: &mut Output) {
        for (stream, text) in said.take() {
            match if stream == Stream::Out { &self.out } else { &self.err } {
                Target::Shell(Stream::Out) => shell.out(text),
                Target::Shell(Stream::Err) => shell.err(text),
                Target::File(path) => {
                    if let Err(why) = files.append(path, &text) {
                        shell.err(format!("bash: write error: {why}\n"));
                    }
                }
                Target::Nowhere => {}
            }
        }
    }
}

fn create(name: &str, path: String, append: bool, files: &mut Files) -> Result<Target, String> {
    match path.as_str() {
        "/dev/null" => return Ok(Target::Nowhere),
        "/dev/stdout" => return Ok(Target::Shell(Stream::Out)),
        "/dev/stderr" => return Ok(Target::Shell(Stream::Err)),
        _ => files.check_new(&path).map_err(|why| format!("{name}: {why}"))?,
    }
    if !append || files.read(&path).is_none() {
        files.write(&path, "");
    }
    Ok(Target::File(path))
}
