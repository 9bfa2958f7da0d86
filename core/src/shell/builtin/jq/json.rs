//! JSON as `jq` sees it: read, compared, written.

use std::cmp::Ordering;

use crate::collections::sort_by;
use crate::shell::number::Number;

#[derive(Clone)]
pub(super) enum Json {
    Null,
    Bool(bool),
    /// A number with the text it was read from, which is kept as it was.
    Number(Number, String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// How deep values may nest.
const DEEPEST: usize = 100;

impl Json {
    pub(super) fn number(number: Number) -> Json {
        Json::Number(number, number.text())
    }

    pub(super) fn count(count: usize) -> Json {
        Json::number(Number::new(count as i64))
    }

    pub(super) fn holds(&self) -> bool {
        !matches!(self, Json::Null | Json::Bool(false))
    }

    pub(super) fn kind(&self) -> &'static str {
        match self {
            Json::Null => "null",
            Json::Bool(_) => "boolean",
            Json::Number(..) => "number",
            Json::Text(_) => "string",
            Json::List(_) => "array",
            Json::Object(_) => "object",
        }
    }

    /// As errors show it: `string ("web")`, long ones cut.
    pub(super) fn shown(&self) -> String {
        let mut text = self.written(false, false);
        if text.chars().count() > 11 {
            text = text.chars().take(10).collect::<String>() + "...";
        }
        format!("{} ({text})", self.kind())
    }

    pub(super) fn get(&self, key: &str) -> Option<&Json> {
        match self {
            Json::Object(members) => members.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Json::Null => 0,
            Json::Bool(false) => 1,
            Json::Bool(true) => 2,
            Json::Number(..) => 3,
            Json::Text(_) => 4,
            Json::List(_) => 5,
            Json::Object(_) => 6,
        }
    }

    pub(super) fn compare(&self, other: &Json) -> Ordering {
        match (self, other) {
            (Json::Number(a, _), Json::Number(b, _)) => a.cmp(b),
            (Json::Text(a), Json::Text(b)) => a.cmp(b),
            (Json::List(a), Json::List(b)) => {
                let differing = a.iter().zip(b).map(|(a, b)| a.compare(b)).find(|order| order.is_ne());
                differing.unwrap_or(a.len().cmp(&b.len()))
            }
            (Json::Object(a), Json::Object(b)) => {
                let (a, b) = (sorted(a), sorted(b));
                let keys = a.iter().map(|(key, _)| key).cmp(b.iter().map(|(key, _)| key));
                let values = || a.iter().zip(&b).map(|((_, a), (_, b))| a.compare(b)).find(|order| order.is_ne());
                keys.then_with(|| values().unwrap_or(Ordering::Equal))
            }
            _ => self.rank().cmp(&other.rank()),
        }
    }

    pub(super) fn same(&self, other: &Json) -> bool {
        self.compare(other).is_eq()
    }

    pub(super) fn written(&self, pretty: bool, sort: bool) -> String {
        let mut text = String::new();
        self.write(&mut text, pretty.then_some(0), sort);
        text
    }

    fn write(&self, out: &mut String, depth: Option<usize>, sort: bool) {
        let line = |out: &mut String, depth: Option<usize>| {
            if let Some(depth) = depth {
                out.push('\n');
                out.extend(std::iter::repeat_n("  ", depth));
            }
        };
        let inner = depth.map(|depth| depth + 1);
        match self {
            Json::Null => out.push_str("null"),
            Json::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Json::Number(_, text) => out.push_str(text),
            Json::Text(text) => quote(text, out),
            Json::List(values) => {
                out.push('[');
                for (at, value) in values.iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    line(out, inner);
                    value.write(out, inner, sort);
                }
                line(out, depth.filter(|_| !values.is_empty()));
                out.push(']');
            }
            Json::Object(members) => {
                let members = if sort { sorted(members) } else { members.iter().collect() };
                out.push('{');
                for (at, (key, value)) in members.iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    line(out, inner);
                    quote(key, out);
                    out.push_str(if depth.is_some() { ": " } else { ":" });
                    value.write(out, inner, sort);
                }
                line(out, depth.filter(|_| !members.is_empty()));
                out.push('}');
            }
        }
    }
}

pub(super) fn sorted(members: &[(String, Json)]) -> Vec<&(String, Json)> {
    let mut members: Vec<&(String, Json)> = members.iter().collect();
    sort_by(&mut members, |a, b| a.0.cmp(&b.0));
    members
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0'..=' ' if c != ' ' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ => out.push(c),
        }
    }
    out.push('"');
}

/// Reads values one after another.
pub(super) struct Reader<'a> {
    rest: &'a str,
    depth: usize,
}

const UNFINISHED: &str = "Unfinished JSON term";

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Reader<'a> {
        Reader { rest: text, depth: 0 }
    }

    /// What has not been read yet, from the next value on.
    pub(super) fn rest(&mut self) -> &'a str {
        self.rest = self.rest.trim_start();
        self.rest
    }

    fn eat(&mut self, c: char) -> bool {
        let found = self.rest().starts_with(c);
        if found {
            self.rest = &self.rest[c.len_utf8()..];
        }
        found
    }

    /// # Errors
    /// In jq's words.
    pub(super) fn value(&mut self) -> Result<Json, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("Exceeds depth limit for parsing".to_owned());
        }
        let value = self.value_within()?;
        self.depth -= 1;
        Ok(value)
    }

    fn value_within(&mut self) -> Result<Json, String> {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return Err(UNFINISHED.to_owned()) };
        for (word, value) in [("null", Json::Null), ("true", Json::Bool(true)), ("false", Json::Bool(false))] {
            if let Some(behind) = rest.strip_prefix(word) {
                self.rest = behind;
                return Ok(value);
            }
        }
        match first {
            '"' => self.text().map(Json::Text),
            '[' => {
                self.eat('[');
                let mut values = Vec::new();
                if self.eat(']') {
                    return Ok(Json::List(values));
                }
                loop {
                    values.push(self.value()?);
                    if self.eat(']') {
                        return Ok(Json::List(values));
                    }
                    self.comma()?;
                }
            }
            '{' => {
                self.eat('{');
                let mut members: Vec<(String, Json)> = Vec::new();
                if self.eat('}') {
                    return Ok(Json::Object(members));
                }
                loop {
                    if !self.rest().starts_with('"') {
                        return self.wrong("Object keys must be strings");
                    }
                    let key = self.text()?;
                    if !self.eat(':') {
                        return self.wrong("Objects must consist of key:value pairs");
                    }
                    let value = self.value()?;
                    members.push((key, value));
                    if self.eat('}') {
                        return Ok(Json::Object(members));
                    }
                    self.comma()?;
                }
            }
            '-' | '0'..='9' => {
                let length =
                    rest.find(|c: char| !matches!(c, '0'..='9' | '+' | '-' | '.' | 'e' | 'E')).unwrap_or(rest.len());
                let (text, behind) = rest.split_at(length);
                self.rest = behind;
                Ok(Json::Number(Number::read(text), text.to_owned()))
            }
            _ => Err("Invalid literal".to_owned()),
        }
    }

    fn wrong<T>(&mut self, why: &str) -> Result<T, String> {
        Err(if self.rest().is_empty() { UNFINISHED } else { why }.to_owned())
    }

    fn comma(&mut self) -> Result<(), String> {
        if self.eat(',') { Ok(()) } else { self.wrong("Expected separator between values") }
    }

    fn text(&mut self) -> Result<String, String> {
        let mut chars = self.rest[1..].chars();
        let mut text = String::new();
        loop {
            match chars.next().ok_or("Unfinished string")? {
                '"' => break,
                '\\' => match chars.next().ok_or("Unfinished string")? {
                    'n' => text.push('\n'),
                    't' => text.push('\t'),
                    'r' => text.push('\r'),
                    'b' => text.push('\u{8}'),
                    'f' => text.push('\u{c}'),
                    'u' => {
                        let code: String = chars.by_ref().take(4).collect();
                        let code = u32::from_str_radix(&code, 16).map_err(|_| "Invalid escape")?;
                        text.push(char::from_u32(code).unwrap_or('\u{fffd}'));
                    }
                    other => text.push(other),
                },
                other => text.push(other),
            }
        }
        self.rest = chars.as_str();
        Ok(text)
    }
}
