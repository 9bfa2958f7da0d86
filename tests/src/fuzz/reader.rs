//! Somebody at the prompts of a small cluster who types what the fuzzer says, waits, and loses patience.

use swarmyard_core::check::{Checker, told};
use swarmyard_core::scenario::Scenario;
use swarmyard_core::session::{Input, Session, ShellId};
use swarmyard_core::time::{Ms, SECOND};

use super::Moment;

/// What lies in the home directory of the manager, and is deployed there.
const STACK: &str = "\
services:
  web:
    image: masungil/my-fastapi-whoami
    ports: ['8001:8000']
    configs: [cfg]
    deploy: {replicas: 2}
configs:
  cfg: {file: ./cfg.txt}
";

/// What has happened before the reader comes.
const BEFORE: &str = "\
docker service create -d --name web --replicas 3 -l a=b -p 8000:8000 masungil/my-fastapi-whoami:latest
docker service create -d --name all --mode global -e A=1 masungil/my-fastapi-whoami:v2
docker service create -d --name ill demo/crash
docker service create -d --name job --mode replicated-job demo/exit0
docker network create -d overlay net
docker config create conf cfg.txt
docker secret create key cfg.txt
docker node update --label-add zone=a node1
docker stack deploy -c stack.yml st
";

/// So many moments in which something happens are waited for in one run: enough for a minute of the cluster's time, and
/// for a loop without an end to be seen.
const MOST_STEPS: usize = 3_000;

pub(super) struct Reader<'a> {
    session: Session,
    checker: Checker,
    steps_left: usize,
    watch: &'a mut dyn FnMut(Moment),
}

thread_local! {
    /// Made once: it is where every run begins.
    static BEGINNING: Session = beginning();
}

fn beginning() -> Session {
    let mut session = Session::new(&Scenario::lab(), 1);
    for (path, text) in [("stack.yml", STACK), ("cfg.txt", "key=value\n")] {
        session.input(Input::File { node: "manager".to_owned(), path: path.to_owned(), text: text.to_owned() });
    }
    for (node, columns) in [("node1", Some(80)), ("node2", Some(120)), ("manager", None)] {
        session.input(Input::Open { node: node.to_owned(), columns });
    }
    session.input(Input::Line { shell: 0, text: BEFORE.to_owned() });
    session.advance(20 * SECOND);
    session
}

impl<'a> Reader<'a> {
    /// One at a cluster where some things run. Prompts: 0 on the manager, 1 and 2 on the workers, 3 a pipe.
    pub(super) fn new(watch: &'a mut dyn FnMut(Moment)) -> Reader<'a> {
        let session = BEGINNING.with(Session::clone);
        Reader { session, checker: Checker::default(), steps_left: MOST_STEPS, watch }
    }

    pub(super) fn session(&self) -> &Session {
        &self.session
    }

    pub(super) fn does(&mut self, input: Input) {
        self.watched(|session| session.input(input));
        self.looks();
    }

    pub(super) fn types(&mut self, shell: ShellId, text: &str) {
        self.does(Input::Line { shell, text: text.to_owned() });
    }

    /// Lets time pass while the prompt is held, but no more than `most`.
    pub(super) fn waits_for(&mut self, shell: ShellId, most: Ms) {
        let limit = self.session.now() + most;
        while self.session.terminal(shell).busy() && self.step(limit) {}
    }

    /// Presses Ctrl-C until the prompt is free. Some commands tell first how things stand, or ask; and one that ends by
    /// itself when it is interrupted, as docker does, leaves those after it to come.
    pub(super) fn wants_the_prompt(&mut self, shell: ShellId) {
        let typed = |session: &Session| session.terminal(shell).blocks.last().map(|block| block.typed.to_string());
        let commands = typed(&self.session).map_or(0, |typed| typed.matches([';', '\n', '&', '|']).count());
        for _ in 0..3 + commands {
            if !self.session.terminal(shell).busy() {
                return;
            }
            self.does(Input::Interrupt { shell });
        }
        let terminal = self.session.terminal(shell);
        let typed = typed(&self.session).unwrap_or_default();
        assert!(!terminal.busy(), "Ctrl-C does not end {typed:?}");
    }

    /// Sees what the cluster makes of it.
    pub(super) fn leaves(mut self) {
        let limit = self.session.now() + 20 * SECOND;
        while self.step(limit) {}
        self.looks();
        // A first look, as when a page opens: no step.
        drop(self.session.snapshot());
    }

    fn step(&mut self, limit: Ms) -> bool {
        let Some(left) = self.steps_left.checked_sub(1) else { return false };
        self.steps_left = left;
        self.watched(|session| session.step(limit)).is_some()
    }

    /// Does what a page would do within one frame.
    fn watched<T>(&mut self, act: impl FnOnce(&mut Session) -> T) -> T {
        (self.watch)(Moment::Begins);
        let done = act(&mut self.session);
        (self.watch)(Moment::Ends);
        done
    }

    fn looks(&mut self) {
        let broken = self.checker.look(self.session.world());
        assert!(broken.is_empty(), "{}", told(&broken));
    }
}

/// A word as the shell takes it for just that.
pub(super) fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}
