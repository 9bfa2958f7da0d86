//! `--publish`: the short form `8080:80/tcp` and the long one `published=8080,target=80`.
//!
//! Models: docker/cli opts/port.go and docker/go-connections nat.

use crate::docker::csv::fields;
use crate::docker::flags::Kind;
use crate::model::{PortConfig, Protocol, PublishMode};

pub(crate) const PORT: Kind = Kind::new("port", |text| parse(text).map(drop));

/// The ports that a value publishes.
pub(super) fn parse(text: &str) -> Result<Vec<PortConfig>, String> {
    // As in Docker, one `word=word` anywhere makes it the long form.
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let long =
        text.split_once('=').is_some_and(|(before, after)| before.ends_with(is_word) && after.starts_with(is_word));
    if long { long_form(text).map(|port| vec![port]) } else { short_form(text) }
}

fn long_form(text: &str) -> Result<PortConfig, String> {
    let mut port = port_of(0, 0, Protocol::Tcp);
    for field in &fields(text)? {
        let lower = field.to_ascii_lowercase();
        let (key, value) =
            lower.split_once('=').filter(|(key, _)| !key.is_empty()).ok_or(format!("invalid field: {field}"))?;
        match key {
            "protocol" => port.protocol = Protocol::of(value).ok_or(format!("invalid protocol value '{value}'"))?,
            "mode" => {
                port.mode = PublishMode::of(value)
                    .ok_or(format!("invalid publish mode value ({value}): must be either 'ingress' or 'host'"))?;
            }
            "target" => port.target = number(value, "target")?,
            "published" => port.published = number(value, "published")?,
            _ => return Err(format!("invalid field key: {key}")),
        }
    }
    if port.target == 0 { Err("missing mandatory field 'target'".to_owned()) } else { Ok(port) }
}

fn number(text: &str, what: &str) -> Result<u32, String> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let problem = if digits { "value out of range" } else { "invalid syntax" };
    let number = text.parse::<u16>().ok().filter(|_| digits);
    number.map(u32::from).ok_or(format!("invalid {what} port ({text}): value must be an integer: {problem}"))
}

fn short_form(text: &str) -> Result<Vec<PortConfig>, String> {
    let ports = parse_short(text)?;
    if text.rsplitn(3, ':').nth(2).is_some_and(|address| !address.is_empty()) {
        return Err("hostip is not supported".to_owned());
    }
    Ok(ports)
}

/// The ports of the short form. An address before them does not count.
pub(in crate::docker) fn parse_short(text: &str) -> Result<Vec<PortConfig>, String> {
    let mut parts = text.rsplitn(3, ':');
    let container = parts.next().unwrap_or("");
    let host = parts.next().unwrap_or("");
    let address = parts.next().unwrap_or("");
    let (container, protocol) = match container.split_once('/') {
        Some((container, "")) => (container, "tcp"),
        Some((container, protocol)) => (container, protocol),
        None => (container, "tcp"),
    };
    let bare = address.trim_start_matches('[').trim_end_matches(']');
    if !bare.is_empty() && bare.parse::<std::net::IpAddr>().is_err() {
        return Err(format!("invalid IP address: {bare}"));
    }
    if container.is_empty() {
        return Err(format!("no port specified: {text}<empty>"));
    }
    let (start, end) = range(container).ok_or(format!("invalid containerPort: {container}"))?;
    let (host_start, host_end) = match host {
        "" => (0, 0),
        host => range(host).ok_or(format!("invalid hostPort: {host}"))?,
    };
    if !host.is_empty() && end - start != host_end - host_start && end != start {
        return Err(format!("invalid ranges specified for container and host Ports: {container} and {host}"));
    }
    let protocol = Protocol::of(&protocol.to_ascii_lowercase()).ok_or(format!("invalid proto: {protocol}"))?;
    // Several host ports may lead to one container port.
    let last = if end > start { end - start } else { host_end - host_start };
    Ok((0..=last)
        .map(|step| {
            let target = if end > start { start + step } else { start };
            port_of(target, if host.is_empty() { 0 } else { host_start + step }, protocol)
        })
        .collect())
}

/// `80` or `80-90`
fn range(text: &str) -> Option<(u32, u32)> {
    let number = |text: &str| text.parse::<u16>().ok().filter(|_| !text.starts_with('+')).map(u32::from);
    match text.split_once('-') {
        Some((from, to)) => Some((number(from)?, number(to)?)).filter(|(from, to)| from <= to),
        None => number(text).map(|port| (port, port)),
    }
}

fn port_of(target: u32, published: u32, protocol: Protocol) -> PortConfig {
    PortConfig { name: String::new(), protocol, target, published, mode: PublishMode::Ingress }
}

/// The text by which ports are sorted and told apart.
pub(super) fn text(port: &PortConfig) -> String {
    format!("{}:{}/{}/{}", port.published, port.target, port.protocol.word(), port.mode.word())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: &str, expected: &str) {
        let parsed = parse(value).map(|ports| ports.iter().map(text).collect::<Vec<_>>().join(" "));
        assert_eq!(parsed.unwrap_or_else(|why| why), expected, "{value}");
    }

    #[test]
    fn both_forms_are_read() {
        check("8080:80", "8080:80/tcp/ingress");
        check("80", "0:80/tcp/ingress");
        check("53:53/udp", "53:53/udp/ingress");
        check("8000-8001:80-81", "8000:80/tcp/ingress 8001:81/tcp/ingress");
        check("8000-8001:80", "8000:80/tcp/ingress 8001:80/tcp/ingress");
        check("published=8000,target=8000", "8000:8000/tcp/ingress");
        check("target=80,mode=host,protocol=udp", "0:80/udp/host");
    }

    #[test]
    fn errors_are_dockers() {
        for (value, why) in [
            ("x", "invalid containerPort: x"),
            ("99999:80", "invalid hostPort: 99999"),
            ("80:99999", "invalid containerPort: 99999"),
            ("published=80", "missing mandatory field 'target'"),
            ("target=80,foo=bar", "invalid field key: foo"),
            ("target=80,x", "invalid field: x"),
            ("target=x", "invalid target port (x): value must be an integer: invalid syntax"),
            (
                "target=80,published=99999",
                "invalid published port (99999): value must be an integer: value out of range",
            ),
            ("target=80,mode=foo", "invalid publish mode value (foo): must be either 'ingress' or 'host'"),
            ("target=80,protocol=foo", "invalid protocol value 'foo'"),
            ("127.0.0.1:80:80", "hostip is not supported"),
            ("80/x", "invalid proto: x"),
            ("80-81:80-83", "invalid ranges specified for container and host Ports: 80-83 and 80-81"),
        ] {
            check(value, why);
        }
    }
}
