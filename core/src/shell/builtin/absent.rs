//! Commands that a real machine has and this shell has not: they are refused in our own words, because bash's `command
//! not found` would be taken for a typing error.

#[rustfmt::skip]
pub(super) const KNOWN: &[&str] = &[
    "ab", "apk", "apt", "apt-get", "bg", "brew", "column", "comm", "crontab", "curlie", "dd", "declare", "df",
    "diff", "dig", "disown", "dnf", "docker-compose", "docker-credential-helper", "docker-machine", "du", "emacs",
    "file", "find", "firewall-cmd", "fold", "free", "getopts", "git", "go", "groups", "hey", "hostnamectl", "htop",
    "http", "id", "ifconfig", "ip", "ip6tables", "iptables", "join", "journalctl", "killall", "kubectl", "less",
    "ln", "locale", "lsof", "make", "man", "mapfile", "more", "mount", "nano", "nc", "netstat", "nginx", "nl",
    "node", "npm", "nslookup", "passwd", "paste", "pgrep", "pico", "ping", "pip", "pip3", "pkill", "podman", "ps",
    "python", "python3", "reboot", "rev", "scp", "screen", "service", "shutdown", "siege", "snap", "ss", "ssh",
    "stat", "strace", "systemctl", "tac", "tar", "tcpdump", "telnet", "tmux", "top", "trap", "tree", "ufw", "uname",
    "uptime", "useradd", "vi", "vim", "wget", "wrk", "yes", "yq", "yum",
];

/// What to write instead, or where to look.
pub(super) fn instead(name: &str) -> &'static str {
    match name {
        "nano" | "vi" | "vim" | "emacs" | "pico" => "write `edit FILE`",
        "docker-compose" => "a swarm takes its files with `docker stack deploy -c FILE NAME`",
        "ssh" | "scp" | "docker-machine" => "every node has a prompt of its own",
        "less" | "more" => "write `cat`",
        "shutdown" | "reboot" | "systemctl" | "service" => "`help world` tells how to switch machines off and on",
        "ab" | "hey" | "wrk" | "siege" | "wget" | "http" => "write `curl` in a loop",
        _ => "`help` lists what can be typed here",
    }
}
