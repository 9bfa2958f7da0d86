//! What `--help` prints: of a command, of a group of commands, of `docker` itself.
//!
//! Models: docker/cli cli/cobra.go usageTemplate, and the layout of flags of spf13/pflag.

use super::command::{Absent, Command, Group, Section};
use super::flags::Flag;
use super::korean;
use crate::collections;
use crate::why::Lang;

/// The columns of help where no terminal says otherwise.
const WIDTH: usize = 80;

/// Help of a command that is called `path`.
pub(crate) fn command(command: &Command, path: &str, terminal: Option<u16>, lang: Lang) -> String {
    let (usage, aliases, title) = match lang {
        Lang::En => ("Usage", "Aliases", "Options"),
        Lang::Ko => ("사용법", "다른 이름", "옵션"),
    };
    let about = if lang == Lang::Ko { command.korean } else { command.about };
    let mut text = format!("{usage}:  {}\n\n{about}\n", command.usage_at(path).line);
    if !command.aliases.is_empty() {
        let mut names: Vec<String> = command.aliases.iter().map(|alias| format!("docker {alias}")).collect();
        // Docker lists the command first where the alias is a word in its place, and last where it is a path.
        let own = if command.path.contains(' ') { 0 } else { names.len() };
        names.insert(own, format!("docker {}", command.path));
        text += &format!("\n{aliases}:\n  {}\n", names.join(", "));
    }
    let flags: Vec<&Flag> = command.flags().collect();
    if !flags.is_empty() {
        let told = |flag: &Flag| match lang {
            Lang::En => about_of(flag, flag.about, "default"),
            Lang::Ko => about_of(flag, korean::flag(command.path, flag.name).unwrap_or(flag.about), "기본값"),
        };
        text += &format!("\n{title}:\n{}", options(flags, terminal, &told));
    }
    text
}

/// Help of a group: its commands in the order of their names.
pub(crate) fn group<'a>(group: &Group, commands: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    // Flags that are hidden do not count here, as they do where a command is unknown.
    let mut text = format!("Usage:  docker {} COMMAND\n\n{}\n\nCommands:\n", group.name, group.about);
    let mut commands: Vec<_> = commands.map(|(path, about)| (path.rsplit(' ').next().unwrap_or(path), about)).collect();
    collections::sort(&mut commands);
    text += &listing(&commands, 11);
    text + &format!("\nRun 'docker {} COMMAND --help' for more information on a command.\n", group.name)
}

/// Help of `docker`.
pub(crate) fn root(
    groups: &[Group],
    commands: impl Iterator<Item = &'static Command> + Clone,
    absent: &[Absent],
    global: &[Flag],
    terminal: Option<u16>,
) -> String {
    let mut text = "Usage:  docker [OPTIONS] COMMAND\n\nA self-sufficient runtime for containers\n".to_owned();
    for (section, title) in [
        (Section::Common, "Common Commands"),
        (Section::Management, "Management Commands"),
        (Section::Swarm, "Swarm Commands"),
        (Section::Commands, "Commands"),
    ] {
        let groups = groups.iter().filter(|group| group.section == section).map(|group| (group.name, group.about));
        let absent = absent.iter().filter(|command| command.section == section);
        let absent = absent.map(|command| (command.path, command.about));
        let own = commands.clone().filter(|command| match section {
            Section::Common => COMMON.contains(&command.path),
            Section::Commands => !COMMON.contains(&command.path),
            Section::Management | Section::Swarm | Section::Plugin => false,
        });
        let own = own.map(|command| (command.path, command.about));
        let mut all: Vec<_> = groups.chain(absent).chain(own).filter(|(path, _)| !path.contains(' ')).collect();
        if section == Section::Common {
            // Docker orders these by how often people want them.
            collections::sort_by_key(&mut all, |(name, _)| COMMON.iter().position(|common| common == name));
        } else {
            collections::sort(&mut all);
        }
        text += &format!("\n{title}:\n{}", listing(&all, 11));
    }
    text += &format!("\nGlobal Options:\n{}", options(global.iter().collect(), terminal, &english));
    text += "\nRun 'docker COMMAND --help' for more information on a command.\n";
    text + "\nFor more help on how to use Docker, head to https://docs.docker.com/go/guides/\n"
}

const COMMON: [&str; 12] =
    ["run", "exec", "ps", "build", "pull", "push", "images", "login", "logout", "search", "version", "info"];

/// Names and what they do, in two columns.
fn listing(commands: &[(&str, &str)], least: usize) -> String {
    let width = commands.iter().map(|(name, _)| name.len()).max().unwrap_or(0).max(least);
    commands.iter().map(|(name, about)| format!("  {name:width$} {about}\n")).collect()
}

/// Flags in the order of their names, with what they do, wrapped to the terminal.
fn options(mut flags: Vec<&Flag>, terminal: Option<u16>, told: &dyn Fn(&Flag) -> String) -> String {
    collections::sort_by_key(&mut flags, |flag| flag.name);
    let heads: Vec<String> = flags.iter().map(|flag| head(flag)).collect();
    let indent = heads.iter().map(String::len).max().unwrap_or(0) + 3;
    let width = terminal.map_or(WIDTH, usize::from) - 1;
    let mut text = String::new();
    for (flag, head) in flags.iter().zip(&heads) {
        let lines: Vec<String> = told(flag).split('\n').map(|line| wrap(indent, width, line)).collect();
        text += &format!("{head:indent$}{}\n", lines.join(&["\n", &" ".repeat(indent)].concat()));
    }
    text
}

/// What a flag does, and what it is where it is not given.
fn about_of(flag: &Flag, about: &str, default_is: &str) -> String {
    match (flag.default, flag.kind.word) {
        ("", _) => about.to_owned(),
        (default, "string") => [about, " (", default_is, " \"", default, "\")"].concat(),
        (default, _) => [about, " (", default_is, " ", default, ")"].concat(),
    }
}

fn english(flag: &Flag) -> String {
    about_of(flag, flag.about, "default")
}

pub(super) fn head(flag: &Flag) -> String {
    let short = flag.short.map_or("      ".to_owned(), |short| format!("  -{short}, "));
    let space = if flag.kind.word.is_empty() { "" } else { " " };
    format!("{short}--{}{space}{}", flag.name, flag.kind.word)
}

/// Breaks a text into lines that begin `indent` further in. The last line may be five longer, against orphans.
fn wrap(mut indent: usize, width: usize, text: &str) -> String {
    let mut wrapped = String::new();
    if width < indent + 24 {
        indent = 16;
        wrapped = format!("\n{:16}", "");
    }
    let room = width.saturating_sub(indent);
    if room < 24 {
        return text.to_owned();
    }
    let mut rest = text;
    loop {
        let cut = if room > cells(rest) { None } else { rest[..within(rest, room - 5)].rfind(' ') };
        let Some(cut) = cut.filter(|cut| *cut > 0) else { return wrapped + rest };
        wrapped += &format!("{}\n{:indent$}", &rest[..cut], "");
        rest = &rest[cut + 1..];
    }
}

/// The columns of a terminal that a letter takes: those of Korean take two.
fn cells_of(letter: char) -> usize {
    if matches!(letter, '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{d7ff}' | '\u{ff00}'..='\u{ff60}') { 2 } else { 1 }
}

fn cells(text: &str) -> usize {
    text.chars().map(cells_of).sum()
}

/// How much of a text, in bytes, fits into so many columns.
fn within(text: &str, columns: usize) -> usize {
    let mut taken = 0;
    let too_far = text.char_indices().find(|(_, letter)| {
        taken += cells_of(*letter);
        taken > columns
    });
    too_far.map_or(text.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::super::flags::{DURATION, INT, Kind, STRING, UINT};
    use super::*;

    #[test]
    fn options_are_laid_out_as_dockers() {
        // As `docker swarm update` prints its own.
        const EXTERNAL: Kind = Kind::new("external-ca", |_| Ok(()));
        let flags = [
            Flag::new("task-history-limit", INT, "Task history retention limit").default("5"),
            Flag::new("cert-expiry", DURATION, "Validity period for node certificates (ns|us|ms|s|m|h)")
                .default("2160h0m0s"),
            Flag::new("external-ca", EXTERNAL, "Specifications of one or more certificate signing endpoints"),
            Flag::new("dispatcher-heartbeat", DURATION, "Dispatcher heartbeat period (ns|us|ms|s|m|h)").default("5s"),
            Flag::new("max-snapshots", UINT, "Number of additional Raft snapshots to retain"),
        ];
        assert_eq!(
            options(flags.iter().collect(), None, &english),
            "      --cert-expiry duration            Validity period for node
                                        certificates (ns|us|ms|s|m|h)
                                        (default 2160h0m0s)
      --dispatcher-heartbeat duration   Dispatcher heartbeat period
                                        (ns|us|ms|s|m|h) (default 5s)
      --external-ca external-ca         Specifications of one or more
                                        certificate signing endpoints
      --max-snapshots uint              Number of additional Raft
                                        snapshots to retain
      --task-history-limit int          Task history retention limit
                                        (default 5)
"
        );
        let short = [Flag::new("context", STRING, "Name").short('c').default("x")];
        assert_eq!(options(short.iter().collect(), None, &english), "  -c, --context string   Name (default \"x\")\n");
    }
}
