//! What a heap snapshot of Chromium says: how many bytes there are of what.

use std::collections::BTreeMap;

use serde_json::Value;

/// Bytes by kind of object: its type, and what made it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heap(pub BTreeMap<String, u64>);

impl Heap {
    /// # Panics
    /// That is no heap snapshot.
    pub fn of(snapshot: &Value) -> Heap {
        let meta = &snapshot["snapshot"]["meta"];
        let fields = meta["node_fields"].as_array().expect("a snapshot says how its nodes are written");
        let place = |name: &str| fields.iter().position(|field| field == name).expect("nodes have it");
        let (kind, name, size) = (place("type"), place("name"), place("self_size"));
        let text = |texts: &Value, at: u64| texts[at as usize].as_str().unwrap_or_default().to_owned();
        let numbers: Vec<u64> =
            snapshot["nodes"].as_array().into_iter().flatten().map(|number| number.as_u64().unwrap_or(0)).collect();
        let mut heap = Heap::default();
        for node in numbers.chunks_exact(fields.len()) {
            let kind = text(&meta["node_types"][0], node[kind]);
            // Texts are named by themselves, and code by what it does.
            let is_named = matches!(kind.as_str(), "object" | "native" | "hidden");
            let name = if is_named { text(&snapshot["strings"], node[name]) } else { String::new() };
            *heap.0.entry(format!("{kind} {name}").trim_end().to_owned()).or_default() += node[size];
        }
        heap
    }

    pub fn bytes(&self) -> u64 {
        self.0.values().sum()
    }

    /// What there is more of than before, in bytes, most first.
    pub fn grown_since(&self, before: &Heap) -> Vec<(&str, u64)> {
        let more = |(kind, now): (&'_ String, &u64)| now.saturating_sub(before.0.get(kind).copied().unwrap_or(0));
        let mut grown: Vec<(&str, u64)> = self.0.iter().map(|entry| (entry.0.as_str(), more(entry))).collect();
        grown.retain(|(_, more)| *more > 0);
        grown.sort_by_key(|(_, more)| std::cmp::Reverse(*more));
        grown
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn bytes_are_summed_by_kind_and_name() {
        let snapshot = |sizes: [u64; 4]| {
            let [a, b, c, d] = sizes;
            json!({
                "snapshot": {"meta": {
                    "node_fields": ["type", "name", "id", "self_size"],
                    "node_types": [["hidden", "string", "object"], "string", "number", "number"],
                }},
                "nodes": [2, 0, 1, a, 1, 1, 3, b, 1, 2, 5, c, 2, 0, 7, d],
                "strings": ["Bar", "one text", "another"],
            })
        };
        let (before, after) = (Heap::of(&snapshot([10, 20, 30, 40])), Heap::of(&snapshot([11, 20, 31, 47])));
        let kinds: Vec<(&str, u64)> = before.0.iter().map(|(kind, bytes)| (kind.as_str(), *bytes)).collect();
        assert_eq!(kinds, [("object Bar", 50), ("string", 50)]);
        assert_eq!((before.bytes(), after.bytes()), (100, 109));
        assert_eq!(after.grown_since(&before), [("object Bar", 8), ("string", 1)]);
    }
}
