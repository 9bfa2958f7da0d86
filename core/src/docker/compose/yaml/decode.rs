//! From nodes to values: aliases are what they stand for, merged maps lend their pairs, and no key comes twice.
//!
//! Models: go-yaml v3 decode.go. Differs: aliases may stand for less than there, and a key
//! that is a collection is not printed where it is refused.

use super::Yaml;
use super::parser::{DEEPEST, Document, Id, Node, Shape, TOO_DEEP};
use super::resolve::resolve;
use crate::collections::Map;

/// So many values may come from aliases.
const MOST_ALIASED: usize = 20_000;

/// The value of a document.
pub(super) fn decode(document: &Document) -> Result<Yaml, String> {
    let nodes = &document.nodes;
    let mut decoder = Decoder { nodes, twice: String::new(), open: Vec::new(), aliased: 0, depth: 0 };
    let value = decoder.value(document.root)?;
    if decoder.twice.is_empty() { Ok(value) } else { Err(format!("yaml: unmarshal errors:{}", decoder.twice)) }
}

struct Decoder<'d> {
    nodes: &'d [Node],
    /// Lines about keys that are there twice.
    twice: String,
    /// The aliases that are being followed.
    open: Vec<Id>,
    aliased: usize,
    depth: usize,
}

impl Decoder<'_> {
    fn value(&mut self, id: Id) -> Result<Yaml, String> {
        self.depth += 1;
        if self.depth > DEEPEST * 2 {
            return Err(TOO_DEEP.to_owned());
        }
        self.aliased += usize::from(!self.open.is_empty());
        if self.aliased > MOST_ALIASED {
            return Err("yaml: document contains excessive aliasing".to_owned());
        }
        let nodes = self.nodes;
        let node = &nodes[id];
        let value = match &node.shape {
            Shape::Scalar { text, plain } => resolve(&node.tag, text, *plain)?,
            Shape::List(items) => {
                let items: Result<Vec<Yaml>, String> = items.iter().map(|item| self.value(*item)).collect();
                Yaml::List(items?)
            }
            Shape::Alias { name, of } => {
                if self.open.contains(&id) {
                    return Err(format!("yaml: anchor '{name}' value contains itself"));
                }
                self.open.push(id);
                let value = self.value(*of)?;
                self.open.pop();
                value
            }
            Shape::Map(pairs) => self.map(pairs)?,
        };
        self.depth -= 1;
        Ok(value)
    }

    fn map(&mut self, pairs: &[(Id, Id)]) -> Result<Yaml, String> {
        if self.has_twice(pairs) {
            return Ok(Yaml::Null);
        }
        let (mut known, mut strange) = (Map::new(), false);
        let mut decoded = Vec::new();
        let mut merged = None;
        for (key, value) in pairs {
            if matches!(&self.nodes[*key].shape, Shape::Scalar { text, plain: true } if text == "<<") {
                merged = Some(*value);
                continue;
            }
            let key = match self.value(*key)? {
                Yaml::Text(key) => key,
                Yaml::Map(_) | Yaml::Strange => {
                    return Err("yaml: invalid map key: map[string]interface {}{}".to_owned());
                }
                Yaml::List(_) => return Err("yaml: invalid map key: []interface {}{}".to_owned()),
                _ => {
                    strange = true;
                    String::new()
                }
            };
            let value = self.value(*value)?;
            known.insert(key.clone(), ());
            decoded.push((key, value));
        }
        if let Some(merged) = merged {
            self.merge(merged, &mut known, &mut decoded)?;
        }
        Ok(if strange { Yaml::Strange } else { Yaml::Map(decoded) })
    }

    /// Notes the keys that a map has twice.
    fn has_twice(&mut self, pairs: &[(Id, Id)]) -> bool {
        let mut first: Map<&str, usize> = Map::new();
        let before = self.twice.len();
        for (key, _) in pairs {
            let node = &self.nodes[*key];
            let (Shape::Scalar { text: name, .. } | Shape::Alias { name, .. }) = &node.shape else { continue };
            match first.get(name.as_str()) {
                Some(line) => {
                    let (name, of) = (crate::docker::units::quote(name), node.line);
                    self.twice += &format!("\n  line {of}: mapping key {name} already defined at line {line}");
                }
                None => {
                    first.insert(name, node.line);
                }
            }
        }
        self.twice.len() > before
    }

    /// Adds the pairs that `<<` lends: those of a map, or of several.
    fn merge(&mut self, id: Id, known: &mut Map<String, ()>, to: &mut Vec<(String, Yaml)>) -> Result<(), String> {
        if let Shape::List(items) = &self.nodes[id].shape {
            return items.iter().try_for_each(|item| self.lend(*item, known, to));
        }
        self.lend(id, known, to)
    }

    fn lend(&mut self, id: Id, known: &mut Map<String, ()>, to: &mut Vec<(String, Yaml)>) -> Result<(), String> {
        let of = match &self.nodes[id].shape {
            Shape::Alias { of, .. } => *of,
            _ => id,
        };
        if !matches!(self.nodes[of].shape, Shape::Map(_)) {
            return Err("yaml: map merge requires map or sequence of maps as the value".to_owned());
        }
        if let Yaml::Map(pairs) = self.value(id)? {
            for (key, value) in pairs {
                if !known.contains_key(&key) {
                    known.insert(key.clone(), ());
                    to.push((key, value));
                }
            }
        }
        Ok(())
    }
}
