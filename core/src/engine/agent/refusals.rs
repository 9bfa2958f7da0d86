//! What a container cannot be made with: mounts and signals that are no good.
//!
//! Models: moby daemon/cluster/executor/container/validate.go, volume/mounts/linux_parser.go, volume/local/local.go.
//! Differs: machines have no disks here. Of what a user may have made (`/root`, `/home`, `/tmp`, `/data`) everything is
//! taken to be there, and else what every Linux has.

use crate::model::{ContainerSpec, Mount};

const THERE: &str = "/ /bin /boot /dev /dev/shm /etc /etc/hostname /etc/hosts /etc/localtime /etc/passwd /etc/resolv.conf \
                     /etc/timezone /lib /lib/modules /media /mnt /opt /proc /run /run/docker.sock /sbin /srv /sys \
                     /sys/fs/cgroup /usr /var /var/lib /var/lib/docker /var/log /var/run /var/run/docker.sock /var/tmp";

/// Linux's signals by their numbers, from 1 on.
const SIGNALS: &str = "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP \
                       TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS";

/// The number of a signal: `9`, `KILL`, `sigkill`.
pub(crate) fn signal(text: &str) -> Option<u8> {
    let upper = text.to_ascii_uppercase();
    let name = upper.strip_prefix("SIG").unwrap_or(&upper);
    let named = SIGNALS.split(' ').position(|known| known == name).map(|place| place as u8 + 1);
    named.or_else(|| text.parse().ok().filter(|number| (1..=64).contains(number)))
}

/// Why an agent makes no controller for a task.
pub(super) fn no_controller(spec: &ContainerSpec) -> Option<String> {
    spec.mounts.iter().find_map(malformed)
}

/// What the engine says when it is to make such a container; `None` where it can.
pub(super) fn refusal(spec: &ContainerSpec) -> Option<String> {
    let stop_signal = || {
        (!spec.stop_signal.is_empty() && signal(&spec.stop_signal).is_none())
            .then(|| format!("invalid signal: {}", spec.stop_signal))
    };
    no_controller(spec).or_else(stop_signal).or_else(|| spec.mounts.iter().find_map(missing))
}

/// What can be told without looking at the machine.
fn malformed(mount: &Mount) -> Option<String> {
    let absolute = mount.source.starts_with('/');
    Some(match mount.kind.as_str() {
        "bind" if !absolute => format!("invalid bind mount source, must be an absolute path: {}", mount.source),
        "volume" if absolute => format!("invalid volume mount source, must not be an absolute path: {}", mount.source),
        "tmpfs" if !mount.source.is_empty() => "invalid tmpfs source, source must be empty".to_owned(),
        _ if !mount.target.starts_with('/') => {
            format!("invalid mount target, must be an absolute path: {}", mount.target)
        }
        _ => return None,
    })
}

fn missing(mount: &Mount) -> Option<String> {
    match mount.kind.as_str() {
        "bind" if !is_there(&mount.source) => {
            Some(format!("invalid mount config for type \"bind\": bind source path does not exist: {}", mount.source))
        }
        "volume" if !mount.source.is_empty() => volume(&mount.source),
        _ => None,
    }
}

fn is_there(path: &str) -> bool {
    let path = match path.trim_end_matches('/') {
        "" => "/",
        path => path,
    };
    let users = ["/root", "/home", "/tmp", "/data"];
    let below = |top: &&str| path.strip_prefix(*top).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    users.iter().any(below) || THERE.split(' ').any(|there| there == path)
}

fn volume(name: &str) -> Option<String> {
    if name.len() == 1 {
        return Some(format!(
            "create {name}: volume name is too short, names should be at least two alphanumeric characters"
        ));
    }
    let first = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    let valid = first && name.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c));
    (!valid).then(|| {
        format!(
            "create {name}: \"{name}\" includes invalid characters for a local volume name, only \
             \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a host directory, use absolute path"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_and_names_are_judged() {
        let check = |kind: &str, source: &str| {
            let mount =
                Mount { kind: kind.to_owned(), source: source.to_owned(), target: "/t".to_owned(), ..Mount::default() };
            refusal(&ContainerSpec { mounts: vec![mount], ..ContainerSpec::default() })
        };
        for (kind, source) in [
            ("bind", "/tmp"),
            ("bind", "/root/x/"),
            ("bind", "/"),
            ("bind", "/var/run/docker.sock"),
            ("volume", "v1"),
            ("volume", ""),
            ("tmpfs", ""),
        ] {
            assert_eq!(check(kind, source), None, "{source}");
        }
        assert_eq!(
            check("bind", "/nosuch").unwrap(),
            "invalid mount config for type \"bind\": bind source path does not exist: /nosuch"
        );
        assert!(check("bind", "/tmpx").is_some());
        assert_eq!(check("bind", "").unwrap(), "invalid bind mount source, must be an absolute path: ");
        assert_eq!(check("volume", "/v").unwrap(), "invalid volume mount source, must not be an absolute path: /v");
        let stops_by =
            |signal: &str| refusal(&ContainerSpec { stop_signal: signal.to_owned(), ..ContainerSpec::default() });
        assert_eq!(stops_by("FOO").unwrap(), "invalid signal: FOO");
        assert_eq!((stops_by("SIGQUIT"), stops_by("9"), signal("term")), (None, None, Some(15)));
        assert_eq!(
            check("volume", "v").unwrap(),
            "create v: volume name is too short, names should be at least two alphanumeric characters"
        );
        assert!(check("volume", "-ab").unwrap().starts_with("create -ab: \"-ab\" includes invalid characters"));
    }
}
