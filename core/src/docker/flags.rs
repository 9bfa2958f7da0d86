//! Flags as data, and the parser that reads a command line by them.
//!
//! Every value is checked when it is met, so a command can take what it asks for as checked.
//! Models: spf13/pflag flag.go, and docker/cli opts for the types.

use super::command::Usage;
use super::csv::fields;
use super::error::CliError;
use super::units;
use crate::time::Nanos;

/// One flag. Help, parser and completion read the same entry.
#[derive(Debug)]
pub(crate) struct Flag {
    pub(crate) name: &'static str,
    pub(crate) short: Option<char>,
    pub(crate) kind: Kind,
    /// The default that help shows; empty where it is the type's zero.
    pub(crate) default: &'static str,
    pub(crate) about: &'static str,
    /// What Tab offers as value.
    pub(crate) offers: Offer,
}

/// The type of a flag's value: the word that help shows, and the check that a value must pass.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kind {
    pub(crate) word: &'static str,
    check: fn(&str) -> Result<(), String>,
    /// What a flag without `=value` means, instead of taking the next word.
    alone: Option<&'static str>,
}

/// What Tab may offer for a value or an argument.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Offer {
    Nothing,
    Words(&'static [&'static str]),
    Services,
    Nodes,
    Images,
    Containers,
    Configs,
    Secrets,
    Networks,
    Stacks,
    Files,
    /// `web=` for scale.
    ServiceScales,
}

impl Kind {
    pub(crate) const fn new(word: &'static str, check: fn(&str) -> Result<(), String>) -> Kind {
        Kind { word, check, alone: None }
    }

    pub(crate) fn takes_value(self) -> bool {
        self.alone.is_none()
    }
}

pub(crate) const BOOL: Kind = Kind { word: "", check: |text| units::parse_bool(text).map(drop), alone: Some("true") };
pub(crate) const STRING: Kind = Kind::new("string", |_| Ok(()));
pub(crate) const LIST: Kind = Kind::new("list", |_| Ok(()));
pub(crate) const STRINGS: Kind =
    Kind::new("strings", |text| if text.is_empty() { Ok(()) } else { fields(text).map(drop) });
pub(crate) const INT: Kind = Kind::new("int", |text| units::parse_int(text).map(drop));
pub(crate) const UINT: Kind = Kind::new("uint", |text| units::parse_uint(text, 64).map(drop));
pub(crate) const FLOAT: Kind = Kind::new("float", |text| units::parse_float(text).map(drop));
pub(crate) const BYTES: Kind = Kind::new("bytes", |text| units::parse_bytes(text).map(drop));
pub(crate) const DECIMAL: Kind = Kind::new("decimal", |text| units::parse_cpus(text).map(drop));
pub(crate) const DURATION: Kind = Kind::new("duration", |text| units::parse_duration(text).map(drop));
pub(crate) const POSITIVE_DURATION: Kind = Kind::new("duration", |text| match units::parse_duration(text)? {
    ..0 => Err("duration cannot be negative".to_owned()),
    _ => Ok(()),
});
pub(crate) const FILTER: Kind = Kind::new("filter", |text| {
    if text.is_empty() || text.contains('=') {
        Ok(())
    } else {
        Err("bad format of filter (expected name=value)".to_owned())
    }
});

impl Flag {
    pub(crate) const fn new(name: &'static str, kind: Kind, about: &'static str) -> Flag {
        Flag { name, short: None, kind, default: "", about, offers: Offer::Nothing }
    }

    pub(crate) const fn short(mut self, short: char) -> Flag {
        self.short = Some(short);
        self
    }

    pub(crate) const fn default(mut self, default: &'static str) -> Flag {
        self.default = default;
        self
    }

    pub(crate) const fn offers(mut self, offers: Offer) -> Flag {
        self.offers = offers;
        self
    }

    /// As errors name it: `-p, --publish`.
    fn full_name(&self) -> String {
        match self.short {
            Some(short) => format!("-{short}, --{}", self.name),
            None => format!("--{}", self.name),
        }
    }
}

/// A parsed command line: what was given, in its order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Matches {
    given: Vec<(&'static str, String)>,
    pub(crate) args: Vec<String>,
}

impl Matches {
    /// Whether the flag was given at all.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.given.iter().any(|(flag, _)| *flag == name)
    }

    pub(crate) fn has_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.has(name))
    }

    /// The names of all flags given.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.given.iter().map(|(flag, _)| *flag)
    }

    /// All values of a flag, in the order of their giving.
    // Of one type for all callers, and not inlined: there are dozens of them.
    #[inline(never)]
    pub(crate) fn all(&self, name: &str) -> std::vec::IntoIter<&str> {
        let mut values = Vec::new();
        for (flag, value) in &self.given {
            if *flag == name {
                values.push(value.as_str());
            }
        }
        values.into_iter()
    }

    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        self.all(name).map(str::to_owned).collect()
    }

    /// All fields of the values of a flag.
    pub(crate) fn fields(&self, name: &str) -> Vec<String> {
        self.all(name).flat_map(|text| fields(text).unwrap_or_default()).collect()
    }

    /// All values of a flag, read by the function that has checked them.
    pub(crate) fn read<T>(&self, name: &str, parse: fn(&str) -> Result<T, String>) -> Vec<T> {
        // What was checked is read again without complaint.
        self.all(name).filter_map(|text| parse(text).ok()).collect()
    }

    /// The last value of a flag.
    #[inline(never)]
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.given.iter().rfind(|(flag, _)| *flag == name).map(|(_, value)| value.as_str())
    }

    /// The last value, read by the function that has checked it.
    fn checked<T>(&self, name: &str, parse: fn(&str) -> Result<T, String>) -> Option<T> {
        self.text(name).and_then(|text| parse(text).ok())
    }

    /// Whether a switch is on.
    pub(crate) fn on(&self, name: &str) -> bool {
        self.checked(name, units::parse_bool).unwrap_or(false)
    }

    pub(crate) fn uint(&self, name: &str) -> Option<u64> {
        self.checked(name, |text| units::parse_uint(text, 64))
    }

    pub(crate) fn int(&self, name: &str) -> Option<i64> {
        self.checked(name, units::parse_int)
    }

    pub(crate) fn float(&self, name: &str) -> Option<f32> {
        self.checked(name, units::parse_float)
    }

    pub(crate) fn bytes(&self, name: &str) -> Option<i64> {
        self.checked(name, units::parse_bytes)
    }

    pub(crate) fn cpus(&self, name: &str) -> Option<i64> {
        self.checked(name, units::parse_cpus)
    }

    pub(crate) fn duration(&self, name: &str) -> Option<Nanos> {
        self.checked(name, units::parse_duration)
    }

    /// The filters, keys small and both sides without blanks around them.
    pub(crate) fn filters(&self) -> Vec<(String, String)> {
        let halves = |text: &str| {
            let (key, value) = text.split_once('=')?;
            Some((key.trim().to_ascii_lowercase(), value.trim().to_owned()))
        };
        self.all("filter").filter_map(halves).collect()
    }
}

/// What parsing came to.
#[derive(Debug)]
pub(crate) enum Parsed {
    Run(Matches),
    /// `--help`, or `-h`, which Docker remarks upon.
    Help {
        short: bool,
    },
}

/// Reads `words` by `flags`. With `stop_at_argument` the first argument ends the flags.
pub(crate) fn parse<'f>(
    words: &[String],
    flags: impl Iterator<Item = &'f Flag> + Clone,
    stop_at_argument: bool,
    usage: Usage,
) -> Result<Parsed, CliError> {
    let mut matches = Matches::default();
    let mut help = None;
    let mut words = words.iter();
    let fail = |message: String| Err(CliError::Flag { message, usage: usage.clone() });
    while let Some(word) = words.next() {
        if word == "--" {
            matches.args.extend(words.cloned());
            break;
        }
        if let Some(long) = word.strip_prefix("--") {
            if long.starts_with(['-', '=']) {
                return fail(format!("bad flag syntax: {word}"));
            }
            let (name, value) = match long.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (long, None),
            };
            if name == "help" {
                help = help.or(Some(Parsed::Help { short: false }));
                continue;
            }
            let Some(flag) = flags.clone().find(|flag| flag.name == name) else {
                return fail(format!("unknown flag: --{name}"));
            };
            let value = value.or(flag.kind.alone.map(str::to_owned)).or_else(|| words.next().cloned());
            let Some(value) = value else { return fail(format!("flag needs an argument: {word}")) };
            set(&mut matches, flag, value, &usage)?;
        } else if word.len() > 1 && word.starts_with('-') {
            let mut cluster = &word[1..];
            while let Some(letter) = cluster.chars().next() {
                let rest = &cluster[letter.len_utf8()..];
                if letter == 'h' && !flags.clone().any(|flag| flag.short == Some('h')) {
                    help = help.or(Some(Parsed::Help { short: true }));
                    cluster = rest;
                    continue;
                }
                let Some(flag) = flags.clone().find(|flag| flag.short == Some(letter)) else {
                    return fail(format!("unknown shorthand flag: '{letter}' in -{cluster}"));
                };
                let value = match (rest.strip_prefix('='), flag.kind.alone) {
                    (Some(value), _) if !value.is_empty() => {
                        cluster = "";
                        Some(value.to_owned())
                    }
                    (_, Some(alone)) => {
                        cluster = rest;
                        Some(alone.to_owned())
                    }
                    _ if !rest.is_empty() => {
                        cluster = "";
                        Some(rest.to_owned())
                    }
                    _ => {
                        let shown = std::mem::take(&mut cluster);
                        let Some(value) = words.next() else {
                            return fail(format!("flag needs an argument: '{letter}' in -{shown}"));
                        };
                        Some(value.clone())
                    }
                };
                set(&mut matches, flag, value.expect("every branch has a value"), &usage)?;
            }
        } else {
            matches.args.push(word.clone());
            if stop_at_argument {
                matches.args.extend(words.cloned());
                break;
            }
        }
    }
    Ok(help.unwrap_or(Parsed::Run(matches)))
}

fn set(matches: &mut Matches, flag: &Flag, value: String, usage: &Usage) -> Result<(), CliError> {
    if let Err(why) = (flag.kind.check)(&value) {
        let message =
            format!("invalid argument {} for {} flag: {why}", units::quote(&value), units::quote(&flag.full_name()));
        return Err(CliError::Flag { message, usage: usage.clone() });
    }
    matches.given.push((flag.name, value));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    static FLAGS: [Flag; 4] = [
        Flag::new("quiet", BOOL, "").short('q'),
        Flag::new("publish", LIST, "").short('p'),
        Flag::new("replicas", UINT, ""),
        Flag::new("filter", FILTER, "").short('f'),
    ];

    fn check(words: &str, stop: bool) -> Result<Matches, String> {
        let words: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
        let usage = Usage { path: "docker x".into(), line: "docker x".into() };
        match parse(&words, FLAGS.iter(), stop, usage) {
            Ok(Parsed::Run(matches)) => Ok(matches),
            Ok(Parsed::Help { .. }) => Err("help".to_owned()),
            Err(CliError::Flag { message, .. }) => Err(message),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn flags_and_arguments_mix() {
        let matches = check("a -qp 1 --publish=2 -p3 b --replicas 4 -f=k=v -- -q", false).unwrap();
        assert_eq!(matches.args, ["a", "b", "-q"]);
        assert_eq!(matches.list("publish"), ["1", "2", "3"]);
        assert_eq!(matches.uint("replicas"), Some(4));
        assert!(matches.on("quiet"));
        assert_eq!(matches.filters(), [("k".to_owned(), "v".to_owned())]);
        assert!(!check("--quiet=false", false).unwrap().on("quiet"));
    }

    #[test]
    fn parsing_may_stop_at_the_first_argument() {
        let matches = check("-q image -p 80", true).unwrap();
        assert_eq!(matches.args, ["image", "-p", "80"]);
        assert!(!matches.has("publish"));
    }

    #[test]
    fn errors_are_in_the_words_of_pflag() {
        for (words, message) in [
            ("--foo", "unknown flag: --foo"),
            ("--imag x", "unknown flag: --imag"),
            ("-qx", "unknown shorthand flag: 'x' in -x"),
            ("--replicas", "flag needs an argument: --replicas"),
            ("-qf", "flag needs an argument: 'f' in -f"),
            ("---x", "bad flag syntax: ---x"),
            (
                "--replicas -1",
                "invalid argument \"-1\" for \"--replicas\" flag: strconv.ParseUint: parsing \"-1\": invalid syntax",
            ),
            ("-f x", "invalid argument \"x\" for \"-f, --filter\" flag: bad format of filter (expected name=value)"),
            ("a --help", "help"),
        ] {
            assert_eq!(check(words, false), Err(message.to_owned()), "{words}");
        }
    }
}
