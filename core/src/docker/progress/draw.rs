//! Lines that are rewritten in their places on a terminal, and simply printed elsewhere.
//!
//! Models: moby pkg/jsonmessage, and docker/cli progress for the states.

use crate::model::{Task, TaskState};
use crate::output::Output;

/// From this many columns on a terminal has room for bars.
const ROOM_FOR_BARS: u16 = 110;

/// Longer errors are cut, in bytes.
const MOST_OF_AN_ERROR: usize = 75;

/// Where lines go, and which of them stand on the screen.
#[derive(Clone, Debug)]
pub(super) struct Display {
    quiet: bool,
    terminal: Option<u16>,
    /// The lines on the screen, by their names, from the top.
    lines: Vec<String>,
}

/// What a line says after its name.
pub(super) enum Line {
    Text(String),
    /// A text with a bar: so much of so much.
    Bar {
        text: String,
        current: u64,
        total: u64,
    },
}

impl Display {
    pub(super) fn new(quiet: bool, terminal: Option<u16>) -> Display {
        Display { quiet, terminal, lines: Vec::new() }
    }

    /// The same kind of display with nothing on it.
    pub(super) fn fresh(&self) -> Display {
        Display::new(self.quiet, self.terminal)
    }

    /// Writes a line, over itself if it is on the screen already.
    pub(super) fn line(&mut self, output: &mut Output, name: &str, line: Line) {
        if self.quiet {
            return;
        }
        let Some(columns) = self.terminal else {
            // Bars are for terminals.
            if let Line::Text(text) = line {
                output.out(format!("{name}: {text}\n"));
            }
            return;
        };
        let mut drawn = String::new();
        let place = self.lines.iter().position(|known| known == name).unwrap_or_else(|| {
            drawn.push('\n');
            self.lines.push(name.to_owned());
            self.lines.len() - 1
        });
        let up = self.lines.len() - place;
        let (text, bar) = match &line {
            Line::Bar { text, current, total } if columns > ROOM_FOR_BARS => (text, bar(*current, *total)),
            Line::Bar { text, .. } | Line::Text(text) => (text, String::new()),
        };
        drawn += &format!("\x1b[{up}A\x1b[2K\r{name}: {text} {bar}\r\x1b[{up}B");
        output.out(drawn);
    }

    /// Writes a line that stays, and ends what is rewritten.
    pub(super) fn message(&mut self, output: &mut Output, text: &str) {
        self.lines.clear();
        if !self.quiet {
            output.out(format!("{text}\n"));
        }
    }

    /// Writes how far a task is: its error, or its state with a bar of `total`, unless it has ended.
    pub(super) fn task(&mut self, output: &mut Output, name: &str, task: &Task, total: u64) {
        if !task.status.err.is_empty() {
            self.line(output, name, Line::Text(cut(&task.status.err)));
        } else if !is_terminal(task.desired) && !is_terminal(task.status.state) {
            let text = format!("{:9}", task.status.state.word());
            self.line(output, name, Line::Bar { text, current: number(task.status.state), total });
        }
    }
}

/// How far a state is on the way to running, which is 9. 0: not on the way at all.
pub(super) fn number(state: TaskState) -> u64 {
    match state {
        TaskState::New => 1,
        TaskState::Pending => 3,
        TaskState::Assigned => 4,
        TaskState::Accepted => 5,
        TaskState::Preparing => 6,
        TaskState::Ready => 7,
        TaskState::Starting => 8,
        TaskState::Running => RUNNING,
        TaskState::Complete => COMPLETE,
        TaskState::Shutdown => 11,
        TaskState::Failed => 12,
        TaskState::Rejected => 13,
        TaskState::Remove | TaskState::Orphaned => 0,
    }
}

pub(super) const RUNNING: u64 = 9;
pub(super) const COMPLETE: u64 = 10;

/// Whether a state is past running.
pub(super) fn is_terminal(state: TaskState) -> bool {
    number(state) > RUNNING
}

pub(super) fn bar(current: u64, total: u64) -> String {
    let filled = (current * 100 / total.max(1) / 2).min(50) as usize;
    format!("[{}>{}] ", "=".repeat(filled), " ".repeat(50 - filled))
}

fn cut(error: &str) -> String {
    let error = error.replace('\n', " ");
    if error.len() <= MOST_OF_AN_ERROR {
        return error;
    }
    format!("{}…", &error[..error.floor_char_boundary(MOST_OF_AN_ERROR - 1)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::Stream;

    fn said(output: &mut Output) -> String {
        output
            .take()
            .into_iter()
            .map(|(stream, text)| if stream == Stream::Out { text } else { String::new() })
            .collect()
    }

    #[test]
    fn a_terminal_rewrites_lines_in_their_places() {
        let mut output = Output::new(Some(120));
        let mut display = Display::new(false, Some(120));
        display.line(&mut output, "overall progress", Line::Text("0 out of 1 tasks".into()));
        display.line(&mut output, "1/1", Line::Text(" ".into()));
        let text = "assigned ".to_owned();
        display.line(&mut output, "1/1", Line::Bar { text, current: 4, total: 9 });
        display.line(&mut output, "overall progress", Line::Text("1 out of 1 tasks".into()));
        assert_eq!(
            said(&mut output),
            "\n\x1b[1A\x1b[2K\roverall progress: 0 out of 1 tasks \r\x1b[1B\
             \n\x1b[1A\x1b[2K\r1/1:   \r\x1b[1B\
             \x1b[1A\x1b[2K\r1/1: assigned  [======================>                            ] \r\x1b[1B\
             \x1b[2A\x1b[2K\roverall progress: 1 out of 1 tasks \r\x1b[2B"
        );
        display.message(&mut output, "job complete");
        display.line(&mut output, "verify", Line::Text("x".into()));
        assert_eq!(said(&mut output), "job complete\n\n\x1b[1A\x1b[2K\rverify: x \r\x1b[1B");
    }

    #[test]
    fn elsewhere_bars_are_left_out() {
        let mut output = Output::new(None);
        let mut display = Display::new(false, None);
        display.line(&mut output, "1/1", Line::Text(" ".into()));
        display.line(&mut output, "1/1", Line::Bar { text: "running".into(), current: 9, total: 9 });
        assert_eq!(said(&mut output), "1/1:  \n");
        Display::new(true, None).line(&mut output, "1/1", Line::Text(" ".into()));
        assert_eq!(said(&mut output), "");
    }

    #[test]
    fn bars_fill_by_whole_percents() {
        let filled = |state| bar(number(state), RUNNING).matches('=').count();
        let states = [
            TaskState::New,
            TaskState::Pending,
            TaskState::Assigned,
            TaskState::Preparing,
            TaskState::Starting,
            TaskState::Running,
        ];
        assert_eq!(states.map(filled), [5, 16, 22, 33, 44, 50]);
        assert_eq!(bar(1, 9), "[=====>                                             ] ");
    }

    #[test]
    fn long_errors_are_cut() {
        assert_eq!(cut(&"x".repeat(75)).len(), 75);
        assert_eq!(cut(&format!("{}\ny", "x".repeat(80))), format!("{}…", "x".repeat(74)));
    }
}
