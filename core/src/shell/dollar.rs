//! What follows a `$`, and backquotes: parameters, command substitutions, arithmetic. Part of the lexer.
//!
//! Models: bash, parse.y (parse_matched_pair) and subst.c (param_expand).

use std::rc::Rc;

use super::ast::{BAD, LENGTH, List, OPERATORS, Piece, Word};
use super::builtin::escapes;
use super::lex::{Error, Lexer, Opener, Pieces, is_name, is_name_start};
use super::parse;

impl Lexer<'_> {
    pub(super) fn dollar(&mut self, word: &mut Pieces, quoted: bool) -> Result<(), Error> {
        if self.rest.starts_with("$((")
            && let Some(text) = self.arithmetic(3)?
        {
            word.0.push(Piece::Arithmetic { text, quoted });
            return Ok(());
        }
        if self.eat("$(") {
            let list = Rc::new(self.nested()?);
            word.0.push(Piece::Command { list, quoted });
            return Ok(());
        }
        if self.eat("${") {
            return self.braced(word, quoted);
        }
        if !quoted && self.rest.starts_with("$\"") {
            self.bump();
            return self.double_quotes(word);
        }
        if !quoted && self.eat("$'") {
            return self.escaped(word);
        }
        self.bump();
        let length = match self.peek() {
            Some('?' | '$' | '!' | '#' | '-' | '0'..='9' | '@' | '*') => 1,
            Some(first) if is_name_start(first) => name_length(self.rest),
            _ => 0,
        };
        let (name, rest) = self.rest.split_at(length);
        if length == 0 {
            word.push('$', quoted);
        } else {
            word.0.push(Piece::Parameter { name: name.to_owned(), operator: "", operands: Vec::new(), quoted });
        }
        self.rest = rest;
        Ok(())
    }

    /// `$'…'`: a text with `\n` and the like.
    fn escaped(&mut self, word: &mut Pieces) -> Result<(), Error> {
        let mut length = 0;
        let bytes = self.rest.as_bytes();
        while *bytes.get(length).ok_or(Error::Open(Opener::Quote('\'')))? != b'\'' {
            length += if bytes[length] == b'\\' { 2 } else { 1 };
        }
        let text = self.rest.get(..length).unwrap_or("");
        word.quote(&escapes::unescape(text, true).0);
        self.rest = self.rest.get(length + 1..).unwrap_or("");
        Ok(())
    }

    /// `${…}`; what opens it has been read.
    fn braced(&mut self, word: &mut Pieces, quoted: bool) -> Result<(), Error> {
        let mut inner = self.within(self.rest)?;
        let length = inner.rest.starts_with('#') && !inner.rest.starts_with("#}");
        if length {
            inner.bump();
        }
        let name = match inner.peek() {
            Some(special @ ('?' | '$' | '!' | '#' | '@' | '*' | '-')) => {
                inner.bump();
                special.to_string()
            }
            _ => {
                let digits = inner.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(inner.rest.len());
                let length = if digits > 0 { digits } else { name_length(inner.rest) };
                let (name, rest) = inner.rest.split_at(length);
                inner.rest = rest;
                name.to_owned()
            }
        };
        let mut operands = Vec::new();
        let operator = if length { Some(&LENGTH) } else { OPERATORS.iter().find(|operator| inner.eat(operator)) };
        if let Some(operator) = operator.filter(|operator| **operator != LENGTH && !name.is_empty()) {
            let between = match *operator {
                ":" => ":}",
                slash if slash.starts_with('/') => "/}",
                _ => "}",
            };
            for stops in [between, "}"] {
                let mut operand = Pieces::default();
                inner.pieces(&mut operand, quoted, stops)?;
                operands.push(Word(operand.0));
                if stops == "}" || !inner.eat(&stops[..1]) {
                    break;
                }
            }
        }
        // To try again with less would take twice as long for each brace within another.
        if inner.rest.is_empty() {
            return Err(Error::Open(Opener::Quote('}')));
        }
        if !name.is_empty() && inner.eat("}") {
            let operator = operator.copied().unwrap_or("");
            word.0.push(Piece::Parameter { name, operator, operands, quoted });
        } else {
            let (text, rest) = self.rest.split_once('}').ok_or(Error::Open(Opener::Quote('}')))?;
            word.0.push(Piece::Parameter { name: text.to_owned(), operator: BAD, operands: Vec::new(), quoted });
            self.rest = rest;
            return Ok(());
        }
        self.rest = inner.rest;
        Ok(())
    }

    /// The text of `((…))`, after an opener of `skip` bytes. `None`, and nothing read, where the brackets are two that
    /// happen to stand together.
    pub(super) fn arithmetic(&mut self, skip: usize) -> Result<Option<Word>, Error> {
        let mut inner = self.within(&self.rest[skip..])?;
        inner.trying = true;
        match inner.closed_arithmetic() {
            Ok(word) => {
                self.rest = inner.rest;
                Ok(Some(word))
            }
            Err(Error::Unexpected(_)) if !self.trying => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn closed_arithmetic(&mut self) -> Result<Word, Error> {
        let (mut word, mut depth) = (Pieces::default(), 0);
        word.quote("");
        loop {
            self.within_arithmetic(&mut word)?;
            match self.bump().ok_or(Error::Open(Opener::Quote(')')))? {
                ')' if depth == 0 => break,
                bracket => {
                    word.push(bracket, true);
                    depth = if bracket == '(' { depth + 1 } else { depth - 1 };
                }
            }
        }
        if self.eat(")") { Ok(Word(word.0)) } else { Err(Error::Unexpected(")".to_owned())) }
    }

    fn within_arithmetic(&mut self, word: &mut Pieces) -> Result<(), Error> {
        while let Some(next) = self.peek().filter(|next| !"()".contains(*next)) {
            match next {
                '$' => self.dollar(word, true)?,
                '`' => self.backquotes(word, true)?,
                other => {
                    self.bump();
                    if !"\"\\".contains(other) {
                        word.push(other, true);
                    }
                }
            }
        }
        Ok(())
    }

    /// Reads a command list up to `)`, which is read too.
    fn nested(&mut self) -> Result<List, Error> {
        let mut inner = self.within(self.rest)?;
        let list = parse::until_bracket(&mut inner).map_err(|error| match error {
            Error::Open(Opener::Command) => Error::Open(Opener::Quote(')')),
            other => other,
        })?;
        (self.rest, self.here) = (inner.rest, inner.here.or(self.here));
        Ok(list)
    }

    /// `` `…` ``: the text up to the next backquote, with `\` before `` ` ``, `\` and `$` taken away, is a command list.
    pub(super) fn backquotes(&mut self, word: &mut Pieces, quoted: bool) -> Result<(), Error> {
        self.bump();
        let mut text = String::new();
        loop {
            match self.bump().ok_or(Error::Open(Opener::Quote('`')))? {
                '`' => break,
                '\\' if self.rest.starts_with(['`', '\\', '$']) => text.extend(self.bump()),
                other => text.push(other),
            }
        }
        let list = Rc::new(parse::whole(&mut self.within(&text)?)?);
        word.0.push(Piece::Command { list, quoted });
        Ok(())
    }
}

fn name_length(text: &str) -> usize {
    if text.starts_with(is_name_start) { text.find(|c| !is_name(c)).unwrap_or(text.len()) } else { 0 }
}
