//! Reads YAML: block and flow collections, all kinds of scalars, anchors, aliases and merge keys, one document. Not
//! there: what tags other than `!!str` and its kin mean.
//!
//! Written here because a crate would cost every reader of the page fifty kilobytes, and because what is wrong with a
//! file is to be said in Docker's words and of the same line. Models: go-yaml v3.

mod chars;
mod decode;
mod keys;
mod lexer;
mod parser;
mod resolve;
mod scalar;
#[cfg(test)]
mod tests;

pub(super) use resolve::resolve;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Yaml {
    Null,
    Bool(bool),
    Int(i64),
    /// As Go writes it.
    Float(String),
    /// RFC 3339.
    Time(String),
    Text(String),
    List(Vec<Yaml>),
    /// In the order of the file.
    Map(Vec<(String, Yaml)>),
    /// A map with keys that are no texts, which nobody here takes.
    Strange,
}

impl Yaml {
    /// Reads the first document of a text. Nothing at all is null.
    ///
    /// # Errors
    /// The words of go-yaml.
    pub(crate) fn read(text: &str) -> Result<Yaml, String> {
        let fine = |c: char| !c.is_control() || matches!(c, '\t' | '\n' | '\r' | '\u{85}');
        if !text.chars().all(fine) {
            return Err("yaml: control characters are not allowed".to_owned());
        }
        match parser::parse(text)? {
            Some(document) => decode::decode(&document),
            None => Ok(Yaml::Null),
        }
    }

    pub(crate) fn text(text: impl Into<String>) -> Yaml {
        Yaml::Text(text.into())
    }

    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Yaml::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn as_list(&self) -> &[Yaml] {
        match self {
            Yaml::List(items) => items,
            _ => &[],
        }
    }

    pub(crate) fn as_map(&self) -> &[(String, Yaml)] {
        match self {
            Yaml::Map(pairs) => pairs,
            _ => &[],
        }
    }

    /// The value of a key of a map; nothing where it is null.
    pub(crate) fn get(&self, key: &str) -> Option<&Yaml> {
        let (_, value) = self.as_map().iter().find(|(had, _)| had == key)?;
        (*value != Yaml::Null).then_some(value)
    }

    /// The text of a key of a map.
    pub(crate) fn str(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Yaml::as_text)
    }

    /// A scalar as Go prints it; nothing for null.
    pub(crate) fn printed(&self) -> String {
        match self {
            Yaml::Bool(on) => if *on { "true" } else { "false" }.to_owned(),
            Yaml::Int(number) => number.to_string(),
            Yaml::Float(text) | Yaml::Text(text) => text.clone(),
            Yaml::Time(time) => resolve::go_time(time),
            _ => String::new(),
        }
    }
}
