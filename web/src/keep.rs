//! A session as text: what it began with and all that was put in, line by line. The same for a file, for the store of
//! the browser and for who reports a fault.

use swarmyard_core::session::{Action, Entry, Input};
use swarmyard_core::time::Ms;

/// What the first line of each says; the number counts up when an old one can no longer be read.
const HEAD: &str = "swarmyard session 1";

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Kept {
    pub(crate) nodes: usize,
    pub(crate) seed: u64,
    /// The latest moment that was played.
    pub(crate) end: Ms,
    pub(crate) journal: Vec<Entry>,
}

impl Kept {
    pub(crate) fn write(&self) -> String {
        let mut text = format!("{HEAD}\nnodes {}\nseed {}\nend {}\n", self.nodes, self.seed, self.end);
        for entry in &self.journal {
            text.push_str(&entry.at.to_string());
            text.push(' ');
            text.push_str(&words(&entry.input));
            text.push('\n');
        }
        text
    }

    /// # Errors
    /// The number of the line that cannot be read.
    pub(crate) fn read(text: &str) -> Result<Kept, usize> {
        let mut lines = text.lines().map(str::trim_end).enumerate();
        let mut head = |name: &str| {
            let (at, line) = lines.next().ok_or(1usize)?;
            line.strip_prefix(name).map(|rest| rest.trim().to_owned()).ok_or(at + 1)
        };
        head(HEAD)?;
        let (nodes, seed, end) = (head("nodes ")?, head("seed ")?, head("end ")?);
        let mut kept = Kept {
            nodes: nodes.parse().map_err(|_| 2usize)?,
            seed: seed.parse().map_err(|_| 3usize)?,
            end: end.parse().map_err(|_| 4usize)?,
            journal: Vec::new(),
        };
        for (at, line) in lines.filter(|(_, line)| !line.is_empty()) {
            let entry = entry(line).filter(|entry| kept.journal.last().is_none_or(|last| last.at <= entry.at));
            kept.journal.push(entry.ok_or(at + 1)?);
        }
        Ok(kept)
    }
}

fn words(input: &Input) -> String {
    let number = |shell: &usize| shell.to_string();
    match input {
        Input::Open { node, columns } => {
            ["open ", &columns.map_or("-".to_owned(), |columns| columns.to_string()), " ", node].concat()
        }
        Input::Line { shell, text } => ["line ", &number(shell), " ", &escaped(text)].concat(),
        Input::Interrupt { shell } => ["interrupt ", &number(shell)].concat(),
        Input::End { shell } => ["end ", &number(shell)].concat(),
        Input::Variable { shell, name, value } => ["set ", &number(shell), " ", name, "=", &escaped(value)].concat(),
        Input::World(action) => ["world ", &action.to_string()].concat(),
        Input::File { node, path, text } => ["file ", node, " ", &escaped(path), "\t", &escaped(text)].concat(),
    }
}

fn entry(line: &str) -> Option<Entry> {
    let (at, rest) = line.split_once(' ')?;
    let (verb, rest) = rest.split_once(' ')?;
    let (first, second) = rest.split_once(' ').unwrap_or((rest, ""));
    let input = match verb {
        "open" => Input::Open {
            node: second.to_owned(),
            columns: if first == "-" { None } else { Some(first.parse().ok()?) },
        },
        "line" => Input::Line { shell: first.parse().ok()?, text: plain(second) },
        "interrupt" => Input::Interrupt { shell: first.parse().ok()? },
        "end" => Input::End { shell: first.parse().ok()? },
        "set" => {
            let (name, value) = second.split_once('=')?;
            Input::Variable { shell: first.parse().ok()?, name: name.to_owned(), value: plain(value) }
        }
        "world" => Input::World(Action::read(rest).ok()?),
        "file" => {
            let (path, text) = second.split_once('\t')?;
            Input::File { node: first.to_owned(), path: plain(path), text: plain(text) }
        }
        _ => return None,
    };
    Some(Entry { at: at.parse().ok()?, input })
}

fn escaped(text: &str) -> String {
    let mut written = String::new();
    for letter in text.chars() {
        match letter {
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            // Kept from those who cut blanks off the ends of lines.
            ' ' if written.is_empty() => written.push_str("\\s"),
            letter => written.push(letter),
        }
    }
    if written.ends_with(' ') {
        written.pop();
        written.push_str("\\s");
    }
    written
}

fn plain(text: &str) -> String {
    let mut read = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        let meant = if letter == '\\' { letters.next() } else { None };
        read.push(match meant {
            None => letter,
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('s') => ' ',
            Some(other) => other,
        });
    }
    read
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let inputs = [
            Input::Open { node: "node1".to_owned(), columns: Some(120) },
            Input::Open { node: "node2".to_owned(), columns: None },
            Input::Line { shell: 0, text: " docker \\\n  ps\t# 확인 \\n ".to_owned() },
            Input::Line { shell: 0, text: String::new() },
            Input::Interrupt { shell: 1 },
            Input::End { shell: 1 },
            Input::Variable { shell: 0, name: "LANG".to_owned(), value: "ko_KR.UTF-8".to_owned() },
            Input::World(Action::read("image a/b:c start=1s").expect("it is one")),
            Input::File { node: "manager".to_owned(), path: "a b.yml".to_owned(), text: "x:\n\ty\n".to_owned() },
        ];
        let journal: Vec<Entry> =
            inputs.into_iter().enumerate().map(|(at, input)| Entry { at: at as Ms, input }).collect();
        let kept = Kept { nodes: 3, seed: 17, end: 60_000, journal };
        assert_eq!(Kept::read(&kept.write()), Ok(kept));
    }

    #[test]
    fn what_cannot_be_read_says_in_which_line() {
        let head = "swarmyard session 1\nnodes 3\nseed 1\nend 9\n";
        assert_eq!(Kept::read("something else"), Err(1));
        assert_eq!(Kept::read("swarmyard session 1\nnodes x\nseed 1\nend 9"), Err(2));
        assert_eq!(Kept::read(&[head, "5 line 0 a\n4 line 0 b\n"].concat()), Err(6), "times go on");
        assert_eq!(Kept::read(&[head, "5 world explode\n"].concat()), Err(5));
        assert_eq!(Kept::read(&[head, "5 line\n"].concat()), Err(5));
    }
}
