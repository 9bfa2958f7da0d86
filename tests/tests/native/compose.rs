//! `docker stack config` against what Docker's own command line, 28.2.2, answered of the same files:
//! `tests/compose/*.txt`, where `####` begins a file and `====` the answer, after its exit code and further flags.

use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;

use swarmyard_core::docker::{Flow, Kept, Machine, run};
use swarmyard_core::output::Output;
use swarmyard_core::scenario::Scenario;
use swarmyard_core::world::World;

#[test]
fn compose_files_are_read_as_docker_reads_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("compose");
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in std::fs::read_dir(folder).expect("the compose files are there") {
        let path = entry.expect("a folder can be read").path();
        let text = std::fs::read_to_string(&path).expect("they are text");
        for case in cases(&text) {
            count += 1;
            let (exit, said) = answer(&case);
            if (exit, said.as_str()) != (case.exit, case.said.as_str()) {
                let files: Vec<String> = case.files.iter().map(|(name, text)| format!("{name}:\n{text}")).collect();
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                wrong.push(format!(
                    "══ {name}\n{}\n── Docker says [{}]\n{}\n── simulated [{exit}]\n{said}\n",
                    files.join("\n"),
                    case.exit,
                    case.said
                ));
            }
        }
    }
    assert!(count > 300, "only {count} cases were found");
    assert!(wrong.is_empty(), "{}{} of {count} are wrong", wrong.join(""), wrong.len());
}

struct Case {
    files: Vec<(String, String)>,
    flags: Vec<String>,
    exit: i32,
    said: String,
}

fn cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut answered = true;
    for line in text.lines().skip(1) {
        if let Some(name) = line.strip_prefix("#### ") {
            if answered {
                cases.push(Case { files: Vec::new(), flags: Vec::new(), exit: 0, said: String::new() });
            }
            answered = false;
            if let Some(case) = cases.last_mut() {
                case.files.push((name.to_owned(), String::new()));
            }
            continue;
        }
        let Some(case) = cases.last_mut() else { continue };
        if let Some(rest) = line.strip_prefix("==== ") {
            let mut words = rest.split(' ');
            case.exit = words.next().and_then(|exit| exit.parse().ok()).expect("an exit code");
            case.flags = words.map(str::to_owned).collect();
            answered = true;
        } else if answered {
            case.said += &format!("{line}\n");
        } else if let Some((_, text)) = case.files.last_mut() {
            *text += &format!("{line}\n");
        }
    }
    for case in &mut cases {
        case.said = case.said.trim_end_matches('\n').to_owned();
    }
    cases
}

/// What the simulator answers, with the times of its log masked.
fn answer(case: &Case) -> (i32, String) {
    let mut world = World::new(&Scenario::lab(), 1);
    let node = world.store().nodes().next().expect("the lab has nodes").id;
    let files: BTreeMap<String, Rc<str>> =
        case.files.iter().map(|(name, text)| (format!("/root/{name}"), text.as_str().into())).collect();
    let path = |path: &str| {
        let full = if path.starts_with('/') { path.to_owned() } else { format!("/root/{path}") };
        let mut parts: Vec<&str> = Vec::new();
        for part in full.split('/').filter(|part| !part.is_empty() && *part != ".") {
            if part == ".." {
                parts.pop();
            } else {
                parts.push(part);
            }
        }
        format!("/{}", parts.join("/"))
    };
    let file = |name: &str| files.get(&path(name)).cloned().ok_or("No such file or directory");
    let variable = |name: &str| {
        let known = [("HOME", "/root"), ("A", "x"), ("N", "3"), ("T", "true"), ("EMPTY", "")];
        known.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    };
    let machine = Machine { file: &file, path: &path, variable: &variable, input: None, keep: &Kept::nothing };
    let mut args = vec!["stack".to_owned(), "config".to_owned()];
    for (name, _) in case.files.iter().filter(|(name, _)| name.ends_with(".yml")) {
        args.extend(["-c".to_owned(), name.clone()]);
    }
    args.extend(case.flags.iter().cloned());
    let mut output = Output::new(None);
    let exit = match run(&mut world, node, &args, &machine, &mut output) {
        Flow::Exit(exit) => exit,
        flow => panic!("it ends at once, and not as {flow:?}"),
    };
    // What is said on standard error follows what is said on standard output.
    let (mut out, mut err) = (String::new(), String::new());
    for (stream, text) in output.take() {
        match stream {
            swarmyard_core::output::Stream::Out => out += &text,
            swarmyard_core::output::Stream::Err => err += &text,
        }
    }
    let masked: Vec<String> = (out + &err).lines().map(mask).collect();
    (exit, masked.join("\n").trim_end_matches('\n').to_owned())
}

fn mask(line: &str) -> String {
    match line.strip_prefix("time=\"").and_then(|rest| rest.split_once('"')) {
        Some((_, rest)) => format!("time=\"T\"{rest}"),
        None => line.to_owned(),
    }
}
