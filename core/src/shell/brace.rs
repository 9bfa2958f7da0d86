//! Braces: `{a,b}` and `{1..5}` make several words of one. They are looked at before anything else in a word, so the
//! parser does it.
//!
//! Models: bash, braces.c. Differs: a step, `{1..9..2}`, is not there, and a range has at most a thousand members.

use super::ast::{Piece, Word};

/// How many words, and how long a word.
const MOST: usize = 1_000;
const DEEPEST: usize = 16;

/// One character of a word, or a piece of it that is no unquoted text.
#[derive(Clone)]
enum Atom {
    Char(char),
    Piece(Piece),
}

pub(super) fn expand(word: Word) -> Vec<Word> {
    let braced = |piece: &Piece| matches!(piece, Piece::Text { text, quoted: false } if text.contains('{'));
    if !word.0.iter().any(braced) {
        return vec![word];
    }
    let mut atoms = Vec::new();
    for piece in word.0 {
        match piece {
            Piece::Text { text, quoted: false } => atoms.extend(text.chars().map(Atom::Char)),
            other => atoms.push(Atom::Piece(other)),
        }
    }
    let braces = atoms.iter().filter(|atom| matches!(atom, Atom::Char('{'))).count();
    let mut words = Vec::new();
    if braces > DEEPEST || atoms.len() > MOST {
        words.push(atoms);
    } else {
        alternatives(&atoms, 0, &mut words);
    }
    words.into_iter().map(joined).collect()
}

/// All that `atoms` become, from the first brace at or after `from` on.
fn alternatives(atoms: &[Atom], from: usize, words: &mut Vec<Vec<Atom>>) {
    if words.len() >= MOST {
        return;
    }
    for open in from..atoms.len() {
        if !matches!(atoms[open], Atom::Char('{')) {
            continue;
        }
        let Some((close, parts)) = parts(atoms, open) else { continue };
        for part in parts {
            let mut word = atoms[..open].to_vec();
            word.extend(part);
            let next = word.len();
            word.extend_from_slice(&atoms[close + 1..]);
            // Braces within a part come to their turn with it.
            alternatives(&word, open.min(next), words);
        }
        return;
    }
    words.push(atoms.to_vec());
}

/// The parts between the brace at `open` and its partner, and where that is. `None` where they mean nothing.
fn parts(atoms: &[Atom], open: usize) -> Option<(usize, Vec<Vec<Atom>>)> {
    let (mut depth, mut start, mut parts) = (0, open + 1, Vec::new());
    for (at, atom) in atoms.iter().enumerate().skip(open + 1) {
        match atom {
            Atom::Char('{') => depth += 1,
            Atom::Char('}') if depth > 0 => depth -= 1,
            Atom::Char(',') if depth == 0 => {
                parts.push(atoms[start..at].to_vec());
                start = at + 1;
            }
            Atom::Char('}') => {
                if parts.is_empty() {
                    return Some((at, range(&atoms[start..at])?));
                }
                parts.push(atoms[start..at].to_vec());
                return Some((at, parts));
            }
            _ => {}
        }
    }
    None
}

/// `1..5`, `05..10`, `a..e`
fn range(atoms: &[Atom]) -> Option<Vec<Vec<Atom>>> {
    let text: Option<String> =
        atoms.iter().map(|atom| if let Atom::Char(c) = atom { Some(*c) } else { None }).collect();
    let text = text?;
    let (first, last) = text.split_once("..")?;
    let word = |text: String| text.chars().map(Atom::Char).collect::<Vec<_>>();
    let letter = |text: &str| (text.len() == 1).then(|| text.bytes().next()).flatten().filter(u8::is_ascii_alphabetic);
    let (first_number, last_number) = (first.parse::<i64>(), last.parse::<i64>());
    let (from, to, letters) = match (first_number, last_number) {
        (Ok(from), Ok(to)) => (from, to, false),
        _ => (i64::from(letter(first)?), i64::from(letter(last)?), true),
    };
    if from.abs_diff(to) as usize >= MOST {
        return None;
    }
    let padded = |text: &str| text.trim_start_matches('-').starts_with('0') && text.trim_start_matches('-').len() > 1;
    let width = if padded(first) || padded(last) { first.len().max(last.len()) } else { 0 };
    let count = from.abs_diff(to) as i64;
    let member = |step: i64| match if from <= to { from + step } else { from - step } {
        code if letters => char::from(code as u8).to_string(),
        number => format!("{number:0width$}"),
    };
    Some((0..=count).map(|step| word(member(step))).collect())
}

fn joined(atoms: Vec<Atom>) -> Word {
    let mut word = Word::default();
    for atom in atoms {
        match (atom, word.0.last_mut()) {
            (Atom::Char(character), Some(Piece::Text { text, quoted: false })) => text.push(character),
            (Atom::Char(character), _) => word.0.push(Piece::Text { text: character.to_string(), quoted: false }),
            (Atom::Piece(piece), _) => word.0.push(piece),
        }
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let words = expand(Word::literal(text, false));
        let words: Vec<&str> = words.iter().filter_map(Word::plain).collect();
        assert_eq!(words.join(" "), expected, "of {text}");
    }

    #[test]
    fn braces_make_words() {
        check("a{b,c}d", "abd acd");
        check("{1..3}", "1 2 3");
        check("x{3..1}", "x3 x2 x1");
        check("{08..11}", "08 09 10 11");
        check("{a..d}", "a b c d");
        check("{a,{b,c}x}", "a bx cx");
        check("{a,b}{1,2}", "a1 a2 b1 b2");
    }

    #[test]
    fn what_means_nothing_stays() {
        for text in ["{{.Names}}", "{a}", "{", "a}b,c{", "{{.ID}},{{.Name}}", "{1..}", "{a..10}", "{1..9999999999999}"]
        {
            check(text, text);
        }
        check("{{a,b}}", "{a} {b}");
        check("{a,b", "{a,b");
    }
}
