//! Cuts a template into text and the tokens of its actions.
//!
//! Models: Go text/template/parse/lex.go.

/// A piece of a template.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    /// Byte of its beginning in the template.
    pub(super) at: usize,
    pub(super) kind: Kind,
    pub(super) text: String,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// Outside of actions.
    Text,
    LeftDelimiter,
    RightDelimiter,
    Identifier,
    Keyword,
    /// `.Name`
    Field,
    /// `$name`
    Variable,
    Dot,
    Bool,
    Nil,
    Number,
    Char,
    String,
    RawString,
    Pipe,
    LeftParenthesis,
    RightParenthesis,
    Assign,
    Declare,
    Comma,
    Space,
    End,
    Error,
}

/// As errors show it.
impl std::fmt::Display for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.kind {
            Kind::End => f.write_str("EOF"),
            Kind::Error => f.write_str(&self.text),
            Kind::Keyword => write!(f, "<{}>", self.text),
            _ if self.text.len() > 10 => {
                write!(f, "{}...", crate::docker::units::quote(&self.text.chars().take(10).collect::<String>()))
            }
            _ => f.write_str(&crate::docker::units::quote(&self.text)),
        }
    }
}

const KEYWORDS: [&str; 11] =
    ["block", "break", "continue", "define", "else", "end", "if", "nil", "range", "template", "with"];

/// All tokens; the last one is an end or an error.
pub(super) fn lex(text: &str) -> Vec<Token> {
    let mut lexer = Lexer { text, at: 0, tokens: Vec::new(), depth: 0 };
    if let Err(message) = lexer.outside() {
        lexer.tokens.push(Token { at: lexer.at, kind: Kind::Error, text: message.to_owned() });
    }
    lexer.tokens
}

/// The length of a closing delimiter at the beginning of `text`, and whether it trims what follows: then a blank of any
/// kind goes before it.
fn closing(text: &str) -> Option<(usize, bool)> {
    let trims = text.starts_with(blank) && text[1..].starts_with("-}}");
    trims.then_some((4, true)).or_else(|| text.starts_with("}}").then_some((2, false)))
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    tokens: Vec<Token>,
    depth: usize,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn push(&mut self, kind: Kind, length: usize) {
        let text = self.rest()[..length].to_owned();
        self.tokens.push(Token { at: self.at, kind, text });
        self.at += length;
    }

    fn outside(&mut self) -> Result<(), String> {
        let mut trim = false;
        loop {
            let start = self.at;
            let length = self.rest().find("{{").unwrap_or(self.rest().len());
            let mut piece = &self.text[start..start + length];
            let opening = &self.text[start + length..];
            let trims = opening.strip_prefix("{{-").is_some_and(|after| after.starts_with(blank));
            if std::mem::take(&mut trim) {
                piece = piece.trim_start_matches(blank);
            }
            if trims {
                piece = piece.trim_end_matches(blank);
            }
            if !piece.is_empty() {
                self.tokens.push(Token { at: start, kind: Kind::Text, text: piece.to_owned() });
            }
            self.at = start + length;
            if opening.is_empty() {
                self.push(Kind::End, 0);
                return Ok(());
            }
            let marker = if trims { 4 } else { 2 };
            if self.rest()[marker..].starts_with("/*") {
                self.at += marker;
                let Some(end) = self.rest().find("*/") else { return Err("unclosed comment".into()) };
                self.at += end + 2;
                let Some((length, trims)) = closing(self.rest()) else {
                    return Err("comment ends before closing delimiter".into());
                };
                self.at += length;
                trim = trims;
                continue;
            }
            self.push(Kind::LeftDelimiter, marker);
            trim = self.inside()?;
        }
    }

    /// Up to the closing delimiter. Returns whether that trims the text after it.
    fn inside(&mut self) -> Result<bool, String> {
        self.depth = 0;
        loop {
            let rest = self.rest();
            if let Some((length, trims)) = closing(rest) {
                if self.depth > 0 {
                    return Err("unclosed left paren".into());
                }
                self.push(Kind::RightDelimiter, length);
                return Ok(trims);
            }
            let Some(first) = rest.chars().next() else { return Err("unclosed action".into()) };
            let second = rest[first.len_utf8()..].chars().next().unwrap_or('\0');
            match first {
                _ if blank(first) => {
                    let end = rest.find(|c| !blank(c)).unwrap_or(rest.len());
                    // A blank before a trimming delimiter belongs to it.
                    let end = if rest[end..].starts_with("-}}") { end - 1 } else { end };
                    if end > 0 {
                        self.push(Kind::Space, end);
                    }
                }
                '=' => self.push(Kind::Assign, 1),
                ':' if second == '=' => self.push(Kind::Declare, 2),
                ':' => return Err("expected :=".into()),
                '|' => self.push(Kind::Pipe, 1),
                ',' => self.push(Kind::Comma, 1),
                '"' => self.quoted('"', Kind::String, "unterminated quoted string")?,
                '\'' => self.quoted('\'', Kind::Char, "unterminated character constant")?,
                '`' => {
                    let Some(end) = rest[1..].find('`') else { return Err("unterminated raw quoted string".into()) };
                    self.push(Kind::RawString, end + 2);
                }
                '$' => {
                    let end = 1 + word(&rest[1..]);
                    self.push(Kind::Variable, end);
                }
                '.' if !second.is_ascii_digit() => {
                    let end = 1 + word(&rest[1..]);
                    self.push(if end == 1 { Kind::Dot } else { Kind::Field }, end);
                }
                '(' => {
                    self.depth += 1;
                    self.push(Kind::LeftParenthesis, 1);
                }
                ')' => {
                    let Some(depth) = self.depth.checked_sub(1) else { return Err("unexpected right paren".into()) };
                    self.depth = depth;
                    self.push(Kind::RightParenthesis, 1);
                }
                '+' | '-' | '.' | '0'..='9' => {
                    let sign = usize::from(matches!(first, '+' | '-'));
                    let digits = &rest[sign..];
                    let end = sign + number(digits);
                    if let Some(next) = rest[end..].chars().next().filter(|c| c.is_ascii_alphanumeric() || *c == '_') {
                        let shown = &rest[..end + next.len_utf8()];
                        return Err(format!("bad number syntax: {}", crate::docker::units::quote(shown)));
                    }
                    self.push(Kind::Number, end);
                }
                c if c.is_ascii_alphabetic() || c == '_' => {
                    let end = word(rest);
                    let kind = match &rest[..end] {
                        "nil" => Kind::Nil,
                        "true" | "false" => Kind::Bool,
                        name if KEYWORDS.contains(&name) => Kind::Keyword,
                        _ => Kind::Identifier,
                    };
                    self.push(kind, end);
                }
                c => return Err(format!("unrecognized character in action: U+{:04X} '{c}'", u32::from(c))),
            }
        }
    }

    fn quoted(&mut self, quote: char, kind: Kind, unterminated: &str) -> Result<(), String> {
        let mut escaped = false;
        for (at, c) in self.rest().char_indices().skip(1) {
            match c {
                '\n' => break,
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                c if c == quote => {
                    self.push(kind, at + 1);
                    return Ok(());
                }
                _ => {}
            }
        }
        Err(unterminated.to_owned())
    }
}

fn blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

fn word(text: &str) -> usize {
    text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len())
}

/// The length of a number without its sign.
fn number(text: &str) -> usize {
    let run = |text: &str, digit: fn(char) -> bool| text.find(|c| !digit(c) && c != '_').unwrap_or(text.len());
    let lower = text.get(..2).map(str::to_ascii_lowercase);
    if let Some("0x" | "0b" | "0o") = lower.as_deref() {
        return 2 + run(&text[2..], |c| c.is_ascii_hexdigit());
    }
    let mut end = run(text, |c| c.is_ascii_digit());
    if text[end..].starts_with('.') {
        end += 1 + run(&text[end + 1..], |c| c.is_ascii_digit());
    }
    let Some(after) = text[end..].strip_prefix(['e', 'E']) else { return end };
    let sign = usize::from(after.starts_with(['+', '-']));
    end + 1 + sign + run(&after[sign..], |c| c.is_ascii_digit())
}
