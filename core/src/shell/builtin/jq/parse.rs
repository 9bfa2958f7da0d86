//! Filters of `jq` as data. Models: jq's src/parser.y.

use super::json::Json;
use crate::shell::number::Number;

pub(super) enum Expr {
    /// `.`
    Identity,
    /// `..`
    Everything,
    Value(Json),
    /// `"a\(…)b"`, and how `@csv "…"` writes what it holds.
    Text(Vec<Part>),
    /// `@csv`
    Format(String),
    Variable(String),
    /// `.a`, `.["a"]`, `.[0]`; with `?` errors are passed over.
    Index(Box<Expr>, Box<Expr>),
    Slice(Box<Expr>, Option<Box<Expr>>, Option<Box<Expr>>),
    Each(Box<Expr>),
    Try(Box<Expr>),
    Pipe(Box<Expr>, Box<Expr>),
    Comma(Box<Expr>, Box<Expr>),
    Binary(&'static str, Box<Expr>, Box<Expr>),
    Minus(Box<Expr>),
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `… as $name | …`
    Bind(Box<Expr>, String, Box<Expr>),
    List(Option<Box<Expr>>),
    Object(Vec<(Expr, Expr)>),
    Call(String, Vec<Expr>),
}

pub(super) enum Part {
    Text(String),
    Expr(Expr),
}

/// How deep a filter may nest.
const DEEPEST: usize = 60;

/// # Errors
/// In jq's words, as far as it is known what they would be.
pub(super) fn filter(text: &str) -> Result<Expr, String> {
    let mut parser = Parser { rest: text, depth: 0 };
    if parser.peek().is_none() {
        return Ok(Expr::Identity);
    }
    let expr = parser.pipe()?;
    match parser.peek() {
        None => Ok(expr),
        Some(_) => parser.wrong(),
    }
}

struct Parser<'a> {
    rest: &'a str,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&mut self) -> Option<char> {
        self.rest = self.rest.trim_start();
        while self.rest.starts_with('#') {
            self.rest = self.rest[self.rest.find('\n').unwrap_or(self.rest.len())..].trim_start();
        }
        self.rest.chars().next()
    }

    fn wrong<T>(&mut self) -> Result<T, String> {
        Err(match self.peek() {
            None => "syntax error, unexpected end of file".to_owned(),
            Some(_) => {
                let end = self.rest.find(char::is_whitespace).unwrap_or(self.rest.len());
                format!("syntax error, unexpected `{}'", &self.rest[..end])
            }
        })
    }

    fn eat(&mut self, text: &str) -> bool {
        self.peek();
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, text: &str) -> Result<(), String> {
        if self.eat(text) { Ok(()) } else { self.wrong() }
    }

    /// A word, if it stands next.
    fn word(&mut self, word: &str) -> bool {
        self.peek();
        let found = self.rest.starts_with(word) && !self.rest[word.len()..].starts_with(is_name);
        if found {
            self.rest = &self.rest[word.len()..];
        }
        found
    }

    fn name(&mut self) -> Option<String> {
        let length = self.rest.find(|c| !is_name(c)).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(length);
        if !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            return None;
        }
        self.rest = rest;
        Some(name.to_owned())
    }

    fn deeper(&mut self) -> Result<(), String> {
        self.depth += 1;
        if self.depth > DEEPEST { Err("syntax error, the filter nests too deep".to_owned()) } else { Ok(()) }
    }

    fn pipe(&mut self) -> Result<Expr, String> {
        self.deeper()?;
        let left = self.comma()?;
        let expr = if self.word("as") {
            self.expect("$")?;
            let Some(name) = self.name() else { return self.wrong() };
            self.expect("|")?;
            Expr::Bind(Box::new(left), name, Box::new(self.pipe()?))
        } else if !self.rest.starts_with("|=") && self.eat("|") {
            Expr::Pipe(Box::new(left), Box::new(self.pipe()?))
        } else {
            left
        };
        self.depth -= 1;
        Ok(expr)
    }

    fn comma(&mut self) -> Result<Expr, String> {
        let mut left = self.level(0)?;
        while self.eat(",") {
            left = Expr::Comma(Box::new(left), Box::new(self.level(0)?));
        }
        Ok(left)
    }

    fn level(&mut self, level: usize) -> Result<Expr, String> {
        const LEVELS: &[&[&str]] =
            &[&["//"], &["or"], &["and"], &["==", "!=", "<=", ">=", "<", ">"], &["+", "-"], &["*", "/", "%"]];
        let Some(ops) = LEVELS.get(level) else { return self.postfix() };
        let mut left = self.level(level + 1)?;
        loop {
            self.peek();
            let word = ops[0].starts_with('o') || ops[0].starts_with('a');
            let found = ops.iter().find(|op| match word {
                true => self.rest.starts_with(**op) && !self.rest[op.len()..].starts_with(is_name),
                false => self.rest.starts_with(**op) && !(**op == "/" && self.rest.starts_with("//")),
            });
            let Some(op) = found else { return Ok(left) };
            if !word && op.len() == 1 && self.rest[1..].starts_with('=') && level > 3 {
                return Err("assignments are not simulated".to_owned());
            }
            self.rest = &self.rest[op.len()..];
            // `//` takes what follows it whole.
            let right = self.level(if level == 0 { 0 } else { level + 1 })?;
            left = Expr::Binary(op, Box::new(left), Box::new(right));
        }
    }

    fn postfix(&mut self) -> Result<Expr, String> {
        self.deeper()?;
        let mut expr = self.term()?;
        loop {
            if self.eat("?") {
                expr = Expr::Try(Box::new(expr));
            } else if self.rest.starts_with("..") {
                break;
            } else if self.rest.starts_with(".[") || self.rest.starts_with('[') {
                self.eat(".");
                expr = self.bracket(expr)?;
            } else if self.rest.starts_with('.') {
                self.eat(".");
                expr = self.member(expr)?;
            } else {
                break;
            }
        }
        self.depth -= 1;
        Ok(expr)
    }

    /// What follows a dot.
    fn member(&mut self, of: Expr) -> Result<Expr, String> {
        let key = if self.rest.starts_with('"') {
            self.text()?
        } else {
            match self.name() {
                Some(name) => Expr::Value(Json::Text(name)),
                None => return self.wrong(),
            }
        };
        Ok(Expr::Index(Box::new(of), Box::new(key)))
    }

    fn bracket(&mut self, of: Expr) -> Result<Expr, String> {
        self.expect("[")?;
        let of = Box::new(of);
        if self.eat("]") {
            return Ok(Expr::Each(of));
        }
        if self.eat(":") {
            let to = Box::new(self.pipe()?);
            self.expect("]")?;
            return Ok(Expr::Slice(of, None, Some(to)));
        }
        let first = Box::new(self.pipe()?);
        if self.eat("]") {
            return Ok(Expr::Index(of, first));
        }
        self.expect(":")?;
        let to = if self.peek() == Some(']') { None } else { Some(Box::new(self.pipe()?)) };
        self.expect("]")?;
        Ok(Expr::Slice(of, Some(first), to))
    }

    fn term(&mut self) -> Result<Expr, String> {
        let Some(first) = self.peek() else { return self.wrong() };
        match first {
            '.' => {
                if self.eat("..") {
                    return Ok(Expr::Everything);
                }
                self.rest = &self.rest[1..];
                if self.rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '"') {
                    return self.member(Expr::Identity);
                }
                Ok(Expr::Identity)
            }
            '"' => self.text(),
            '@' => {
                self.rest = &self.rest[1..];
                self.name().map_or_else(|| self.wrong(), |name| Ok(Expr::Format(name)))
            }
            '$' => {
                self.rest = &self.rest[1..];
                self.name().map_or_else(|| self.wrong(), |name| Ok(Expr::Variable(name)))
            }
            '(' => {
                self.eat("(");
                let inner = self.pipe()?;
                self.expect(")")?;
                Ok(inner)
            }
            '[' => {
                self.eat("[");
                if self.eat("]") {
                    return Ok(Expr::List(None));
                }
                let inner = self.pipe()?;
                self.expect("]")?;
                Ok(Expr::List(Some(Box::new(inner))))
            }
            '{' => self.object(),
            '-' => {
                self.eat("-");
                Ok(Expr::Minus(Box::new(self.postfix()?)))
            }
            '0'..='9' => {
                let (number, rest) = Number::prefix(self.rest).unwrap_or((Number::default(), ""));
                let text = &self.rest[..self.rest.len() - rest.len()];
                self.rest = rest;
                Ok(Expr::Value(Json::Number(number, text.to_owned())))
            }
            _ => self.call(),
        }
    }

    fn call(&mut self) -> Result<Expr, String> {
        if self.word("if") {
            return self.condition();
        }
        for (word, value) in [("null", Json::Null), ("true", Json::Bool(true)), ("false", Json::Bool(false))] {
            if self.word(word) {
                return Ok(Expr::Value(value));
            }
        }
        for word in ["reduce", "foreach", "try", "def", "label", "import", "limit"] {
            if self.word(word) {
                return Err(format!("{word} is not simulated"));
            }
        }
        let Some(name) = self.name() else { return self.wrong() };
        let mut args = Vec::new();
        if self.rest.starts_with('(') {
            self.eat("(");
            loop {
                args.push(self.pipe()?);
                if !self.eat(";") {
                    break;
                }
            }
            self.expect(")")?;
        }
        if !super::functions::KNOWN.contains(&(name.as_str(), args.len())) {
            return Err(format!("{name}/{} is not defined", args.len()));
        }
        Ok(Expr::Call(name, args))
    }

    fn condition(&mut self) -> Result<Expr, String> {
        self.deeper()?;
        let condition = self.pipe()?;
        if !self.word("then") {
            return self.wrong();
        }
        let then = self.pipe()?;
        let otherwise = if self.word("elif") {
            self.condition()?
        } else if self.word("else") {
            let otherwise = self.pipe()?;
            if !self.word("end") {
                return self.wrong();
            }
            otherwise
        } else if self.word("end") {
            Expr::Identity
        } else {
            return self.wrong();
        };
        self.depth -= 1;
        Ok(Expr::If(Box::new(condition), Box::new(then), Box::new(otherwise)))
    }

    fn object(&mut self) -> Result<Expr, String> {
        self.eat("{");
        let mut members = Vec::new();
        if self.eat("}") {
            return Ok(Expr::Object(members));
        }
        loop {
            let (key, value) = match self.peek() {
                Some('(') => {
                    self.eat("(");
                    let key = self.pipe()?;
                    self.expect(")")?;
                    (key, None)
                }
                Some('"') => {
                    let again = self.rest;
                    let key = self.text()?;
                    let after = std::mem::replace(&mut self.rest, again);
                    let value = self.text()?;
                    self.rest = after;
                    (key, Some(Expr::Index(Box::new(Expr::Identity), Box::new(value))))
                }
                Some('$') => {
                    self.eat("$");
                    let Some(name) = self.name() else { return self.wrong() };
                    (Expr::Value(Json::Text(name.clone())), Some(Expr::Variable(name)))
                }
                _ => {
                    let Some(name) = self.name() else { return self.wrong() };
                    let key = Expr::Value(Json::Text(name.clone()));
                    let value = Expr::Value(Json::Text(name));
                    (key, Some(Expr::Index(Box::new(Expr::Identity), Box::new(value))))
                }
            };
            let value = if self.eat(":") {
                let mut value = self.level(0)?;
                while !self.rest.starts_with("|=") && self.eat("|") {
                    value = Expr::Pipe(Box::new(value), Box::new(self.level(0)?));
                }
                value
            } else {
                match value {
                    Some(value) => value,
                    None => return self.wrong(),
                }
            };
            members.push((key, value));
            if self.eat("}") {
                return Ok(Expr::Object(members));
            }
            self.expect(",")?;
        }
    }

    /// A text, in which `\(…)` stands for what a filter gives.
    fn text(&mut self) -> Result<Expr, String> {
        self.rest = &self.rest[1..];
        let (mut parts, mut text) = (Vec::new(), String::new());
        loop {
            let mut chars = self.rest.chars();
            let Some(next) = chars.next() else { return self.wrong() };
            self.rest = chars.as_str();
            match next {
                '"' => break,
                '\\' => {
                    let Some(escaped) = chars.next() else { return self.wrong() };
                    self.rest = chars.as_str();
                    match escaped {
                        '(' => {
                            parts.push(Part::Text(std::mem::take(&mut text)));
                            parts.push(Part::Expr(self.pipe()?));
                            self.peek();
                            if !self.rest.starts_with(')') {
                                return self.wrong();
                            }
                            self.rest = &self.rest[1..];
                        }
                        'n' => text.push('\n'),
                        't' => text.push('\t'),
                        'r' => text.push('\r'),
                        'u' => {
                            let code = self.rest.get(..4).and_then(|code| u32::from_str_radix(code, 16).ok());
                            text.push(code.and_then(char::from_u32).unwrap_or('\u{fffd}'));
                            self.rest = self.rest.get(4..).unwrap_or("");
                        }
                        other => text.push(other),
                    }
                }
                other => text.push(other),
            }
        }
        if parts.is_empty() {
            return Ok(Expr::Value(Json::Text(text)));
        }
        parts.push(Part::Text(text));
        Ok(Expr::Text(parts))
    }
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}
