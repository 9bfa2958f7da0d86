//! `swarmyard repl`: the shell in a real terminal, in real time. Keys become [`Key`]s for the core's line editor, what
//! commands say goes out as it comes.
//!
//! Lines that begin with `@` are for the world, as in scripts: `@ advance 5s`, `@ power-off node2`; and two that only
//! make sense here: `@ on node1` for another machine's prompt, `@ speed 10` for faster time.

use std::collections::VecDeque;
use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use crossterm::event::{self, DisableBracketedPaste, EnableBracketedPaste, Event, KeyCode, KeyEvent, KeyModifiers};
use crossterm::terminal;
use swarmyard_core::scenario::Scenario;
use swarmyard_core::session::{Input, Session, ShellId};
use swarmyard_core::shell::{Editor, Happened, Key, NO_EDITOR};
use swarmyard_core::time::Ms;
use unicode_width::UnicodeWidthStr;

use crate::run::script::{Deed, What, happening};

const WELCOME: &str = "A simulated swarm: type docker commands. `help` lists what there is, `@ advance 5s` lets time \
                       pass, `@ on node1` goes to another machine, Ctrl-D leaves.\r\n";

/// Runs the prompt until it is left.
///
/// # Errors
/// Standard input is no terminal, or the terminal fails.
pub fn repl(scenario: &Scenario, seed: u64) -> io::Result<()> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        let why = "the prompt needs a terminal; for a file of commands write `swarmyard run SCRIPT`";
        return Err(io::Error::new(io::ErrorKind::Unsupported, why));
    }
    let _raw = Raw::new()?;
    let mut repl = Repl::new(scenario, seed)?;
    repl.print(WELCOME)?;
    while !repl.left {
        repl.pass_time()?;
        repl.work_off()?;
        repl.draw()?;
        if event::poll(repl.patience())? {
            repl.take(event::read()?)?;
        }
    }
    repl.print("\r\n")
}

/// The terminal passes on every key while this lives.
struct Raw;

impl Raw {
    fn new() -> io::Result<Raw> {
        terminal::enable_raw_mode()?;
        crossterm::execute!(io::stdout(), EnableBracketedPaste)?;
        Ok(Raw)
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        // The program ends anyway; there is nobody left to tell.
        let _ = crossterm::execute!(io::stdout(), DisableBracketedPaste);
        let _ = terminal::disable_raw_mode();
    }
}

struct Repl {
    session: Session,
    shell: ShellId,
    columns: u16,
    editor: Editor,
    /// Lines that wait for the prompt.
    ahead: VecDeque<String>,
    /// Real and virtual time when the speed was last changed.
    since: (Instant, Ms),
    speed: u32,
    /// The row of the cursor below the prompt's first one; `None` while no line is shown.
    drawn: Option<u16>,
    left: bool,
}

impl Repl {
    fn new(scenario: &Scenario, seed: u64) -> io::Result<Repl> {
        let (columns, _) = terminal::size()?;
        let mut session = Session::new(scenario, seed);
        let node = session.terminal(0).node.clone();
        session.input(Input::Open { node, columns: Some(columns) });
        Ok(Repl {
            session,
            shell: 1,
            columns,
            editor: Editor::default(),
            ahead: VecDeque::new(),
            since: (Instant::now(), 0),
            speed: 1,
            drawn: None,
            left: false,
        })
    }

    fn now(&self) -> Ms {
        let (real, virtual_ms) = self.since;
        virtual_ms + real.elapsed().as_millis() as Ms * Ms::from(self.speed)
    }

    /// How long nothing will happen by itself.
    fn patience(&self) -> Duration {
        let now = self.now();
        let ms = self.session.next_event().map_or(1_000, |at| at.saturating_sub(now) / Ms::from(self.speed));
        Duration::from_millis(ms.clamp(1, 1_000))
    }

    fn pass_time(&mut self) -> io::Result<()> {
        let now = self.now();
        while self.session.step(now).is_some() {
            self.hear()?;
        }
        self.session.advance(now);
        Ok(())
    }

    /// Prints what was said at this prompt in the last step or input.
    fn hear(&mut self) -> io::Result<()> {
        let said = self.session.said().iter().filter(|(shell, _)| *shell == self.shell);
        let text: String = said.map(|(_, said)| said.text.replace('\n', "\r\n")).collect();
        self.print(&text)
    }

    fn input(&mut self, input: Input) -> io::Result<()> {
        self.session.input(input);
        self.hear()?;
        if self.session.terminal(self.shell).editing.is_some() {
            self.print(&format!("swarmyard: {NO_EDITOR}"))?;
            return self.input(Input::Interrupt { shell: self.shell });
        }
        Ok(())
    }

    /// Types the lines that wait, as long as the prompt is free.
    fn work_off(&mut self) -> io::Result<()> {
        while (!self.busy() || self.session.terminal(self.shell).reads)
            && let Some(line) = self.ahead.pop_front()
        {
            self.erase()?;
            if self.busy() {
                // The command that reads it shows it.
                self.input(Input::Line { shell: self.shell, text: line })?;
                continue;
            }
            self.print(&format!("{}{line}\r\n", self.prompt()))?;
            match line.trim().strip_prefix('@').filter(|_| !self.continued()) {
                Some(words) => self.world(words)?,
                None if line.trim() == "exit" && !self.continued() => self.left = true,
                None => self.input(Input::Line { shell: self.shell, text: line })?,
            }
        }
        Ok(())
    }

    fn world(&mut self, line: &str) -> io::Result<()> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let why = match words.as_slice() {
            ["on", node] => self.go_to(node),
            ["speed", speed] => match speed.parse() {
                Ok(speed @ 1..=1_000) => {
                    (self.since, self.speed) = ((Instant::now(), self.now()), speed);
                    Ok(())
                }
                _ => Err(format!("'{speed}' is no speed; write a number from 1 to 1000")),
            },
            words => match happening(words, 0) {
                Ok(What::Now(Deed::Advance(ms))) => {
                    self.since = (Instant::now(), self.now() + ms);
                    Ok(())
                }
                Ok(What::Now(Deed::World(action))) => {
                    let tried = self.session.world().clone().act(&action);
                    if tried.is_ok() {
                        self.session.input(Input::World(action));
                    }
                    tried
                }
                Ok(_) => Err("that only makes sense in a script; press the keys".to_owned()),
                Err(error) => Err(format!("{}; write {}", error.what, error.instead)),
            },
        };
        match why {
            Ok(()) => Ok(()),
            Err(why) => self.print(&format!("{why}\r\n")),
        }
    }

    /// Goes to the prompt of another machine, where its lines were left.
    fn go_to(&mut self, node: &str) -> Result<(), String> {
        let known: Vec<&str> = self.session.scenario().nodes.iter().map(|node| node.hostname.as_str()).collect();
        if !known.contains(&node) {
            return Err(format!("there is no machine called '{node}'; write one of {}", known.join(", ")));
        }
        let open = (1..self.session.terminals()).find(|shell| self.session.terminal(*shell).node == node);
        self.shell = open.unwrap_or_else(|| {
            self.session.input(Input::Open { node: node.to_owned(), columns: Some(self.columns) });
            self.session.terminals() - 1
        });
        Ok(())
    }

    fn take(&mut self, event: Event) -> io::Result<()> {
        let key = match event {
            Event::Key(key) if key.kind != event::KeyEventKind::Release => translate(key),
            Event::Paste(text) => Some(Key::Paste(text)),
            _ => None,
        };
        let Some(key) = key else { return Ok(()) };
        if self.busy() && key == Key::Ctrl('c') {
            self.ahead.clear();
            return self.input(Input::Interrupt { shell: self.shell });
        }
        match self.session.press(self.shell, &mut self.editor, key) {
            Happened::Submit(text) => self.ahead.extend(text.split('\n').map(str::to_owned)),
            Happened::Interrupt(text) => {
                self.erase()?;
                self.print(&format!("{}{text}^C\r\n", self.prompt()))?;
                // What an unfinished line says to it, `^C`, has been printed with the line's own.
                self.session.input(Input::Interrupt { shell: self.shell });
            }
            Happened::End if self.busy() || self.continued() => {
                self.erase()?;
                self.input(Input::End { shell: self.shell })?;
            }
            Happened::End => self.left = true,
            Happened::Clear => {
                self.drawn = None;
                self.print("\u{1b}[H\u{1b}[2J")?;
            }
            Happened::Candidates(candidates) => {
                self.erase()?;
                let line = format!("{}{}\r\n", self.prompt(), self.editor.text());
                let names: Vec<&str> = candidates.iter().map(|candidate| candidate.text.as_str()).collect();
                self.print(&(line + &columns(&names, usize::from(self.columns))))?;
            }
            Happened::Edited | Happened::Unused => {}
        }
        Ok(())
    }

    fn busy(&self) -> bool {
        self.session.terminal(self.shell).busy()
    }

    fn continued(&self) -> bool {
        self.session.terminal(self.shell).continued
    }

    fn prompt(&self) -> String {
        match self.continued() {
            _ if self.busy() => String::new(),
            true => "> ".to_owned(),
            false => format!("{} $ ", self.session.terminal(self.shell).node),
        }
    }

    /// Shows the line that is edited, where the prompt is free.
    fn draw(&mut self) -> io::Result<()> {
        self.columns = terminal::size()?.0.max(1);
        if self.busy() && !self.session.terminal(self.shell).reads {
            return Ok(());
        }
        self.erase()?;
        let prompt = self.editor.search_prompt().unwrap_or_else(|| self.prompt());
        let text = self.editor.text().replace('\n', "␤");
        let before = self.editor.text()[..self.editor.cursor()].replace('\n', "␤");
        let (end, end_row) = self.place(&format!("{prompt}{text}"));
        let (column, row) = self.place(&format!("{prompt}{before}"));
        // A line that ends at the edge leaves the cursor there; one more character takes it to the next row.
        let edge = if end == 0 && end_row > 0 { " \r" } else { "" };
        let up = if end_row > row { format!("\u{1b}[{}A", end_row - row) } else { String::new() };
        let right = if column > 0 { format!("\u{1b}[{column}C") } else { String::new() };
        self.print(&format!("{prompt}{text}{edge}{up}\r{right}"))?;
        self.drawn = Some(row);
        Ok(())
    }

    /// Takes the shown line away.
    fn erase(&mut self) -> io::Result<()> {
        match self.drawn.take() {
            None => Ok(()),
            Some(0) => self.print("\r\u{1b}[J"),
            Some(rows) => self.print(&format!("\u{1b}[{rows}A\r\u{1b}[J")),
        }
    }

    /// Column and row behind a text.
    fn place(&self, text: &str) -> (u16, u16) {
        let width = u16::try_from(text.width()).unwrap_or(u16::MAX);
        (width % self.columns, width / self.columns)
    }

    fn print(&mut self, text: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes())?;
        out.flush()
    }
}

fn translate(key: KeyEvent) -> Option<Key> {
    let with = |modifier| key.modifiers.contains(modifier);
    let (ctrl, alt) = (with(KeyModifiers::CONTROL), with(KeyModifiers::ALT));
    Some(match key.code {
        KeyCode::Char(letter) if ctrl => Key::Ctrl(letter.to_ascii_lowercase()),
        KeyCode::Char(letter) if alt => Key::Alt(letter),
        KeyCode::Char(letter) => Key::Char(letter),
        KeyCode::Enter => Key::Enter,
        KeyCode::Tab => Key::Tab,
        KeyCode::Backspace if alt || ctrl => Key::BackWord,
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Delete => Key::Delete,
        KeyCode::Left if ctrl || alt => Key::WordLeft,
        KeyCode::Right if ctrl || alt => Key::WordRight,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Esc => Key::Escape,
        _ => return None,
    })
}

/// Names side by side, as many as fit.
fn columns(names: &[&str], width: usize) -> String {
    let widest = names.iter().map(|name| name.width()).max().unwrap_or_default() + 2;
    let per_row = (width / widest).max(1);
    names
        .chunks(per_row)
        .map(|row| row.iter().map(|name| format!("{name:widest$}")).collect::<String>() + "\r\n")
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_set_side_by_side() {
        assert_eq!(columns(&["ab", "c", "def"], 11), "ab   c    \r\ndef  \r\n");
        assert_eq!(columns(&["longer than the row"], 5), "longer than the row  \r\n");
    }
}
