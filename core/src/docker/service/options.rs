//! The flags that `service create` and `service update` share, and the types of their values.
//!
//! Models: docker/cli cli/command/service/opts.go.

use super::references::map;
use crate::docker::flags::{
    BOOL, BYTES, DECIMAL, DURATION, FLOAT, Flag, INT, Kind, LIST, Offer, POSITIVE_DURATION, STRING, UINT,
};
use crate::docker::units::parse_bytes;
use crate::model::{Labels, Ulimit};

pub(super) const ACTIONS: &[&str] = &["pause", "continue", "rollback"];
const ROLLBACK_ACTIONS: &[&str] = &["pause", "continue"];
pub(super) const ORDERS: &[&str] = &["stop-first", "start-first"];

pub(super) const COMMON: [Flag; 51] = [
    Flag::new("cap-add", LIST, "Grant a Linux capability to the containers"),
    Flag::new("cap-drop", LIST, "Take a Linux capability away from the containers"),
    Flag::new("credential-spec", CREDENTIAL_SPEC, "Managed-service-account credential spec (Windows containers)"),
    Flag::new("detach", BOOL, "Return at once, without waiting for the service to converge").short('d'),
    Flag::new("entrypoint", COMMAND_LINE, "Replace the image entrypoint (one shell-quoted string)"),
    Flag::new("health-cmd", STRING, "Shell command that probes the container health"),
    Flag::new("health-interval", POSITIVE_DURATION, "Pause between two health probes"),
    Flag::new("health-retries", INT, "Probe failures in a row that make a container unhealthy"),
    Flag::new("health-start-interval", POSITIVE_DURATION, "Pause between probes while the start period lasts"),
    Flag::new("health-start-period", POSITIVE_DURATION, "Warm-up time during which failures are not counted"),
    Flag::new("health-timeout", POSITIVE_DURATION, "Longest time one probe may take"),
    Flag::new("hostname", STRING, "Host name of the containers (templates allowed)"),
    Flag::new("init", BOOL, "Run a small init process as PID 1"),
    Flag::new("isolation", STRING, "Container isolation technology"),
    Flag::new("limit-cpu", DECIMAL, "CPU ceiling per task"),
    Flag::new("limit-memory", BYTES, "Memory ceiling per task"),
    Flag::new("limit-pids", INT, "Process-count ceiling per task (0 = none)"),
    Flag::new("log-driver", STRING, "Logging driver for the tasks"),
    Flag::new("log-opt", ENV, "Option of the logging driver"),
    Flag::new("max-concurrent", UINT, "How many tasks of a replicated job may run at once (defaults to --replicas)"),
    Flag::new("memory-swap", SWAP, "Swap allowance in bytes (-1 = unlimited)"),
    Flag::new("memory-swappiness", INT, "Swappiness 0-100, -1 restores the default").default("-1"),
    Flag::new("no-healthcheck", BOOL, "Switch off any health check of the image"),
    Flag::new("no-resolve-image", BOOL, "Do not ask the registry for digest and platforms"),
    Flag::new("oom-score-adj", INT, "Adjust the OOM score (-1000 to 1000)"),
    Flag::new("quiet", BOOL, "Wait without showing progress").short('q'),
    Flag::new("read-only", BOOL, "Read-only root filesystem"),
    Flag::new("replicas", UINT, "Desired number of tasks"),
    Flag::new("replicas-max-per-node", UINT, "Cap of tasks of this service on one node (0 = no cap)"),
    Flag::new("reserve-cpu", DECIMAL, "CPU share the scheduler must find"),
    Flag::new("reserve-memory", BYTES, "Memory the scheduler must find"),
    Flag::new("restart-condition", STRING, "none, on-failure or any").offers(Offer::Words(&[
        "any",
        "none",
        "on-failure",
    ])),
    Flag::new("restart-delay", DURATION, "Pause before a replacement task starts"),
    Flag::new("restart-max-attempts", UINT, "Restarts allowed (0 or unset = no limit)"),
    Flag::new("restart-window", DURATION, "Look-back window in which restarts are counted"),
    Flag::new("rollback-delay", DURATION, "Pause after each rolled-back task (ns|us|ms|s|m|h)"),
    Flag::new("rollback-failure-action", STRING, "pause or continue").offers(Offer::Words(ROLLBACK_ACTIONS)),
    Flag::new("rollback-max-failure-ratio", FLOAT, "Failure ratio to tolerate during a rollback"),
    Flag::new("rollback-monitor", DURATION, "How long each rolled-back task is watched"),
    Flag::new("rollback-order", STRING, "start-first or stop-first").offers(Offer::Words(ORDERS)),
    Flag::new("stop-grace-period", DURATION, "Time between the stop signal and the kill"),
    Flag::new("stop-signal", STRING, "Signal used to stop the container"),
    Flag::new("tty", BOOL, "Allocate a pseudo terminal").short('t'),
    Flag::new("update-delay", DURATION, "Pause after each updated task (ns|us|ms|s|m|h)"),
    Flag::new("update-failure-action", STRING, "pause, continue or rollback").offers(Offer::Words(ACTIONS)),
    Flag::new("update-max-failure-ratio", FLOAT, "Failure ratio to tolerate during an update"),
    Flag::new("update-monitor", DURATION, "How long each updated task is watched"),
    Flag::new("update-order", STRING, "start-first or stop-first").offers(Offer::Words(ORDERS)),
    Flag::new("user", STRING, "User (and group) of the container process").short('u'),
    Flag::new("with-registry-auth", BOOL, "Pass the local registry login on to the agents"),
    Flag::new("workdir", STRING, "Working directory of the container process").short('w'),
];

/// Values that are split as a shell splits words.
pub(super) const COMMAND_LINE: Kind = Kind::new("command", |text| words(text).map(drop));

pub(super) const ENV: Kind = Kind::new("list", |text| {
    if text.is_empty() || text.starts_with('=') {
        return Err(format!("invalid environment variable: {text}"));
    }
    Ok(())
});

pub(in crate::docker) const LABEL: Kind = Kind::new("list", |text| {
    let key = text.split('=').next().unwrap_or("").trim_start();
    if key.is_empty() {
        Err(format!("invalid label '{text}': empty name"))
    } else if key.contains(char::is_whitespace) {
        Err(format!("label '{key}' contains whitespaces"))
    } else {
        Ok(())
    }
});

pub(super) const DNS: Kind = Kind::new("list", |text| match text.trim().parse::<std::net::IpAddr>() {
    Ok(_) => Ok(()),
    Err(_) => Err(format!("IP address is not correctly formatted: {text}")),
});

pub(super) const DNS_SEARCH: Kind = Kind::new("list", |text| {
    let domain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.' || c == '_';
    let valid = text == "." || (text.chars().all(domain) && text.contains(|c: char| c.is_ascii_alphabetic()));
    if valid { Ok(()) } else { Err(format!("{text} is not a valid domain")) }
});

pub(super) const HOST: Kind = Kind::new("list", |text| host(text).map(drop));

pub(super) const GENERIC: Kind = Kind::new("list", |text| {
    if text.contains('=') {
        Ok(())
    } else {
        Err(format!("invalid generic-resource format `{text}` expected `name=value`"))
    }
});

pub(super) const PREF: Kind = Kind::new("pref", |text| preference(text).map(drop));

pub(super) const ULIMIT: Kind = Kind::new("ulimit", |text| ulimit(text).map(drop));

pub(super) const SWAP: Kind =
    Kind::new("bytes", |text| if text == "-1" { Ok(()) } else { parse_bytes(text).map(drop) });

pub(super) const CREDENTIAL_SPEC: Kind = Kind::new("credential-spec", |text| {
    if text.is_empty() || ["config://", "file://", "registry://"].iter().any(|prefix| text.starts_with(prefix)) {
        return Ok(());
    }
    Err("invalid credential spec: value must be prefixed with \"config://\", \"file://\", or \"registry://\""
        .to_owned())
});

/// `spread=node.labels.dc`: what is spread over.
pub(super) fn preference(text: &str) -> Result<String, String> {
    match text.split_once('=') {
        Some(("spread", descriptor)) => Ok(descriptor.to_owned()),
        Some((strategy, _)) => Err(format!("unsupported placement preference {strategy} (only spread is supported)")),
        None => Err("placement preference must be of the format \"<strategy>=<arg>\"".to_owned()),
    }
}

/// `db:10.0.0.1` or `db=10.0.0.1`, as in /etc/hosts: address first.
pub(super) fn host(text: &str) -> Result<String, String> {
    let bad = || format!("bad format for add-host: {text:?}");
    let (name, address) = text.split_once('=').or_else(|| text.split_once(':')).ok_or_else(bad)?;
    if name.is_empty() {
        return Err(bad());
    }
    let bare = address.trim_start_matches('[').trim_end_matches(']');
    if bare != "host-gateway" && bare.parse::<std::net::IpAddr>().is_err() {
        return Err(format!("invalid IP address in add-host: {address:?}"));
    }
    Ok(format!("{bare} {name}"))
}

/// `nofile=100:200`
pub(super) fn ulimit(text: &str) -> Result<Ulimit, String> {
    const NAMES: [&str; 16] = [
        "core",
        "cpu",
        "data",
        "fsize",
        "locks",
        "memlock",
        "msgqueue",
        "nice",
        "nofile",
        "nproc",
        "rss",
        "rtprio",
        "rttime",
        "sigpending",
        "stack",
        "as",
    ];
    let (name, limits) = text.split_once('=').ok_or(format!("invalid ulimit argument: {text}"))?;
    if !NAMES.contains(&name) {
        return Err(format!("invalid ulimit type: {name}"));
    }
    let (soft, hard) = limits.split_once(':').unwrap_or((limits, limits));
    if hard.contains(':') {
        return Err(format!("too many limit value arguments - {limits}, can only have up to two, `soft[:hard]`"));
    }
    let (soft, hard) = (crate::docker::units::parse_int(soft)?, crate::docker::units::parse_int(hard)?);
    if hard != -1 && (soft == -1 || soft > hard) {
        let shown = if soft == -1 { format!("soft: -1 (unlimited), hard: {hard}") } else { format!("{soft} > {hard}") };
        return Err(format!("ulimit soft limit must be less than or equal to hard limit: {shown}"));
    }
    Ok(Ulimit { name: name.to_owned(), soft, hard })
}

/// Splits a text into words as a shell does: quotes, `\\` and comments.
pub(in crate::docker) fn words(text: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            ' ' | '\t' | '\n' | '\r' => words.extend(word.take()),
            '#' if word.is_none() => break,
            '\\' => {
                let escaped = chars.next().ok_or("EOF found after escape character")?;
                word.get_or_insert_default().push(escaped);
            }
            '\'' | '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next().ok_or("EOF found when expecting closing quote")? {
                        end if end == c => break,
                        '\\' if c == '"' => word.push(chars.next().ok_or("EOF found when expecting closing quote")?),
                        inner => word.push(inner),
                    }
                }
            }
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Ok(words)
}

/// Takes `key`s out of a map, then puts `key=value` pairs in.
pub(super) fn edit_map<'v>(
    labels: &mut Labels,
    remove: impl Iterator<Item = &'v str>,
    add: impl Iterator<Item = &'v str>,
) {
    for key in remove {
        labels.remove(key);
    }
    labels.extend(map(add));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn command_lines_split_as_in_a_shell() {
        assert_eq!(words("a 'b c' \"d \\\" e\" f\\ g # no").unwrap(), ["a", "b c", "d \" e", "f g"]);
        assert_eq!(words("").unwrap(), [""; 0]);
        assert_eq!(words("'a").unwrap_err(), "EOF found when expecting closing quote");
    }

    #[test]
    fn hosts_limits_and_preferences_are_read() {
        assert_eq!(host("a:1.2.3.4").unwrap(), "1.2.3.4 a");
        assert_eq!(host("x").unwrap_err(), "bad format for add-host: \"x\"");
        let limit = ulimit("nofile=100:200").unwrap();
        assert_eq!((limit.soft, limit.hard), (100, 200));
        assert_eq!(ulimit("x").unwrap_err(), "invalid ulimit argument: x");
        assert_eq!(ulimit("foo=1").unwrap_err(), "invalid ulimit type: foo");
        assert_eq!(preference("spread=node.labels.dc"), Ok("node.labels.dc".to_owned()));
        assert!(preference("x").unwrap_err().starts_with("placement preference must be of the format"));
    }
}
