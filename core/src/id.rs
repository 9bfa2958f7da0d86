//! Identifiers as Swarm makes them: 25 characters of base 36.
//!
//! Models: swarmkit identity/randomid.go. 17 random bytes with the top bit set are written in base 36; the first
//! character is dropped and the next 25 are kept.

use std::cmp::Ordering;
use std::fmt;

use crate::rng::Stream;

/// Length of every Swarm identifier, in characters.
pub const LENGTH: usize = 25;

/// Length of the form that tables show.
pub const SHORT: usize = 12;

/// The characters of an identifier. Private, because they are always valid ASCII.
#[derive(Clone, Copy)]
struct Text([u8; LENGTH]);

// As text; but eight characters at a time are compared as one number, for every look-up of the engine compares
// identifiers.
impl Ord for Text {
    fn cmp(&self, other: &Text) -> Ordering {
        self.numbers().cmp(&other.numbers())
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Text) -> bool {
        self.numbers() == other.numbers()
    }
}

impl Eq for Text {}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Text) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Text {
    /// The same order as that of the characters.
    fn numbers(&self) -> (u64, u64, u64, u8) {
        let number = |from: usize| {
            u64::from_be_bytes(*self.0[from..].first_chunk().expect("24 characters are three times eight"))
        };
        (number(0), number(8), number(16), self.0[LENGTH - 1])
    }

    fn random(stream: &mut Stream) -> Text {
        let mut bytes = [0u8; 17];
        for byte in &mut bytes {
            *byte = stream.next_u32() as u8;
        }
        bytes[0] |= 0x80;
        let mut digits = [0u8; 27];
        for digit in digits.iter_mut().rev() {
            let mut rest = 0u32;
            for byte in &mut bytes {
                let value = rest << 8 | u32::from(*byte);
                *byte = (value / 36) as u8;
                rest = value % 36;
            }
            *digit = b"0123456789abcdefghijklmnopqrstuvwxyz"[rest as usize];
        }
        let mut text = [0u8; LENGTH];
        text.copy_from_slice(&digits[1..=LENGTH]);
        Text(text)
    }

    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("identifiers are made of ASCII only")
    }

    fn parse(text: &str) -> Option<Text> {
        let bytes: [u8; LENGTH] = text.as_bytes().try_into().ok()?;
        bytes.iter().all(|b| b.is_ascii_digit() || b.is_ascii_lowercase()).then_some(Text(bytes))
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(Text);

        impl $name {
            /// The ends of the order, for ranges over an index.
            pub const LEAST: $name = $name(Text([b'0'; LENGTH]));
            pub const MOST: $name = $name(Text([b'z'; LENGTH]));

            /// Draws a new identifier.
            pub fn random(stream: &mut Stream) -> $name {
                $name(Text::random(stream))
            }

            /// All 25 characters.
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }

            /// The first 12 characters, as tables show it.
            pub fn short(&self) -> &str {
                &self.0.as_str()[..SHORT]
            }

            /// Reads a full identifier; `None` if `text` is not 25 characters of base 36.
            pub fn parse(text: &str) -> Option<$name> {
                Text::parse(text).map($name)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    )*};
}

ids! {
    /// Identifies a node.
    NodeId;
    /// Identifies a service.
    ServiceId;
    /// Identifies a task.
    TaskId;
    /// Identifies a network of swarm scope.
    NetworkId;
    /// Identifies a config or a secret.
    FileId;
    /// Identifies the cluster.
    ClusterId;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_25_characters_of_base_36_and_parse_back() {
        let mut stream = Stream::new(7, "ids");
        for _ in 0..1000 {
            let id = TaskId::random(&mut stream);
            assert_eq!(id.as_str().len(), LENGTH);
            assert_eq!(TaskId::parse(id.as_str()), Some(id));
        }
        assert_eq!(TaskId::parse("short"), None);
    }

    #[test]
    fn every_character_occurs_at_every_place() {
        let mut stream = Stream::new(1, "ids");
        let mut seen = [[false; 256]; LENGTH];
        for _ in 0..4000 {
            for (place, byte) in NodeId::random(&mut stream).as_str().bytes().enumerate() {
                seen[place][usize::from(byte)] = true;
            }
        }
        for place in seen {
            assert_eq!(place.iter().filter(|s| **s).count(), 36);
        }
    }
}
