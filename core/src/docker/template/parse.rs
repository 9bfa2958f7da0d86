//! Tokens to nodes.
//!
//! Models: Go text/template/parse/parse.go, with its error texts.

use super::functions;
use super::lex::{Kind, Token, lex};
use super::{Branch, Command, Node, Operand, Pipeline, Term};
use crate::docker::units::{parse_float, parse_int, quote};
use crate::json::Value;

pub(super) fn parse(text: &str) -> Result<Vec<Node>, String> {
    let mut parser = Parser { text, tokens: lex(text), next: 0, variables: vec!["$".to_owned()], loops: 0, depth: 0 };
    let (nodes, end) = parser.list()?;
    match end {
        Stop::OfText => Ok(nodes),
        Stop::End => parser.fail("unexpected {{end}}"),
        Stop::Else => parser.fail("unexpected {{else}}"),
    }
}

/// What ended a list of nodes: the template's own end, `{{end}}` or `{{else}}`.
enum Stop {
    OfText,
    End,
    Else,
}

struct Parser<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    next: usize,
    /// Variables in scope.
    variables: Vec<String>,
    loops: usize,
    /// How many brackets and branches are open.
    depth: usize,
}

/// More than these no person opens, and a stack has its end. Go has a limit, too, a hundred times as far.
const DEEPEST: usize = 100;

impl Parser<'_> {
    fn peek(&self) -> &Token {
        &self.tokens[self.next.min(self.tokens.len() - 1)]
    }

    fn take(&mut self) -> Token {
        let token = self.peek().clone();
        self.next += 1;
        token
    }

    fn skip_spaces(&mut self) -> &Token {
        while self.peek().kind == Kind::Space {
            self.next += 1;
        }
        self.peek()
    }

    fn take_after_spaces(&mut self) -> Token {
        self.skip_spaces();
        self.take()
    }

    fn fail<T>(&self, message: &str) -> Result<T, String> {
        let at = self.tokens[self.next.saturating_sub(1).min(self.tokens.len() - 1)].at;
        let line = self.text[..at].matches('\n').count() + 1;
        Err(format!("template: :{line}: {message}"))
    }

    fn unexpected<T>(&self, token: &Token, context: &str) -> Result<T, String> {
        if token.kind == Kind::Error {
            self.fail(&token.text)
        } else {
            self.fail(&format!("unexpected {token} in {context}"))
        }
    }

    fn list(&mut self) -> Result<(Vec<Node>, Stop), String> {
        let mut nodes = Vec::new();
        loop {
            let token = self.take();
            match token.kind {
                Kind::Text => nodes.push(Node::Text(token.text)),
                Kind::End => return Ok((nodes, Stop::OfText)),
                Kind::LeftDelimiter => match self.action()? {
                    Action::Node(node) => nodes.push(node),
                    Action::End => return Ok((nodes, Stop::End)),
                    Action::Else => return Ok((nodes, Stop::Else)),
                },
                _ => return self.unexpected(&token, "input"),
            }
        }
    }

    fn action(&mut self) -> Result<Action, String> {
        let first = self.skip_spaces().clone();
        if first.kind != Kind::Keyword {
            let scope = self.variables.len();
            let pipeline = self.pipeline("command", Kind::RightDelimiter)?;
            debug_assert!(self.variables.len() >= scope, "an action may add variables for what follows");
            return Ok(Action::Node(Node::Action(pipeline)));
        }
        self.next += 1;
        Ok(match first.text.as_str() {
            "end" => {
                self.close("end")?;
                Action::End
            }
            // `else if` and `else with` are read by the branch they belong to.
            "else" => Action::Else,
            "if" => Action::Node(self.branch(Branch::If, "if")?),
            "with" => Action::Node(self.branch(Branch::With, "with")?),
            "range" => Action::Node(self.branch(Branch::Range, "range")?),
            word @ ("break" | "continue") => {
                if self.loops == 0 {
                    return self.fail(&format!("{{{{{word}}}}} outside {{{{range}}}}"));
                }
                self.close(&format!("{{{{{word}}}}}"))?;
                Action::Node(if word == "break" { Node::Break } else { Node::Continue })
            }
            _ => return self.unexpected(&first, "command"),
        })
    }

    fn close(&mut self, context: &str) -> Result<(), String> {
        let token = self.take_after_spaces();
        if token.kind == Kind::RightDelimiter { Ok(()) } else { self.unexpected(&token, context) }
    }

    fn branch(&mut self, kind: Branch, word: &str) -> Result<Node, String> {
        self.deeper()?;
        let scope = self.variables.len();
        let pipeline = self.pipeline(word, Kind::RightDelimiter)?;
        self.loops += usize::from(kind == Branch::Range);
        let (then, end) = self.list()?;
        self.loops -= usize::from(kind == Branch::Range);
        let mut otherwise = Vec::new();
        match end {
            Stop::OfText => return self.fail("unexpected EOF"),
            Stop::End => {}
            Stop::Else => {
                let next = self.skip_spaces().clone();
                let chained = match (kind, next.text.as_str()) {
                    (Branch::If, "if") => Some(Branch::If),
                    (Branch::With, "with") => Some(Branch::With),
                    _ => None,
                };
                if let Some(chained) = chained.filter(|_| next.kind == Kind::Keyword) {
                    self.next += 1;
                    // Its {{end}} ends this branch too.
                    otherwise.push(self.branch(chained, word)?);
                } else {
                    self.close("else")?;
                    let (nodes, end) = self.list()?;
                    otherwise = nodes;
                    match end {
                        Stop::End => {}
                        Stop::OfText => return self.fail("unexpected EOF"),
                        Stop::Else => return self.fail("expected end; found {{else}}"),
                    }
                }
            }
        }
        self.variables.truncate(scope);
        self.depth -= 1;
        Ok(Node::Branch { kind, pipeline, then, otherwise })
    }

    fn deeper(&mut self) -> Result<(), String> {
        self.depth += 1;
        if self.depth > DEEPEST { self.fail("max expression depth exceeded") } else { Ok(()) }
    }

    fn pipeline(&mut self, context: &str, end: Kind) -> Result<Pipeline, String> {
        let mut pipeline = Pipeline { variables: Vec::new(), assigns: false, commands: Vec::new() };
        self.declarations(&mut pipeline, context)?;
        loop {
            let token = self.skip_spaces().clone();
            match token.kind {
                kind if kind == end => {
                    self.next += 1;
                    break;
                }
                Kind::Error
                | Kind::RightDelimiter
                | Kind::RightParenthesis
                | Kind::Pipe
                | Kind::Keyword
                | Kind::Comma
                | Kind::Assign
                | Kind::Declare
                | Kind::End => {
                    self.next += 1;
                    return self.unexpected(&token, context);
                }
                _ => {
                    let command = self.command()?;
                    pipeline.commands.push(command);
                }
            }
        }
        if pipeline.commands.is_empty() {
            return self.fail(&format!("missing value for {context}"));
        }
        for (stage, command) in pipeline.commands.iter().enumerate().skip(1) {
            let operand = &command.operands[0];
            if operand.fields.is_empty() && matches!(operand.term, Term::Constant(..) | Term::Dot | Term::Nil) {
                return self.fail(&format!("non executable command in pipeline stage {}", stage + 1));
            }
        }
        Ok(pipeline)
    }

    /// `$x :=`, `$x =`, and in a range `$i, $x :=`.
    fn declarations(&mut self, pipeline: &mut Pipeline, context: &str) -> Result<(), String> {
        let start = self.next;
        let mut names = Vec::new();
        while self.skip_spaces().kind == Kind::Variable {
            names.push(self.take().text);
            let token = self.skip_spaces().clone();
            match token.kind {
                Kind::Comma if context == "range" && names.len() < 2 => {
                    self.next += 1;
                }
                Kind::Assign | Kind::Declare => {
                    self.next += 1;
                    pipeline.assigns = token.kind == Kind::Assign;
                    if !pipeline.assigns {
                        self.variables.extend(names.iter().cloned());
                    } else if let Some(unknown) = names.iter().find(|name| !self.variables.contains(name)) {
                        return self.fail(&format!("undefined variable {}", quote(unknown)));
                    }
                    pipeline.variables = names;
                    return Ok(());
                }
                _ => break,
            }
        }
        self.next = start;
        Ok(())
    }

    fn command(&mut self) -> Result<Command, String> {
        let mut command = Command { at: self.peek().at, operands: Vec::new() };
        loop {
            self.skip_spaces();
            if let Some(operand) = self.operand()? {
                command.operands.push(operand);
            }
            let token = self.take();
            match token.kind {
                Kind::Space => continue,
                Kind::RightDelimiter | Kind::RightParenthesis => self.next -= 1,
                Kind::Pipe => {
                    // Something must follow a pipe.
                    let next = self.skip_spaces();
                    if matches!(next.kind, Kind::RightDelimiter | Kind::RightParenthesis) {
                        return self.fail("missing value for command");
                    }
                }
                _ => return self.unexpected(&token, "operand"),
            }
            break;
        }
        if command.operands.is_empty() { self.fail("empty command") } else { Ok(command) }
    }

    fn operand(&mut self) -> Result<Option<Operand>, String> {
        let token = self.take();
        let mut at = token.at;
        let mut fields = Vec::new();
        let term = match token.kind {
            Kind::Identifier if functions::exists(&token.text) => Term::Function(token.text.clone()),
            Kind::Identifier => return self.fail(&format!("function {} not defined", quote(&token.text))),
            Kind::Dot => Term::Dot,
            Kind::Nil => Term::Nil,
            Kind::Field => {
                fields.push(token.text[1..].to_owned());
                Term::Dot
            }
            Kind::Variable if self.variables.contains(&token.text) => Term::Variable(token.text.clone()),
            Kind::Variable => return self.fail(&format!("undefined variable {}", quote(&token.text))),
            Kind::Bool => Term::Constant(Value::Bool(token.text == "true"), token.text.clone()),
            Kind::Number => match number(&token.text) {
                Some(value) => Term::Constant(value, token.text.clone()),
                None => return self.fail(&format!("illegal number syntax: {}", quote(&token.text))),
            },
            Kind::RawString => Term::Constant(Value::text(&token.text[1..token.text.len() - 1]), token.text.clone()),
            Kind::String | Kind::Char => {
                let inner = unescape(&token.text[1..token.text.len() - 1]);
                let value = match token.kind {
                    Kind::Char => Value::Int(inner.chars().next().map_or(0, |c| i64::from(u32::from(c)))),
                    _ => Value::Text(inner),
                };
                Term::Constant(value, token.text.clone())
            }
            Kind::LeftParenthesis => {
                self.deeper()?;
                let inner = self.pipeline("parenthesized pipeline", Kind::RightParenthesis)?;
                self.depth -= 1;
                Term::Parenthesis(Box::new(inner))
            }
            _ => {
                self.next -= 1;
                return Ok(None);
            }
        };
        if self.peek().kind == Kind::Field {
            if matches!(term, Term::Constant(..) | Term::Nil) || (matches!(term, Term::Dot) && fields.is_empty()) {
                return self.fail(&format!("unexpected . after term {}", quote(&token.text)));
            }
            at = self.peek().at;
            while self.peek().kind == Kind::Field {
                fields.push(self.take().text[1..].to_owned());
            }
        }
        Ok(Some(Operand { at, term, fields }))
    }
}

enum Action {
    Node(Node),
    End,
    Else,
}

fn number(text: &str) -> Option<Value> {
    let digits = text.replace('_', "");
    if let Ok(number) = parse_int(&digits) {
        return Some(Value::Int(number));
    }
    parse_float(&digits).ok().map(Value::Float)
}

/// Takes the escapes out of a quoted text.
pub(super) fn unescape(text: &str) -> String {
    let mut plain = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            plain.push(c);
            continue;
        }
        let escaped = chars.next();
        let digits = match escaped {
            Some('x') => 2,
            Some('u') => 4,
            Some('U') => 8,
            _ => 0,
        };
        if digits > 0 {
            let digits: String = chars.by_ref().take(digits).collect();
            plain.push(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32).unwrap_or('\u{fffd}'));
            continue;
        }
        plain.extend(match escaped {
            Some('n') => Some('\n'),
            Some('t') => Some('\t'),
            Some('r') => Some('\r'),
            Some('a') => Some('\u{7}'),
            other => other,
        });
    }
    plain
}
