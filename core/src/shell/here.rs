//! Here-documents: the lines below a command that it reads as its standard input.
//!
//! Models: bash, make_cmd.c (make_here_document).

use super::ast::{Piece, Word};
use super::lex::{Error, Lexer, Opener, Pieces, Token};

impl<'a> Lexer<'a> {
    /// Reads the document that ends with a line `delimiter`. The lexer stands behind that word, on the command's line;
    /// the text begins on the next one, or behind the document before it.
    pub(super) fn here_document(&mut self, delimiter: &Word, strip: bool) -> Result<Word, Error> {
        if self.peeking {
            return Ok(Word::default());
        }
        let (mut end, mut literal) = (String::new(), false);
        for piece in &delimiter.0 {
            if let Piece::Text { text, quoted } = piece {
                end.push_str(text);
                literal |= quoted;
            }
        }
        let mut rest = match self.here.take() {
            Some(rest) => Some(rest),
            None => self.after_line()?,
        };
        let mut body = String::new();
        loop {
            let Some(text) = rest else { return Err(Error::Open(Opener::Here(end))) };
            let (mut line, below) = match text.split_once('\n') {
                Some((line, below)) => (line, Some(below)),
                None => (text, None),
            };
            if strip {
                line = line.trim_start_matches('\t');
            }
            if line == end {
                self.here = Some(below.unwrap_or(""));
                break;
            }
            body.push_str(line);
            body.push('\n');
            rest = below;
        }
        if literal {
            return Ok(Word::literal(&body, true));
        }
        let mut word = Pieces::default();
        word.quote("");
        self.within(&body)?.within_quotes(&mut word, HERE)?;
        Ok(Word(word.0))
    }

    /// What stands below the line that the lexer is in; `None` where it is the last one.
    fn after_line(&self) -> Result<Option<&'a str>, Error> {
        let mut ahead = self.clone();
        ahead.peeking = true;
        loop {
            match ahead.next()? {
                Token::Newline => return Ok(Some(ahead.rest)),
                Token::End => return Ok(None),
                _ => {}
            }
        }
    }
}

/// No character of a text: a here-document ends with its text.
const HERE: char = '\u{ffff}';
