//! A script as text: which lines are typed, which let something happen, and which are what an earlier run printed.

use swarmyard_core::session::Action;
use swarmyard_core::time::Ms;

use super::Error;
use crate::duration;

/// One part of a script, with the number of its first line.
#[derive(Debug, PartialEq)]
pub(super) struct Part {
    pub line: usize,
    pub what: What,
}

#[derive(Debug, PartialEq)]
pub(crate) enum What {
    /// Words for the reader: a comment, or an empty line.
    Words(String),
    /// `$ text`, at the first prompt or at that of `node`.
    Typed { node: Option<String>, text: String },
    /// `@ after 3s …`: happens that long after the text above was typed.
    After { ms: Ms, deed: Deed },
    /// `@ …`
    Now(Deed),
}

/// What an `@` line does.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Deed {
    Advance(Ms),
    CtrlC,
    World(Action),
}

/// Splits a script into its parts.
pub(super) fn read(text: &str) -> Result<Vec<Part>, Error> {
    let mut parts: Vec<Part> = Vec::new();
    // Empty lines behind a typed line: output of an earlier run, unless a part of the script follows them at once.
    let mut empty = 0;
    let mut answered = false;
    for (index, line) in text.lines().enumerate() {
        let line = line.trim_end();
        if line.is_empty() {
            empty += 1;
            continue;
        }
        let number = index + 1;
        let Some(what) = part(line, number)? else {
            match line.strip_prefix("> ").or((line == ">").then_some("")) {
                Some(more) => go_on(parts.last_mut(), more, number)?,
                None if answered => {}
                None => return Err(Error::new(number, "nothing was typed that could have printed this", USAGE)),
            }
            empty = 0;
            continue;
        };
        parts.extend((0..empty).map(|_| Part { line: number, what: What::Words(String::new()) }));
        empty = 0;
        answered = match what {
            What::Typed { .. } => true,
            What::After { .. } if !answered => {
                return Err(Error::new(number, "there is no typed line above", "a `$ …` line first"));
            }
            What::After { .. } => true,
            What::Words(_) | What::Now(_) => false,
        };
        parts.push(Part { line: number, what });
    }
    Ok(parts)
}

/// What to write, for errors about lines that are nothing.
const USAGE: &str = "`$ …` for what is typed, `node1$ …` at another node, `> …` where it goes on, `@ …` for what \
                     happens, `# …` for words";

fn part(line: &str, number: usize) -> Result<Option<What>, Error> {
    if line.starts_with('#') {
        return Ok(Some(What::Words(line.to_owned())));
    }
    if let Some(words) = line.strip_prefix('@').filter(|words| words.starts_with(' ') || words.is_empty()) {
        return happening(&words.split_whitespace().collect::<Vec<_>>(), number).map(Some);
    }
    let Some((node, text)) = line.split_once('$').filter(|(_, text)| text.starts_with(' ') || text.is_empty()) else {
        return Ok(None);
    };
    if !node.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) {
        return Ok(None);
    }
    let node = (!node.is_empty()).then(|| node.to_owned());
    Ok(Some(What::Typed { node, text: text.trim_start().to_owned() }))
}

/// Reads the words of an `@` line.
pub(crate) fn happening(words: &[&str], number: usize) -> Result<What, Error> {
    let deed = |words: &[&str]| match words {
        ["ctrl-c"] => Ok(Deed::CtrlC),
        words => Action::parse(words).map(Deed::World).map_err(|why| {
            Error::new(
                number,
                "this cannot happen",
                &format!("`advance 5s`, `after 3s …`, `ctrl-c` or an action: {why}"),
            )
        }),
    };
    let duration = |text: &str| {
        duration::parse(text)
            .ok_or_else(|| Error::new(number, &format!("'{text}' is no duration"), "one like `5s`, `300ms`, `1m30s`"))
    };
    Ok(match words {
        ["advance", time] => What::Now(Deed::Advance(duration(time)?)),
        ["after", time, rest @ ..] => What::After { ms: duration(time)?, deed: deed(rest)? },
        words => What::Now(deed(words)?),
    })
}

/// Adds a line to the typed text that is the last part.
fn go_on(last: Option<&mut Part>, more: &str, number: usize) -> Result<(), Error> {
    match last {
        Some(Part { what: What::Typed { text, .. }, .. }) => {
            text.push('\n');
            text.push_str(more);
            Ok(())
        }
        _ => Err(Error::new(number, "nothing was typed that could go on here", "a `$ …` line directly above")),
    }
}

/// Writes a line of output so that it is not taken for a part of the script.
pub(super) fn output(line: &str) -> String {
    let line = line.trim_end();
    let taken = line.starts_with(">") || line.starts_with('\\') || !matches!(part(line, 0), Ok(None));
    if taken { format!("\\{line}") } else { line.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[What]) {
        let parts = read(text).expect("the test's script can be read");
        assert_eq!(parts.iter().map(|part| &part.what).collect::<Vec<_>>(), expected.iter().collect::<Vec<_>>());
    }

    fn action(text: &str) -> Action {
        Action::read(text).expect("the test's action can be read")
    }

    fn words(text: &str) -> What {
        What::Words(text.to_owned())
    }

    fn typed(node: Option<&str>, text: &str) -> What {
        What::Typed { node: node.map(str::to_owned), text: text.to_owned() }
    }

    #[test]
    fn parts_of_a_script() {
        check(
            "# Words\n\n$ docker service create \\\n>   --name web\n>\nold\n\n output\n\n@ advance 1m\nnode1$ docker ps\n",
            &[
                words("# Words"),
                words(""),
                typed(None, "docker service create \\\n  --name web\n"),
                words(""),
                What::Now(Deed::Advance(60_000)),
                typed(Some("node1"), "docker ps"),
            ],
        );
        check(
            "$ docker ps\n@ after 300ms power-off node2\nold output\n@ after 2s ctrl-c\n@ registry down",
            &[
                typed(None, "docker ps"),
                What::After { ms: 300, deed: Deed::World(action("power-off node2")) },
                What::After { ms: 2_000, deed: Deed::CtrlC },
                What::Now(Deed::World(action("registry down"))),
            ],
        );
    }

    #[test]
    fn output_is_never_taken_for_the_script() {
        for line in ["# a", "$ b", "@ c", "> d", "node1$ e", "\\f", "$", "@"] {
            let written = output(line);
            assert_eq!(written, format!("\\{line}"));
            check(&format!("$ x\n{written}\n"), &[typed(None, "x")]);
        }
        for line in ["US $ 5 a$ b", "a @ b", "  # indented", "\"$ quoted\""] {
            assert_eq!(output(line), line);
        }
    }

    #[test]
    fn errors_say_where_and_what_to_write_instead() {
        for (text, where_and_what) in [
            ("docker ps", "1: nothing was typed that could have printed this; write `$ …`"),
            ("$ a\n@ advance 5", "2: '5' is no duration; write one like `5s`"),
            ("# a\n> b", "2: nothing was typed that could go on here; write a `$ …` line directly above"),
            ("@ after 3s ctrl-c", "1: there is no typed line above; write a `$ …` line first"),
            ("@ explode", "1: this cannot happen; write `advance 5s`, `after 3s …`, `ctrl-c` or an action: 'explode'"),
        ] {
            let error = read(text).expect_err(text).to_string();
            assert!(error.starts_with(where_and_what), "{error}");
        }
    }
}
