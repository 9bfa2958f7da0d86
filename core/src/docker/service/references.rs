//! `--config`, `--secret`, `--network`: names of other objects, in a short form and a long one, and the objects that
//! they name.
//!
//! Models: docker/cli opts/swarmopts/{config,secret}.go, opts/network.go, cli/command/service/parse.go.

use crate::collections;
use crate::docker::csv::fields;
use crate::docker::error::CliError;
use crate::docker::filter::refused;
use crate::docker::flags::Kind;
use crate::docker::units::parse_uint;
use crate::model::{ContainerSpec, FileKind, FileReference, Labels, NetworkAttachment};
use crate::store::Store;

pub(crate) const CONFIG: Kind = Kind::new("config", |text| parse(text, "config").map(drop));
pub(crate) const SECRET: Kind = Kind::new("secret", |text| parse(text, "secret").map(drop));
pub(crate) const NETWORK: Kind = Kind::new("network", |text| network(text).map(drop));

/// A config or secret as asked for, before it is looked up.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::docker) struct Wanted {
    pub(in crate::docker) source: String,
    pub(in crate::docker) target: String,
    pub(in crate::docker) uid: String,
    pub(in crate::docker) gid: String,
    pub(in crate::docker) mode: u32,
}

fn parse(text: &str, kind: &str) -> Result<Wanted, String> {
    let mut wanted =
        Wanted { source: String::new(), target: String::new(), uid: "0".to_owned(), gid: "0".to_owned(), mode: 0o444 };
    if !text.contains([',', '=']) {
        wanted.source = text.to_owned();
        wanted.target = text.to_owned();
        return if text.is_empty() { Err("source is required".to_owned()) } else { Ok(wanted) };
    }
    for field in &fields(text)? {
        let (key, value) = field.split_once('=').ok_or(format!("invalid field '{field}' must be a key=value pair"))?;
        match key.to_ascii_lowercase().as_str() {
            "source" | "src" => wanted.source = value.to_owned(),
            "target" => wanted.target = value.to_owned(),
            "uid" => wanted.uid = value.to_owned(),
            "gid" => wanted.gid = value.to_owned(),
            "mode" => {
                let mode = parse_uint(value, 32).map_err(|why| format!("invalid mode specified: {why}"))?;
                wanted.mode = mode as u32;
            }
            key => return Err(format!("invalid field in {kind} request: {key}")),
        }
    }
    if wanted.source.is_empty() {
        return Err("source is required".to_owned());
    }
    if wanted.target.is_empty() {
        wanted.target.clone_from(&wanted.source);
    }
    Ok(wanted)
}

/// The configs or secrets that `values` name.
pub(in crate::docker) fn files<'v>(
    kind: FileKind,
    values: impl Iterator<Item = &'v str>,
    store: &Store,
) -> Result<Vec<FileReference>, CliError> {
    let wanted = values.map(|value| parse(value, kind.word()).expect("the value was checked when it was read"));
    resolve(kind, wanted.collect(), store)
}

/// Looks configs or secrets up.
pub(in crate::docker) fn resolve(
    kind: FileKind,
    wanted: Vec<Wanted>,
    store: &Store,
) -> Result<Vec<FileReference>, CliError> {
    let word = kind.word();
    let mut references: Vec<FileReference> = Vec::new();
    for Wanted { source, target, uid, gid, mode } in wanted {
        if references.iter().any(|reference| reference.file == target) {
            return Err(CliError::said(format!("duplicate {word} target for {source} not allowed")));
        }
        let Some(found) = store.files().find(|file| file.kind == kind && file.name == source) else {
            return Err(CliError::said(format!("{word} not found: {source}")));
        };
        references.push(FileReference { id: found.id, name: source, file: target, runtime: false, uid, gid, mode });
    }
    Ok(references)
}

/// The config called `name`, for the runtime alone.
pub(in crate::docker) fn runtime_config(name: &str, store: &Store) -> Result<FileReference, CliError> {
    let found = store.files().find(|file| file.kind == FileKind::Config && file.name == name);
    let Some(found) = found else { return Err(CliError::said(format!("config not found: {name}"))) };
    let none = String::new;
    let (file, uid, gid) = (none(), none(), none());
    Ok(FileReference { id: found.id, name: name.to_owned(), file, runtime: true, uid, gid, mode: 0 })
}

/// Brings the configs of a container in line with its credential spec, which commands write with a config's name and
/// Swarm keeps with its id. Models: setConfigs and updateCredSpecConfig.
pub(super) fn credential_config(container: &mut ContainerSpec, store: &Store) -> Result<(), CliError> {
    let name = container.credential_spec.as_deref().and_then(|spec| spec.strip_prefix(OF_CONFIG)).map(str::to_owned);
    container.configs.retain(|config| !config.runtime || name.as_ref() == Some(&config.name));
    let Some(name) = name else { return Ok(()) };
    if !container.configs.iter().any(|config| config.runtime) {
        container.configs.push(runtime_config(&name, store)?);
    }
    let id = container.configs.iter().find(|config| config.name == name).map(|config| config.id);
    container.credential_spec = id.map(|id| format!("{OF_CONFIG}{id}"));
    Ok(())
}

/// How a credential spec begins that is a config.
const OF_CONFIG: &str = "config://";

/// Reads `--network`; `target` is still what was typed.
pub(super) fn network(text: &str) -> Result<NetworkAttachment, String> {
    let mut attachment = NetworkAttachment::default();
    if !text.contains('=') {
        attachment.target = text.to_owned();
        return Ok(attachment);
    }
    for field in &fields(text)? {
        let (key, value) = field.split_once('=').ok_or(format!("invalid field {field}"))?;
        match key.trim().to_ascii_lowercase().as_str() {
            "name" => attachment.target = value.trim().to_owned(),
            "alias" => attachment.aliases.push(value.trim().to_owned()),
            // What has a meaning for `docker run` only.
            "ip" | "ip6" | "link-local-ip" | "mac-address" | "gw-priority" => {}
            "driver-opt" => {
                let (key, value) =
                    value.split_once('=').ok_or("invalid key value pair format in driver options".to_owned())?;
                attachment.driver_opts.insert(key.trim().to_ascii_lowercase(), value.trim().to_owned());
            }
            key => return Err(format!("invalid field key {key}")),
        }
    }
    if attachment.target.is_empty() { Err("network name/id is not specified".to_owned()) } else { Ok(attachment) }
}

/// The networks that `values` name, by their ids, in the order of those.
pub(super) fn networks<'v>(
    values: impl Iterator<Item = &'v str>,
    store: &Store,
) -> Result<Vec<NetworkAttachment>, CliError> {
    let mut attachments = Vec::new();
    for value in values {
        let mut attachment = network(value).expect("the value was checked when it was read");
        attachment.target = network_id(&attachment.target, store)?;
        attachments.push(attachment);
    }
    collections::sort_by(&mut attachments, |a, b| a.target.cmp(&b.target));
    Ok(attachments)
}

/// The id of a network called by name or id.
pub(in crate::docker) fn network_id(name: &str, store: &Store) -> Result<String, CliError> {
    let mut called = store.networks().filter(|network| network.name == name || network.id.as_str() == name);
    if let Some(network) = called.clone().find(|network| network.node.is_none()) {
        return Ok(network.id.to_string());
    }
    if called.next().is_some() || ["none", "docker_gwbridge"].contains(&name) {
        return Err(refused(format!(
            "The network {name} cannot be used with services. Only networks scoped to the swarm can be used, such as \
             those created with the overlay driver."
        )));
    }
    Err(crate::api::ApiError::NotFound { kind: "network", reference: name.to_owned() }.into())
}

/// `key=value` pairs as a map; a key alone has an empty value.
pub(in crate::docker) fn map<'v>(values: impl Iterator<Item = &'v str>) -> Labels {
    let halves = |text: &str| {
        let (key, value) = text.split_once('=').unwrap_or((text, ""));
        (key.to_owned(), value.to_owned())
    };
    values.map(halves).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read() {
        let wanted = parse("source=sec1,target=/x,mode=0400", "secret").unwrap();
        assert_eq!((wanted.source.as_str(), wanted.target.as_str(), wanted.mode), ("sec1", "/x", 0o400));
        assert_eq!(parse("cfg1", "config").unwrap().target, "cfg1");
        let network = network("name=net1,alias=web,driver-opt=a=b").unwrap();
        assert_eq!((network.target.as_str(), network.aliases.as_slice()), ("net1", ["web".to_owned()].as_slice()));
        assert_eq!(network.driver_opts.get("a").map(String::as_str), Some("b"));
    }

    #[test]
    fn errors_are_dockers() {
        for (value, why) in [
            ("source=a,x", "invalid field 'x' must be a key=value pair"),
            ("foo=a", "invalid field in secret request: foo"),
            ("target=a", "source is required"),
            ("source=a,mode=x", "invalid mode specified: strconv.ParseUint: parsing \"x\": invalid syntax"),
        ] {
            assert_eq!(parse(value, "secret").unwrap_err(), why);
        }
    }
}
