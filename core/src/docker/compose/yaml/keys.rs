//! Where keys and blocks begin and end: by indentation, and by the colon that makes a key of what stands before it.
//!
//! Models: go-yaml v3 scannerc.go (fetch_block_entry, fetch_key, fetch_value, simple keys and indents).

use super::chars::{Mark, broken};
use super::lexer::{Candidate, Kind, Lexer};

/// No key is longer than this.
const LONGEST_KEY: usize = 1024;

impl Lexer {
    pub(super) fn entry(&mut self) -> Result<(), String> {
        if !self.in_flow() {
            if !self.key_allowed {
                return self.not_here("block sequence entries are not allowed in this context");
            }
            self.open_block(self.chars.mark, None, Kind::BlockList);
        }
        self.forget_key()?;
        self.key_allowed = true;
        self.sign(Kind::Entry);
        Ok(())
    }

    /// `? `
    pub(super) fn key(&mut self) -> Result<(), String> {
        if !self.in_flow() {
            if !self.key_allowed {
                return self.not_here("mapping keys are not allowed in this context");
            }
            self.open_block(self.chars.mark, None, Kind::BlockMap);
        }
        self.forget_key()?;
        self.key_allowed = !self.in_flow();
        self.sign(Kind::Key);
        Ok(())
    }

    /// `:`
    pub(super) fn value(&mut self) -> Result<(), String> {
        let number = self.candidates.len() - 1;
        if self.is_valid(number)? {
            let Candidate { token, at, .. } = self.candidates[number];
            self.insert(token, Kind::Key, at);
            self.open_block(at, Some(token), Kind::BlockMap);
            self.candidates[number].possible = false;
            self.key_allowed = false;
        } else {
            if !self.in_flow() {
                if !self.key_allowed {
                    return self.not_here("mapping values are not allowed in this context");
                }
                self.open_block(self.chars.mark, None, Kind::BlockMap);
            }
            self.key_allowed = !self.in_flow();
        }
        self.sign(Kind::Value);
        Ok(())
    }

    pub(super) fn not_here(&self, why: &str) -> Result<(), String> {
        broken(self.chars.mark, self.chars.mark, why)
    }

    /// Whether what may be a key still may: it has to lie in one line.
    pub(super) fn is_valid(&mut self, number: usize) -> Result<bool, String> {
        let key = self.candidates[number];
        if !key.possible {
            return Ok(false);
        }
        if key.at.line == self.chars.mark.line && key.place + LONGEST_KEY >= self.chars.place {
            return Ok(true);
        }
        if key.required {
            return broken(key.at, self.chars.mark, "could not find expected ':'");
        }
        self.candidates[number].possible = false;
        Ok(false)
    }

    /// What comes now may be a key, and no key can follow it.
    pub(super) fn remember_key(&mut self) -> Result<(), String> {
        if self.key_allowed {
            let required = !self.in_flow() && self.indent == self.chars.mark.column as isize;
            let token = self.taken + self.tokens.len();
            self.forget_key()?;
            if let Some(last) = self.candidates.last_mut() {
                *last = Candidate { possible: true, required, token, place: self.chars.place, at: self.chars.mark };
            }
        }
        self.key_allowed = false;
        Ok(())
    }

    pub(super) fn forget_key(&mut self) -> Result<(), String> {
        let mark = self.chars.mark;
        match self.candidates.last_mut() {
            Some(key) if key.possible && key.required => broken(key.at, mark, "could not find expected ':'"),
            Some(key) => {
                key.possible = false;
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Begins a block at a column that is further in; its token goes before the token of a number, if one is given.
    pub(super) fn open_block(&mut self, at: Mark, token: Option<usize>, kind: Kind) {
        if self.in_flow() || self.indent >= at.column as isize {
            return;
        }
        self.indents.push(self.indent);
        self.indent = at.column as isize;
        self.insert(token.unwrap_or(usize::MAX), kind, at);
    }

    /// Ends the blocks that begin further in than a column.
    pub(super) fn close_blocks(&mut self, column: isize) {
        while !self.in_flow() && self.indent > column {
            self.push(Kind::BlockEnd, self.chars.mark, String::new());
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }
}
