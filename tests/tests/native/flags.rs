//! Every command and flag of Docker's that a swarm knows, as `tests/data/cli-flags.json` lists them: it is parsed,
//! refuses what is wrong in Docker's words, and stands in help and in completion.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde::Deserialize;
use swarmyard_core::docker::{self, Flow, Kept, Machine};
use swarmyard_core::id::NodeId;
use swarmyard_core::output::Output;
use swarmyard_core::scenario::Scenario;
use swarmyard_core::time::SECOND;
use swarmyard_core::world::World;

#[derive(Deserialize)]
struct Listed {
    #[serde(rename = "use")]
    usage: String,
    args: Count,
    aliases: Vec<String>,
    flags: Vec<Flag>,
}

#[derive(Deserialize)]
struct Count {
    min: usize,
    max: Option<usize>,
}

#[derive(Deserialize)]
struct Flag {
    name: String,
    shorthand: Option<char>,
    #[serde(rename = "type")]
    kind: String,
    default: Option<String>,
}

/// A prompt, which need not be a person's.
struct Prompt {
    world: World,
    node: NodeId,
}

impl Prompt {
    fn new() -> Prompt {
        let mut world = World::new(&Scenario::lab(), 1);
        world.advance(SECOND);
        let node = world.store().nodes().find(|node| node.description.hostname == "manager").expect("it is there").id;
        Prompt { world, node }
    }

    /// Output, both streams in one, and exit code.
    fn say(&mut self, words: &[&str]) -> (String, Option<i32>) {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let mut output = Output::new(None);
        let file = |path: &str| match path {
            "/etc/hostname" => Ok(Rc::from("manager\n")),
            _ => Err("No such file or directory"),
        };
        let path = |path: &str| path.to_owned();
        let machine = Machine { file: &file, path: &path, variable: &|_| None, input: Some(""), keep: &Kept::nothing };
        let exit = match docker::run(&mut self.world, self.node, &words, &machine, &mut output) {
            Flow::Exit(code) => Some(code),
            Flow::Hold(_) | Flow::Read(_) | Flow::Inside(_) => None,
        };
        (output.take().into_iter().map(|(_, text)| text).collect(), exit)
    }

    fn completes(&self, words: &[&str], with: &str) -> bool {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        docker::complete(&self.world, self.node, &words).iter().any(|candidate| candidate.text == with)
    }
}

fn listed() -> BTreeMap<String, Listed> {
    let text = include_str!("../../data/cli-flags.json");
    let listed: BTreeMap<String, Listed> = serde_json::from_str(text).expect("the list is as described here");
    assert_eq!(listed.len(), 48);
    listed
}

/// Calls `check` for every command with the words that follow `docker`, and joins its complaints.
fn each(check: impl Fn(&mut Prompt, &[&str], &Listed) -> Vec<String>) {
    let mut prompt = Prompt::new();
    let mut complaints = Vec::new();
    for (path, command) in listed() {
        let words: Vec<&str> = path.split(' ').skip(1).filter(|word| *word != "(global)").collect();
        complaints.extend(check(&mut prompt, &words, &command).into_iter().map(|what| format!("{path}: {what}")));
    }
    assert!(complaints.is_empty(), "{}\n{} complaints", complaints.join("\n"), complaints.len());
}

/// Calls `check` for every flag of every command.
fn each_flag(check: impl Fn(&mut Prompt, &[&str], &Flag) -> Option<String>) {
    each(|prompt, words, command| {
        let complaint = |flag: &Flag| Some(format!("--{}: {}", flag.name, check(prompt, words, flag)?));
        command.flags.iter().filter_map(complaint).collect()
    });
}

/// Values of a flag: one that is right, and one that is wrong with Docker's words for it, where there can be one.
fn values(words: &[&str], flag: &Flag) -> (&'static str, Option<(&'static str, &'static str)>) {
    let name = flag.name.as_str();
    let of = words.first().copied().unwrap_or_default();
    let service = of == "service";
    match flag.kind.as_str() {
        "bool" => ("true", Some(("x", r#"strconv.ParseBool: parsing "x": invalid syntax"#))),
        "int" | "int64" => ("3", Some(("x", r#"strconv.ParseInt: parsing "x": invalid syntax"#))),
        "uint32" => ("24", Some(("4294967296", r#"strconv.ParseUint: parsing "4294967296": value out of range"#))),
        "uint" | "uint64" => ("3", Some(("-1", r#"strconv.ParseUint: parsing "-1": invalid syntax"#))),
        "float" => ("0.5", Some(("x", r#"strconv.ParseFloat: parsing "x": invalid syntax"#))),
        "decimal" => ("0.5", Some(("x", "failed to parse x as a rational number"))),
        "bytes" => ("64M", Some(("x", "invalid size: 'x'"))),
        "duration" => match name {
            "health-interval" => ("5s", Some(("-1s", "duration cannot be negative"))),
            _ => ("1m30s", Some(("5", r#"time: missing unit in duration "5""#))),
        },
        "filter" => ("name=x", Some(("x", "bad format of filter (expected name=value)"))),
        "port" => ("8080:80", Some(("target=x", "invalid target port (x): value must be an integer: invalid syntax"))),
        "pref" => (
            "spread=node.labels.x",
            Some(("pack=x", "unsupported placement preference pack (only spread is supported)")),
        ),
        "mount" => ("type=volume,source=v,target=/v", Some(("x", "invalid field 'x' must be a key=value pair"))),
        "secret" => ("source=x,target=/x", Some(("x=y,z=w", "invalid field in secret request: x"))),
        "config" => ("source=x,target=/x", Some(("x=y,z=w", "invalid field in config request: x"))),
        "ulimit" => ("nofile=1:2", Some(("x", "invalid ulimit argument: x"))),
        "network" => ("net", Some(("name=x,y=z", "invalid field key y"))),
        "command" => ("sh -c 'a b'", Some(("'a", "EOF found when expecting closing quote"))),
        "credential-spec" => (
            "config://x",
            Some((
                "x",
                r#"invalid credential spec: value must be prefixed with "config://", "file://", or "registry://""#,
            )),
        ),
        "pem-file" => ("/etc/hostname", Some(("/none", "open /none: no such file or directory"))),
        "external-ca" => ("protocol=cfssl,url=https://x", Some(("x", "invalid field 'x' must be a key=value pair"))),
        "ipNetSlice" if of == "swarm" => ("10.20.0.0/16", Some(("x", "invalid string being converted to CIDR: x"))),
        "node-addr" => ("eth0:2377", Some(("x:y:z", "invalid bind address format: x:y:z"))),
        "stringSlice" | "ipSlice" | "ipNetSlice" => {
            ("10.1.0.0/16", Some(("a\"", r#"parse error on line 1, column 2: bare " in non-quoted-field"#)))
        }
        "list" if of == "node" => ("a=b", None),
        "list"
            if name.starts_with("label") && !name.ends_with("rm")
                || name.starts_with("container-label") && !name.ends_with("rm") =>
        {
            ("a=b", Some(("=b", "invalid label '=b': empty name")))
        }
        "list" if service && matches!(name, "env" | "env-add" | "log-opt") => {
            ("A=b", Some(("=b", "invalid environment variable: =b")))
        }
        "list" if matches!(name, "dns" | "dns-add") => {
            ("1.1.1.1", Some(("x", "IP address is not correctly formatted: x")))
        }
        "list" if matches!(name, "dns-search" | "dns-search-add") => ("a.b", Some(("1", "1 is not a valid domain"))),
        "list" if matches!(name, "host" | "host-add") && service => {
            ("a:1.1.1.1", Some(("x", r#"bad format for add-host: "x""#)))
        }
        "list" if matches!(name, "generic-resource" | "generic-resource-add") => {
            ("gpu=1", Some(("x", "invalid generic-resource format `x` expected `name=value`")))
        }
        "list" | "map" | "string" => ("x", None),
        other => panic!("a kind of flag that nobody knows: {other}"),
    }
}

/// The word behind a flag in help.
fn word(flag: &Flag) -> &str {
    match flag.kind.as_str() {
        "bool" => "",
        "int64" => "int",
        "uint64" => "uint",
        // Of these the list has what later versions of Docker say.
        "stringSlice" | "ipSlice" => "strings",
        "ipNetSlice" if flag.name == "ip-range" => "strings",
        "string" if flag.name == "host" => "list",
        kind => kind,
    }
}

#[test]
fn every_flag_takes_a_right_value() {
    each_flag(|prompt, words, flag| {
        let (right, _) = values(words, flag);
        let mut given = vec![[format!("--{}", flag.name), right.to_owned()].to_vec()];
        if let Some(short) = flag.shorthand.filter(|_| flag.name != "help") {
            given.push(vec![format!("-{short}"), right.to_owned()]);
            given.push(vec![format!("-{short}={right}")]);
        }
        if flag.kind == "bool" {
            given = given.into_iter().map(|words| vec![words[0].split('=').next().unwrap_or("").to_owned()]).collect();
        }
        let help = [if flag.name == "help" { "--help" } else { "--no-such" }];
        given.iter().find_map(|given| {
            let all: Vec<&str> = words.iter().copied().chain(given.iter().map(String::as_str)).chain(help).collect();
            let (said, exit) = prompt.say(&all);
            let known = said.starts_with("unknown flag: --no-such\n") && exit == Some(125)
                || help == ["--help"] && exit == Some(0);
            (!known).then(|| format!("{given:?} {said}"))
        })
    });
}

#[test]
fn every_flag_refuses_a_wrong_value() {
    each_flag(|prompt, words, flag| {
        let (_, wrong) = values(words, flag);
        let name = flag.shorthand.map_or(format!("--{}", flag.name), |short| format!("-{short}, --{}", flag.name));
        let given = |value: &str| match flag.kind.as_str() {
            "bool" => vec![format!("--{}={value}", flag.name)],
            _ => vec![format!("--{}", flag.name), value.to_owned()],
        };
        let (given, expected) = match wrong {
            _ if flag.name == "help" => return None,
            Some((value, why)) => {
                let value_quoted = value.replace('"', "\\\"");
                (given(value), format!("invalid argument \"{value_quoted}\" for \"{name}\" flag: {why}\n"))
            }
            None => (vec![format!("--{}", flag.name)], format!("flag needs an argument: --{}\n", flag.name)),
        };
        let (said, exit) =
            prompt.say(&words.iter().copied().chain(given.iter().map(String::as_str)).collect::<Vec<_>>());
        (!said.starts_with(&expected) || exit != Some(125)).then(|| format!("expected {expected}    got {said}"))
    });
}

#[test]
fn every_flag_stands_in_help() {
    each_flag(|prompt, words, flag| {
        let (help, _) = prompt.say(&[words, &["--help"]].concat());
        let short = flag.shorthand.map_or("      ".to_owned(), |short| format!("  -{short}, "));
        let space = if word(flag).is_empty() { "" } else { " " };
        let head = format!("{short}--{}{space}{} ", flag.name, word(flag));
        // Docker hides this one.
        let listed = flag.name == "help" || format!("{help} ").contains(&head);
        let default = match (flag.default.as_deref(), flag.kind.as_str()) {
            (None | Some("" | "false" | "0" | "0s" | "[]"), _) => String::new(),
            // The recorded ones name the folder, whatever lies in it.
            (Some(default), _) if default.starts_with("~/.docker") => "(default \"/root/.docker\")".to_owned(),
            (Some(default), "string") => format!("(default \"{default}\")"),
            (Some(default), _) => format!("(default {default})"),
        };
        let flat = help.split_whitespace().collect::<Vec<_>>().join(" ");
        let told = flat.contains(&default.split_whitespace().collect::<Vec<_>>().join(" "));
        (!listed || !told).then(|| format!("no {head:?} {default} in\n{help}"))
    });
}

#[test]
fn every_flag_is_completed() {
    each_flag(|prompt, words, flag| {
        let name = format!("--{}", flag.name);
        let typed = &name[..name.len() - 1];
        (!prompt.completes(&[words, &[typed]].concat(), &name)).then(|| "is not completed".to_owned())
    });
}

#[test]
fn every_command_is_known_by_all_its_names() {
    each(|prompt, words, command| {
        let mut complaints = Vec::new();
        let mut check = |fine: bool, what: String| complaints.extend((!fine).then_some(what));
        if words.is_empty() {
            return complaints;
        }
        let (last, before) = words.split_last().expect("no command is empty");
        check(prompt.completes(&[before, &[&last[..last.len() - 1]]].concat(), last), "is not completed".to_owned());
        let line = format!("Usage:  docker {}\n", [&before.join(" "), command.usage.as_str()].join(" ").trim());
        let (help, exit) = prompt.say(&[words, &["--help"]].concat());
        check(help.starts_with(&line) && exit == Some(0), format!("no {line} in {help}"));
        for alias in &command.aliases {
            // As a word in the command's place, or as a path of its own.
            let own: Vec<&str> = alias.split(' ').filter(|word| *word != "docker").collect();
            let path = if alias.contains(' ') { own } else { [before, &[alias]].concat() };
            check(help.contains(&format!("docker {}", path.join(" "))), format!("{alias} is not in help"));
            let (other, _) = prompt.say(&[&path[..], &["--help"]].concat());
            let after_usage = |help: &str| help.split_once('\n').map(|(_, after)| after.to_owned());
            check(after_usage(&other) == after_usage(&help), format!("{alias} has another help: {other}"));
        }
        complaints
    });
}

#[test]
fn every_command_counts_its_arguments() {
    each(|prompt, words, command| {
        let path = format!("docker {}", words.join(" "));
        let plural = |n: usize| if n == 1 { "" } else { "s" };
        let Count { min, max } = command.args;
        let rule = match (min, max) {
            (0, Some(0)) => "accepts no arguments".to_owned(),
            (min, Some(max)) if min == max => format!("requires {min} argument{}", plural(min)),
            (0, Some(max)) => format!("requires at most {max} argument{}", plural(max)),
            (min, Some(max)) => format!("requires at least {min} and at most {max} arguments"),
            (min, None) => format!("requires at least {min} argument{}", plural(min)),
        };
        let mut wrong = Vec::new();
        wrong.extend(min.checked_sub(1));
        wrong.extend(max.map(|max| max + 1));
        let expected = format!("docker: '{path}' {rule}\n\nUsage:  {path}");
        let said = |given: usize| prompt.say(&[words, &vec!["x"; given]].concat());
        let answers: Vec<_> = wrong.into_iter().map(said).collect();
        let bad = |(said, exit): &(String, Option<i32>)| !said.starts_with(&expected) || *exit != Some(1);
        answers
            .into_iter()
            .filter(bad)
            .map(|(said, exit)| format!("expected {expected}\n    got {said} {exit:?}"))
            .collect()
    });
}
