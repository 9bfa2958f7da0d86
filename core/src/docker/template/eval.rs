//! Walks through a parsed template with a value in hand.
//!
//! Models: Go text/template/exec.go, with its error texts.

use std::borrow::Cow;

use super::print::print_value;
use super::{Branch, Command, Node, Operand, Pipeline, Template, Term, Words, functions};
use crate::docker::units::quote;
use crate::json::Value;

pub(super) fn render<'t>(template: &'t Template, data: &'t Value, words: Words, left: usize) -> Result<String, String> {
    let variables = vec![("$".to_owned(), Cow::Borrowed(data))];
    let mut state = State { text: &template.text, words, out: String::new(), variables, left };
    state.walk(&template.nodes, data)?;
    Ok(state.out)
}

/// What a list of nodes ended with.
#[derive(Clone, Copy, PartialEq)]
enum Left {
    AtTheEnd,
    ByBreak,
    ByContinue,
}

/// How many values a template may work out. Go has all the time in the world; a page stands still.
const PATIENCE: usize = 10_000;

/// For how many objects at most they are shared out.
const SHARED: usize = 10;

/// How many values it may work out for each of so many objects.
pub(super) fn patience(objects: usize) -> usize {
    PATIENCE / objects.clamp(1, SHARED)
}

/// A text counts as one value more for so many bytes.
const BYTES_PER_VALUE: usize = 20;

struct State<'t> {
    text: &'t str,
    words: Words,
    out: String,
    variables: Vec<(String, Cow<'t, Value>)>,
    /// What is left of its patience.
    left: usize,
}

impl State<'_> {
    fn fail<T>(&self, at: usize, context: &dyn std::fmt::Display, message: &str) -> Result<T, String> {
        let before = &self.text[..at];
        let line = before.matches('\n').count() + 1;
        let column = before.rfind('\n').map_or(at, |newline| at - newline - 1);
        let context = context.to_string();
        Err(format!("template: :{line}:{column}: executing {} at <{context}>: {message}", quote("")))
    }

    fn walk(&mut self, nodes: &[Node], dot: &Value) -> Result<Left, String> {
        for node in nodes {
            let left = match node {
                Node::Text(text) => {
                    self.out.push_str(text);
                    Left::AtTheEnd
                }
                Node::Action(pipeline) => {
                    let value = self.pipeline(pipeline, dot)?;
                    if pipeline.variables.is_empty() {
                        let before = self.out.len();
                        print_value(&mut self.out, &value);
                        // What is made of many values takes as long as its text.
                        self.take((self.out.len() - before) / BYTES_PER_VALUE)?;
                    }
                    Left::AtTheEnd
                }
                Node::Branch { kind, pipeline, then, otherwise } => {
                    let scope = self.variables.len();
                    let left = self.branch(*kind, pipeline, then, otherwise, dot)?;
                    self.variables.truncate(scope);
                    left
                }
                Node::Break => Left::ByBreak,
                Node::Continue => Left::ByContinue,
            };
            if left != Left::AtTheEnd {
                return Ok(left);
            }
        }
        Ok(Left::AtTheEnd)
    }

    fn branch(
        &mut self,
        kind: Branch,
        pipeline: &Pipeline,
        then: &[Node],
        otherwise: &[Node],
        dot: &Value,
    ) -> Result<Left, String> {
        if kind == Branch::Range {
            return self.range(pipeline, then, otherwise, dot);
        }
        let value = self.pipeline(pipeline, dot)?;
        match (value.is_zero(), kind) {
            (true, _) => self.walk(otherwise, dot),
            (false, Branch::With) => self.walk(then, &value),
            (false, _) => self.walk(then, dot),
        }
    }

    fn range(&mut self, pipeline: &Pipeline, then: &[Node], otherwise: &[Node], dot: &Value) -> Result<Left, String> {
        let value = self.pipeline(pipeline, dot)?;
        let members: Vec<(Value, Value)> = match value {
            Value::List(values) => {
                values.into_iter().enumerate().map(|(at, value)| (Value::Int(at as i64), value)).collect()
            }
            Value::Map(values) => values.into_iter().map(|(key, value)| (Value::Text(key), value)).collect(),
            // One more than there is patience for is as good as any.
            Value::Int(count) => {
                (0..count.min(PATIENCE as i64 + 1)).map(|at| (Value::Int(at), Value::Int(at))).collect()
            }
            Value::Uint(count) => {
                (0..count.min(PATIENCE as u64 + 1)).map(|at| (Value::Uint(at), Value::Uint(at))).collect()
            }
            Value::Nil(_) => Vec::new(),
            other => {
                let mut shown = String::new();
                print_value(&mut shown, &other);
                let operand = &pipeline.commands[0].operands[0];
                return self.fail(operand.at, pipeline, &format!("range can't iterate over {shown}"));
            }
        };
        if members.is_empty() {
            return self.walk(otherwise, dot);
        }
        for (key, value) in members {
            self.spend(&value)?;
            let scope = self.variables.len();
            match &pipeline.variables[..] {
                [] => {}
                [only] => self.set(only, value.clone(), pipeline.assigns),
                [first, second, ..] => {
                    self.set(first, key, pipeline.assigns);
                    self.set(second, value.clone(), pipeline.assigns);
                }
            }
            let left = self.walk(then, &value)?;
            self.variables.truncate(scope);
            if left == Left::ByBreak {
                break;
            }
        }
        Ok(Left::AtTheEnd)
    }

    /// Gives up on what would take too long.
    fn spend(&mut self, value: &Value) -> Result<(), String> {
        let cost = match value {
            Value::Text(text) => 1 + text.len() / BYTES_PER_VALUE,
            _ => 1,
        };
        self.take(cost)
    }

    fn take(&mut self, cost: usize) -> Result<(), String> {
        self.left = self.left.checked_sub(cost).ok_or("swarmyard: templates that take so long are not simulated")?;
        Ok(())
    }

    fn set(&mut self, name: &str, value: Value, assigns: bool) {
        match self.variables.iter_mut().rfind(|(known, _)| known == name).filter(|_| assigns) {
            Some((_, old)) => *old = Cow::Owned(value),
            None => self.variables.push((name.to_owned(), Cow::Owned(value))),
        }
    }

    fn pipeline(&mut self, pipeline: &Pipeline, dot: &Value) -> Result<Value, String> {
        let value = self.commands(pipeline, dot)?;
        for name in &pipeline.variables {
            self.set(name, value.clone(), pipeline.assigns);
        }
        Ok(value)
    }

    fn commands(&mut self, pipeline: &Pipeline, dot: &Value) -> Result<Value, String> {
        let mut last = None;
        for command in &pipeline.commands {
            let value = self.command(command, dot, last)?;
            self.spend(&value)?;
            last = Some(value);
        }
        Ok(last.expect("the parser refuses empty pipelines"))
    }

    fn command(&mut self, command: &Command, dot: &Value, last: Option<Value>) -> Result<Value, String> {
        let (first, operands) = command.operands.split_first().expect("the parser refuses empty commands");
        if let Term::Function(name) = &first.term {
            let value = self.call(name, command, operands, dot, last)?;
            return self.fields(first, &value);
        }
        if operands.is_empty() && last.is_none() {
            if matches!(first.term, Term::Nil) {
                return self.fail(first.at, command, "nil is not a command");
            }
            return self.operand(first, dot);
        }
        match (&first.term, first.fields.last()) {
            (Term::Dot | Term::Variable(_) | Term::Parenthesis(_), Some(field)) => {
                self.operand(first, dot)?;
                self.fail(first.at, first, &format!("{field} has arguments but cannot be invoked as function"))
            }
            _ => self.fail(first.at, first, &format!("can't give argument to non-function {first}")),
        }
    }

    fn call(
        &mut self,
        name: &str,
        command: &Command,
        operands: &[Operand],
        dot: &Value,
        last: Option<Value>,
    ) -> Result<Value, String> {
        // `and` and `or` stop at the first operand that decides.
        if let Some(decides) = match name {
            "and" => Some(true),
            "or" => Some(false),
            _ => None,
        } {
            let mut value = None;
            for operand in operands {
                let next = self.operand(operand, dot)?;
                let stop = next.is_zero() == decides;
                value = Some(next);
                if stop {
                    break;
                }
            }
            return match (value, last) {
                (Some(value), Some(_)) if value.is_zero() == decides => Ok(value),
                (_, Some(last)) => Ok(last),
                (Some(value), None) => Ok(value),
                (None, None) => self.fail(
                    command.at,
                    &command.operands[0],
                    &format!("wrong number of args for {name}: want at least 1 got 0"),
                ),
            };
        }
        let mut values = Vec::new();
        for operand in operands {
            values.push(self.operand(operand, dot)?);
        }
        values.extend(last);
        match functions::call(name, &values, self.words) {
            Ok(value) => Ok(value),
            Err(functions::Wrong::Count(message)) => self.fail(command.at, &command.operands[0], &message),
            Err(functions::Wrong::Type { operand, message }) => {
                let shown = operands.get(operand).unwrap_or(&command.operands[0]);
                self.fail(shown.at, shown, &message)
            }
            Err(functions::Wrong::Failed(message)) => {
                self.fail(command.at, command, &format!("error calling {name}: {message}"))
            }
        }
    }

    fn operand(&mut self, operand: &Operand, dot: &Value) -> Result<Value, String> {
        let value = match &operand.term {
            Term::Dot => return self.fields(operand, dot),
            Term::Nil => Value::Nil("nil"),
            Term::Variable(name) => match self.variables.iter().rfind(|(known, _)| known == name) {
                Some((_, value)) => return self.fields(operand, value),
                // The parser knows of it, but it was set within an operand that was not needed.
                None => return self.fail(operand.at, operand, &format!("undefined variable: {name}")),
            },
            Term::Constant(value, _) => return self.fields(operand, value),
            Term::Parenthesis(pipeline) => self.pipeline(pipeline, dot)?,
            Term::Function(name) => {
                let alone = Command {
                    at: operand.at,
                    operands: vec![Operand { at: operand.at, term: Term::Function(name.clone()), fields: vec![] }],
                };
                self.call(name, &alone, &[], dot, None)?
            }
        };
        self.fields(operand, &value)
    }

    fn fields(&self, operand: &Operand, mut value: &Value) -> Result<Value, String> {
        static NONE: Value = Value::Nil("");
        for field in &operand.fields {
            value = match value {
                Value::Struct(object) => match object.get(field) {
                    Some(value) => value,
                    None => {
                        let message = format!("can't evaluate field {field} in type {}", object.name);
                        return self.fail(operand.at, operand, &message);
                    }
                },
                Value::Map(values) => values.get(field).unwrap_or(&NONE),
                Value::Nil("") => {
                    return self.fail(operand.at, operand, &format!("nil data; no entry for key {}", quote(field)));
                }
                Value::Nil(name) => {
                    return self.fail(operand.at, operand, &format!("nil pointer evaluating {name}.{field}"));
                }
                other => {
                    let name = functions::type_name(other);
                    return self.fail(operand.at, operand, &format!("can't evaluate field {field} in type {name}"));
                }
            };
        }
        Ok(value.clone())
    }
}
