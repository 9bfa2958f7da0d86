//! Words to arguments: parameters, the answers of `$(…)`, splitting at blanks, `~`, names of files. Called by `process`
//! when every `$(…)` of a command has been answered. What stands in `${…}` is in `parameter`.
//!
//! Models: bash, subst.c. Differs: separators that are no blanks (`IFS=,`) leave no empty fields.

use super::arith;
use super::ast::{Mode, Piece, Redirect, Simple, Word};
use super::env::Env;
use super::files::Files;
use super::pattern::is_pattern;

/// A simple command ready to run.
pub(super) struct Expanded {
    pub words: Vec<String>,
    pub assignments: Vec<(String, String)>,
}

/// A redirection ready to be made.
pub(super) struct Lead {
    pub fd: u8,
    pub mode: Mode,
    /// A file's name, a descriptor's number, or the text itself.
    pub target: String,
}

/// Expands the words of one command.
pub(super) struct Expander<'a> {
    pub env: &'a mut Env,
    pub files: &'a Files,
    /// One text for each of the command's [`substitutions`](super::ast::Command::substitutions), in their order.
    pub answers: std::slice::Iter<'a, String>,
}

/// How long a text may grow: a loop that doubles it should not fill the page's memory.
const LONGEST: usize = 384 << 10;

/// Why an expansion failed: what bash says, without `bash: `.
type Fallible<T> = Result<T, String>;

impl Expander<'_> {
    pub(super) fn simple(&mut self, simple: &Simple) -> Fallible<Expanded> {
        let mut words = Vec::new();
        for word in &simple.words {
            self.fields(word, &mut words)?;
        }
        let mut assignments = Vec::new();
        for (name, word) in &simple.assignments {
            let value = self.text(word)?;
            if simple.words.is_empty() {
                // The next one may use it.
                self.env.set(name, value.clone());
            }
            assignments.push((name.clone(), value));
        }
        Ok(Expanded { words, assignments })
    }

    pub(super) fn leads(&mut self, redirects: &[Redirect]) -> Fallible<Vec<Lead>> {
        let mut leads = Vec::new();
        for Redirect { fd, mode, target } in redirects {
            let target = match mode {
                Mode::Here | Mode::HereStripped => self.text(target)?,
                Mode::HereString => self.text(target)? + "\n",
                _ => {
                    let mut names = Vec::new();
                    self.fields(target, &mut names)?;
                    match (names.pop(), names.is_empty()) {
                        (Some(only), true) => only,
                        _ => return Err(format!("{}ambiguous redirect", written(target))),
                    }
                }
            };
            leads.push(Lead { fd: *fd, mode: *mode, target });
        }
        Ok(leads)
    }

    /// Adds the arguments that a word becomes: one, or where unquoted expansions are split or name files, any number.
    pub(super) fn fields(&mut self, word: &Word, found: &mut Vec<String>) -> Fallible<()> {
        for field in self.walk(word, true)? {
            let mut names = Vec::new();
            if field.globs {
                names = self.files.matching(&self.env.directory, &field.pattern);
            }
            if names.is_empty() {
                names.push(field.text);
            }
            found.append(&mut names);
        }
        Ok(())
    }

    /// A word as one text.
    pub(super) fn text(&mut self, word: &Word) -> Fallible<String> {
        let fields = self.walk(word, false)?;
        Ok(fields.into_iter().map(|field| field.text).collect::<Vec<_>>().join(" "))
    }

    /// A word as a pattern: what is quoted in it stands for itself.
    pub(super) fn pattern(&mut self, word: &Word) -> Fallible<String> {
        Ok(self.walk(word, false)?.into_iter().map(|field| field.pattern).collect())
    }

    /// Passes over a word that is not needed, with the answers that were meant for it.
    pub(super) fn skip(&mut self, word: &Word) {
        let mut asked = Vec::new();
        word.substitutions(&mut asked);
        for _ in asked {
            self.answers.next();
        }
    }

    fn walk(&mut self, word: &Word, split: bool) -> Fallible<Vec<Field>> {
        let mut fields = Fields { done: Vec::new(), current: None };
        for (place, piece) in word.0.iter().enumerate() {
            let (value, quoted) = match piece {
                Piece::Text { text, quoted } => {
                    let home = text
                        .strip_prefix('~')
                        .filter(|rest| place == 0 && !quoted && (rest.is_empty() || rest.starts_with('/')));
                    match home {
                        Some(rest) => {
                            fields.join(self.env.variable("HOME"), true);
                            fields.join(rest, *quoted);
                        }
                        None => fields.join(text, *quoted),
                    }
                    continue;
                }
                Piece::Parameter { name, operator: "", quoted: true, .. } if name == "@" => {
                    for (place, arg) in self.env.args.clone().iter().enumerate() {
                        if place > 0 {
                            fields.cut();
                        }
                        fields.join(arg, true);
                    }
                    continue;
                }
                Piece::Parameter { name, operator, operands, quoted } => {
                    (self.parameter(name, operator, operands)?, *quoted)
                }
                Piece::Command { quoted, .. } => (self.answers.next().cloned().unwrap_or_default(), *quoted),
                Piece::Arithmetic { text, quoted } => {
                    let text = self.text(text)?;
                    (arith::evaluate(&text, self.env)?.to_string(), *quoted)
                }
            };
            if quoted || !split {
                fields.join(&value, quoted);
            } else {
                fields.split(&value, self.env.separators());
            }
            if fields.current.as_ref().is_some_and(|field| field.text.len() > LONGEST) {
                self.env.work += LONGEST;
                return Err("xrealloc: cannot allocate more than 384 KB for a text".to_owned());
            }
        }
        fields.cut();
        self.env.work += fields.done.iter().map(|field| field.text.len()).sum::<usize>();
        Ok(fields.done)
    }
}

/// A redirection's word as errors name it: `$none: `.
fn written(target: &Word) -> String {
    match target.0.as_slice() {
        [Piece::Parameter { name, operator: "", .. }] => format!("${name}: "),
        _ => String::new(),
    }
}

/// An argument in the making: as it is, and as a pattern, where what was quoted has a `\` before it.
#[derive(Default)]
struct Field {
    text: String,
    pattern: String,
    globs: bool,
}

struct Fields {
    done: Vec<Field>,
    current: Option<Field>,
}

impl Fields {
    fn join(&mut self, text: &str, quoted: bool) {
        let field = self.current.get_or_insert_default();
        field.text.push_str(text);
        if quoted {
            for character in text.chars() {
                if "*?[]\\!-^".contains(character) {
                    field.pattern.push('\\');
                }
                field.pattern.push(character);
            }
        } else {
            field.pattern.push_str(text);
            field.globs |= is_pattern(text);
        }
    }

    fn cut(&mut self) {
        self.done.extend(self.current.take());
    }

    fn split(&mut self, text: &str, separators: &str) {
        for (place, part) in text.split(|c| separators.contains(c)).enumerate() {
            if place > 0 {
                self.cut();
            }
            if !part.is_empty() {
                self.join(part, false);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::ast::Command;
    use crate::shell::parse::parse;

    /// The words that a command becomes, or why it cannot be expanded.
    fn words(text: &str, answers: &[&str]) -> Vec<String> {
        let Ok(list) = parse(text) else { panic!("{text} is a command") };
        let Command::Simple(simple) = &*list.0[0].pipeline.stages[0] else { panic!("{text} is a simple command") };
        let mut env = Env::new("manager");
        env.status = 7;
        env.set("two", " a  b ".to_owned());
        env.set("path", "/a/b.tar.gz".to_owned());
        env.args = vec!["one".to_owned(), "t w o".to_owned()];
        let mut files = Files::default();
        for name in ["a.yml", "b.yml", "d/c.yml", ".hidden"] {
            files.write(&format!("/root/{name}"), "");
        }
        let answers: Vec<String> = answers.iter().map(|answer| (*answer).to_owned()).collect();
        let mut expander = Expander { env: &mut env, files: &files, answers: answers.iter() };
        expander.simple(simple).map_or_else(|why| vec![why], |expanded| expanded.words)
    }

    #[test]
    fn unquoted_values_are_split_and_quoted_ones_are_not() {
        assert_eq!(words("x$two$two\"y\"", &[]), ["x", "a", "b", "a", "b", "y"]);
        assert_eq!(words("\"x$two\" '$two' \\$two", &[]), ["x a  b ", "$two", "$two"]);
        assert_eq!(words("kill $(ps) \"$(ps)\"", &["1\n2", "3\n4"]), ["kill", "1", "2", "3\n4"]);
        assert_eq!(words("echo $none \"$none\" a$none", &[]), ["echo", "", "a"]);
        assert_eq!(words("echo $# $1 \"$@\" x\"$*\"", &[]), ["echo", "2", "one", "one", "t w o", "xone t w o"]);
    }

    #[test]
    fn parameters_and_home() {
        assert_eq!(
            words("echo $? ${HOSTNAME}s ~ ~/a a~ '~'", &[]),
            ["echo", "7", "managers", "/root", "/root/a", "a~", "~"]
        );
        assert_eq!(words("echo ${a b}", &[]), ["${a b}: bad substitution"]);
        assert_eq!(words("echo $((1 + ${#path})) $((`n` * 2))", &["4"]), ["echo", "12", "8"]);
    }

    #[test]
    fn what_may_stand_in_braces() {
        assert_eq!(
            words("echo ${none:-d} ${none-d e} ${two:+set} \"${none:-d e}\"", &[]),
            ["echo", "d", "d", "e", "set", "d e"]
        );
        assert_eq!(words("echo ${x:=5}$x ${#x}", &[]), ["echo", "55", "1"]);
        assert_eq!(
            words("echo ${path##*/} ${path%.*} ${path%%.*} ${path#/a}", &[]),
            ["echo", "b.tar.gz", "/a/b.tar", "/a/b", "/b.tar.gz"]
        );
        assert_eq!(
            words("echo ${path/a/x} ${path//a/x} ${path/%gz/z} ${path//\\//-}", &[]),
            ["echo", "/x/b.tar.gz", "/x/b.txr.gz", "/a/b.tar.z", "-a-b.tar.gz"]
        );
        assert_eq!(
            words("echo ${path:1:3} ${path: -2} ${path^^} ${1^}", &[]),
            ["echo", "a/b", "gz", "/A/B.TAR.GZ", "One"]
        );
        assert_eq!(words("echo ${none:?is missing}", &[]), ["none: is missing"]);
        assert_eq!(words("echo ${path:-$(a)} $(b)", &["a", "b"]), ["echo", "/a/b.tar.gz", "b"]);
    }

    #[test]
    fn patterns_become_files() {
        assert_eq!(words("ls *.yml '*'.yml d/* x*", &[]), ["ls", "a.yml", "b.yml", "*.yml", "d/c.yml", "x*"]);
        assert_eq!(words("ls /root/[ab].y?l *", &[]), ["ls", "/root/a.yml", "/root/b.yml", "a.yml", "b.yml", "d"]);
    }
}
