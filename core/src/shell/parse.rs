//! Tokens to commands. Called by the shell for what was typed, and by `lex` for what stands in `$(…)`. Lists, pipelines
//! and simple commands are here; what begins with a keyword or a bracket is in `compound`.
//!
//! Models: bash, parse.y. Differs: arrays and `select` are refused with a sentence that says so, instead of being
//! misunderstood.

use std::rc::Rc;

use super::ast::{Command, Compound, Link, List, Mode, Piece, Pipeline, Redirect, Simple, When, Word};
use super::brace;
use super::lex::{Error, Lexer, Opener, Token, is_identifier};

/// Reads a whole text.
pub(super) fn parse(text: &str) -> Result<List, Error> {
    whole(&mut Lexer::new(text))
}

/// Reads everything that a lexer has.
pub(super) fn whole(lexer: &mut Lexer) -> Result<List, Error> {
    Parser::new(lexer)?.list(Until::End)
}

/// Reads up to a closing bracket, and the bracket.
pub(super) fn until_bracket(lexer: &mut Lexer) -> Result<List, Error> {
    Parser::new(lexer)?.list(Until::Bracket)
}

/// What ends a list of commands. It stays the parser's token.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Until {
    End,
    /// `)`
    Bracket,
    /// Keywords.
    Words(&'static [&'static str]),
    /// `;;` or `esac`.
    Arm,
}

pub(super) struct Parser<'l, 'a> {
    pub(super) lexer: &'l mut Lexer<'a>,
    /// The next token. The lexer stands right behind it.
    pub(super) token: Token,
    /// What begins with that token.
    from: &'a str,
}

impl<'l, 'a> Parser<'l, 'a> {
    fn new(lexer: &'l mut Lexer<'a>) -> Result<Parser<'l, 'a>, Error> {
        lexer.skip_blanks()?;
        let from = lexer.rest;
        let token = lexer.next()?;
        Ok(Parser { lexer, token, from })
    }

    pub(super) fn take(&mut self) -> Result<Token, Error> {
        self.lexer.skip_blanks()?;
        self.from = self.lexer.rest;
        let next = self.lexer.next()?;
        Ok(std::mem::replace(&mut self.token, next))
    }

    pub(super) fn newlines(&mut self) -> Result<(), Error> {
        while matches!(self.token, Token::Newline) {
            self.take()?;
        }
        Ok(())
    }

    pub(super) fn is_operator(&self, operator: &str) -> bool {
        matches!(self.token, Token::Operator(known) if known == operator)
    }

    /// The token's text, where it is a word that can be a keyword.
    pub(super) fn keyword(&self) -> Option<&str> {
        match &self.token {
            Token::Word(word) => word.plain(),
            _ => None,
        }
    }

    /// Takes a token that has to be there.
    pub(super) fn expect(&mut self, text: &str) -> Result<(), Error> {
        match self.keyword() == Some(text) || self.is_operator(text) {
            true => self.take().map(drop),
            false => self.unexpected(),
        }
    }

    pub(super) fn unexpected<T>(&self) -> Result<T, Error> {
        Err(match &self.token {
            Token::End => Error::Open(Opener::Command),
            Token::Newline => Error::Unexpected("newline".to_owned()),
            Token::Operator(operator) => Error::Unexpected((*operator).to_owned()),
            Token::Redirect { mode, .. } => Error::Unexpected(symbol(*mode).to_owned()),
            Token::Word(word) => Error::Unexpected(word.plain().unwrap_or_default().to_owned()),
        })
    }

    fn at(&self, until: Until) -> bool {
        match until {
            Until::End => matches!(self.token, Token::End),
            Until::Bracket => self.is_operator(")"),
            Until::Words(words) => self.keyword().is_some_and(|word| words.contains(&word)),
            Until::Arm => self.is_operator(";;") || self.keyword() == Some("esac"),
        }
    }

    /// Commands up to `until`.
    pub(super) fn list(&mut self, until: Until) -> Result<List, Error> {
        let mut links: Vec<Link> = Vec::new();
        let mut when = When::Always;
        self.newlines()?;
        // Where the commands that a `&` would send away begin: in the text, and in the list.
        let mut group = (self.from, 0);
        while !self.at(until) || when != When::Always {
            if matches!(self.token, Token::End) {
                return self.unexpected();
            }
            links.push(Link { when, pipeline: Rc::new(self.pipeline()?) });
            when = match &self.token {
                Token::Operator("&&") => When::Success,
                Token::Operator("||") => When::Failure,
                Token::Operator(";") | Token::Newline => When::Always,
                Token::Operator("&") => {
                    let text = group.0[..group.0.len() - self.from.len()].trim();
                    let list = Rc::new(List(links.split_off(group.1)));
                    let away = Compound::Background { list, text: text.into() };
                    let stages = vec![Rc::new(Command::Compound(away, Vec::new()))];
                    let pipeline = Rc::new(Pipeline { negated: false, timed: false, stages });
                    links.push(Link { when: When::Always, pipeline });
                    When::Always
                }
                _ if self.at(until) && until != Until::End => break,
                Token::End if until == Until::End => break,
                _ => return self.unexpected(),
            };
            self.take()?;
            self.newlines()?;
            if when == When::Always {
                group = (self.from, links.len());
            }
        }
        Ok(List(links))
    }

    fn pipeline(&mut self) -> Result<Pipeline, Error> {
        let (mut negated, mut timed) = (false, false);
        while let Some(word @ ("!" | "time")) = self.keyword() {
            let bang = word == "!";
            self.take()?;
            negated ^= bang;
            timed |= !bang;
            if timed && self.keyword() == Some("-p") {
                self.take()?;
            }
        }
        let mut stages = vec![self.command()?];
        while let Token::Operator(operator @ ("|" | "|&")) = self.token {
            if operator == "|&" {
                let both = Redirect { fd: 2, mode: Mode::Duplicate, target: Word::literal("1", false) };
                match stages.last_mut().expect("a pipeline has a first stage") {
                    Command::Simple(Simple { redirects, .. }) | Command::Compound(_, redirects) => redirects.push(both),
                }
            }
            self.take()?;
            self.newlines()?;
            stages.push(self.command()?);
        }
        Ok(Pipeline { negated, timed, stages: stages.into_iter().map(Rc::new).collect() })
    }

    fn command(&mut self) -> Result<Command, Error> {
        if let Some(compound) = self.compound()? {
            return Ok(compound);
        }
        let mut simple = Simple::default();
        loop {
            match &self.token {
                Token::Word(_) => {
                    let Token::Word(word) = self.take()? else { unreachable!("it was a word") };
                    match simple.words.is_empty().then(|| assignment(&word)).flatten() {
                        Some((_, Word(value))) if value.is_empty() && self.is_operator("(") => {
                            return Err(Error::NotSimulated("an array"));
                        }
                        Some(assignment) => simple.assignments.push(assignment),
                        None => simple.words.extend(brace::expand(word)),
                    }
                }
                Token::Redirect { .. } => simple.redirects.push(self.redirect()?),
                Token::Operator("(") => {
                    let name = match simple.words.as_slice() {
                        [only] if simple.assignments.is_empty() && simple.redirects.is_empty() => only.plain(),
                        _ => None,
                    };
                    let Some(name) = name.map(str::to_owned) else { return self.unexpected() };
                    self.take()?;
                    self.expect(")")?;
                    return self.function(name);
                }
                Token::Operator("<" | ">") => return Err(Error::NotSimulated("process substitution, <(…),")),
                _ => break,
            }
        }
        let empty = simple.words.is_empty() && simple.assignments.is_empty() && simple.redirects.is_empty();
        if empty { self.unexpected() } else { Ok(Command::Simple(simple)) }
    }

    fn redirect(&mut self) -> Result<Redirect, Error> {
        let Token::Redirect { fd, mode } = self.take()? else { unreachable!("called at a redirection") };
        let Token::Word(target) = &self.token else {
            return match self.token {
                Token::End => Err(Error::Unexpected("newline".to_owned())),
                _ => self.unexpected(),
            };
        };
        let target = match mode {
            Mode::Here | Mode::HereStripped => self.lexer.here_document(target, mode == Mode::HereStripped)?,
            _ => target.clone(),
        };
        self.take()?;
        Ok(Redirect { fd, mode, target })
    }

    /// The redirections behind a compound command.
    pub(super) fn redirects(&mut self) -> Result<Vec<Redirect>, Error> {
        let mut redirects = Vec::new();
        while matches!(self.token, Token::Redirect { .. }) {
            redirects.push(self.redirect()?);
        }
        Ok(redirects)
    }
}

/// Splits `NAME=value` at its sign, if the word is that. `NAME+=value` adds to the old value.
fn assignment(word: &Word) -> Option<(String, Word)> {
    let Piece::Text { text, quoted: false } = word.0.first()? else { return None };
    let (name, value) = text.split_once('=')?;
    let (name, grows) = match name.strip_suffix('+') {
        Some(name) => (name, true),
        None => (name, false),
    };
    if !is_identifier(name) {
        return None;
    }
    let mut pieces = word.0.clone();
    match value {
        "" => drop(pieces.remove(0)),
        value => pieces[0] = Piece::Text { text: value.to_owned(), quoted: false },
    }
    if grows {
        let old = Piece::Parameter { name: name.to_owned(), operator: "", operands: Vec::new(), quoted: true };
        pieces.insert(0, old);
    }
    Some((name.to_owned(), Word(pieces)))
}

fn symbol(mode: Mode) -> &'static str {
    match mode {
        Mode::Read => "<",
        Mode::Write => ">",
        Mode::Append => ">>",
        Mode::Duplicate => ">&",
        Mode::WriteBoth => "&>",
        Mode::AppendBoth => "&>>",
        Mode::Here => "<<",
        Mode::HereStripped => "<<-",
        Mode::HereString => "<<<",
    }
}

/// The sentences that bash says.
impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Error::Open(Opener::Quote(close)) => write!(f, "unexpected EOF while looking for matching `{close}'"),
            Error::Open(_) => f.write_str("syntax error: unexpected end of file"),
            Error::Unexpected(token) => write!(f, "syntax error near unexpected token `{token}'"),
            Error::NotSimulated(what) => write!(f, "{what} is not simulated yet"),
        }
    }
}

#[cfg(test)]
mod tests;
