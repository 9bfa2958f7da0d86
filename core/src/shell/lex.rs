//! Characters to tokens: words with their quotes, operators, comments. Called by `parse`, which it calls for `$(…)`.
//! What follows a `$` is in `dollar`, here-documents are in `here`.
//!
//! Models: bash, parse.y (read_token_word). Differs: there is no process substitution, `<(…)`.

use super::ast::{Mode, Piece, Word};

#[derive(Clone)]
pub(super) enum Token {
    Word(Word),
    /// `;` `&&` `|` and the like.
    Operator(&'static str),
    /// `2>`, `>>`, `&>`.
    Redirect {
        fd: u8,
        mode: Mode,
    },
    Newline,
    End,
}

/// Why a text is no command.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Error {
    /// It ends too early: the prompt asks for more.
    Open(Opener),
    /// `syntax error near unexpected token`
    Unexpected(String),
    /// Bash knows this; the simulation does not.
    NotSimulated(&'static str),
}

/// What was not closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Opener {
    /// A quote or a bracket: the character that would close it.
    Quote(char),
    /// A backslash at the end of the last line.
    Backslash,
    /// `&&`, `||` or `|` at the end, or a compound command without its last word.
    Command,
    /// A here-document without its last line, which would be this.
    Here(String),
}

/// How deep commands may nest in each other. Bash has no limit; the page's stack has.
const DEEPEST: usize = 24;

#[derive(Clone)]
pub(super) struct Lexer<'a> {
    pub(super) rest: &'a str,
    pub(super) depth: usize,
    /// Where the next here-document of this line begins, or what follows the last one.
    pub(super) here: Option<&'a str>,
    /// Whether this only looks for the end of a line: here-documents are not read then.
    pub(super) peeking: bool,
    /// Whether this only tries what may not be arithmetic: nothing within is tried in two ways then.
    pub(super) trying: bool,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Lexer<'a> {
        Lexer { rest: text, depth: 0, here: None, peeking: false, trying: false }
    }

    /// For a text inside another.
    pub(super) fn within<'t>(&self, text: &'t str) -> Result<Lexer<'t>, Error> {
        let mut inner = Lexer { rest: text, depth: self.depth, here: None, peeking: self.peeking, trying: self.trying };
        inner.deeper()?;
        Ok(inner)
    }

    /// One level further in.
    pub(super) fn deeper(&mut self) -> Result<(), Error> {
        self.depth += 1;
        if self.depth > DEEPEST { Err(Error::NotSimulated("a command nested as deep as this")) } else { Ok(()) }
    }

    pub(super) fn next(&mut self) -> Result<Token, Error> {
        self.skip_blanks()?;
        let Some(first) = self.peek() else { return Ok(Token::End) };
        if first == '\n' {
            self.bump();
            self.rest = self.here.take().unwrap_or(self.rest);
            return Ok(Token::Newline);
        }
        if let Some(redirect) = self.redirect() {
            return Ok(redirect);
        }
        if let Some(operator) = self.operator() {
            return Ok(Token::Operator(operator));
        }
        self.word().map(Token::Word)
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    pub(super) fn bump(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let next = chars.next();
        self.rest = chars.as_str();
        next
    }

    pub(super) fn eat(&mut self, text: &str) -> bool {
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Skips blanks, joined lines and a comment.
    pub(super) fn skip_blanks(&mut self) -> Result<(), Error> {
        loop {
            self.rest = self.rest.trim_start_matches([' ', '\t', '\r']);
            if self.rest == "\\" {
                return Err(Error::Open(Opener::Backslash));
            }
            if self.eat("\\\n") {
                continue;
            }
            if self.rest.starts_with('#') {
                let end = self.rest.find('\n').unwrap_or(self.rest.len());
                self.rest = &self.rest[end..];
            }
            return Ok(());
        }
    }

    fn redirect(&mut self) -> Option<Token> {
        const MODES: &[(&str, Mode)] = &[
            ("&>>", Mode::AppendBoth),
            ("&>", Mode::WriteBoth),
            (">>", Mode::Append),
            (">&", Mode::Duplicate),
            (">|", Mode::Write),
            (">", Mode::Write),
            ("<<<", Mode::HereString),
            ("<<-", Mode::HereStripped),
            ("<<", Mode::Here),
            ("<&", Mode::Duplicate),
            ("<", Mode::Read),
        ];
        let digits = self.rest.len() - self.rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, after) = self.rest.split_at(digits);
        let (text, mode) = *MODES.iter().find(|(text, _)| after.starts_with(text))?;
        if text.starts_with('&') && digits > 0 || after[text.len()..].starts_with('(') {
            return None;
        }
        let fd = if number.is_empty() { u8::from(!text.starts_with('<')) } else { number.parse().ok()? };
        self.rest = &after[text.len()..];
        Some(Token::Redirect { fd, mode })
    }

    fn operator(&mut self) -> Option<&'static str> {
        let known = [";;", "&&", "||", "|&", ";", "&", "|", "(", ")", "<", ">"];
        known.into_iter().find(|operator| self.eat(operator))
    }

    pub(super) fn word(&mut self) -> Result<Word, Error> {
        let mut word = Pieces::default();
        self.pieces(&mut word, false, " \t\r\n;&|()<>")?;
        Ok(Word(word.0))
    }

    /// The word behind `=~`: brackets and bars are part of it.
    pub(super) fn regex_word(&mut self) -> Result<Word, Error> {
        self.skip_blanks()?;
        let mut word = Pieces::default();
        self.pieces(&mut word, false, " \t\r\n")?;
        Ok(Word(word.0))
    }

    /// Reads up to one of `stops`, which is left, or to the end. `quoted`: as between `"`.
    pub(super) fn pieces(&mut self, word: &mut Pieces, quoted: bool, stops: &str) -> Result<(), Error> {
        while let Some(next) = self.peek() {
            match next {
                stop if stops.contains(stop) => break,
                '\'' if !quoted => self.single_quotes(word)?,
                '"' => self.double_quotes(word)?,
                '\\' if quoted => self.quoted_backslash(word, '"'),
                '\\' => self.backslash(word)?,
                '$' => self.dollar(word, quoted)?,
                '`' => self.backquotes(word, quoted)?,
                _ => {
                    self.bump();
                    word.push(next, quoted);
                }
            }
        }
        Ok(())
    }

    fn single_quotes(&mut self, word: &mut Pieces) -> Result<(), Error> {
        let text = &self.rest[1..];
        let end = text.find('\'').ok_or(Error::Open(Opener::Quote('\'')))?;
        word.quote(&text[..end]);
        self.rest = &text[end + 1..];
        Ok(())
    }

    pub(super) fn double_quotes(&mut self, word: &mut Pieces) -> Result<(), Error> {
        self.bump();
        word.quote("");
        self.within_quotes(word, '"')?;
        match self.bump() {
            Some(_) => Ok(()),
            None => Err(Error::Open(Opener::Quote('"'))),
        }
    }

    /// Reads as between double quotes, up to `end`, which is left, or to the end of the text.
    pub(super) fn within_quotes(&mut self, word: &mut Pieces, end: char) -> Result<(), Error> {
        while let Some(next) = self.peek().filter(|next| *next != end) {
            match next {
                '$' => self.dollar(word, true)?,
                '`' => self.backquotes(word, true)?,
                '\\' => self.quoted_backslash(word, end),
                other => {
                    self.bump();
                    word.push(other, true);
                }
            }
        }
        Ok(())
    }

    fn backslash(&mut self, word: &mut Pieces) -> Result<(), Error> {
        self.bump();
        match self.bump() {
            None => return Err(Error::Open(Opener::Backslash)),
            Some('\n') => {}
            Some(other) => word.push(other, true),
        }
        Ok(())
    }

    /// A backslash where only some characters can be quoted; `end` is one of them.
    fn quoted_backslash(&mut self, word: &mut Pieces, end: char) {
        self.bump();
        match self.bump() {
            Some('\n') => {}
            Some(special) if special == end || "\\$`".contains(special) => word.push(special, true),
            other => {
                word.push('\\', true);
                other.into_iter().for_each(|other| word.push(other, true));
            }
        }
    }
}

/// A word in the making: neighbouring characters of one kind become one piece.
#[derive(Default)]
pub(super) struct Pieces(pub(super) Vec<Piece>);

impl Pieces {
    pub(super) fn push(&mut self, character: char, quote: bool) {
        match self.0.last_mut() {
            Some(Piece::Text { text, quoted }) if *quoted == quote => text.push(character),
            _ => self.0.push(Piece::Text { text: character.to_string(), quoted: quote }),
        }
    }

    /// Adds a quoted text, even an empty one: `''` is a word.
    pub(super) fn quote(&mut self, more: &str) {
        match self.0.last_mut() {
            Some(Piece::Text { text, quoted: true }) => text.push_str(more),
            _ => self.0.push(Piece::Text { text: more.to_owned(), quoted: true }),
        }
    }
}

/// Whether a variable's name may begin with this.
pub(super) fn is_name_start(character: char) -> bool {
    character.is_ascii_alphabetic() || character == '_'
}

/// Whether this may stand in a variable's name.
pub(super) fn is_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

/// Whether the whole text is a variable's name.
pub(super) fn is_identifier(text: &str) -> bool {
    text.starts_with(is_name_start) && text.chars().all(is_name)
}
