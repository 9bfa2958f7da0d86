//! The short form of a volume: `source:target:options`.
//!
//! Models: docker/cli cli/compose/loader/volume.go.

use super::yaml::Yaml;

const PROPAGATIONS: &[&str] = &["rprivate", "private", "rshared", "shared", "rslave", "slave"];

/// Whether a single letter before a colon is a drive of Windows, which a path may begin with.
fn is_drive(part: &str) -> bool {
    let mut chars = part.chars();
    chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none()
}

fn is_path(source: &str) -> bool {
    let drive = source.chars().nth(1) == Some(':') && source.starts_with(char::is_alphabetic);
    source.starts_with(['.', '/', '~']) || source.starts_with("\\\\") || drive
}

/// A volume in its long form.
pub(super) fn volume(spec: &str) -> Result<Yaml, String> {
    let mut parts: Vec<String> = Vec::new();
    let mut part = String::new();
    for c in spec.chars() {
        if c == ':' && spec.len() > 2 && !is_drive(&part) {
            parts.push(std::mem::take(&mut part));
        } else {
            part.push(c);
        }
    }
    parts.push(part);
    if spec.is_empty() {
        return Err("invalid empty volume spec".to_owned());
    }
    let bad = |why: &str| Err(format!("invalid spec: {spec}: {why}"));
    if parts.iter().any(String::is_empty) {
        return bad("empty section between colons");
    }
    let (source, target, options) = match &parts[..] {
        [target] => ("", target.as_str(), ""),
        [source, target] => (source.as_str(), target.as_str(), ""),
        [source, target, options] => (source.as_str(), target.as_str(), options.as_str()),
        _ => return bad("too many colons"),
    };
    let mut pairs = vec![("type", Yaml::text(if is_path(source) { "bind" } else { "volume" }))];
    if !source.is_empty() {
        pairs.push(("source", Yaml::text(source)));
    }
    pairs.push(("target", Yaml::text(target)));
    let inner = |key: &str, value: Yaml| Yaml::Map(vec![(key.to_owned(), value)]);
    let options = || options.split(',');
    if options().rfind(|option| ["ro", "rw"].contains(option)) == Some("ro") {
        pairs.push(("read_only", Yaml::Bool(true)));
    }
    if let Some(propagation) = options().rfind(|option| PROPAGATIONS.contains(option)) {
        pairs.push(("bind", inner("propagation", Yaml::text(propagation))));
    }
    if options().any(|option| option == "nocopy") {
        pairs.push(("volume", inner("nocopy", Yaml::Bool(true))));
    }
    Ok(Yaml::Map(pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()))
}
