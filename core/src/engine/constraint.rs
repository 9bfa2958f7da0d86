//! Placement constraints: `node.role==manager`, `node.labels.zone != a`.
//!
//! Models: swarmkit manager/constraint/constraint.go.

use crate::model::Node;

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
        let lower = self.key.to_ascii_lowercase();
        match lower.as_str() {
            "node.id" => self.compare(node.id.as_str()),
            "node.hostname" => self.compare(&description.hostname),
            "node.ip" => self.compare_address(&node.status.addr),
            "node.role" => self.compare(node.role.word()),
            "node.platform.os" => self.compare(&description.os),
            "node.platform.arch" => self.compare(&description.architecture),
            _ if lower.starts_with(NODE_LABEL) => {
                self.compare(node.spec.labels.get(&self.key[NODE_LABEL.len()..]).map_or("", String::as_str))
            }
            _ if lower.starts_with(ENGINE_LABEL) => {
                self.compare(description.engine_labels.get(&self.key[ENGINE_LABEL.len()..]).map_or("", String::as_str))
            }
            _ => false,
        }
    }

    fn compare(&self, found: &str) -> bool {
        self.equal == (found.to_lowercase() == self.value.to_lowercase())
    }

    /// An address is compared with an address or with a network such as `10.0.0.0/8`.
    fn compare_address(&self, found: &str) -> bool {
        let (Some(found), (network, length)) = (address(found), split_network(&self.value)) else { return false };
        let Some(network) = address(network) else { return false };
        let Some(length) = length.map_or(Some(32), |length| length.parse::<u32>().ok().filter(|bits| *bits <= 32))
        else {
            return false;
        };
        let mask = u32::MAX.checked_shl(32 - length).unwrap_or(0);
        self.equal == (found & mask == network & mask)
    }
}

fn split_network(value: &str) -> (&str, Option<&str>) {
    value.split_once('/').map_or((value, None), |(network, length)| (network, Some(length)))
}

fn address(text: &str) -> Option<u32> {
    text.parse::<std::net::Ipv4Addr>().ok().map(u32::from)
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
}
