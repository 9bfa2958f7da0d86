//! Placement constraints: `node.role==manager`, `node.labels.zone != a`.
//!
//! Models: swarmkit manager/constraint/constraint.go.

use std::net::IpAddr;

use crate::model::{Labels, Node};

/// One comparison. All constraints of a service must hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Constraint {
    key: String,
    equal: bool,
    value: String,
}

/// As it is written.
impl std::fmt::Display for Constraint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let operator = if self.equal { "==" } else { "!=" };
        f.write_str(&[&self.key, operator, &self.value].concat())
    }
}

const NODE_LABEL: &str = "node.labels.";
const ENGINE_LABEL: &str = "engine.labels.";

impl Constraint {
    /// Reads constraints as the command line takes them.
    ///
    /// # Errors
    /// In swarmkit's words: no operator, a bad key, a bad value.
    pub fn parse_all<S: AsRef<str>>(texts: &[S]) -> Result<Vec<Constraint>, String> {
        texts.iter().map(|text| Constraint::parse(text.as_ref())).collect()
    }

    fn parse(text: &str) -> Result<Constraint, String> {
        // `==` is looked for first, wherever `!=` may stand.
        let found = ["==", "!="].iter().find_map(|operator| {
            let (key, value) = text.split_once(operator)?;
            Some((key.trim(), *operator == "==", value.trim()))
        });
        let Some((key, equal, value)) = found else {
            return Err("constraint expected one operator from ==, !=".to_owned());
        };
        if !is_key(key) {
            return Err(format!("key '{key}' is invalid"));
        }
        if !is_value(value) {
            return Err(format!("value '{value}' is invalid"));
        }
        Ok(Constraint { key: key.to_owned(), equal, value: value.to_owned() })
    }

    /// Whether a node meets it. A key that nobody knows is met by no node.
    pub fn matches(&self, node: &Node) -> bool {
        let description = &node.description;
        let label = |labels: &Labels, prefix: &str| {
            // A label needs a name.
            let name = self.key.get(prefix.len()..).filter(|name| !name.is_empty());
            name.is_some_and(|name| self.compare(labels.get(name).map_or("", String::as_str)))
        };
        let lower = self.key.to_ascii_lowercase();
        match lower.as_str() {
            "node.id" => self.compare(node.id.as_str()),
            "node.hostname" => self.compare(&description.hostname),
            "node.ip" => self.compare_address(&node.status.addr),
            "node.role" => self.compare(node.role.word()),
            "node.platform.os" => self.compare(&description.os),
            "node.platform.arch" => self.compare(&description.architecture),
            _ if lower.starts_with(NODE_LABEL) => label(&node.spec.labels, NODE_LABEL),
            _ if lower.starts_with(ENGINE_LABEL) => label(&description.engine_labels, ENGINE_LABEL),
            _ => false,
        }
    }

    fn compare(&self, found: &str) -> bool {
        self.equal == (found.eq_ignore_ascii_case(&self.value))
    }

    /// An address is compared with an address or with a network such as `10.0.0.0/8`. A node without an address has none
    /// of them; what is neither is met by no node.
    fn compare_address(&self, found: &str) -> bool {
        let (network, length) = self.value.split_once('/').map_or((&*self.value, None), |(n, l)| (n, Some(l)));
        let (Some((network, bits)), found) = (address(network), address(found)) else { return false };
        let Some(length) = length.map_or(Some(bits), |length| length.parse().ok().filter(|length| *length <= bits))
        else {
            return false;
        };
        let head = |address: u128| address.checked_shr(bits - length).unwrap_or(0);
        self.equal == found.is_some_and(|(found, its)| its == bits && head(found) == head(network))
    }
}

/// An address as a number, and how many bits it has.
fn address(text: &str) -> Option<(u128, u32)> {
    match text.parse().ok()? {
        IpAddr::V4(address) => Some((u32::from(address).into(), 32)),
        IpAddr::V6(address) => Some((u128::from(address), 128)),
    }
}

fn is_key(key: &str) -> bool {
    let mut letters = key.chars();
    let first = letters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    first && key.len() > 1 && letters.all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
}

fn is_value(value: &str) -> bool {
    !value.is_empty()
        && value
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c.is_ascii_whitespace() || r":-_.*()?+[]\^$|/".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_refused_in_swarmkits_words() {
        let refuse = |text| Constraint::parse_all(&[text]).expect_err("is wrong");
        assert_eq!(refuse("node.role=worker"), "constraint expected one operator from ==, !=");
        assert_eq!(refuse("x!==a"), "key 'x!' is invalid");
        assert_eq!(refuse("node.role=="), "value '' is invalid");
        assert_eq!(refuse("k==a"), "key 'k' is invalid");
        assert!(Constraint::parse_all(&["node.role == worker", "node.labels.a_b!=x y"]).is_ok());
    }

    /// Upstream: manager/constraint/constraint_test.go TestParse
    #[test]
    fn what_can_be_read() {
        let read = |text| Constraint::parse_all(&[text]).map(|read| read[0].to_string());
        let wrong = [
            "",
            " ",
            "nodeabc",
            "node ~ abc",
            "1node==a2",
            "no de== node1",
            "no*de==node1",
            "==node1",
            "node==",
            "node== ",
            "no$de==node1",
        ];
        for text in wrong {
            assert!(read(text).is_err(), "{text}");
        }
        let right = [
            (" node == node1", "node==node1"),
            ("NoDe==node1", "NoDe==node1"),
            ("no.de==node1", "no.de==node1"),
            ("_node==_node1", "_node==_node1"),
            ("node==[a-b]+c*(n|b)/", "node==[a-b]+c*(n|b)/"),
            ("node==node 1", "node==node 1"),
        ];
        for (text, written) in right {
            assert_eq!(read(text).as_deref(), Ok(written));
        }
    }

    /// Upstream: manager/constraint/constraint_test.go TestMatch
    #[test]
    fn values_are_compared_whole_and_are_no_patterns() {
        let compare = |text: &str, found: &str| Constraint::parse_all(&[text]).expect("is right")[0].compare(found);
        for (text, equal, other) in [
            ("node.name==foo", &["foo", "FOO"][..], &["fo", "fooE"][..]),
            ("node.name!=foo", &["bar", "fo", "fooExtra"], &["foo"]),
            ("node.name==f*o", &["f*o", "F*o"], &["fo", "foo"]),
            ("node.name==f.-$o", &["f.-$o"], &["fa-$o"]),
        ] {
            assert!(equal.iter().all(|found| compare(text, found)), "{text}");
            assert!(!other.iter().any(|found| compare(text, found)), "{text}");
        }
    }
}
