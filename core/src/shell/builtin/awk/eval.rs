//! Runs programs of `awk`: variables, fields, and what functions do.

use super::parse::{Act, Expr, When};
use crate::collections::Map;
use crate::shell::builtin::printf::Place;
use crate::shell::builtin::sed::replaced;
use crate::shell::number::Number;
use crate::shell::regex::{Flavour, NONE, Regex};

#[derive(Clone)]
pub(super) enum Value {
    Number(Number),
    Text(String),
    /// A text from outside, which counts as a number where it looks like one.
    Input(String),
}

impl Default for Value {
    fn default() -> Value {
        Value::Number(Number::default())
    }
}

/// Why acts come to an end.
pub(super) enum Stop {
    Next,
    Exit(i32),
    Break,
    Continue,
    Wrong(String),
}

#[derive(Clone, Default)]
pub(super) struct Machine {
    variables: Map<String, Value>,
    arrays: Map<String, Map<String, Value>>,
    record: String,
    fields: Vec<String>,
    /// The rules with two patterns that are between them.
    between: Vec<usize>,
    pub said: String,
    /// How many steps the rules have taken for one line.
    pub steps: usize,
    seed: u32,
}

/// How many steps one line may take.
const MOST: usize = 200_000;
/// How long a text may grow.
const LONGEST: usize = 1 << 20;

type Fallible<T> = Result<T, Stop>;

fn wrong<T>(why: &str) -> Fallible<T> {
    Err(Stop::Wrong(why.to_owned()))
}

impl Value {
    pub(super) fn input(text: &str) -> Value {
        Value::Input(text.to_owned())
    }

    fn text(&self) -> String {
        match self {
            Value::Number(number) => number.text(),
            Value::Text(text) | Value::Input(text) => text.clone(),
        }
    }

    fn number(&self) -> Number {
        match self {
            Value::Number(number) => *number,
            Value::Text(text) | Value::Input(text) => Number::read(text),
        }
    }

    fn holds(&self) -> bool {
        match self {
            Value::Number(number) => !number.is_zero(),
            Value::Input(text) => Number::exactly(text).map_or(!text.is_empty(), |number| !number.is_zero()),
            Value::Text(text) => !text.is_empty(),
        }
    }

    /// The number that it counts as in a comparison.
    fn numeric(&self) -> Option<Number> {
        match self {
            Value::Number(number) => Some(*number),
            Value::Input(text) => Number::exactly(text),
            Value::Text(_) => None,
        }
    }

    fn truth(value: bool) -> Value {
        Value::Number(Number::new(i64::from(value)))
    }
}

impl Machine {
    pub(super) fn set(&mut self, name: &str, value: Value) {
        if name == "NF" {
            self.fields.resize(value.number().whole().clamp(0, 10_000) as usize, String::new());
            self.join();
        }
        self.variables.insert(name.to_owned(), value);
    }

    fn variable(&self, name: &str) -> Value {
        match (name, self.variables.get(name)) {
            ("NF", _) => Value::Number(Number::new(self.fields.len() as i64)),
            (_, Some(value)) => value.clone(),
            ("FS" | "OFS", None) => Value::Text(" ".to_owned()),
            ("ORS" | "RS", None) => Value::Text("\n".to_owned()),
            _ => Value::Input(String::new()),
        }
    }

    /// Takes the next line.
    pub(super) fn take(&mut self, line: &str) {
        for name in ["NR", "FNR"] {
            let count = self.variable(name).number().plus(Number::new(1));
            self.variables.insert(name.to_owned(), Value::Number(count));
        }
        self.split_record(line);
    }

    fn split_record(&mut self, line: &str) {
        line.clone_into(&mut self.record);
        self.fields = split(line, &self.variable("FS").text());
    }

    fn join(&mut self) {
        self.record = self.fields.join(&self.variable("OFS").text());
    }

    fn field(&self, number: i64) -> Value {
        match number {
            0 => Value::input(&self.record),
            number => Value::input(self.fields.get(number as usize - 1).map_or("", String::as_str)),
        }
    }

    /// Whether a rule's pattern fits.
    pub(super) fn chosen(&mut self, at: usize, when: &When) -> Fallible<bool> {
        Ok(match when {
            When::Begin | When::End | When::Always => true,
            When::If(condition) => self.value(condition)?.holds(),
            When::Between(first, last) => {
                let inside = self.between.contains(&at);
                if !inside && !self.value(first)?.holds() {
                    return Ok(false);
                }
                let ends = self.value(last)?.holds();
                self.between.retain(|other| *other != at);
                if !ends {
                    self.between.push(at);
                }
                true
            }
        })
    }

    pub(super) fn act(&mut self, acts: &[Act]) -> Fallible<()> {
        for act in acts {
            self.one(act)?;
        }
        Ok(())
    }

    fn step(&mut self) -> Fallible<()> {
        self.steps += 1;
        if self.steps > MOST || self.said.len() > LONGEST { wrong("the program takes too long") } else { Ok(()) }
    }

    fn one(&mut self, act: &Act) -> Fallible<()> {
        self.step()?;
        match act {
            Act::Print(words) => {
                let mut texts = Vec::new();
                for word in words {
                    texts.push(self.value(word)?.text());
                }
                let line =
                    if words.is_empty() { self.record.clone() } else { texts.join(&self.variable("OFS").text()) };
                self.said += &(line + &self.variable("ORS").text());
            }
            Act::Printf(words) => {
                let text = self.format(words)?;
                self.said += &text;
            }
            Act::Do(expr) => drop(self.value(expr)?),
            Act::If(condition, then, otherwise) => {
                let holds = self.value(condition)?.holds();
                self.act(if holds { then } else { otherwise })?;
            }
            Act::Loop { first, condition, step, body } => {
                self.rounds(*first, condition.as_ref(), step.as_deref(), body)?
            }
            Act::Each { name, array, body } => {
                let keys: Vec<String> =
                    self.arrays.get(array).map_or(Vec::new(), |array| array.keys().cloned().collect());
                for key in keys {
                    self.set(name, Value::input(&key));
                    match self.act(body) {
                        Ok(()) | Err(Stop::Continue) => {}
                        Err(Stop::Break) => break,
                        Err(stop) => return Err(stop),
                    }
                }
            }
            Act::Delete(name, None) => drop(self.arrays.remove(name)),
            Act::Delete(name, Some(key)) => {
                let key = self.value(key)?.text();
                if let Some(array) = self.arrays.get_mut(name) {
                    array.remove(&key);
                }
            }
            Act::Block(acts) => self.act(acts)?,
            Act::Next => return Err(Stop::Next),
            Act::Exit(code) => {
                let code = code.as_ref().map_or(Ok(Value::default()), |code| self.value(code))?;
                return Err(Stop::Exit((code.number().whole() & 0xff) as i32));
            }
            Act::Break => return Err(Stop::Break),
            Act::Continue => return Err(Stop::Continue),
        }
        Ok(())
    }

    fn rounds(&mut self, first: bool, condition: Option<&Expr>, step: Option<&Act>, body: &[Act]) -> Fallible<()> {
        let mut checks = !first;
        loop {
            self.step()?;
            if checks
                && let Some(condition) = condition
                && !self.value(condition)?.holds()
            {
                return Ok(());
            }
            checks = true;
            match self.act(body) {
                Ok(()) | Err(Stop::Continue) => {}
                Err(Stop::Break) => return Ok(()),
                Err(stop) => return Err(stop),
            }
            step.map_or(Ok(()), |step| self.one(step))?;
        }
    }

    fn value(&mut self, expr: &Expr) -> Fallible<Value> {
        Ok(match expr {
            Expr::Number(text) => Value::Number(Number::read(text)),
            Expr::Text(text) => Value::Text(text.clone()),
            Expr::Regex(regex) => Value::truth(regex.fits(&self.record)),
            Expr::Name(name) => self.variable(name),
            Expr::Field(number) => {
                let number = self.value(number)?.number().whole();
                if number < 0 {
                    return wrong("trying to access out of range field");
                }
                self.field(number)
            }
            Expr::Element(name, keys) => {
                let key = self.key(keys)?;
                if name.is_empty() {
                    return Ok(Value::Text(key));
                }
                let array = self.arrays.entry(name.clone()).or_default();
                array.entry(key).or_insert_with(|| Value::Input(String::new())).clone()
            }
            Expr::In(key, array) => {
                let key = self.value(key)?.text();
                Value::truth(self.arrays.get(array).is_some_and(|array| array.contains_key(&key)))
            }
            Expr::Not(inner) => Value::truth(!self.value(inner)?.holds()),
            Expr::Minus(inner) => Value::Number(Number::default().minus(self.value(inner)?.number())),
            Expr::Choice(condition, yes, no) => {
                let side = if self.value(condition)?.holds() { yes } else { no };
                self.value(side)?
            }
            Expr::Assign(op, target, value) => {
                let mut value = self.value(value)?;
                if !op.is_empty() {
                    let old = self.value(target)?.number();
                    value = Value::Number(compute(op, old, value.number())?);
                }
                self.assign(target, value.clone())?;
                value
            }
            Expr::Step(up, old, target) => {
                let before = self.value(target)?.number();
                let after = before.plus(Number::new(if *up { 1 } else { -1 }));
                self.assign(target, Value::Number(after))?;
                Value::Number(if *old { before } else { after })
            }
            Expr::Binary(op, left, right) => self.binary(op, left, right)?,
            Expr::Call(name, args) => self.call(name, args)?,
        })
    }

    fn key(&mut self, keys: &[Expr]) -> Fallible<String> {
        let mut texts = Vec::new();
        for key in keys {
            texts.push(self.value(key)?.text());
        }
        Ok(texts.join("\u{1c}"))
    }

    fn assign(&mut self, target: &Expr, value: Value) -> Fallible<()> {
        match target {
            Expr::Name(name) => self.set(name, value),
            Expr::Element(name, keys) => {
                let key = self.key(keys)?;
                self.arrays.entry(name.clone()).or_default().insert(key, value);
            }
            Expr::Field(number) => match self.value(number)?.number().whole() {
                0 => self.split_record(&value.text()),
                number @ 1..=10_000 => {
                    let place = number as usize;
                    if self.fields.len() < place {
                        self.fields.resize(place, String::new());
                    }
                    self.fields[place - 1] = value.text();
                    self.join();
                }
                _ => return wrong("trying to access out of range field"),
            },
            _ => return wrong("assignment to what is no variable"),
        }
        Ok(())
    }

    fn binary(&mut self, op: &str, left: &Expr, right: &Expr) -> Fallible<Value> {
        let first = self.value(left)?;
        match op {
            "&&" | "||" => {
                let decided = first.holds() == (op == "||");
                return Ok(Value::truth(if decided { op == "||" } else { self.value(right)?.holds() }));
            }
            "~" | "!~" => {
                let regex = match right {
                    Expr::Regex(regex) => return Ok(Value::truth(regex.fits(&first.text()) == (op == "~"))),
                    other => self.value(other)?.text(),
                };
                let regex = Regex::new(&regex, Flavour::Extended, false).map_err(Stop::Wrong)?;
                return Ok(Value::truth(regex.fits(&first.text()) == (op == "~")));
            }
            _ => {}
        }
        let second = self.value(right)?;
        if op == " " {
            let text = first.text() + &second.text();
            return if text.len() > LONGEST { wrong("a text grows too long") } else { Ok(Value::Text(text)) };
        }
        let order = match (first.numeric(), second.numeric()) {
            (Some(first), Some(second)) => first.cmp(&second),
            _ => first.text().cmp(&second.text()),
        };
        Ok(match op {
            "<" => Value::truth(order.is_lt()),
            "<=" => Value::truth(order.is_le()),
            "==" => Value::truth(order.is_eq()),
            "!=" => Value::truth(order.is_ne()),
            ">" => Value::truth(order.is_gt()),
            ">=" => Value::truth(order.is_ge()),
            op => Value::Number(compute(op, first.number(), second.number())?),
        })
    }

    fn call(&mut self, name: &str, args: &[Expr]) -> Fallible<Value> {
        self.step()?;
        match (name, args) {
            ("split", [_, Expr::Name(_), ..])
            | ("sub" | "gsub", [_, _, ..])
            | ("length", [Expr::Name(_)])
            | ("match", [_, _]) => {
                return self.special(name, args);
            }
            _ => {}
        }
        let mut values = Vec::new();
        for arg in args {
            values.push(self.value(arg)?);
        }
        let text = |place: usize| values.get(place).map_or(String::new(), Value::text);
        let number = |place: usize| values.get(place).map_or(Number::default(), Value::number);
        Ok(match name {
            "length" if args.is_empty() => Value::Number(Number::new(self.record.chars().count() as i64)),
            "length" => Value::Number(Number::new(text(0).chars().count() as i64)),
            "substr" => {
                let start = number(1).whole();
                let count = values.get(2).map_or(i64::MAX, |count| count.number().whole());
                let end = start.saturating_add(count);
                let (skip, until) = ((start - 1).max(0) as usize, (end - 1).max(0) as usize);
                Value::Text(text(0).chars().take(until).skip(skip).collect())
            }
            "index" => {
                let (text, wanted) = (text(0), text(1));
                let place = text.find(&wanted).map_or(0, |at| text[..at].chars().count() + 1);
                Value::Number(Number::new(place as i64))
            }
            "toupper" => Value::Text(text(0).to_ascii_uppercase()),
            "tolower" => Value::Text(text(0).to_ascii_lowercase()),
            "int" => Value::Number(Number::new(number(0).whole())),
            "sprintf" => Value::Text(self.format(args)?),
            "sub" | "gsub" => return self.special(name, args),
            "systime" => Value::default(),
            "rand" => {
                // Differs: the same numbers in every program, so that a session can be played again.
                self.seed = self.seed.wrapping_mul(1_103_515_245).wrapping_add(12_345);
                Number::new(i64::from(self.seed >> 8 & 0xf_ffff))
                    .over(Number::new(0x10_0000))
                    .map_or_else(Value::default, Value::Number)
            }
            "srand" => Value::default(),
            "" => Value::Text(values.iter().map(Value::text).collect::<Vec<_>>().join("\u{1c}")),
            name => return wrong(&format!("calling undefined function {name}")),
        })
    }

    /// Functions that do not only take values: arrays, patterns, and what they change.
    fn special(&mut self, name: &str, args: &[Expr]) -> Fallible<Value> {
        match (name, args) {
            ("length", [Expr::Name(name)]) => {
                let count = match self.arrays.get(name) {
                    Some(array) => array.len(),
                    None => self.variable(name).text().chars().count(),
                };
                Ok(Value::Number(Number::new(count as i64)))
            }
            ("split", [text, Expr::Name(array), rest @ ..]) => {
                let text = self.value(text)?.text();
                let separator = match rest.first() {
                    Some(separator) => self.value(separator)?.text(),
                    None => self.variable("FS").text(),
                };
                let parts = split(&text, &separator);
                let count = parts.len() as i64;
                let parts = parts.iter().enumerate().map(|(at, part)| ((at + 1).to_string(), Value::input(part)));
                self.arrays.insert(array.clone(), parts.collect());
                Ok(Value::Number(Number::new(count)))
            }
            ("match", [text, pattern]) => {
                let text = self.value(text)?.text();
                let found = self.with_regex(pattern, |regex| regex.find(&text, 0))?;
                let (start, length) = found.map_or((0, -1), |spans| {
                    let before = text[..spans[0]].chars().count() as i64;
                    (before + 1, text[spans[0]..spans[1]].chars().count() as i64)
                });
                self.set("RSTART", Value::Number(Number::new(start)));
                self.set("RLENGTH", Value::Number(Number::new(length)));
                Ok(Value::Number(Number::new(start)))
            }
            (_, [pattern, with, rest @ ..]) => {
                let with = self.value(with)?.text();
                let whole = Expr::Field(Box::new(Expr::Number("0".to_owned())));
                let target = rest.first().unwrap_or(&whole);
                let text = self.value(target)?.text();
                let mut count = 0;
                let new = self.with_regex(pattern, |regex| {
                    replaced(regex, &text, 1, name == "gsub", &mut |spans, line| {
                        count += 1;
                        let hit = if spans[0] == NONE { "" } else { &line[spans[0]..spans[1]] };
                        with.replace("\\&", "\0").replace('&', hit).replace('\0', "&")
                    })
                })?;
                if let Some(new) = new {
                    self.assign(target, Value::Text(new))?;
                }
                Ok(Value::Number(Number::new(count)))
            }
            _ => wrong("a function has too few arguments"),
        }
    }

    fn with_regex<T>(&mut self, pattern: &Expr, with: impl FnOnce(&Regex) -> T) -> Fallible<T> {
        match pattern {
            Expr::Regex(regex) => Ok(with(regex)),
            other => {
                let text = self.value(other)?.text();
                Ok(with(&Regex::new(&text, Flavour::Extended, false).map_err(Stop::Wrong)?))
            }
        }
    }

    fn format(&mut self, args: &[Expr]) -> Fallible<String> {
        let mut values = Vec::new();
        for arg in args {
            values.push(self.value(arg)?);
        }
        let mut values = values.iter();
        let format = values.next().map_or(String::new(), Value::text);
        let (mut text, mut rest) = (String::new(), format.as_str());
        while let Some(at) = rest.find('%') {
            text += &rest[..at];
            rest = &rest[at + 1..];
            if let Some(behind) = rest.strip_prefix('%') {
                text.push('%');
                rest = behind;
                continue;
            }
            let (place, behind) = Place::read(rest, || values.next().map_or(0, |value| value.number().whole()));
            let mut chars = behind.chars();
            let kind = chars.next().unwrap_or('%');
            rest = chars.as_str();
            let Some(value) = values.next() else { return wrong("not enough args in printf") };
            text += &match kind {
                's' => place.text(&value.text()),
                'c' => place.text(&value.text().chars().take(1).collect::<String>()),
                'd' | 'i' | 'x' | 'X' | 'o' | 'u' => place.integer(kind, value.number().whole()),
                _ => place.decimal(value.number()),
            };
        }
        Ok(text + rest)
    }
}

fn compute(op: &str, left: Number, right: Number) -> Fallible<Number> {
    let result = match op {
        "+" => Some(left.plus(right)),
        "-" => Some(left.minus(right)),
        "*" => Some(left.times(right)),
        "/" => left.over(right),
        "%" => left.modulo(right),
        _ => {
            let mut power = Number::new(1);
            for _ in 0..right.whole().clamp(0, 1_000) {
                power = power.times(left);
            }
            Some(power)
        }
    };
    result.map_or_else(|| wrong("division by zero"), Ok)
}

/// A text's parts. A blank stands for any number of blanks; what is longer than one character is a pattern.
fn split(text: &str, separator: &str) -> Vec<String> {
    if text.is_empty() {
        return Vec::new();
    }
    if separator == " " {
        return text.split_whitespace().map(str::to_owned).collect();
    }
    if separator.is_empty() {
        return text.chars().map(String::from).collect();
    }
    let Ok(regex) = Regex::new(separator, Flavour::Extended, false) else { return vec![text.to_owned()] };
    if separator.chars().count() == 1 && separator != "\\" {
        return text.split(separator).map(str::to_owned).collect();
    }
    let (mut parts, mut from) = (Vec::new(), 0);
    while let Some(spans) = regex.find(text, from).filter(|spans| spans[1] > spans[0]) {
        parts.push(text[from..spans[0]].to_owned());
        from = spans[1];
    }
    parts.push(text[from..].to_owned());
    parts
}
