//! `--mount`: `type=volume,source=data,target=/data,readonly`.
//!
//! Models: docker/cli opts/mount.go.

use crate::docker::csv::fields;
use crate::docker::flags::Kind;
use crate::docker::units::parse_bool;
use crate::model::Mount;

pub(crate) const MOUNT: Kind = Kind::new("mount", |text| parse(text).map(drop));

/// Keys that only one kind of mount takes: prefix and kind.
const KINDS: [(&str, &str); 3] = [("bind-", "bind"), ("volume-", "volume"), ("tmpfs-", "tmpfs")];

const OPTIONS: [&str; 13] = [
    "consistency",
    "bind-propagation",
    "bind-nonrecursive",
    "bind-recursive",
    "bind-create-src",
    "volume-nocopy",
    "volume-label",
    "volume-driver",
    "volume-opt",
    "volume-subpath",
    "tmpfs-size",
    "tmpfs-mode",
    "image-subpath",
];

pub(super) fn parse(text: &str) -> Result<Mount, String> {
    let mut mount = Mount { kind: "volume".to_owned(), ..Mount::default() };
    for field in &fields(text)? {
        let (key, value) = match field.split_once('=') {
            Some((key, value)) => (key.to_ascii_lowercase(), Some(value)),
            None => (field.to_ascii_lowercase(), None),
        };
        let truth = |value: &str| parse_bool(value).map_err(|_| format!("invalid value for {key}: {value}"));
        match (key.as_str(), value) {
            ("readonly" | "ro", value) => mount.read_only = value.map_or(Ok(true), truth)?,
            ("volume-nocopy" | "bind-nonrecursive", value) => {
                let on = value.map_or(Ok(true), truth)?;
                mount.options.push((key, on.to_string()));
            }
            (_, None) => return Err(format!("invalid field '{field}' must be a key=value pair")),
            ("type", Some(value)) => mount.kind = value.to_ascii_lowercase(),
            ("source" | "src", Some(value)) => mount.source = value.to_owned(),
            ("target" | "dst" | "destination", Some(value)) => mount.target = value.to_owned(),
            ("tmpfs-size", Some(value)) => {
                let bytes = crate::docker::units::parse_bytes(value);
                let bytes = bytes.map_err(|_| format!("invalid value for {key}: {value}"))?;
                mount.options.push((key, bytes.to_string()));
            }
            ("tmpfs-mode", Some(value)) if i64::from_str_radix(value, 8).is_err() => {
                return Err(format!("invalid value for {key}: {value}"));
            }
            (name, Some(value)) if OPTIONS.contains(&name) => mount.options.push((key, value.to_owned())),
            (name, Some(_)) => return Err(format!("unexpected key '{name}' in '{field}'")),
        }
    }
    if mount.kind.is_empty() {
        return Err("type is required".to_owned());
    }
    if mount.target.is_empty() {
        return Err("target is required".to_owned());
    }
    for (prefix, kind) in KINDS {
        if mount.kind != kind && mount.options.iter().any(|(key, _)| key.starts_with(prefix)) {
            return Err(format!("cannot mix '{prefix}*' options with mount type '{}'", mount.kind));
        }
    }
    Ok(mount)
}

/// What the daemon says of mounts of kinds that it does not know.
pub(super) fn refusal(mounts: &[Mount]) -> Option<String> {
    const KNOWN: [&str; 5] = ["bind", "volume", "tmpfs", "npipe", "cluster"];
    let unknown = mounts.iter().find(|mount| !KNOWN.contains(&mount.kind.as_str()))?;
    Some(format!("invalid MountType: {}", crate::docker::units::quote(&unknown.kind)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mounts_are_read() {
        let mount = parse("type=bind,src=/tmp,dst=/t,readonly,bind-propagation=rslave").unwrap();
        assert_eq!((mount.kind.as_str(), mount.source.as_str(), mount.target.as_str()), ("bind", "/tmp", "/t"));
        assert!(mount.read_only);
        assert_eq!(mount.options, [("bind-propagation".to_owned(), "rslave".to_owned())]);
        assert_eq!(parse("target=/x").unwrap().kind, "volume");
        assert_eq!(parse("type=tmpfs,dst=/x,tmpfs-size=1k").unwrap().options[0].1, "1024");
    }

    #[test]
    fn errors_are_dockers() {
        for (value, why) in [
            ("x", "invalid field 'x' must be a key=value pair"),
            ("type=volume", "target is required"),
            ("type=bind,dst=/x,volume-nocopy", "cannot mix 'volume-*' options with mount type 'bind'"),
            ("dst=/x,ro=maybe", "invalid value for ro: maybe"),
            ("dst=/x,foo=1", "unexpected key 'foo' in 'foo=1'"),
        ] {
            assert_eq!(parse(value).unwrap_err(), why);
        }
        let mounts = [parse("type=foo,dst=/x").unwrap()];
        assert_eq!(refusal(&mounts).as_deref(), Some("invalid MountType: \"foo\""));
    }
}
