//! Regular expressions for `grep`, `sed`, `awk`, `jq` and `[[ =~ ]]`. An expression becomes a small program whose
//! threads go through a text side by side, so the time is that of text times program, whatever is typed.
//!
//! A crate would do more than is needed here and weigh more than the rest of the shell: regex-lite alone 60 KB.
//! Models: POSIX (the leftmost, then the longest) and GNU's extensions. Differs: no back references, and no look-around.

use super::pattern::class;

pub(super) struct Regex {
    program: Vec<Step>,
    flavour: Flavour,
    ignore_case: bool,
    /// The text, where the expression is nothing else.
    literal: Option<String>,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Flavour {
    /// `\(…\)`, `\|`, `\+`: grep, sed.
    Basic,
    /// `(…)`, `|`, `+`: grep -E, sed -E, awk.
    Extended,
    /// Also `\d` and `*?`; of several ways the first: jq, grep -P.
    Perl,
}

#[derive(Clone)]
enum Step {
    Char(char),
    Any,
    /// What stands between `[` and `]`, and behind it.
    Class(String),
    /// `\w` and the like; capital letters turn them around.
    Kind(char),
    /// `^`, `$`, `\b`, `\B`, `\<`, `\>`
    At(char),
    /// Goes on here first, then there.
    Split(usize, usize),
    Jump(usize),
    Save(usize),
    End,
}

/// Where a whole expression and its groups were found: beginnings and ends in turn. `NONE` where one took no part.
pub(super) type Spans = [usize; SLOTS];
pub(super) const NONE: usize = usize::MAX;
const SLOTS: usize = 20;

/// How long a program may be.
const LONGEST: usize = 4_000;
/// How deep groups may nest.
const DEEPEST: usize = 40;

impl Regex {
    /// # Errors
    /// What is wrong with the expression, in the words of GNU's library.
    pub(super) fn new(text: &str, flavour: Flavour, ignore_case: bool) -> Result<Regex, String> {
        let mut compiler = Compiler { rest: text, flavour, program: Vec::new(), groups: 0, depth: 0 };
        compiler.emit(Step::Save(0))?;
        compiler.choice()?;
        if !compiler.rest.is_empty() {
            return Err("Unmatched ) or \\)".to_owned());
        }
        compiler.emit(Step::Save(1))?;
        compiler.emit(Step::End)?;
        let program = compiler.program;
        let inner = &program[1..program.len() - 2];
        let literal = inner.iter().map(|step| if let Step::Char(c) = step { Some(*c) } else { None }).collect();
        let literal = if ignore_case { None } else { literal };
        Ok(Regex { program, flavour, ignore_case, literal })
    }

    /// The first place at or after `from` that fits.
    pub(super) fn find(&self, text: &str, from: usize) -> Option<Spans> {
        if let Some(literal) = &self.literal {
            let start = from + text.get(from..)?.find(literal.as_str())?;
            let mut spans = [NONE; SLOTS];
            (spans[0], spans[1]) = (start, start + literal.len());
            return Some(spans);
        }
        Search { regex: self, text, best: None, seen: vec![NONE; self.program.len()] }.run(from)
    }

    pub(super) fn fits(&self, text: &str) -> bool {
        self.find(text, 0).is_some()
    }
}

struct Compiler<'a> {
    rest: &'a str,
    flavour: Flavour,
    program: Vec<Step>,
    groups: usize,
    depth: usize,
}

impl Compiler<'_> {
    fn emit(&mut self, step: Step) -> Result<usize, String> {
        if self.program.len() >= LONGEST {
            return Err("Regular expression too big".to_owned());
        }
        self.program.push(step);
        Ok(self.program.len() - 1)
    }

    fn eat(&mut self, text: &str) -> bool {
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// An operator that `Basic` writes with a backslash.
    fn operator(&mut self, text: &str) -> bool {
        match self.flavour {
            Flavour::Basic => {
                self.rest.strip_prefix('\\').is_some_and(|rest| rest.starts_with(text)) && self.skip(1 + text.len())
            }
            _ => self.eat(text),
        }
    }

    fn at_operator(&mut self, text: &str) -> bool {
        let rest = self.rest;
        let found = self.operator(text);
        self.rest = rest;
        found
    }

    fn skip(&mut self, bytes: usize) -> bool {
        self.rest = &self.rest[bytes..];
        true
    }

    fn choice(&mut self) -> Result<(), String> {
        let (mut start, mut ends) = (self.program.len(), Vec::new());
        loop {
            self.sequence()?;
            if !self.operator("|") {
                break;
            }
            // The choice stands before what was read last, which goes on behind the others.
            self.insert(start, Step::End)?;
            ends.push(self.emit(Step::End)?);
            let other = self.program.len();
            self.program[start] = Step::Split(start + 1, other);
            start = other;
        }
        let end = self.program.len();
        for place in ends {
            self.program[place] = Step::Jump(end);
        }
        Ok(())
    }

    /// Puts a step before others that were read after `at`, and moves what they point to.
    fn insert(&mut self, at: usize, step: Step) -> Result<(), String> {
        self.emit(Step::End)?;
        self.program.pop();
        for other in &mut self.program[at..] {
            match other {
                Step::Split(a, b) => {
                    *a += usize::from(*a >= at);
                    *b += usize::from(*b >= at);
                }
                Step::Jump(a) => *a += usize::from(*a >= at),
                _ => {}
            }
        }
        self.program.insert(at, step);
        Ok(())
    }

    fn sequence(&mut self) -> Result<(), String> {
        let start = self.program.len();
        while !(self.rest.is_empty() || self.at_operator("|") || self.depth > 0 && self.at_operator(")")) {
            let from = self.program.len();
            if from == start && matches!(self.flavour, Flavour::Basic) && self.eat("*") {
                self.emit(Step::Char('*'))?;
                continue;
            }
            if self.flavour == Flavour::Extended && self.depth == 0 && self.eat(")") {
                return Err("Unmatched ) or \\)".to_owned());
            }
            self.atom(from == start)?;
            self.repeats(from)?;
        }
        Ok(())
    }

    fn atom(&mut self, first: bool) -> Result<(), String> {
        if self.operator("(") {
            return self.group();
        }
        let mut chars = self.rest.chars();
        let Some(next) = chars.next() else { return Ok(()) };
        let behind = chars.as_str();
        let basic = self.flavour == Flavour::Basic;
        let step = match next {
            '.' => Step::Any,
            '[' => {
                let Some((_, after)) = class(behind, '\0') else {
                    return Err("Unmatched [, [^, [:, [., or [=".to_owned());
                };
                let text = behind[..behind.len() - after.len()].to_owned();
                self.rest = after;
                return self.emit(Step::Class(text)).map(drop);
            }
            '^' if !basic || first => Step::At('^'),
            '$' if !basic || behind.is_empty() || behind.starts_with("\\)") || behind.starts_with("\\|") => {
                Step::At('$')
            }
            '\\' => match chars.next() {
                None => return Err("Trailing backslash".to_owned()),
                Some(at @ ('b' | 'B' | '<' | '>')) => Step::At(at),
                Some(kind @ ('w' | 'W' | 's' | 'S')) => Step::Kind(kind),
                Some(kind @ ('d' | 'D')) if self.flavour == Flavour::Perl => Step::Kind(kind),
                Some('n') => Step::Char('\n'),
                Some('t') => Step::Char('\t'),
                Some('1'..='9') => return Err("back references are not simulated".to_owned()),
                Some(other) => Step::Char(other),
            },
            '*' | '+' | '?' if !basic && first => Step::Char(next),
            other => Step::Char(other),
        };
        self.rest = chars.as_str();
        self.emit(step).map(drop)
    }

    fn group(&mut self) -> Result<(), String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("Regular expression too big".to_owned());
        }
        let counted = !(self.flavour == Flavour::Perl && self.eat("?:"));
        let slot = if counted { self.groups + 1 } else { SLOTS };
        self.groups = if counted { slot } else { self.groups };
        let saved = slot * 2 + 1 < SLOTS;
        if saved {
            self.emit(Step::Save(slot * 2))?;
        }
        self.choice()?;
        if !self.operator(")") {
            return Err("Unmatched ( or \\(".to_owned());
        }
        self.depth -= 1;
        if saved {
            self.emit(Step::Save(slot * 2 + 1))?;
        }
        Ok(())
    }

    /// What says how often the part that begins at `from` comes.
    fn repeats(&mut self, from: usize) -> Result<(), String> {
        loop {
            let (least, most) = if self.eat("*") {
                (0, None)
            } else if self.operator("+") {
                (1, None)
            } else if self.operator("?") {
                (0, Some(1))
            } else if self.at_operator("{") && self.counted() {
                let (least, most) = self.counts()?;
                (least, most)
            } else {
                return Ok(());
            };
            let lazy = self.flavour == Flavour::Perl && self.eat("?");
            self.repeat(from, least, most, lazy)?;
        }
    }

    /// Whether a number follows the brace; otherwise it is a character.
    fn counted(&self) -> bool {
        let inner = self.rest.trim_start_matches('\\').trim_start_matches('{');
        inner.starts_with(|c: char| c.is_ascii_digit() || c == ',')
    }

    fn counts(&mut self) -> Result<(usize, Option<usize>), String> {
        const WRONG: &str = "Invalid content of \\{\\}";
        self.operator("{");
        let end = self.rest.find(['}', '\\']).ok_or("Unmatched { or \\{")?;
        let text = &self.rest[..end];
        self.rest = &self.rest[end..];
        if !self.operator("}") {
            return Err("Unmatched { or \\{".to_owned());
        }
        let (least, most) = text.split_once(',').unwrap_or((text, text));
        let number = |text: &str| text.parse::<usize>().ok().filter(|number| *number <= 255).ok_or(WRONG.to_owned());
        let least = if least.is_empty() { 0 } else { number(least)? };
        let most = if most.is_empty() { None } else { Some(number(most)?) };
        if most.is_some_and(|most| most < least) { Err(WRONG.to_owned()) } else { Ok((least, most)) }
    }

    fn repeat(&mut self, from: usize, least: usize, most: Option<usize>, lazy: bool) -> Result<(), String> {
        let part = self.program.split_off(from);
        let split = |here: usize, there: usize| if lazy { Step::Split(there, here) } else { Step::Split(here, there) };
        for _ in 0..least {
            self.copy(&part, from)?;
        }
        match most {
            None => {
                let start = self.program.len();
                self.emit(Step::End)?;
                self.copy(&part, from)?;
                self.emit(Step::Jump(start))?;
                self.program[start] = split(start + 1, self.program.len());
            }
            Some(most) => {
                let mut ways = Vec::new();
                for _ in least..most {
                    ways.push(self.emit(Step::End)?);
                    self.copy(&part, from)?;
                }
                let end = self.program.len();
                for place in ways {
                    self.program[place] = split(place + 1, end);
                }
            }
        }
        Ok(())
    }

    /// Appends a part that was read at `from`.
    fn copy(&mut self, part: &[Step], from: usize) -> Result<(), String> {
        let by = self.program.len() - from;
        for step in part {
            self.emit(match step {
                Step::Split(a, b) => Step::Split(a + by, b + by),
                Step::Jump(a) => Step::Jump(a + by),
                other => other.clone(),
            })?;
        }
        Ok(())
    }
}

/// A thread: where it stands in the program, and what it has found.
type Thread = (usize, Spans);

struct Search<'a> {
    regex: &'a Regex,
    text: &'a str,
    best: Option<Spans>,
    /// For each step of the program, the place of the text at which a thread has last come to it.
    seen: Vec<usize>,
}

impl Search<'_> {
    fn run(mut self, from: usize) -> Option<Spans> {
        let mut threads: Vec<Thread> = Vec::new();
        let mut at = from;
        loop {
            let next = self.text.get(at..)?.chars().next();
            // Threads that began earlier come first.
            let mut ready = Vec::new();
            let mut ended = false;
            for (step, spans) in threads {
                ended = ended || self.add(step, spans, at, &mut ready);
            }
            if self.best.is_none() && !ended {
                self.add(0, [NONE; SLOTS], at, &mut ready);
            }
            let Some(character) = next else { break };
            let after = at + character.len_utf8();
            threads = ready
                .into_iter()
                .filter(|(step, _)| self.takes(*step, character))
                .map(|(step, s)| (step + 1, s))
                .collect();
            if let Some(best) = &self.best {
                let start = best[0];
                threads.retain(|(_, spans)| spans[0] <= start);
                if threads.is_empty() {
                    break;
                }
            }
            at = after;
        }
        self.best
    }

    /// Follows what needs no character from `step` on. Returns whether that ended the search for all later threads.
    fn add(&mut self, step: usize, spans: Spans, at: usize, ready: &mut Vec<Thread>) -> bool {
        let mut open = vec![(step, spans)];
        while let Some((step, mut spans)) = open.pop() {
            if self.seen[step] == at {
                continue;
            }
            self.seen[step] = at;
            match &self.regex.program[step] {
                Step::Jump(to) => open.push((*to, spans)),
                Step::Split(first, second) => open.extend([(*second, spans), (*first, spans)]),
                Step::Save(slot) => {
                    spans[*slot] = at;
                    open.push((step + 1, spans));
                }
                Step::At(what) => {
                    if self.stands(*what, at) {
                        open.push((step + 1, spans));
                    }
                }
                Step::End => {
                    let better = |best: Spans| spans[0] < best[0] || spans[0] == best[0] && spans[1] > best[1];
                    if self.regex.flavour == Flavour::Perl {
                        self.best = Some(spans);
                        return true;
                    }
                    if self.best.is_none_or(better) {
                        self.best = Some(spans);
                    }
                }
                _ => ready.push((step, spans)),
            }
        }
        false
    }

    fn takes(&self, step: usize, character: char) -> bool {
        let same = |c: char| {
            let fold = self.regex.ignore_case && c.eq_ignore_ascii_case(&character);
            c == character || fold
        };
        match &self.regex.program[step] {
            Step::Char(c) => same(*c),
            Step::Any => character != '\n',
            Step::Class(text) => {
                let of_it = |c: char| class(text, c).is_some_and(|(of_it, _)| of_it);
                let folded = self.regex.ignore_case && !text.starts_with('^');
                of_it(character)
                    || folded && (of_it(character.to_ascii_lowercase()) || of_it(character.to_ascii_uppercase()))
            }
            Step::Kind(kind) => {
                let of_it = match kind.to_ascii_lowercase() {
                    'w' => is_word(character),
                    's' => character.is_ascii_whitespace(),
                    _ => character.is_ascii_digit(),
                };
                of_it == kind.is_ascii_lowercase()
            }
            _ => false,
        }
    }

    fn stands(&self, what: char, at: usize) -> bool {
        let before = self.text[..at].chars().next_back().is_some_and(is_word);
        let after = self.text[at..].chars().next().is_some_and(is_word);
        match what {
            '^' => at == 0,
            '$' => at == self.text.len(),
            '<' => !before && after,
            '>' => before && !after,
            'B' => before == after,
            _ => before != after,
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || !c.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(flavour: Flavour, regex: &str, text: &str, expected: &str) {
        let got = match Regex::new(regex, flavour, false) {
            Err(why) => why,
            Ok(regex) => match regex.find(text, 0) {
                None => "-".to_owned(),
                Some(spans) => {
                    let groups = spans.chunks(2).take_while(|span| span[0] != NONE);
                    groups.map(|span| text[span[0]..span[1]].to_owned()).collect::<Vec<_>>().join(",")
                }
            },
        };
        assert_eq!(got, expected, "of {regex} in {text}");
    }

    #[test]
    fn extended() {
        for (regex, text, expected) in [
            ("b+", "abbbc", "bbb"),
            ("a|ab", "xab", "ab"),
            ("a|b|c|d", "xd", "d"),
            ("(a|b)*c", "ababc", "ababc,b"),
            ("^web\\.[0-9]+", "web.12 x", "web.12"),
            ("x$", "axx", "x"),
            ("[^ ]+ ([a-z]+)", "1 ab", "1 ab,ab"),
            ("a{2,3}", "aaaa", "aaa"),
            ("(ab){2}", "ababab", "abab,ab"),
            ("a{,1}b", "aab", "ab"),
            ("\\bfoo\\b", "a foo b", "foo"),
            ("한.", "대한민국", "한민"),
            ("", "abc", ""),
            ("a?", "b", ""),
            ("(a*)*b", "aab", "aab,aa"),
            ("Running|Shutdown", "x Shutdown 3", "Shutdown"),
            ("[[:space:]]+", "a  b", "  "),
            ("{", "a{b", "{"),
            ("(x", "x", "Unmatched ( or \\("),
            ("x)", "x", "Unmatched ) or \\)"),
            ("[x", "x", "Unmatched [, [^, [:, [., or [="),
            ("a{3,1}", "x", "Invalid content of \\{\\}"),
            ("no", "yes", "-"),
        ] {
            check(Flavour::Extended, regex, text, expected);
        }
    }

    #[test]
    fn basic_and_perl() {
        check(Flavour::Basic, "\\(a\\)\\(b*\\)", "xabb", "abb,a,bb");
        check(Flavour::Basic, "a+b", "a+b", "a+b");
        check(Flavour::Basic, "a\\+", "caab", "aa");
        check(Flavour::Basic, "*a", "*a", "*a");
        check(Flavour::Basic, "a\\|b", "b", "b");
        check(Flavour::Basic, "a\\{2\\}", "aaa", "aa");
        check(Flavour::Perl, "a|ab", "ab", "a");
        check(Flavour::Perl, "\\d+?", "x123", "1");
        check(Flavour::Perl, "(?:a)(b)", "ab", "ab,b");
    }

    #[test]
    fn nothing_blows_up() {
        let text = "a".repeat(2_000);
        check(Flavour::Extended, "(a*)*(a*)*(a*)*b", &text, "-");
        check(Flavour::Extended, "((a{1,200}){1,200}){1,200}", &text, "Regular expression too big");
        check(Flavour::Extended, &"(".repeat(5_000), &text, "Regular expression too big");
    }
}
