//! Where a command's streams lead after its redirections.
//!
//! Models: bash, redir.c. Differs: only the descriptors 0, 1 and 2 exist.

use super::ast::Mode;
use super::files::Files;
use super::stdin::Stdin;
use crate::output::{Output, Stream};

#[derive(Clone, Debug)]
pub(super) struct Plumbing {
    /// `None`: what the shell itself reads.
    stdin: Option<Stdin>,
    out: Target,
    err: Target,
}

#[derive(Clone, Debug)]
enum Target {
    /// A stream of the shell itself.
    Shell(Stream),
    /// A file's absolute path.
    File(String),
    /// `/dev/null`
    Nowhere,
}

impl Plumbing {
    /// Opens the files that `redirects` name, from left to right.
    ///
    /// # Errors
    /// What bash says, without `bash: `.
    pub(super) fn new(
        redirects: &[(u8, Mode, String)],
        directory: &str,
        files: &mut Files,
    ) -> Result<Plumbing, String> {
        let mut plumbing = Plumbing { stdin: None, out: Target::Shell(Stream::Out), err: Target::Shell(Stream::Err) };
        for (fd, mode, target) in redirects {
            let path = Files::resolve(directory, target);
            match mode {
                Mode::Read => plumbing.stdin = Some(open(target, &path, files)?),
                Mode::Duplicate => {
                    let source = match target.as_str() {
                        "1" => plumbing.out.clone(),
                        "2" => plumbing.err.clone(),
                        "-" => Target::Nowhere,
                        _ => return Err(format!("{target}: Bad file descriptor")),
                    };
                    plumbing.set(*fd, source)?;
                }
                Mode::Write | Mode::Append | Mode::WriteBoth => {
                    let sink = create(target, path, *mode, files)?;
                    if *mode == Mode::WriteBoth {
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
                Target::File(path) => files.append(path, &text),
                Target::Nowhere => {}
            }
        }
    }
}

fn open(name: &str, path: &str, files: &Files) -> Result<Stdin, String> {
    match files.read(path) {
        Some(text) => Ok(Stdin::file(text)),
        None if path == "/dev/null" => Ok(Stdin::closed()),
        None if files.is_directory(path) => Err(format!("{name}: Is a directory")),
        None => Err(format!("{name}: No such file or directory")),
    }
}

fn create(name: &str, path: String, mode: Mode, files: &mut Files) -> Result<Target, String> {
    match path.as_str() {
        "/dev/null" => return Ok(Target::Nowhere),
        "/dev/stdout" => return Ok(Target::Shell(Stream::Out)),
        "/dev/stderr" => return Ok(Target::Shell(Stream::Err)),
        _ => files.check_new(&path).map_err(|why| format!("{name}: {why}"))?,
    }
    if mode != Mode::Append || files.read(&path).is_none() {
        files.write(&path, "");
    }
    Ok(Target::File(path))
}
