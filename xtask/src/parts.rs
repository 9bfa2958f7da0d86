//! `--only PART`, for the commands that consist of parts.

/// The parts that `--only` names, in the order in which they were named; without it, none.
///
/// # Errors
/// Something else stands there: which parts `command` knows.
pub(crate) fn asked(command: &str, options: &[&str], all: &[&'static str]) -> Result<Vec<&'static str>, String> {
    let mut asked = Vec::new();
    for pair in options.chunks(2) {
        let known = |name: &str| all.iter().find(|part| **part == name);
        match pair {
            ["--only", name] if let Some(part) = known(name) => asked.push(*part),
            _ => {
                let words = pair.join(" ");
                return Err(format!("{command} does not know `{words}`. It knows --only PART: {}", all.join(", ")));
            }
        }
    }
    Ok(asked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_known_can_be_asked_for() {
        let asked = |options: &[&str]| asked("bench", options, &["seek", "update"]);
        assert_eq!(asked(&[]), Ok(vec![]));
        assert_eq!(asked(&["--only", "update", "--only", "seek"]), Ok(vec!["update", "seek"]));
        let why = asked(&["--only", "everything"]).expect_err("there is no such part");
        assert_eq!(why, "bench does not know `--only everything`. It knows --only PART: seek, update");
        assert!(asked(&["--only"]).is_err() && asked(&["seek"]).is_err());
    }
}
