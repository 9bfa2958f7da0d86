//! Running other programs, with what was run in front of what it says.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Runs `command` to its end. What it says goes where ours goes; it gets no standard input.
///
/// # Errors
/// It cannot be started, or it ends with another exit code than 0.
pub(crate) fn run(command: &mut Command) -> Result<(), String> {
    println!("$ {}", words(command));
    let status = command
        .stdin(Stdio::null())
        .status()
        .map_err(|why| format!("{}: {why}", command.get_program().to_string_lossy()))?;
    if status.success() { Ok(()) } else { Err(format!("`{}` ended with {status}", words(command))) }
}

/// What `command` prints on standard output; `None` if it cannot be started or fails.
pub(crate) fn answer(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Where the program `name` is on PATH.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    path_folders().into_iter().map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// The folders of PATH.
pub(crate) fn path_folders() -> Vec<PathBuf> {
    std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default()
}

/// `command` as one would type it: the program without its folder.
fn words(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    std::iter::once(program).chain(command.get_args()).map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_command() {
        let why = run(Command::new("sh").args(["-c", "exit 3"])).expect_err("exit 3 is a failure");
        assert!(why.contains("`sh -c exit 3`") && why.contains('3'), "{why}");
        assert!(run(Command::new("no-such-program-anywhere").arg("x")).is_err());
    }

    #[test]
    fn an_answer_is_standard_output_of_a_success() {
        assert_eq!(answer(Command::new("sh").args(["-c", "echo yes; echo no >&2"])).as_deref(), Some("yes\n"));
        assert_eq!(answer(Command::new("sh").args(["-c", "echo yes; exit 1"])), None);
    }
}
