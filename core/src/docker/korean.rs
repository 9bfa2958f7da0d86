//! What flags do, in Korean. What a command does stands in its own file.

/// A line each: the name of a flag, or `command/flag` where it means something else than in others; then a tab, and what
/// it does.
static TEXTS: &str = include_str!("korean.txt");

/// What a flag of a command does.
pub(super) fn flag(path: &str, name: &str) -> Option<&'static str> {
    text(&[path, "/", name].concat()).or_else(|| text(name))
}

fn text(name: &str) -> Option<&'static str> {
    TEXTS.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('\t'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::docker::commands;

    #[test]
    fn every_command_and_flag_has_its_sentence() {
        for at in commands() {
            assert!(at.korean.chars().any(|c| ('가'..='힣').contains(&c)), "{}", at.path);
            for own in at.flags() {
                assert!(flag(at.path, own.name).is_some(), "{} --{}", at.path, own.name);
            }
        }
    }

    #[test]
    fn every_sentence_belongs_to_something() {
        for line in TEXTS.lines() {
            let (name, _) = line.split_once('\t').expect("a tab stands between name and text");
            let (path, flag) = name.rsplit_once('/').map_or((None, name), |(path, flag)| (Some(path), flag));
            let mut commands = commands().filter(|command| path.is_none_or(|path| command.path == path));
            let known = commands.any(|command| command.flags().any(|own| own.name == flag));
            assert!(known, "{line}");
        }
    }
}
