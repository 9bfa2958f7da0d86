//! The line editor: one line of text, its cursor, and what keys do to it. Pure; the native prompt and the page both
//! keep one per prompt. It is no part of a session: only what was ended with Enter is an input.
//!
//! A page edits in a real text field, tells the editor with [`Editor::set`] what stands there, and passes on the keys
//! that mean something here. Models: GNU Readline's emacs mode, in what people use daily.

use crate::collections::Map;
use std::rc::Rc;

use super::complete::{Candidate, Completion, Place, complete};

/// A key, or a text that was pasted.
#[derive(Clone, Debug, PartialEq)]
pub enum Key {
    Char(char),
    Ctrl(char),
    Alt(char),
    Enter,
    Tab,
    Backspace,
    /// Alt-Backspace.
    BackWord,
    Delete,
    Left,
    Right,
    WordLeft,
    WordRight,
    Home,
    End,
    Up,
    Down,
    Escape,
    Paste(String),
}

/// What a key led to.
#[derive(Clone, Debug, PartialEq)]
pub enum Happened {
    /// The line or the cursor changed, or nothing did.
    Edited,
    /// Enter: this text is typed. It may have several lines, where it was pasted.
    Submit(String),
    /// Ctrl-C: the text, which is given up.
    Interrupt(String),
    /// Ctrl-D on an empty line.
    End,
    /// Ctrl-L.
    Clear,
    /// Tab: what could follow.
    Candidates(Vec<Candidate>),
    /// The key means nothing here: whoever holds the focus may use it.
    Unused,
}

/// One line being edited.
#[derive(Clone, Debug, Default)]
pub struct Editor {
    text: String,
    /// Byte offset into the text, at a character's beginning.
    cursor: usize,
    /// Which line of the history is shown, counted back from the end; 0 is the new line.
    back: usize,
    /// Lines that were changed and then left with ↑ or ↓, by `back`.
    changed: Map<usize, String>,
    killed: String,
    search: Option<Search>,
    /// Escape was pressed: the next Tab leaves.
    leaving: bool,
}

/// Ctrl-R.
#[derive(Clone, Debug)]
struct Search {
    query: String,
    /// Where it was found, counted back from the end of the history; 0 nowhere yet.
    found: usize,
    failed: bool,
    /// Line and cursor from before.
    before: (String, usize),
}

impl Editor {
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Byte offset of the cursor.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// The cursor as browsers count: in UTF-16 units.
    pub fn cursor_utf16(&self) -> usize {
        self.text[..self.cursor].encode_utf16().count()
    }

    /// Takes over what stands in a text field, with the cursor as browsers count it.
    pub fn set(&mut self, text: &str, cursor_utf16: usize) {
        if self.text != text {
            self.search = None;
        }
        text.clone_into(&mut self.text);
        let mut units = 0;
        let place = text.char_indices().find(|(_, character)| {
            units += character.len_utf16();
            units > cursor_utf16
        });
        self.cursor = place.map_or(text.len(), |(at, _)| at);
        self.leaving = false;
    }

    /// What to show instead of the prompt while Ctrl-R searches.
    pub fn search_prompt(&self) -> Option<String> {
        let search = self.search.as_ref()?;
        let failed = if search.failed { "failed " } else { "" };
        Some(format!("({failed}reverse-i-search)`{}': ", search.query))
    }

    /// What a key does. `history` is what was typed here, oldest first; `place` is what completion may know.
    pub fn press(&mut self, key: Key, history: &[Rc<str>], place: &Place) -> Happened {
        let leaving = std::mem::take(&mut self.leaving);
        if self.search.is_some()
            && let Some(happened) = self.search_key(&key, history)
        {
            return happened;
        }
        match key {
            Key::Char(character) => self.insert(character.encode_utf8(&mut [0; 4])),
            Key::Paste(text) => return self.paste(&text),
            Key::Enter | Key::Ctrl('m' | 'j') => return Happened::Submit(self.take()),
            Key::Ctrl('c') => return Happened::Interrupt(self.take()),
            Key::Ctrl('d') if self.text.is_empty() => return Happened::End,
            Key::Ctrl('l') => return Happened::Clear,
            Key::Tab | Key::Ctrl('i') => return if leaving { Happened::Unused } else { self.tab(place) },
            Key::Escape => self.leaving = true,
            Key::Up | Key::Ctrl('p') => self.recall(self.back + 1, history),
            Key::Down | Key::Ctrl('n') => self.recall(self.back.wrapping_sub(1), history),
            Key::Ctrl('r') => self.start_search(),
            key => return self.edit(&key),
        }
        Happened::Edited
    }

    /// Keys that need nothing but the line itself.
    fn edit(&mut self, key: &Key) -> Happened {
        let (text, cursor) = (self.text.as_str(), self.cursor);
        match key {
            Key::Left | Key::Ctrl('b') => self.cursor = before(text, cursor),
            Key::Right | Key::Ctrl('f') => self.cursor = after(text, cursor),
            Key::WordLeft | Key::Alt('b') => self.cursor = word_left(text, cursor),
            Key::WordRight | Key::Alt('f') => self.cursor = word_right(text, cursor),
            Key::Home | Key::Ctrl('a') => self.cursor = 0,
            Key::End | Key::Ctrl('e') => self.cursor = text.len(),
            Key::Backspace | Key::Ctrl('h') => self.remove(before(text, cursor), cursor),
            Key::Delete | Key::Ctrl('d') => self.remove(cursor, after(text, cursor)),
            Key::Ctrl('u') => self.kill(0, cursor),
            Key::Ctrl('k') => self.kill(cursor, text.len()),
            Key::Ctrl('w') => self.kill(blank_left(text, cursor), cursor),
            Key::BackWord => self.kill(word_left(text, cursor), cursor),
            Key::Alt('d') => self.kill(cursor, word_right(text, cursor)),
            Key::Ctrl('y') => self.insert(&self.killed.clone()),
            _ => return Happened::Unused,
        }
        Happened::Edited
    }

    fn insert(&mut self, text: &str) {
        self.text.insert_str(self.cursor, text);
        self.cursor += text.len();
    }

    fn remove(&mut self, from: usize, to: usize) {
        self.text.replace_range(from..to, "");
        self.cursor = from;
    }

    fn kill(&mut self, from: usize, to: usize) {
        if from < to {
            self.killed = self.text[from..to].to_owned();
            self.remove(from, to);
        }
    }

    /// A pasted text of several lines is typed up to its last line end; the rest stays to be edited.
    fn paste(&mut self, text: &str) -> Happened {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let Some((lines, rest)) = text.rsplit_once('\n') else {
            self.insert(&text);
            return Happened::Edited;
        };
        self.insert(lines);
        let rest = rest.to_owned() + &self.text.split_off(self.cursor);
        let typed = self.take();
        self.text = rest;
        self.cursor = self.text.len();
        Happened::Submit(typed)
    }

    /// Gives the line away and begins a new one.
    fn take(&mut self) -> String {
        self.changed.clear();
        (self.back, self.cursor, self.search) = (0, 0, None);
        std::mem::take(&mut self.text)
    }

    fn show(&mut self, text: String) {
        self.cursor = text.len();
        self.text = text;
    }

    /// Shows a line of the history, and keeps what was changed in the one that is left.
    fn recall(&mut self, back: usize, history: &[Rc<str>]) {
        if back > history.len() {
            return;
        }
        let line = |back: usize| if back == 0 { "" } else { &history[history.len() - back] };
        if self.text != line(self.back) || self.back == 0 {
            self.changed.insert(self.back, self.text.clone());
        }
        self.back = back;
        let text = self.changed.get(&back).cloned().unwrap_or_else(|| line(back).to_owned());
        self.show(text);
    }

    fn start_search(&mut self) {
        let before = (self.text.clone(), self.cursor);
        self.search = Some(Search { query: String::new(), found: 0, failed: false, before });
    }

    /// Keys while Ctrl-R searches. `None`: the search is over, and the key means what it always does.
    fn search_key(&mut self, key: &Key, history: &[Rc<str>]) -> Option<Happened> {
        let search = self.search.as_mut()?;
        match key {
            Key::Char(character) => {
                search.query.push(*character);
                self.find(search_from(self.search.as_ref()?.found.max(1)), history);
            }
            Key::Backspace | Key::Ctrl('h') => {
                search.query.pop();
                self.find(search_from(1), history);
            }
            Key::Ctrl('r') => {
                let next = search.found + 1;
                self.find(search_from(next), history);
            }
            Key::Escape => self.search = None,
            Key::Ctrl('c' | 'g') => {
                let (text, cursor) = search.before.clone();
                (self.text, self.cursor, self.search) = (text, cursor, None);
            }
            _ => {
                self.search = None;
                return None;
            }
        }
        Some(Happened::Edited)
    }

    /// Looks for the query from the `from`th line back on, older ones later.
    fn find(&mut self, from: usize, history: &[Rc<str>]) {
        let Some(search) = &mut self.search else { return };
        let mut lines = history.iter().rev().enumerate().skip(from - 1);
        let hit = lines.find_map(|(place, line)| Some((place + 1, line, line.rfind(&search.query)?)));
        search.failed = hit.is_none();
        let Some((back, line, at)) = hit.filter(|_| !search.query.is_empty()) else { return };
        search.found = back;
        self.back = back;
        self.text = line.to_string();
        self.cursor = at;
    }

    /// Completes as far as there is only one way to go on; then offers the ways.
    fn tab(&mut self, place: &Place) -> Happened {
        if self.text.trim().is_empty() {
            return Happened::Unused;
        }
        let Completion { start, common, candidates } = complete(place, &self.text, self.cursor);
        let grown = common.len() > self.cursor - start || candidates.len() == 1;
        if grown && !candidates.is_empty() {
            self.text.replace_range(start..self.cursor, &common);
            self.cursor = start + common.len();
        }
        if grown || candidates.len() < 2 { Happened::Edited } else { Happened::Candidates(candidates) }
    }
}

/// History is counted back from 1.
fn search_from(back: usize) -> usize {
    back.max(1)
}

fn before(text: &str, cursor: usize) -> usize {
    text[..cursor].char_indices().next_back().map_or(0, |(at, _)| at)
}

fn after(text: &str, cursor: usize) -> usize {
    text[cursor..].chars().next().map_or(cursor, |character| cursor + character.len_utf8())
}

/// Letters and digits of any script: what is not ASCII counts as one, so that no table of them is needed.
fn of_a_word(c: char) -> bool {
    !c.is_ascii() || c.is_ascii_alphanumeric()
}

/// The beginning of the word before the cursor, or of the one it stands in.
fn word_left(text: &str, cursor: usize) -> usize {
    let words = text[..cursor].trim_end_matches(|c| !of_a_word(c));
    words.trim_end_matches(of_a_word).len()
}

/// The end of the word after the cursor, or of the one it stands in.
fn word_right(text: &str, cursor: usize) -> usize {
    let rest = text[cursor..].trim_start_matches(|c| !of_a_word(c));
    text.len() - rest.trim_start_matches(of_a_word).len()
}

/// The beginning of the word before the cursor, where only blanks end a word.
fn blank_left(text: &str, cursor: usize) -> usize {
    text[..cursor].trim_end().trim_end_matches(|c: char| !c.is_whitespace()).len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use crate::shell::{Files, HOME};
    use crate::world::World;

    /// Presses keys, written as `a`, `^A` (Ctrl), `~b` (Alt) or `<Left>`; returns the line with `|` at the cursor, or
    /// what happened.
    fn press(editor: &mut Editor, keys: &str) -> String {
        let world = World::new(&Scenario::lab(), 1);
        let (files, history) = (Files::default(), ["docker ps", "docker service ls", "echo 한글"].map(Rc::from));
        let place =
            Place { world: &world, files: &files, node: "manager", pending: "", variables: &[], directory: HOME };
        let mut happened = Happened::Edited;
        for key in read(keys) {
            happened = editor.press(key, &history, &place);
        }
        match happened {
            Happened::Edited => {
                let (left, right) = editor.text().split_at(editor.cursor());
                format!("{}{left}|{right}", editor.search_prompt().unwrap_or_default())
            }
            Happened::Candidates(candidates) => {
                candidates.iter().map(|c| c.text.as_str()).collect::<Vec<_>>().join(" ")
            }
            other => format!("{other:?}"),
        }
    }

    fn read(mut keys: &str) -> Vec<Key> {
        let mut read = Vec::new();
        while let Some(first) = keys.chars().next() {
            let named = [
                ("<Left>", Key::Left),
                ("<Right>", Key::Right),
                ("<WordLeft>", Key::WordLeft),
                ("<WordRight>", Key::WordRight),
                ("<Home>", Key::Home),
                ("<End>", Key::End),
                ("<Up>", Key::Up),
                ("<Down>", Key::Down),
                ("<Enter>", Key::Enter),
                ("<Tab>", Key::Tab),
                ("<Esc>", Key::Escape),
                ("<Back>", Key::Backspace),
                ("<BackWord>", Key::BackWord),
                ("<Del>", Key::Delete),
            ];
            let name = named.into_iter().find(|(name, _)| keys.starts_with(name));
            let mut rest = keys.chars();
            rest.next();
            let (key, length) = match (name, first) {
                (Some((name, key)), _) => (key, name.len()),
                (None, '^') => (Key::Ctrl(rest.next().expect("a letter").to_ascii_lowercase()), 2),
                (None, '~') => (Key::Alt(rest.next().expect("a letter")), 2),
                (None, other) => (Key::Char(other), other.len_utf8()),
            };
            read.push(key);
            keys = &keys[length..];
        }
        read
    }

    fn check(keys: &str, expected: &str) {
        assert_eq!(press(&mut Editor::default(), keys), expected, "of {keys}");
    }

    #[test]
    fn moving_and_writing() {
        check("abc<Left><Left>x", "ax|bc");
        check("abc^Ax^Ey", "xabcy|");
        check("abc<Home><Right>x<End>", "axbc|");
        check("한글<Left>x<Left><Left>y", "y|한x글");
        check("ab<Right><Right>", "ab|");
        check("<Left>a^B^B^Fb", "ab|");
        check("docker service-x ls~b~b", "docker service-|x ls");
        check("docker ls^A~f~f<WordLeft>", "docker |ls");
    }

    #[test]
    fn taking_away() {
        check("abc<Left><Back>", "a|c");
        check("abc^A<Del>^D", "|c");
        check("한글<Back>", "한|");
        check("<Back><Del>", "|");
        check("one two<Left>^U", "|o");
        check("one two~b^K", "one |");
        check("one a/b-c  ^W", "one |");
        check("one a/b-c<BackWord>", "one a/b-|");
        check("one two^A~d", "| two");
        check("one two^W^A^Y ", "two |one ");
    }

    #[test]
    fn ends_of_a_line() {
        check("echo a^A<Enter>", "Submit(\"echo a\")");
        check("echo a^C", "Interrupt(\"echo a\")");
        check("^D", "End");
        check("a^L", "Clear");
        check("~z", "Unused");
        let mut editor = Editor::default();
        press(&mut editor, "echo a<Enter>");
        assert_eq!(press(&mut editor, "b"), "b|");
    }

    #[test]
    fn history_keeps_what_was_changed() {
        check("<Up>", "echo 한글|");
        check("<Up>^P<Up><Up>", "docker ps|");
        check("new<Up>x<Up><Down>", "echo 한글x|");
        check("new<Up>x<Down>", "new|");
        check("<Down>a<Down>", "a|");
        check("<Up>x<Up><Enter><Up>", "echo 한글|");
        check("new<Up><Up><Up><Down>^N<Down>", "new|");
    }

    #[test]
    fn searching_the_history() {
        check("x^Rdo", "(reverse-i-search)`do': |docker service ls");
        check("^Rdo^R", "(reverse-i-search)`do': |docker ps");
        check("^Rdo^R^R", "(failed reverse-i-search)`do': |docker ps");
        check("^Rdocz<Back>", "(reverse-i-search)`doc': |docker service ls");
        check("^Rps<Enter>", "Submit(\"docker ps\")");
        check("^Rser<Esc>x", "docker x|service ls");
        check("^Rser^A", "|docker service ls");
        check("abc<Left>^Rser^Gx", "abx|c");
        check("^Rser<Up>", "docker ps|");
    }

    #[test]
    fn tab_completes_offers_and_leaves() {
        check("he<Tab>", "head help");
        check("hel<Tab>sl<Tab>", "help sleep |");
        check("cu<Tab>", "curl cut");
        check("nothing<Tab>", "nothing|");
        check("hisx<Left><Tab>", "history |x");
        check("<Tab>", "Unused");
        check("his<Esc><Tab>", "Unused");
        check("his<Esc>t<Tab>", "history |");
    }

    #[test]
    fn pasted_lines_are_typed_up_to_the_last_line_end() {
        let mut editor = Editor::default();
        press(&mut editor, "xy<Left>");
        let world = World::new(&Scenario::lab(), 1);
        let files = Files::default();
        let place =
            Place { world: &world, files: &files, node: "manager", pending: "", variables: &[], directory: HOME };
        let mut paste = |text: &str| editor.press(Key::Paste(text.to_owned()), &[], &place);
        assert_eq!(paste("a\r\nb\nc"), Happened::Submit("xa\nb".to_owned()));
        assert_eq!(paste("d"), Happened::Edited);
        assert_eq!((editor.text(), editor.cursor()), ("cyd", 3));
    }

    #[test]
    fn a_text_field_tells_what_stands_in_it() {
        let mut editor = Editor::default();
        editor.set("a🦀한b", 3);
        assert_eq!((editor.cursor(), editor.cursor_utf16()), (5, 3));
        assert_eq!(press(&mut editor, "<Back>"), "a|한b");
        editor.set("abc", 99);
        assert_eq!(press(&mut editor, "<Left>"), "ab|c");
        press(&mut editor, "^Rps");
        editor.set("abd", 0);
        assert_eq!(press(&mut editor, "<Right>"), "a|bd", "writing into the field ends a search");
    }
}
