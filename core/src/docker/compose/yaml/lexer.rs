//! From characters to tokens: indentation becomes the beginnings and ends of blocks, and a colon makes a key of what
//! stands before it.
//!
//! Models: go-yaml v3 scannerc.go. Differs: comments are passed over, directives too; the tokens of a tag are its text.

use std::collections::VecDeque;

use super::chars::{Chars, Mark, broken};

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Kind {
    StreamEnd,
    Directive,
    DocumentStart,
    DocumentEnd,
    BlockList,
    BlockMap,
    BlockEnd,
    FlowList,
    FlowListEnd,
    FlowMap,
    FlowMapEnd,
    /// `- `
    Entry,
    /// `,`
    Comma,
    Key,
    Value,
    Alias,
    Anchor,
    Tag,
    /// A scalar without quotes.
    Plain,
    /// A scalar in quotes, or a block of lines.
    Quoted,
}

pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) at: Mark,
    /// Of a scalar, its text; of anchors, aliases and tags, their names.
    pub(super) text: String,
}

/// What may turn out to be a key once its colon is found.
#[derive(Clone, Copy, Default)]
pub(super) struct Candidate {
    pub(super) possible: bool,
    /// Nothing else can stand there.
    pub(super) required: bool,
    /// The number of its token.
    pub(super) token: usize,
    pub(super) place: usize,
    pub(super) at: Mark,
}

/// So many tokens are read ahead. It decides which of two errors is met first.
const AHEAD: usize = 3;

pub(super) struct Lexer {
    pub(super) chars: Chars,
    pub(super) tokens: VecDeque<Token>,
    /// How many tokens were taken.
    pub(super) taken: usize,
    /// Where the block that is open begins; -1: none is.
    pub(super) indent: isize,
    pub(super) indents: Vec<isize>,
    /// One for each flow collection that is open, and one for the block around them.
    pub(super) candidates: Vec<Candidate>,
    pub(super) key_allowed: bool,
    ended: bool,
}

impl Lexer {
    pub(super) fn new(text: &str) -> Lexer {
        Lexer {
            chars: Chars::new(text),
            tokens: VecDeque::new(),
            taken: 0,
            indent: -1,
            indents: Vec::new(),
            candidates: vec![Candidate::default()],
            key_allowed: true,
            ended: false,
        }
    }

    /// The token that is next. After the last one, that one again.
    pub(super) fn peek(&mut self) -> Result<&Token, String> {
        while !self.ended && (self.tokens.len() < AHEAD || self.first_may_be_key()?) {
            self.fetch()?;
        }
        Ok(&self.tokens[0])
    }

    pub(super) fn take(&mut self) -> Result<Token, String> {
        let Token { kind, at, .. } = *self.peek()?;
        if kind == Kind::StreamEnd {
            return Ok(Token { kind, at, text: String::new() });
        }
        self.taken += 1;
        Ok(self.tokens.pop_front().expect("one was seen"))
    }

    /// Whether more has to be read to know what the first token is.
    fn first_may_be_key(&mut self) -> Result<bool, String> {
        let Some(number) = self.candidates.iter().position(|key| key.possible && key.token == self.taken) else {
            return Ok(false);
        };
        self.is_valid(number)
    }

    pub(super) fn in_flow(&self) -> bool {
        self.candidates.len() > 1
    }

    pub(super) fn push(&mut self, kind: Kind, at: Mark, text: String) {
        self.tokens.push_back(Token { kind, at, text });
    }

    /// Puts a token before the one of a number.
    pub(super) fn insert(&mut self, token: usize, kind: Kind, at: Mark) {
        let place = token.saturating_sub(self.taken).min(self.tokens.len());
        self.tokens.insert(place, Token { kind, at, text: String::new() });
    }

    /// Reads one sign as a token.
    pub(super) fn sign(&mut self, kind: Kind) {
        let at = self.chars.mark;
        self.chars.next();
        self.push(kind, at, String::new());
    }

    fn fetch(&mut self) -> Result<(), String> {
        self.skip_gap();
        self.close_blocks(self.chars.mark.column as isize);
        let Some(c) = self.chars.char(0) else { return self.end() };
        if self.chars.mark.column == 0 && c == '%' {
            self.close_blocks(-1);
            self.forget_key()?;
            self.key_allowed = false;
            return self.directive();
        }
        if self.chars.at_marker() {
            self.close_blocks(-1);
            self.forget_key()?;
            self.key_allowed = false;
            self.push(if c == '-' { Kind::DocumentStart } else { Kind::DocumentEnd }, self.chars.mark, String::new());
            (0..3).for_each(|_| _ = self.chars.next());
            return Ok(());
        }
        let (flow, blank) = (self.in_flow(), self.chars.is_blank_or_end(1));
        match c {
            '[' => self.open(Kind::FlowList)?,
            '{' => self.open(Kind::FlowMap)?,
            ']' => self.close(Kind::FlowListEnd)?,
            '}' => self.close(Kind::FlowMapEnd)?,
            ',' => {
                self.forget_key()?;
                self.key_allowed = true;
                self.sign(Kind::Comma);
            }
            '-' if blank => return self.entry(),
            '?' if flow || blank => self.key()?,
            ':' if flow || blank => self.value()?,
            '*' | '&' => self.name(if c == '*' { Kind::Alias } else { Kind::Anchor })?,
            '!' => self.tag()?,
            '|' | '>' if !flow => {
                self.forget_key()?;
                self.key_allowed = true;
                let at = self.chars.mark;
                let text = self.chars.block_scalar(self.indent)?;
                self.push(Kind::Quoted, at, text);
            }
            '\'' | '"' => {
                self.remember_key()?;
                let at = self.chars.mark;
                let text = self.chars.quoted()?;
                self.push(Kind::Quoted, at, text);
            }
            '-' => self.plain_token()?,
            '?' | ':' if !flow => self.plain_token()?,
            '\t' | '?' | ':' | '#' | '|' | '>' | '%' | '@' | '`' => {
                return broken(self.chars.mark, self.chars.mark, "found character that cannot start any token");
            }
            _ => self.plain_token()?,
        }
        // A comment may follow, even after tabs.
        let blanks = (0..).take_while(|by| matches!(self.chars.char(*by), Some(' ' | '\t'))).count();
        if self.chars.char(blanks) == Some('#') {
            self.chars.skip_line();
        }
        Ok(())
    }

    fn plain_token(&mut self) -> Result<(), String> {
        self.remember_key()?;
        let at = self.chars.mark;
        let (text, lines) = self.chars.plain(self.indent, self.in_flow())?;
        self.key_allowed |= lines;
        self.push(Kind::Plain, at, text);
        Ok(())
    }

    /// Passes over blanks, comments and line breaks. Tabs may stand where no key can.
    fn skip_gap(&mut self) {
        loop {
            while self.chars.is(' ') || (self.chars.is('\t') && (self.in_flow() || !self.key_allowed)) {
                self.chars.next();
            }
            if self.chars.is('#') {
                self.chars.skip_line();
            }
            if !self.chars.is('\n') {
                return;
            }
            self.chars.next();
            self.key_allowed |= !self.in_flow();
        }
    }

    fn end(&mut self) -> Result<(), String> {
        if self.chars.mark.column != 0 {
            self.chars.mark = Mark { line: self.chars.mark.line + 1, column: 0 };
        }
        self.close_blocks(-1);
        self.forget_key()?;
        self.push(Kind::StreamEnd, self.chars.mark, String::new());
        self.ended = true;
        Ok(())
    }

    fn open(&mut self, kind: Kind) -> Result<(), String> {
        self.remember_key()?;
        self.candidates.push(Candidate::default());
        self.key_allowed = true;
        self.sign(kind);
        Ok(())
    }

    fn close(&mut self, kind: Kind) -> Result<(), String> {
        self.forget_key()?;
        if self.in_flow() {
            self.candidates.pop();
        }
        self.key_allowed = false;
        self.sign(kind);
        Ok(())
    }

    /// `%YAML 1.1`
    fn directive(&mut self) -> Result<(), String> {
        let at = self.chars.mark;
        self.chars.next();
        let name = self.chars.word(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        let why = match name.as_str() {
            "" => "could not find expected directive name",
            _ if !self.chars.is_blank_or_end(0) => "found unexpected non-alphabetical character",
            "YAML" | "TAG" => {
                self.push(Kind::Directive, at, String::new());
                self.chars.skip_line();
                return Ok(());
            }
            _ => "found unknown directive name",
        };
        broken(at, self.chars.mark, why)
    }

    /// The name of an anchor or an alias.
    fn name(&mut self, kind: Kind) -> Result<(), String> {
        self.remember_key()?;
        let at = self.chars.mark;
        self.chars.next();
        let text = self.chars.word(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        let ends = self.chars.is_blank_or_end(0) || self.chars.char(0).is_some_and(|c| "?:,]}%@`".contains(c));
        if text.is_empty() || !ends {
            return broken(at, self.chars.mark, "did not find expected alphabetic or numeric character");
        }
        self.push(kind, at, text);
        Ok(())
    }

    fn tag(&mut self) -> Result<(), String> {
        self.remember_key()?;
        let at = self.chars.mark;
        let text = if self.chars.char(1) == Some('<') {
            let text = self.chars.word(|c| !c.is_whitespace() && c != '>');
            if self.chars.next() != Some('>') {
                return broken(at, self.chars.mark, "did not find the expected '>'");
            }
            text.replacen("!<tag:yaml.org,2002:", "!!", 1)
        } else {
            self.chars.word(|c| c.is_ascii_alphanumeric() || "_-;/?:@&=+$,.!~*'()[]%".contains(c))
        };
        if !self.chars.is_blank_or_end(0) {
            return broken(at, self.chars.mark, "did not find expected whitespace or line break");
        }
        self.push(Kind::Tag, at, text);
        Ok(())
    }
}
