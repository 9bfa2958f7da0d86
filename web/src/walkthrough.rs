//! The documented walk-through: its commands in order, where a session stands in it, and the typing of the next one.
//!
//! The commands are the document's, line breaks and all. What the page says to each is in `text`.

/// One command of the walk-through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// Index of the chapter of the document it belongs to.
    pub(crate) chapter: usize,
    pub(crate) command: &'static str,
}

pub(crate) const CHAPTERS: usize = 4;

pub(crate) const STEPS: [Step; 10] = [
    Step {
        chapter: 0,
        command: "docker service create \\\n  --name my-app \\\n  --publish published=8000,target=8000 \\\n  \
                  --replicas 3 \\\n  masungil/my-fastapi-whoami:latest",
    },
    Step { chapter: 0, command: "docker service ps my-app" },
    Step { chapter: 1, command: "docker service update --image masungil/my-fastapi-whoami:badversion my-app" },
    Step { chapter: 1, command: "docker service ps my-app" },
    Step { chapter: 1, command: "docker service rollback my-app" },
    Step { chapter: 1, command: "docker service ps my-app" },
    Step {
        chapter: 2,
        command: "docker service update \\\n  --update-failure-action rollback \\\n  \
                  --update-max-failure-ratio 0.2 \\\n  my-app",
    },
    Step { chapter: 2, command: "docker service update --image my-fastapi-whoami:anotherbadversion my-app" },
    Step { chapter: 2, command: "docker service ps my-app" },
    Step { chapter: 3, command: "docker service rm my-app" },
];

/// How long the page takes to type a command, however long it is.
pub(crate) const TYPING_MS: f64 = 380.0;

/// Where a session stands in the walk-through.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Walk {
    /// Index into [`STEPS`] of the next command; their number when all were given.
    pub(crate) next: usize,
}

impl Walk {
    pub(crate) fn step(&self) -> Option<&'static Step> {
        STEPS.get(self.next)
    }

    /// Goes on for each command in `text`, as it was submitted, that is the next one. Nobody has to use the button.
    pub(crate) fn saw(&mut self, text: &str) {
        for command in commands(text) {
            if self.step().is_some_and(|step| commands(step.command).contains(&command)) {
                self.next += 1;
            }
        }
    }
}

/// A command that the page is typing.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Typing {
    pub(crate) text: String,
    /// Frame time of the first letter, in the browser's milliseconds; `None` before the first frame.
    pub(crate) since_ms: Option<f64>,
}

impl Typing {
    /// What stands in the prompt at the frame `now_ms`: all of it once the time is over.
    pub(crate) fn shown(&mut self, now_ms: f64) -> &str {
        let since = *self.since_ms.get_or_insert(now_ms);
        let part = ((now_ms - since) / TYPING_MS).clamp(0.0, 1.0);
        let letters = self.text.chars().count() as f64 * part;
        let end = self.text.char_indices().nth(letters as usize).map_or(self.text.len(), |(at, _)| at);
        &self.text[..end]
    }
}

/// The commands of a pasted text, each on one line with single spaces, without its comments.
fn commands(text: &str) -> Vec<String> {
    text.replace("\\\n", " ")
        .lines()
        .map(|line| line.split_whitespace().take_while(|word| !word.starts_with('#')).collect::<Vec<_>>().join(" "))
        .filter(|line| !line.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_create_command_is_one_command_over_five_lines() {
        assert_eq!(
            commands(STEPS[0].command),
            ["docker service create --name my-app --publish published=8000,target=8000 --replicas 3 \
              masungil/my-fastapi-whoami:latest"]
        );
    }

    #[test]
    fn typing_the_commands_by_hand_goes_on_too() {
        let mut walk = Walk::default();
        walk.saw("docker service ps my-app");
        assert_eq!(walk.next, 0);
        walk.saw(STEPS[0].command);
        assert_eq!(walk.next, 1);
        walk.saw("docker node ls");
        assert_eq!(walk.next, 1);
        walk.saw("# 확인합니다\n  docker  service ps my-app   # 모두 Running\ndocker service update --image masungil/my-fastapi-whoami:badversion my-app\n");
        assert_eq!(walk.next, 3);
    }

    #[test]
    fn a_pasted_document_goes_to_the_end() {
        let all: Vec<&str> = STEPS.iter().map(|step| step.command).collect();
        let mut walk = Walk::default();
        walk.saw(&all.join("\n\n"));
        assert_eq!(walk.step(), None);
    }

    #[test]
    fn typing_takes_its_time_and_cuts_between_letters() {
        let mut typing = Typing { text: "echo 안녕".to_owned(), since_ms: None };
        assert_eq!(typing.shown(1_000.0), "");
        assert_eq!(typing.shown(1_000.0 + TYPING_MS * 0.9), "echo 안");
        assert_eq!(typing.shown(1_000.0 + TYPING_MS), "echo 안녕");
    }

    #[test]
    fn chapters_are_counted_right() {
        assert_eq!(STEPS.iter().map(|step| step.chapter + 1).max(), Some(CHAPTERS));
        assert!(STEPS.is_sorted_by_key(|step| step.chapter));
    }
}
