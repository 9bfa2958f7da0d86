//! Commands that a real machine has and this shell has not: they are refused in our own words, because bash's `command
//! not found` would be taken for a typing error.

#[rustfmt::skip]
pub(super) const KNOWN: &[&str] = &[
    "alias", "apt", "apt-get", "awk", "bash", "cd", "chmod", "cp", "cut", "date", "df", "diff", "dig", "docker-compose",
    "docker-machine", "env", "export", "find", "free", "git", "grep", "hostnamectl", "htop", "ifconfig", "ip", "iptables",
    "journalctl", "jq", "kill", "kubectl", "less", "ln", "ls", "lsof", "man", "mkdir", "more", "mv", "nano", "nc",
    "netstat", "nginx", "nslookup", "openssl", "ping", "podman", "printf", "ps", "pwd", "python", "python3", "read",
    "reboot", "rm", "rmdir", "scp", "sed", "seq", "service", "set", "sh", "shutdown", "sort", "source", "ss", "ssh",
    "sudo", "systemctl", "tail", "tar", "tee", "telnet", "test", "top", "touch", "tr", "tree", "type", "uname", "uniq",
    "unset", "uptime", "vi", "vim", "wait", "watch", "wc", "wget", "which", "whoami", "xargs", "yes", "yq", "yum",
];
