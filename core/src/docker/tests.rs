//! The docker command line as a person sees it: lines in, text and exit codes out. Expected texts are those that a
//! real swarm answered in the recordings, with this world's ids in them.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::*;
use crate::docker::service::shell_words;
use crate::model::ServiceSpec;
use crate::output::Stream;
use crate::scenario::Scenario;
use crate::time::SECOND;

/// A prompt on a cluster of one manager and two workers.
struct Bench {
    world: World,
    node: NodeId,
    columns: Option<u16>,
    files: BTreeMap<String, Rc<str>>,
    /// What commands read.
    input: String,
}

/// What a command said, and its exit code; `None` if it holds the prompt.
struct Said {
    out: String,
    err: String,
    exit: Option<i32>,
    held: Option<Foreground>,
}

impl Bench {
    fn new() -> Bench {
        Bench::with_luck(1)
    }

    fn with_luck(seed: u64) -> Bench {
        let mut world = World::new(&Scenario::lab(), seed);
        world.advance(SECOND);
        let node = Bench::node_of(&world, "manager");
        Bench { world, node, columns: None, files: BTreeMap::new(), input: String::new() }
    }

    fn node_of(world: &World, hostname: &str) -> NodeId {
        world.store().nodes().find(|node| node.description.hostname == hostname).expect("the lab has this node").id
    }

    /// Runs a line without the word `docker`.
    fn say(&mut self, line: &str) -> Said {
        let args = shell_words(line).expect("tests quote rightly");
        let mut output = Output::new(self.columns);
        let file = |path: &str| self.files.get(path).cloned().ok_or("No such file or directory");
        let variable = |name: &str| (name == "HOME").then(|| "/root".to_owned());
        let path = |path: &str| match path.trim_end_matches("/.").trim_start_matches("./") {
            "" | "." => "/root".to_owned(),
            path if path.starts_with('/') => path.replace("/./", "/"),
            path => format!("/root/{path}"),
        };
        let mut machine = Machine { file: &file, path: &path, variable: &variable, input: None, keep: &Kept::nothing };
        let mut flow = run(&mut self.world, self.node, &args, &machine, &mut output);
        if matches!(flow, Flow::Read(_)) {
            machine.input = Some(&self.input);
            flow = run(&mut self.world, self.node, &args, &machine, &mut output);
        }
        let (exit, held) = match flow {
            Flow::Exit(code) => (Some(code), None),
            Flow::Hold(foreground) => (None, Some(foreground)),
            Flow::Read(_) => panic!("{line} reads twice"),
            Flow::Inside(_) => panic!("{line} needs a shell"),
        };
        let (out, err) = split(&mut output);
        Said { out, err, exit, held }
    }

    /// Runs a line and lets the world go on until it has ended.
    fn finish(&mut self, line: &str) -> Said {
        let mut said = self.say(line);
        while let Some(foreground) = &mut said.held {
            self.world.advance(foreground.wake_at());
            let mut output = Output::new(self.columns);
            said.exit = foreground.poll(&mut self.world, &mut output);
            let (out, err) = split(&mut output);
            said.out += &out;
            said.err += &err;
            if said.exit.is_some() {
                said.held = None;
            }
        }
        said
    }

    /// Runs a line that must succeed at once.
    fn ok(&mut self, line: &str) -> String {
        let said = self.say(line);
        assert_eq!((said.exit, said.err.as_str()), (Some(0), ""), "{line}");
        said.out
    }

    fn check_error(&mut self, line: &str, exit: i32, err: &str) {
        let said = self.say(line);
        assert_eq!((said.exit, said.err.as_str()), (Some(exit), err), "{line}");
    }

    fn spec(&self, name: &str) -> ServiceSpec {
        let service = self.world.store().services().find(|service| service.spec.name == name);
        service.expect("the service was made").spec.as_ref().clone()
    }

    fn pass(&mut self, ms: Ms) {
        self.world.advance(self.world.now() + ms);
    }
}

fn split(output: &mut Output) -> (String, String) {
    let (mut out, mut err) = (String::new(), String::new());
    for (stream, text) in output.take() {
        match stream {
            Stream::Out => out += &text,
            Stream::Err => err += &text,
        }
    }
    (out, err)
}

const APP: &str = "service create -d --name app --replicas 3 masungil/my-fastapi-whoami:latest";

mod errors;
mod events;
mod look;
mod networks;
mod objects;
mod progress;
mod spec;
mod stack;
