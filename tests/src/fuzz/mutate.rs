//! Makes texts that nobody has written of those that somebody has.

use swarmyard_core::rng::Stream;

/// What boundaries are made of.
const ODD: &[&str] = &[
    "",
    " ",
    "\n",
    "\t",
    "\0",
    "\u{7f}",
    "é",
    "한",
    "\u{fffd}",
    "0",
    "-1",
    "1e999",
    "18446744073709551616",
    "-9223372036854775808",
    "999999999",
    "0.5",
    "h",
    "s",
    "=",
    "==",
    ":",
    ",",
    "/",
    "..",
    "--",
    "-",
    "'",
    "\"",
    "`",
    "$",
    "${",
    "$(",
    "((",
    "(",
    ")",
    "{",
    "}",
    "{{",
    "}}",
    "[",
    "]",
    "|",
    "||",
    "&",
    "&&",
    ";",
    "<",
    "<<",
    ">",
    "*",
    "?",
    "~",
    "#",
    "!",
    "\\",
    "\\\n",
    "%",
    "@",
];

/// Draws changes of texts. With the same seed and texts they are the same.
pub struct Mutator<'t> {
    luck: Stream,
    texts: &'t [String],
}

impl<'t> Mutator<'t> {
    /// `texts`: what words and lines are taken from; not none.
    pub fn new(seed: u64, texts: &'t [String]) -> Mutator<'t> {
        assert!(!texts.is_empty(), "there is nothing to learn from");
        Mutator { luck: Stream::new(seed, "fuzz"), texts }
    }

    /// One of the texts, changed.
    pub fn text(&mut self) -> String {
        let text = self.pick(self.texts);
        self.changed(text)
    }

    /// A text with some changes.
    pub fn changed(&mut self, text: &str) -> String {
        let mut text = text.to_owned();
        for _ in 0..=self.luck.below(4) {
            self.change(&mut text);
        }
        text
    }

    fn change(&mut self, text: &mut String) {
        let (from, to) = match self.luck.below(3) {
            0 => self.span(text, char::is_whitespace),
            1 => self.span(text, |c| !c.is_alphanumeric()),
            _ => self.span(text, |c| c == '\n'),
        };
        match self.luck.below(6) {
            0 => text.replace_range(from..to, ""),
            1 => text.insert_str(to, &text[from..to].repeat(1 + self.luck.below(8) as usize)),
            2 => text.insert_str(from, self.pick(ODD)),
            3 => text.replace_range(from..to, self.pick(ODD)),
            borrowed => {
                let other = self.pick(self.texts);
                let span = if self.luck.below(3) == 0 {
                    self.span(other, |c| c == '\n')
                } else {
                    self.span(other, char::is_whitespace)
                };
                let begin = if borrowed == 4 { from } else { to };
                text.replace_range(begin..to, &other[span.0..span.1]);
            }
        }
    }

    /// What lies between two places at which `cuts` is true, around a random one.
    fn span(&mut self, text: &str, cuts: impl Fn(char) -> bool) -> (usize, usize) {
        let at = text.floor_char_boundary(self.luck.below(text.len() as u32 + 1) as usize);
        let from = text[..at].char_indices().rev().find(|(_, c)| cuts(*c)).map_or(0, |(at, c)| at + c.len_utf8());
        let to = text[at..].find(cuts).map_or(text.len(), |length| at + length);
        (from, to)
    }

    fn pick<'a, T: AsRef<str>>(&mut self, of: &'a [T]) -> &'a str {
        of[self.luck.below(of.len() as u32) as usize].as_ref()
    }
}
