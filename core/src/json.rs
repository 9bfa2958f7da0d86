//! Values with the order and the types of Go's structs, and their JSON as Go's encoding/json writes it.
//!
//! One value serves two readers: `inspect` prints it as JSON, templates walk through it. That is why a value knows
//! more than JSON needs: durations, times, and of what type a nil is. Reading JSON is not here.
//! Written by hand: serde_json would cost every reader of the page about 16 KB, and its order is not Go's.

use crate::collections::{self, Map};
use std::fmt::Write;

use crate::{date, decimal};

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing, of this Go type: `*swarm.UpdateStatus`. The empty type is the absence of a value altogether.
    Nil(&'static str),
    Bool(bool),
    Int(i64),
    Uint(u64),
    Float(f32),
    Text(String),
    /// Nanoseconds. A number in JSON, `10s` in templates.
    Duration(i64),
    /// Milliseconds of Unix time.
    Time(u64),
    List(Vec<Value>),
    Map(Map<String, Value>),
    Struct(Struct),
}

/// A Go struct: fields in the order of their declaration.
#[derive(Clone, Debug, PartialEq)]
pub struct Struct {
    /// Go's name of the type, for the errors of templates: `swarm.Service`.
    pub name: &'static str,
    pub fields: Vec<Field>,
    /// Whether the type brings its own JSON: fields by name, and always with HTML escaped. Rows of tables do.
    pub row: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    pub name: &'static str,
    pub value: Value,
    pub shown: Shown,
}

/// How JSON shows a field. Templates see every field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    Always,
    /// Left out while its value is zero (`omitempty`).
    UnlessZero,
    /// Its fields stand among those of the struct around it, in JSON as in templates (an embedded struct).
    Embedded,
    /// For templates only.
    Never,
}

impl Struct {
    // Not inlined, here and below: objects are made in hundreds of such calls.
    #[inline(never)]
    pub fn new(name: &'static str) -> Struct {
        Struct { name, fields: Vec::new(), row: false }
    }

    /// A row of a table.
    pub fn row(name: &'static str) -> Struct {
        Struct { name, fields: Vec::new(), row: true }
    }

    /// Adds a field that JSON always shows.
    pub fn with(&mut self, name: &'static str, value: impl Into<Value>) -> &mut Struct {
        self.push(name, value.into(), Shown::Always)
    }

    /// Adds a field that JSON leaves out while it is zero.
    pub fn maybe(&mut self, name: &'static str, value: impl Into<Value>) -> &mut Struct {
        self.push(name, value.into(), Shown::UnlessZero)
    }

    /// Adds a field that templates see and JSON does not: what JSON shows under another name.
    pub fn hidden(&mut self, name: &'static str, value: impl Into<Value>) -> &mut Struct {
        self.push(name, value.into(), Shown::Never)
    }

    /// Adds a pointer: JSON shows what it points to, be it zero, and leaves out a nil, which is of the type `nil`.
    pub fn pointer(&mut self, name: &'static str, nil: &'static str, value: Option<Value>) -> &mut Struct {
        match value {
            Some(value) => self.push(name, value, Shown::Always),
            None => self.push(name, Value::Nil(nil), Shown::UnlessZero),
        }
    }

    /// Adds all fields of another struct, which has a name of its own for templates only.
    pub fn embed(&mut self, name: &'static str, value: Struct) -> &mut Struct {
        self.push(name, Value::Struct(value), Shown::Embedded)
    }

    #[inline(never)]
    fn push(&mut self, name: &'static str, value: Value, shown: Shown) -> &mut Struct {
        self.fields.push(Field { name, value, shown });
        self
    }

    /// What was built: ends a chain of the calls above.
    #[inline(never)]
    pub fn take(&mut self) -> Struct {
        Struct { name: self.name, fields: std::mem::take(&mut self.fields), row: self.row }
    }

    /// The field called `name`, which may stand in an embedded struct.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.fields.iter().find(|field| field.name == name).map(|field| &field.value).or_else(|| {
            self.fields.iter().filter(|field| field.shown == Shown::Embedded).find_map(|field| match &field.value {
                Value::Struct(inner) => inner.get(name),
                _ => None,
            })
        })
    }

    fn collect<'a>(&'a self, shown: &mut Vec<&'a Field>) {
        for field in &self.fields {
            match (&field.value, field.shown) {
                (Value::Struct(inner), Shown::Embedded) => inner.collect(shown),
                (_, Shown::Never) => {}
                (value, Shown::UnlessZero) if value.is_zero() => {}
                _ => shown.push(field),
            }
        }
    }
}

impl Value {
    pub fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    pub fn texts(texts: &[String]) -> Value {
        Value::List(texts.iter().map(|text| Value::text(text.as_str())).collect())
    }

    pub fn map(map: &Map<String, String>) -> Value {
        Value::Map(map.iter().map(|(key, value)| (key.clone(), Value::text(value))).collect())
    }

    /// What `omitempty` leaves out, and what counts as false in a template.
    pub fn is_zero(&self) -> bool {
        match self {
            Value::Nil(_) => true,
            Value::Bool(value) => !value,
            Value::Int(value) | Value::Duration(value) => *value == 0,
            Value::Uint(value) => *value == 0,
            Value::Float(value) => *value == 0.0,
            Value::Text(value) => value.is_empty(),
            Value::List(values) => values.is_empty(),
            Value::Map(values) => values.is_empty(),
            Value::Time(_) | Value::Struct(_) => false,
        }
    }

    /// JSON in one line.
    pub fn compact(&self, html: Html) -> String {
        let mut writer = Writer { out: String::new(), indent: None, html };
        writer.value(self, 0);
        writer.out
    }

    /// JSON with a line for every member, each level four blanks further in.
    pub fn pretty(&self, html: Html) -> String {
        let mut writer = Writer { out: String::new(), indent: Some("    "), html };
        writer.value(self, 0);
        writer.out
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::text(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Value::Bool(value)
    }
}

impl From<u64> for Value {
    fn from(value: u64) -> Value {
        Value::Uint(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Value {
        Value::Int(value)
    }
}

impl From<Struct> for Value {
    fn from(value: Struct) -> Value {
        Value::Struct(value)
    }
}

/// Ends a chain of calls that built a struct.
impl From<&mut Struct> for Value {
    #[inline(never)]
    fn from(value: &mut Struct) -> Value {
        Value::Struct(value.take())
    }
}

/// Whether `<`, `>` and `&` are written as `\u003c` and so on: Go's default, which encoders may switch off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Html {
    Escaped,
    Plain,
}

struct Writer {
    out: String,
    indent: Option<&'static str>,
    html: Html,
}

impl Writer {
    fn value(&mut self, value: &Value, depth: usize) {
        match value {
            Value::Nil(_) => self.out.push_str("null"),
            Value::Bool(value) => self.put(value),
            Value::Int(value) | Value::Duration(value) => self.put(value),
            Value::Uint(value) => self.put(value),
            Value::Float(value) => self.put(decimal::shortest(*value)),
            Value::Text(text) => self.text(text),
            Value::Time(unix_ms) => self.text(&date::rfc3339(*unix_ms)),
            Value::List(values) => self.members('[', ']', depth, values.iter().map(|value| (None, value))),
            Value::Map(values) => {
                let members = values.iter().map(|(key, value)| (Some(key.as_str()), value));
                self.members('{', '}', depth, members);
            }
            Value::Struct(value) => {
                let mut shown = Vec::new();
                value.collect(&mut shown);
                let html = self.html;
                if value.row {
                    collections::sort_by_key(&mut shown, |field| field.name);
                    self.html = Html::Escaped;
                }
                self.members('{', '}', depth, shown.into_iter().map(|field| (Some(field.name), &field.value)));
                self.html = html;
            }
        }
    }

    fn members<'a>(
        &mut self,
        open: char,
        close: char,
        depth: usize,
        members: impl Iterator<Item = (Option<&'a str>, &'a Value)>,
    ) {
        self.out.push(open);
        let mut empty = true;
        for (key, value) in members {
            if !empty {
                self.out.push(',');
            }
            empty = false;
            self.line(depth + 1);
            if let Some(key) = key {
                self.text(key);
                self.out.push_str(if self.indent.is_some() { ": " } else { ":" });
            }
            self.value(value, depth + 1);
        }
        if !empty {
            self.line(depth);
        }
        self.out.push(close);
    }

    fn line(&mut self, depth: usize) {
        if let Some(indent) = self.indent {
            self.out.push('\n');
            for _ in 0..depth {
                self.out.push_str(indent);
            }
        }
    }

    fn put(&mut self, value: impl std::fmt::Display) {
        write!(self.out, "{value}").expect("a String takes everything");
    }

    fn text(&mut self, text: &str) {
        self.out.push('"');
        for char in text.chars() {
            match char {
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                '\t' => self.out.push_str("\\t"),
                '\u{8}' => self.out.push_str("\\b"),
                '\u{c}' => self.out.push_str("\\f"),
                '<' | '>' | '&' if self.html == Html::Plain => self.out.push(char),
                '<' | '>' | '&' | '\0'..' ' | '\u{2028}' | '\u{2029}' => {
                    self.put(format_args!("\\u{:04x}", u32::from(char)));
                }
                _ => self.out.push(char),
            }
        }
        self.out.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service() -> Value {
        let inner = Struct::new("swarm.Meta").with("Version", 7u64).with("CreatedAt", Value::Time(0)).take();
        Struct::new("swarm.Service")
            .with("ID", "x")
            .embed("Meta", inner)
            .maybe("Empty", "")
            .maybe("Nothing", Value::Nil("*swarm.Spec"))
            .with("Volumes", Value::Nil("[]swarm.Volume"))
            .maybe("Delay", Value::Duration(5_000_000_000))
            .with("Labels", Value::Map(Map::new()))
            .with("Ports", Value::texts(&["8080->80/tcp".to_owned()]))
            .into()
    }

    #[test]
    fn json_is_written_as_go_writes_it() {
        assert_eq!(
            service().compact(Html::Escaped),
            r#"{"ID":"x","Version":7,"CreatedAt":"1970-01-01T00:00:00Z","Volumes":null,"Delay":5000000000,"#.to_owned()
                + r#""Labels":{},"Ports":["8080-\u003e80/tcp"]}"#
        );
        assert_eq!(
            Value::List(vec![Struct::new("x").with("a", Value::texts(&["<b>".to_owned()])).into()]).pretty(Html::Plain),
            "[\n    {\n        \"a\": [\n            \"<b>\"\n        ]\n    }\n]"
        );
        assert_eq!(Value::List(vec![]).pretty(Html::Plain), "[]");
        assert_eq!(Value::text("a\"\\\u{1}\n").compact(Html::Plain), r#""a\"\\\u0001\n""#);
    }

    #[test]
    fn rows_sort_their_fields_and_always_escape() {
        let row = Struct::row("*service.serviceContext").with("Ports", "*:80->80/tcp").with("ID", "a").take();
        assert_eq!(Value::from(row).compact(Html::Plain), r#"{"ID":"a","Ports":"*:80-\u003e80/tcp"}"#);
    }

    #[test]
    fn a_field_is_found_in_an_embedded_struct_and_when_json_omits_it() {
        let Value::Struct(service) = service() else { panic!("a struct") };
        assert_eq!(service.get("Version"), Some(&Value::Uint(7)));
        assert_eq!(service.get("Empty"), Some(&Value::text("")));
        assert_eq!(service.get("Nope"), None);
    }
}
