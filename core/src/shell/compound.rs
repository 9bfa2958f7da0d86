//! Commands made of commands: what begins with a keyword or a bracket. Part of the parser.
//!
//! Models: bash, parse.y. Differs: `select`, `coproc`, and in `case` the ends `;&` and `;;&` are not there.

use std::rc::Rc;

use super::ast::{Command, Compound, List, Mode, Piece, Term, Word};
use super::brace;
use super::lex::{Error, Opener, Token, is_identifier};
use super::parse::{Parser, Until};

impl Parser<'_, '_> {
    /// The compound command that begins here, with its redirections. `None` where none does.
    pub(super) fn compound(&mut self) -> Result<Option<Command>, Error> {
        let keyword = match &self.token {
            Token::Word(word) => word.plain().unwrap_or(""),
            Token::Operator("(") => "(",
            _ => "",
        };
        let begin: fn(&mut Self) -> Result<Compound, Error> = match keyword {
            "(" => Self::bracket,
            "{" => |parser| Ok(Compound::Group(parser.body("{", "}")?)),
            "if" => Self::condition,
            "while" => |parser| parser.repeat(false),
            "until" => |parser| parser.repeat(true),
            "for" => Self::each,
            "case" => Self::case,
            "[[" => Self::test,
            "function" => {
                self.take()?;
                let Some(name) = self.keyword().map(str::to_owned) else { return self.unexpected() };
                self.take()?;
                if self.is_operator("(") {
                    self.take()?;
                    self.expect(")")?;
                }
                return self.function(name).map(Some);
            }
            "then" | "else" | "elif" | "fi" | "do" | "done" | "esac" | "}" | "]]" => {
                return self.unexpected();
            }
            "select" => return Err(Error::NotSimulated("a menu, select …,")),
            "coproc" => return Err(Error::NotSimulated("a coprocess")),
            _ => return Ok(None),
        };
        self.lexer.deeper()?;
        let compound = begin(self)?;
        self.lexer.depth -= 1;
        Ok(Some(Command::Compound(compound, self.redirects()?)))
    }

    /// What follows `NAME()`.
    pub(super) fn function(&mut self, name: String) -> Result<Command, Error> {
        self.newlines()?;
        let Some(body) = self.compound()? else { return self.unexpected() };
        Ok(Command::Compound(Compound::Function { name, body: Rc::new(body) }, Vec::new()))
    }

    /// `first … last`, which may not be empty.
    fn body(&mut self, first: &str, last: &'static str) -> Result<Rc<List>, Error> {
        self.expect(first)?;
        let until = match last {
            ")" => Until::Bracket,
            "}" => Until::Words(&["}"]),
            "then" => Until::Words(&["then"]),
            "do" => Until::Words(&["do"]),
            _ => Until::Words(&["done"]),
        };
        let list = self.filled(until)?;
        self.expect(last)?;
        Ok(list)
    }

    fn filled(&mut self, until: Until) -> Result<Rc<List>, Error> {
        let list = self.list(until)?;
        if list.0.is_empty() { self.unexpected() } else { Ok(Rc::new(list)) }
    }

    /// `(…)` or `((…))`
    fn bracket(&mut self) -> Result<Compound, Error> {
        if self.lexer.rest.starts_with('(')
            && let Some(text) = self.lexer.arithmetic(1)?
        {
            self.take()?;
            return Ok(Compound::Arithmetic(text));
        }
        Ok(Compound::Subshell(self.body("(", ")")?))
    }

    fn condition(&mut self) -> Result<Compound, Error> {
        let mut branches = vec![(self.body("if", "then")?, self.filled(BRANCH)?)];
        loop {
            match self.keyword() {
                Some("elif") => branches.push((self.body("elif", "then")?, self.filled(BRANCH)?)),
                Some("else") => {
                    self.take()?;
                    branches.push((Rc::default(), self.filled(Until::Words(&["fi"]))?));
                }
                _ => break,
            }
        }
        self.expect("fi")?;
        Ok(Compound::If(branches.into()))
    }

    fn repeat(&mut self, until: bool) -> Result<Compound, Error> {
        self.take()?;
        let condition = self.filled(Until::Words(&["do"]))?;
        Ok(Compound::Loop { until, condition, body: self.body("do", "done")? })
    }

    fn each(&mut self) -> Result<Compound, Error> {
        self.take()?;
        if self.is_operator("(") && self.lexer.rest.starts_with('(') {
            return self.count();
        }
        let Some(name) = self.keyword().map(Rc::from) else { return self.unexpected() };
        if !is_identifier(&name) {
            return self.unexpected();
        }
        self.take()?;
        self.newlines()?;
        let mut words = None;
        if self.keyword() == Some("in") {
            self.take()?;
            let mut found = Vec::new();
            while let Token::Word(word) = &self.token {
                found.extend(brace::expand(word.clone()));
                self.take()?;
            }
            words = Some(found);
            if !matches!(self.token, Token::Newline) {
                self.expect(";")?;
            }
        } else if self.is_operator(";") {
            self.take()?;
        }
        self.newlines()?;
        Ok(Compound::For { name, words, body: self.body("do", "done")? })
    }

    fn count(&mut self) -> Result<Compound, Error> {
        let Some(text) = self.lexer.arithmetic(1)? else { return self.unexpected() };
        self.take()?;
        let mut parts = vec![Word::default()];
        for piece in text.0 {
            let Piece::Text { text, .. } = &piece else {
                parts.last_mut().expect("there is always one").0.push(piece);
                continue;
            };
            for (place, part) in text.split(';').enumerate() {
                if place > 0 {
                    parts.push(Word::default());
                }
                let text = Piece::Text { text: part.to_owned(), quoted: true };
                parts.last_mut().expect("there is always one").0.push(text);
            }
        }
        let Ok(parts) = <[Word; 3]>::try_from(parts) else { return Err(Error::Unexpected("((".to_owned())) };
        if self.is_operator(";") {
            self.take()?;
        }
        self.newlines()?;
        Ok(Compound::Count { parts: Rc::new(parts), body: self.body("do", "done")? })
    }

    fn case(&mut self) -> Result<Compound, Error> {
        self.take()?;
        let word = self.a_word()?;
        self.newlines()?;
        self.expect("in")?;
        self.newlines()?;
        let mut arms = Vec::new();
        while self.keyword() != Some("esac") {
            if self.is_operator("(") {
                self.take()?;
            }
            let mut patterns = vec![self.a_word()?];
            while self.is_operator("|") {
                self.take()?;
                patterns.push(self.a_word()?);
            }
            self.expect(")")?;
            arms.push((patterns, Rc::new(self.list(Until::Arm)?)));
            if self.is_operator(";;") {
                self.take()?;
                self.newlines()?;
            }
        }
        self.take()?;
        Ok(Compound::Case { word, arms })
    }

    fn a_word(&mut self) -> Result<Word, Error> {
        match &self.token {
            Token::Word(_) => match self.take()? {
                Token::Word(word) => Ok(word),
                _ => unreachable!("it was a word"),
            },
            _ => self.unexpected(),
        }
    }

    /// `[[ … ]]`
    fn test(&mut self) -> Result<Compound, Error> {
        self.take()?;
        let mut terms = Vec::new();
        while self.keyword() != Some("]]") {
            let term = match &self.token {
                Token::Word(word) if word.plain() == Some("=~") => {
                    terms.push(Term::Word(word.clone()));
                    self.token = Token::Word(self.lexer.regex_word()?);
                    continue;
                }
                Token::Word(word) if word.plain() == Some("!") => Term::Operator("!"),
                Token::Word(word) => Term::Word(word.clone()),
                Token::Operator(operator @ ("&&" | "||" | "(" | ")")) => Term::Operator(operator),
                Token::Redirect { mode: Mode::Read, .. } | Token::Operator("<") => {
                    Term::Word(Word::literal("<", false))
                }
                Token::Redirect { mode: Mode::Write, .. } | Token::Operator(">") => {
                    Term::Word(Word::literal(">", false))
                }
                Token::Newline => {
                    self.take()?;
                    continue;
                }
                Token::End => return Err(Error::Open(Opener::Command)),
                _ => return self.unexpected(),
            };
            terms.push(term);
            self.take()?;
        }
        if terms.is_empty() {
            return self.unexpected();
        }
        self.take()?;
        Ok(Compound::Condition(terms))
    }
}

/// What ends a branch of `if`.
const BRANCH: Until = Until::Words(&["elif", "else", "fi"]);
