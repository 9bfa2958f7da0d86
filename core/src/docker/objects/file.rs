//! Configs and secrets as `docker config inspect` and `docker secret inspect` show them.

use super::meta;
use crate::json::{Struct, Value};
use crate::model::{ClusterFile, FileKind};
use crate::world::World;

pub(crate) fn file(world: &World, file: &ClusterFile) -> Value {
    let (object, spec) = match file.kind {
        FileKind::Config => ("swarm.Config", "swarm.ConfigSpec"),
        FileKind::Secret => ("swarm.Secret", "swarm.SecretSpec"),
    };
    let annotations = Struct::new("swarm.Annotations")
        .maybe("Name", file.name.as_str())
        .with("Labels", Value::map(&file.labels))
        .take();
    let mut spec = Struct::new(spec);
    spec.embed("Annotations", annotations);
    // Nobody gets to see what a secret holds.
    if file.kind == FileKind::Config {
        spec.maybe("Data", base64(file.data.as_bytes()));
    }
    let driver = |name: &str| Struct::new("*swarm.Driver").maybe("Name", name).into();
    spec.pointer("Driver", "*swarm.Driver", (!file.driver.is_empty()).then(|| driver(&file.driver)));
    spec.pointer("Templating", "*swarm.Driver", (!file.templating.is_empty()).then(|| driver(&file.templating)));
    Struct::new(object).with("ID", file.id.as_str()).embed("Meta", meta(world, &file.meta)).with("Spec", spec).into()
}

/// Differs: Go's templates see bytes, here they see the text that JSON carries.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |place: usize| u32::from(chunk.get(place).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place) & 63) as usize];
            text.push(if place > chunk.len() { '=' } else { char::from(digit) });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn bytes_are_written_in_base_64() {
        for (bytes, text) in [("", ""), ("hello\n", "aGVsbG8K"), ("a", "YQ=="), ("ab", "YWI="), ("abc", "YWJj")] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }
}
