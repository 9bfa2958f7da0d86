//! `$((…))`: whole numbers of 64 bits, with C's operators.
//!
//! Models: bash, expr.c. Differs: it speaks less precisely of what is wrong; there are no bases (`16#ff`).

use super::env::Env;
use super::lex::{is_identifier, is_name};

/// How deep brackets, and variables that name others, may go.
const DEEPEST: usize = 24;

/// The value of an expression whose `$…` have been replaced. It may set variables.
///
/// # Errors
/// What bash says, without `bash: `.
pub(super) fn evaluate(text: &str, env: &mut Env) -> Result<i64, String> {
    within(text, env, 0)
}

fn within(text: &str, env: &mut Env, depth: usize) -> Result<i64, String> {
    if text.trim().is_empty() {
        return Ok(0);
    }
    let mut reader = Reader { whole: text.trim(), rest: text, env, depth, live: true };
    let value = reader.comma()?;
    match reader.rest.trim_start() {
        "" => Ok(value),
        _ => reader.wrong("syntax error in expression"),
    }
}

struct Reader<'a> {
    whole: &'a str,
    rest: &'a str,
    env: &'a mut Env,
    depth: usize,
    /// Whether assignments and divisions count: not on the side of `&&`, `||` and `?:` that is not taken.
    live: bool,
}

/// Operators with two sides, the loosest first.
const LEVELS: &[&[&str]] = &[
    &["||"],
    &["&&"],
    &["|"],
    &["^"],
    &["&"],
    &["==", "!="],
    &["<=", ">=", "<", ">"],
    &["<<", ">>"],
    &["+", "-"],
    &["*", "/", "%"],
];

const ASSIGNMENTS: &[&str] = &["=", "+=", "-=", "*=", "/=", "%=", "<<=", ">>=", "&=", "^=", "|="];

impl<'a> Reader<'a> {
    fn wrong<T>(&self, why: &str) -> Result<T, String> {
        let token = self.rest.trim_start();
        Err(format!("{}: {why} (error token is \"{}\")", self.whole, if token.is_empty() { self.whole } else { token }))
    }

    fn eat(&mut self, text: &str) -> bool {
        match self.rest.trim_start().strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn comma(&mut self) -> Result<i64, String> {
        let mut value = self.choice()?;
        while self.eat(",") {
            value = self.choice()?;
        }
        Ok(value)
    }

    fn choice(&mut self) -> Result<i64, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return self.wrong("expression recursion level exceeded");
        }
        let value = self.choice_within();
        self.depth -= 1;
        value
    }

    fn choice_within(&mut self) -> Result<i64, String> {
        if let Some(value) = self.assignment()? {
            return Ok(value);
        }
        let condition = self.level(0)?;
        if !self.eat("?") {
            return Ok(condition);
        }
        let yes = self.side(condition != 0, Self::choice)?;
        if !self.eat(":") {
            return self.wrong("`:' expected for conditional expression");
        }
        let no = self.side(condition == 0, Self::choice)?;
        Ok(if condition != 0 { yes } else { no })
    }

    /// Reads a part that counts only if it is `taken`.
    fn side(&mut self, taken: bool, read: fn(&mut Self) -> Result<i64, String>) -> Result<i64, String> {
        let live = self.live;
        self.live &= taken;
        let value = read(self);
        self.live = live;
        value
    }

    /// `NAME = …`, `NAME += …`, if it is one.
    fn assignment(&mut self) -> Result<Option<i64>, String> {
        let before = self.rest;
        let Some(name) = self.name() else { return Ok(None) };
        let rest = self.rest.trim_start();
        let operator = ASSIGNMENTS.iter().filter(|operator| rest.starts_with(**operator)).max_by_key(|o| o.len());
        let Some(operator) = operator.filter(|operator| **operator != "=" || !rest.starts_with("==")) else {
            self.rest = before;
            return Ok(None);
        };
        self.rest = &rest[operator.len()..];
        let right = self.choice()?;
        let value = match operator.strip_suffix('=') {
            None | Some("") => right,
            Some(operator) => {
                let left = self.variable(name)?;
                self.apply(operator, left, right)?
            }
        };
        self.set(name, value);
        Ok(Some(value))
    }

    fn set(&mut self, name: &str, value: i64) {
        if self.live {
            self.env.set(name, value.to_string());
        }
    }

    fn level(&mut self, level: usize) -> Result<i64, String> {
        let Some(operators) = LEVELS.get(level) else { return self.power() };
        let mut left = self.level(level + 1)?;
        while let Some(operator) = self.operator(operators) {
            let right = match operator {
                "||" | "&&" => {
                    let taken = (left != 0) == (operator == "&&");
                    let live = self.live;
                    self.live &= taken;
                    let right = self.level(level + 1);
                    self.live = live;
                    let right = right?;
                    left = i64::from(if operator == "&&" { left != 0 && right != 0 } else { left != 0 || right != 0 });
                    continue;
                }
                _ => self.level(level + 1)?,
            };
            left = self.apply(operator, left, right)?;
        }
        Ok(left)
    }

    /// One of `operators`, where no longer operator stands.
    fn operator(&mut self, operators: &[&'static str]) -> Option<&'static str> {
        let rest = self.rest.trim_start();
        let found = *operators.iter().find(|operator| rest.starts_with(**operator))?;
        let longer = ["||", "&&", "<<", ">>", "**", "|=", "&=", "^=", "+=", "-=", "*=", "/=", "%=", "<<=", ">>="];
        if longer.iter().any(|longer| longer.len() > found.len() && rest.starts_with(*longer)) {
            return None;
        }
        self.rest = &rest[found.len()..];
        Some(found)
    }

    fn apply(&self, operator: &str, left: i64, right: i64) -> Result<i64, String> {
        Ok(match operator {
            "+" => left.wrapping_add(right),
            "-" => left.wrapping_sub(right),
            "*" => left.wrapping_mul(right),
            "/" | "%" if right == 0 && self.live => {
                return Err(format!("{}: division by 0 (error token is \"{right}\")", self.whole));
            }
            "/" | "%" if right == 0 => 0,
            "/" => left.wrapping_div(right),
            "%" => left.wrapping_rem(right),
            "<<" => left.wrapping_shl(right as u32),
            ">>" => left.wrapping_shr(right as u32),
            "&" => left & right,
            "|" => left | right,
            "^" => left ^ right,
            "==" => i64::from(left == right),
            "!=" => i64::from(left != right),
            "<" => i64::from(left < right),
            ">" => i64::from(left > right),
            "<=" => i64::from(left <= right),
            _ => i64::from(left >= right),
        })
    }

    fn power(&mut self) -> Result<i64, String> {
        let base = self.unary()?;
        if !self.eat("**") {
            return Ok(base);
        }
        let exponent = self.side(true, Self::bounded_power)?;
        match u32::try_from(exponent) {
            Ok(exponent) => Ok(base.wrapping_pow(exponent)),
            Err(_) => self.wrong("exponent less than 0"),
        }
    }

    fn bounded_power(&mut self) -> Result<i64, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return self.wrong("expression recursion level exceeded");
        }
        let value = self.power();
        self.depth -= 1;
        value
    }

    fn unary(&mut self) -> Result<i64, String> {
        for step in ["++", "--"] {
            if self.eat(step) {
                let Some(name) = self.name() else { return self.wrong("syntax error: operand expected") };
                let value = self.variable(name)?.wrapping_add(if step == "++" { 1 } else { -1 });
                self.set(name, value);
                return Ok(value);
            }
        }
        let mut signs = Vec::new();
        while let Some(sign) = ["-", "+", "!", "~"].into_iter().find(|sign| self.eat(sign)) {
            signs.push(sign);
        }
        let mut value = self.operand()?;
        while let Some(sign) = signs.pop() {
            value = match sign {
                "-" => value.wrapping_neg(),
                "!" => i64::from(value == 0),
                "~" => !value,
                _ => value,
            };
        }
        Ok(value)
    }

    fn operand(&mut self) -> Result<i64, String> {
        if self.eat("(") {
            let value = self.comma()?;
            return if self.eat(")") { Ok(value) } else { self.wrong("missing `)'") };
        }
        if let Some(name) = self.name() {
            let value = self.variable(name)?;
            for step in ["++", "--"] {
                if self.eat(step) {
                    self.set(name, value.wrapping_add(if step == "++" { 1 } else { -1 }));
                }
            }
            return Ok(value);
        }
        let rest = self.rest.trim_start();
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let (digits, behind) = rest.split_at(length);
        let value = match digits.strip_prefix("0x").or(digits.strip_prefix("0X")) {
            Some(hexadecimal) => i64::from_str_radix(hexadecimal, 16),
            None if digits.len() > 1 && digits.starts_with('0') => i64::from_str_radix(digits, 8),
            None => digits.parse(),
        };
        match value {
            Ok(value) => {
                self.rest = behind;
                Ok(value)
            }
            Err(_) if digits.is_empty() => self.wrong("syntax error: operand expected"),
            Err(_) if digits.bytes().all(|b| b.is_ascii_digit()) && digits.starts_with('0') => {
                self.wrong("value too great for base")
            }
            Err(_) => self.wrong("syntax error in expression"),
        }
    }

    /// Reads a variable's name.
    fn name(&mut self) -> Option<&'a str> {
        let rest = self.rest.trim_start();
        let length = rest.find(|c: char| !is_name(c)).unwrap_or(rest.len());
        let (name, behind) = rest.split_at(length);
        is_identifier(name).then(|| {
            self.rest = behind;
            name
        })
    }

    /// A variable's value, which may be an expression itself.
    fn variable(&mut self, name: &str) -> Result<i64, String> {
        let text = self.env.parameter(name).unwrap_or_default();
        match text.trim().parse() {
            Ok(value) => Ok(value),
            Err(_) if self.depth >= DEEPEST => self.wrong("expression recursion level exceeded"),
            Err(_) => within(&text, self.env, self.depth + 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let mut env = Env::new("manager");
        env.set("a", "5".to_owned());
        env.set("b", "a + 1".to_owned());
        env.set("c", "c".to_owned());
        let got = evaluate(text, &mut env).map_or_else(|why| why, |value| value.to_string());
        assert_eq!(got, expected, "of {text}");
    }

    #[test]
    fn operators_bind_as_in_c() {
        for (text, value) in [
            ("1 + 2 * 3", "7"),
            ("(1+2)*3", "9"),
            ("2**3**2", "512"),
            ("-2 ** 2", "4"),
            ("7 / 2 - 7 % 4", "0"),
            ("1 < 2 == 1", "1"),
            ("1 << 4 | 1", "17"),
            ("!0 + ~0", "0"),
            ("a > 3 ? a : 0", "5"),
            ("b * 2", "12"),
            ("none", "0"),
            ("", "0"),
            ("a += 2, a", "7"),
            ("a++ + a", "11"),
            ("--a", "4"),
            ("0x10 + 010", "24"),
            ("0 && (a = 9)", "0"),
            ("(0 && (a = 9)), a", "5"),
            ("1 || 1 / 0", "1"),
            ("a == 5 && a != 6", "1"),
            ("9223372036854775807 + 1", "-9223372036854775808"),
            ("-9223372036854775807 - 1", "-9223372036854775808"),
        ] {
            check(text, value);
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        check("1 / 0", "1 / 0: division by 0 (error token is \"0\")");
        check("1 +", "1 +: syntax error: operand expected (error token is \"1 +\")");
        check("2 3", "2 3: syntax error in expression (error token is \"3\")");
        check("09", "09: value too great for base (error token is \"09\")");
        check("(1", "(1: missing `)' (error token is \"(1\")");
        check("c", "c: expression recursion level exceeded (error token is \"c\")");
        assert!(evaluate(&"(".repeat(5_000), &mut Env::new("x")).is_err());
        assert!(evaluate(&"2**".repeat(5_000), &mut Env::new("x")).is_err());
    }
}
