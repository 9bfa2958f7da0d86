//! What `[[ … ]]` and `test` can ask.
//!
//! Models: bash, test.c and execute_cmd.c (execute_cond_node). Differs: files have no owners, times or links to ask for.

use super::arith;
use super::env::Env;
use super::files::Files;
use super::pattern::fits;
use super::regex::{Flavour, Regex};

/// A part of `[[ … ]]`, expanded.
pub(super) enum Term {
    Operator(&'static str),
    Word {
        text: String,
        /// With what was quoted in it standing for itself.
        pattern: String,
        /// Whether nothing was quoted or expanded, so that it can be an operator.
        plain: bool,
    },
}

/// The exit code of a condition that cannot be read.
const WRONG: i32 = 2;

/// Whether `[[ … ]]` holds, as an exit code.
///
/// # Errors
/// What bash says, without `bash: `.
pub(super) fn holds(terms: &[Term], env: &mut Env, files: &Files) -> Result<i32, String> {
    let mut reader = Reader { terms, at: 0, env, files, depth: 0 };
    let value = reader.any()?;
    if reader.at < terms.len() {
        return reader.wrong();
    }
    Ok(i32::from(!value))
}

struct Reader<'a> {
    terms: &'a [Term],
    at: usize,
    env: &'a mut Env,
    files: &'a Files,
    depth: usize,
}

/// How deep brackets may nest.
const DEEPEST: usize = 50;

impl Reader<'_> {
    fn eat(&mut self, operator: &str) -> bool {
        let found = matches!(self.terms.get(self.at), Some(Term::Operator(known)) if *known == operator);
        self.at += usize::from(found);
        found
    }

    fn wrong<T>(&self) -> Result<T, String> {
        let near = match self.terms.get(self.at) {
            Some(Term::Operator(operator)) => operator,
            Some(Term::Word { text, .. }) => text.as_str(),
            None => "]]",
        };
        Err(format!("syntax error in conditional expression near `{near}'"))
    }

    fn any(&mut self) -> Result<bool, String> {
        let mut value = self.all()?;
        while self.eat("||") {
            value |= self.all()?;
        }
        Ok(value)
    }

    fn all(&mut self) -> Result<bool, String> {
        let mut value = self.one()?;
        while self.eat("&&") {
            value &= self.one()?;
        }
        Ok(value)
    }

    fn one(&mut self) -> Result<bool, String> {
        let mut negated = false;
        while self.eat("!") {
            negated = !negated;
        }
        if self.eat("(") {
            self.depth += 1;
            if self.depth > DEEPEST {
                return self.wrong();
            }
            let value = self.any()?;
            self.depth -= 1;
            return if self.eat(")") { Ok(value != negated) } else { self.wrong() };
        }
        let (left, operator, right) = match &self.terms[self.at.min(self.terms.len())..] {
            [Term::Word { text, plain: true, .. }, Term::Word { text: operand, .. }, ..] if is_unary(text) => {
                let value = unary(text, operand, self.env, self.files);
                self.at += 2;
                return Ok(value != negated);
            }
            [
                Term::Word { text, .. },
                Term::Word { text: operator, plain: true, .. },
                right @ Term::Word { .. },
                ..,
            ] => (text.clone(), operator.as_str(), right),
            [Term::Word { text, .. }, ..] => {
                let value = !text.is_empty();
                self.at += 1;
                return Ok(value != negated);
            }
            _ => return self.wrong(),
        };
        let Term::Word { text: right, pattern, .. } = right else { return self.wrong() };
        let value = match operator {
            "=" | "==" => fits(pattern, &left),
            "!=" => !fits(pattern, &left),
            "=~" => Regex::new(&regex_of(pattern), Flavour::Extended, false)?.find(&left, 0).is_some(),
            "<" => left < *right,
            ">" => left > *right,
            _ => {
                let Some(compare) = comparison(operator) else {
                    self.at += 1;
                    return self.wrong();
                };
                compare(arith::evaluate(&left, self.env)?, arith::evaluate(right, self.env)?)
            }
        };
        self.at += 3;
        Ok(value != negated)
    }
}

/// A word behind `=~`: what was quoted stands for itself there too, and the pattern has a `\` before all that could mean
/// something to either.
fn regex_of(pattern: &str) -> String {
    let mut text = String::new();
    let mut chars = pattern.chars();
    while let Some(next) = chars.next() {
        match (next, chars.clone().next()) {
            ('\\', Some(plain @ ('!' | '-'))) => {
                chars.next();
                text.push(plain);
            }
            ('\\', Some(quoted)) => {
                chars.next();
                text.extend(['\\', quoted]);
            }
            _ => text.push(next),
        }
    }
    text
}

fn is_unary(text: &str) -> bool {
    text.len() == 2
        && text.starts_with('-')
        && text.ends_with(|c| "zneafdsrwxvhLtop".contains(c))
        && text != "-a"
        && text != "-o"
}

fn unary(operator: &str, operand: &str, env: &Env, files: &Files) -> bool {
    let path = Files::resolve(&env.directory, operand);
    match operator {
        "-z" => operand.is_empty(),
        "-n" => !operand.is_empty(),
        "-f" => files.read(&path).is_some(),
        "-d" => !operand.is_empty() && files.is_directory(&path),
        "-s" => files.read(&path).is_some_and(|text| !text.is_empty()) || files.is_directory(&path),
        "-x" => files.runs(&path).unwrap_or(files.is_directory(&path)),
        "-v" => env.variables.contains_key(operand),
        "-t" | "-h" | "-L" | "-p" => false,
        _ => !operand.is_empty() && files.exists(&path),
    }
}

fn comparison(operator: &str) -> Option<fn(i64, i64) -> bool> {
    Some(match operator {
        "-eq" => |a, b| a == b,
        "-ne" => |a, b| a != b,
        "-lt" => |a, b| a < b,
        "-le" => |a, b| a <= b,
        "-gt" => |a, b| a > b,
        "-ge" => |a, b| a >= b,
        _ => return None,
    })
}

/// `test …`: an exit code.
///
/// # Errors
/// What is wrong with it, in bash's words; the exit code is then 2.
pub(super) fn test(args: &[String], env: &Env, files: &Files) -> Result<bool, String> {
    let texts: Vec<&str> = args.iter().map(String::as_str).collect();
    match texts.as_slice() {
        [] => Ok(false),
        [one] => Ok(!one.is_empty()),
        ["!", one] => Ok(one.is_empty()),
        [operator, operand] if is_unary(operator) => Ok(unary(operator, operand, env, files)),
        [operator, _] => Err(format!("{operator}: unary operator expected")),
        [left, operator, right] if is_binary(operator) => binary(left, operator, right),
        ["!", rest @ ..] if texts.len() <= 4 => Ok(!test(&owned(rest), env, files)?),
        ["(", rest @ .., ")"] if texts.len() <= 4 => test(&owned(rest), env, files),
        [_, operator, _] if !["-a", "-o"].contains(operator) => Err(format!("{operator}: binary operator expected")),
        texts => {
            let mut long = Long { texts, env, files, depth: 0 };
            let value = long.any()?;
            if long.texts.is_empty() { Ok(value) } else { Err("too many arguments".to_owned()) }
        }
    }
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn is_binary(operator: &str) -> bool {
    ["=", "==", "!=", "<", ">"].contains(&operator) || comparison(operator).is_some()
}

fn binary(left: &str, operator: &str, right: &str) -> Result<bool, String> {
    let number = |text: &str| text.trim().parse::<i64>().map_err(|_| format!("{text}: integer expression expected"));
    Ok(match operator {
        "=" | "==" => left == right,
        "!=" => left != right,
        "<" => left < right,
        ">" => left > right,
        _ => match comparison(operator) {
            Some(compare) => compare(number(left)?, number(right)?),
            None => return Err(format!("{operator}: binary operator expected")),
        },
    })
}

/// A `test` of more than four words: joined by `-a` and `-o`.
struct Long<'a> {
    texts: &'a [&'a str],
    env: &'a Env,
    files: &'a Files,
    depth: usize,
}

impl Long<'_> {
    fn eat(&mut self, word: &str) -> bool {
        let found = self.texts.first() == Some(&word);
        if found {
            self.texts = &self.texts[1..];
        }
        found
    }

    fn any(&mut self) -> Result<bool, String> {
        let mut value = self.all()?;
        while self.eat("-o") {
            value |= self.all()?;
        }
        Ok(value)
    }

    fn all(&mut self) -> Result<bool, String> {
        let mut value = self.one()?;
        while self.eat("-a") {
            value &= self.one()?;
        }
        Ok(value)
    }

    fn one(&mut self) -> Result<bool, String> {
        let mut negated = false;
        while self.eat("!") {
            negated = !negated;
        }
        let (value, length) = match self.texts {
            ["(", ..] if self.depth < DEEPEST => {
                self.texts = &self.texts[1..];
                self.depth += 1;
                let value = self.any()?;
                self.depth -= 1;
                if !self.eat(")") {
                    return Err("`)' expected".to_owned());
                }
                (value, 0)
            }
            [left, operator, right, ..] if is_binary(operator) => (binary(left, operator, right)?, 3),
            [operator, operand, ..] if is_unary(operator) => (unary(operator, operand, self.env, self.files), 2),
            [one, ..] => (!one.is_empty(), 1),
            [] => return Err("argument expected".to_owned()),
        };
        self.texts = &self.texts[length..];
        Ok(value != negated)
    }
}

/// The exit code of what [`test`] came to.
pub(super) fn exit_code(result: &Result<bool, String>) -> i32 {
    match result {
        Ok(value) => i32::from(!value),
        Err(_) => WRONG,
    }
}
