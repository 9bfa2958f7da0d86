//! Characters to tokens: words with their quotes, operators, comments. Called by `parse`, which it calls for `$(…)`.
//!
//! Models: bash, parse.y (read_token_word). Differs: `!` recalls no history, braces and globs stay as they are typed.

use std::rc::Rc;

use super::ast::{List, Mode, Piece, Word};
use super::parse;

#[derive(Clone, Debug, PartialEq)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opener {
    /// A quote or a bracket: the character that would close it.
    Quote(char),
    /// A backslash at the end of the last line.
    Backslash,
    /// `&&`, `||` or `|` at the end.
    Operator,
}

/// How deep `$(…)` may nest. Bash has no limit; the page's stack has.
const DEEPEST: usize = 32;

#[derive(Clone)]
pub(super) struct Lexer<'a> {
    rest: &'a str,
    depth: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Lexer<'a> {
        Lexer { rest: text, depth: 0 }
    }

    pub(super) fn next(&mut self) -> Result<Token, Error> {
        self.skip_blanks()?;
        let Some(first) = self.peek() else { return Ok(Token::End) };
        if first == '\n' {
            self.bump();
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

    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let next = chars.next();
        self.rest = chars.as_str();
        next
    }

    fn eat(&mut self, text: &str) -> bool {
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Skips blanks, joined lines and a comment.
    fn skip_blanks(&mut self) -> Result<(), Error> {
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
        let digits = self.rest.len() - self.rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, after) = self.rest.split_at(digits);
        let modes = [("&>", Mode::WriteBoth), (">>", Mode::Append), (">&", Mode::Duplicate), (">", Mode::Write)];
        let modes = modes.into_iter().chain([("<&", Mode::Duplicate), ("<", Mode::Read)]);
        let (text, mode) = modes.into_iter().find(|(text, _)| after.starts_with(text))?;
        if after.starts_with("<<") || mode == Mode::WriteBoth && digits > 0 {
            return None;
        }
        let fd = if number.is_empty() { u8::from(!text.starts_with('<')) } else { number.parse().ok()? };
        self.rest = &after[text.len()..];
        Some(Token::Redirect { fd, mode })
    }

    fn operator(&mut self) -> Option<&'static str> {
        let known = [";;", "&&", "||", "|&", "<<<", "<<", ";", "&", "|", "(", ")"];
        known.into_iter().find(|operator| self.eat(operator))
    }

    fn word(&mut self) -> Result<Word, Error> {
        let mut word = Pieces::default();
        while let Some(next) = self.peek() {
            match next {
                ' ' | '\t' | '\r' | '\n' | ';' | '&' | '|' | '(' | ')' | '<' | '>' => break,
                '\'' => self.single_quotes(&mut word)?,
                '"' => self.double_quotes(&mut word)?,
                '\\' => self.backslash(&mut word)?,
                '$' => self.dollar(&mut word, false)?,
                '`' => self.backquotes(&mut word, false)?,
                _ => {
                    self.bump();
                    word.push(next, false);
                }
            }
        }
        Ok(Word(word.0))
    }

    fn single_quotes(&mut self, word: &mut Pieces) -> Result<(), Error> {
        let text = &self.rest[1..];
        let end = text.find('\'').ok_or(Error::Open(Opener::Quote('\'')))?;
        word.quote(&text[..end]);
        self.rest = &text[end + 1..];
        Ok(())
    }

    fn double_quotes(&mut self, word: &mut Pieces) -> Result<(), Error> {
        self.bump();
        word.quote("");
        loop {
            match self.peek().ok_or(Error::Open(Opener::Quote('"')))? {
                '"' => {
                    self.bump();
                    return Ok(());
                }
                '$' => self.dollar(word, true)?,
                '`' => self.backquotes(word, true)?,
                '\\' => {
                    self.bump();
                    match self.bump().ok_or(Error::Open(Opener::Quote('"')))? {
                        '\n' => {}
                        special @ ('"' | '\\' | '$' | '`') => word.push(special, true),
                        other => {
                            word.push('\\', true);
                            word.push(other, true);
                        }
                    }
                }
                other => {
                    self.bump();
                    word.push(other, true);
                }
            }
        }
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

    fn dollar(&mut self, word: &mut Pieces, quoted: bool) -> Result<(), Error> {
        if self.rest.starts_with("$((") {
            return Err(Error::NotSimulated("arithmetic, $((…)),"));
        }
        if self.eat("$(") {
            let list = self.nested(')')?;
            word.0.push(Piece::Command { list: Rc::new(list), quoted });
            return Ok(());
        }
        if let Some(rest) = self.rest.strip_prefix("${") {
            let end = rest.find('}').ok_or(Error::Open(Opener::Quote('}')))?;
            let name = rest[..end].to_owned();
            self.rest = &rest[end + 1..];
            word.0.push(Piece::Parameter { name, quoted });
            return Ok(());
        }
        let rest = &self.rest[1..];
        let length = match rest.chars().next() {
            Some('?' | '$' | '!' | '#' | '0'..='9' | '@' | '*') => 1,
            Some(first) if is_name_start(first) => rest.find(|c| !is_name(c)).unwrap_or(rest.len()),
            _ => 0,
        };
        self.rest = &rest[length..];
        if length == 0 {
            word.push('$', quoted);
        } else {
            word.0.push(Piece::Parameter { name: rest[..length].to_owned(), quoted });
        }
        Ok(())
    }

    /// Reads a command list up to `close`, which is read too.
    fn nested(&mut self, close: char) -> Result<List, Error> {
        if self.depth == DEEPEST {
            return Err(Error::NotSimulated("a command substitution as deep as this"));
        }
        let mut inner = Lexer { rest: self.rest, depth: self.depth + 1 };
        let list = parse::until_bracket(&mut inner).map_err(|error| match error {
            Error::Open(Opener::Operator) => Error::Open(Opener::Quote(close)),
            other => other,
        })?;
        self.rest = inner.rest;
        Ok(list)
    }

    /// `` `…` ``: the text up to the next backquote, with `\` before `` ` ``, `\` and `$` taken away, is a command list.
    fn backquotes(&mut self, word: &mut Pieces, quoted: bool) -> Result<(), Error> {
        self.bump();
        let mut text = String::new();
        loop {
            match self.bump().ok_or(Error::Open(Opener::Quote('`')))? {
                '`' => break,
                '\\' if self.rest.starts_with(['`', '\\', '$']) => text.extend(self.bump()),
                other => text.push(other),
            }
        }
        if self.depth == DEEPEST {
            return Err(Error::NotSimulated("a command substitution as deep as this"));
        }
        let list = parse::whole(Lexer { rest: &text, depth: self.depth + 1 })?;
        word.0.push(Piece::Command { list: Rc::new(list), quoted });
        Ok(())
    }
}

/// A word in the making: neighbouring characters of one kind become one piece.
#[derive(Default)]
struct Pieces(Vec<Piece>);

impl Pieces {
    fn push(&mut self, character: char, quote: bool) {
        match self.0.last_mut() {
            Some(Piece::Text { text, quoted }) if *quoted == quote => text.push(character),
            _ => self.0.push(Piece::Text { text: character.to_string(), quoted: quote }),
        }
    }

    /// Adds a quoted text, even an empty one: `''` is a word.
    fn quote(&mut self, more: &str) {
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
