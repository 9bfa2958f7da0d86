//! Programs of `awk` as data. Models: POSIX awk's grammar; an expression's operators bind as there.

use crate::shell::builtin::escapes::unescape;
use crate::shell::regex::{Flavour, Regex};

pub(super) struct Program {
    pub rules: Vec<Rule>,
}

pub(super) struct Rule {
    pub when: When,
    pub body: Vec<Act>,
}

pub(super) enum When {
    Begin,
    End,
    Always,
    If(Expr),
    /// From a line at which the first holds, to one at which the second does.
    Between(Expr, Expr),
}

pub(super) enum Act {
    Print(Vec<Expr>),
    Printf(Vec<Expr>),
    Do(Expr),
    If(Expr, Vec<Act>, Vec<Act>),
    /// Whether the body comes first; what is done after each round.
    Loop {
        first: bool,
        condition: Option<Expr>,
        step: Option<Box<Act>>,
        body: Vec<Act>,
    },
    Each {
        name: String,
        array: String,
        body: Vec<Act>,
    },
    Delete(String, Option<Expr>),
    Block(Vec<Act>),
    Next,
    Exit(Option<Expr>),
    Break,
    Continue,
}

pub(super) enum Expr {
    Number(String),
    Text(String),
    Regex(Regex),
    Name(String),
    Field(Box<Expr>),
    Element(String, Vec<Expr>),
    In(Box<Expr>, String),
    Not(Box<Expr>),
    Minus(Box<Expr>),
    Binary(&'static str, Box<Expr>, Box<Expr>),
    Choice(Box<Expr>, Box<Expr>, Box<Expr>),
    Assign(&'static str, Box<Expr>, Box<Expr>),
    /// `x++`, `--x`: by how much, and whether the old value counts.
    Step(bool, bool, Box<Expr>),
    Call(String, Vec<Expr>),
}

#[derive(Clone, PartialEq, Debug)]
enum Token {
    Number(String),
    Text(String),
    Name(String),
    /// A name right before a `(`.
    Function(String),
    Op(&'static str),
    Newline,
    End,
}

const OPS: &[&str] = &[
    "&&", "||", "++", "--", "+=", "-=", "*=", "/=", "%=", "^=", "==", "<=", ">=", "!=", "!~", "**", "{", "}", "(", ")",
    "[", "]", ";", ",", "+", "-", "*", "/", "%", "^", "!", ">", "<", "~", "?", ":", "=", "$", "|",
];

/// How deep a program may nest.
const DEEPEST: usize = 40;

pub(super) fn program(text: &str) -> Result<Program, String> {
    let mut parser = Parser { rest: text, token: Token::Newline, depth: 0, no_in: false, no_greater: false };
    parser.advance()?;
    let mut rules = Vec::new();
    loop {
        parser.ends()?;
        if parser.token == Token::End {
            return Ok(Program { rules });
        }
        let when = match &parser.token {
            Token::Name(name) if name == "BEGIN" => {
                parser.advance()?;
                When::Begin
            }
            Token::Name(name) if name == "END" => {
                parser.advance()?;
                When::End
            }
            Token::Name(name) if name == "function" => return Err("functions are not simulated".to_owned()),
            Token::Op("{") => When::Always,
            _ => {
                let first = parser.expr()?;
                if parser.eat(",")? { When::Between(first, parser.expr()?) } else { When::If(first) }
            }
        };
        let body = if parser.token == Token::Op("{") { parser.block()? } else { vec![Act::Print(Vec::new())] };
        rules.push(Rule { when, body });
    }
}

struct Parser<'a> {
    rest: &'a str,
    token: Token,
    depth: usize,
    /// Whether `in` belongs to `for`, and `>` to `print`.
    no_in: bool,
    no_greater: bool,
}

impl Parser<'_> {
    fn advance(&mut self) -> Result<(), String> {
        self.token = self.lex()?;
        Ok(())
    }

    fn lex(&mut self) -> Result<Token, String> {
        loop {
            self.rest = self.rest.trim_start_matches([' ', '\t', '\r']);
            match self.rest.strip_prefix("\\\n") {
                Some(rest) => self.rest = rest,
                None => break,
            }
        }
        if self.rest.starts_with('#') {
            self.rest = &self.rest[self.rest.find('\n').unwrap_or(self.rest.len())..];
        }
        let Some(first) = self.rest.chars().next() else { return Ok(Token::End) };
        match first {
            '\n' => {
                self.rest = &self.rest[1..];
                Ok(Token::Newline)
            }
            '"' => {
                let text = &self.rest[1..];
                let end = closing(text, '"').ok_or("non-terminated string")?;
                self.rest = &text[end + 1..];
                Ok(Token::Text(unescape(&text[..end].replace("\\/", "/"), true).0))
            }
            '0'..='9' | '.' => {
                let text = self.rest;
                let digits = |c: char| c.is_ascii_digit() || c == '.';
                let length = text.len() - text.trim_start_matches(digits).len();
                self.rest = &text[length..];
                Ok(Token::Number(text[..length].to_owned()))
            }
            c if c.is_ascii_alphabetic() || c == '_' => {
                let length =
                    self.rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(self.rest.len());
                let (name, rest) = self.rest.split_at(length);
                self.rest = rest;
                let word = ["if", "while", "for", "print", "printf", "in", "return", "exit", "delete"].contains(&name);
                let function = rest.starts_with('(') && !word;
                Ok(if function { Token::Function(name.to_owned()) } else { Token::Name(name.to_owned()) })
            }
            other => {
                let found = OPS.iter().find(|op| self.rest.starts_with(**op));
                let Some(op) = found else { return Err(format!("syntax error near `{other}'")) };
                self.rest = &self.rest[op.len()..];
                Ok(Token::Op(if *op == "**" { "^" } else { op }))
            }
        }
    }

    fn wrong<T>(&self) -> Result<T, String> {
        Err(match &self.token {
            Token::End => "syntax error: the program ends too early".to_owned(),
            Token::Newline => "syntax error at the end of a line".to_owned(),
            Token::Op(op) => format!("syntax error near `{op}'"),
            Token::Number(text) | Token::Text(text) | Token::Name(text) | Token::Function(text) => {
                format!("syntax error near `{text}'")
            }
        })
    }

    fn eat(&mut self, op: &'static str) -> Result<bool, String> {
        let found = self.token == Token::Op(op);
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    fn expect(&mut self, op: &'static str) -> Result<(), String> {
        if self.eat(op)? { Ok(()) } else { self.wrong() }
    }

    fn word(&mut self, word: &str) -> Result<bool, String> {
        let found = matches!(&self.token, Token::Name(name) if name == word);
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    /// Passes over line ends and `;`.
    fn ends(&mut self) -> Result<(), String> {
        while matches!(self.token, Token::Newline | Token::Op(";")) {
            self.advance()?;
        }
        Ok(())
    }

    fn newlines(&mut self) -> Result<(), String> {
        while self.token == Token::Newline {
            self.advance()?;
        }
        Ok(())
    }

    fn deeper(&mut self) -> Result<(), String> {
        self.depth += 1;
        if self.depth > DEEPEST { Err("the program nests too deep".to_owned()) } else { Ok(()) }
    }

    fn block(&mut self) -> Result<Vec<Act>, String> {
        self.expect("{")?;
        let mut acts = Vec::new();
        loop {
            self.ends()?;
            if self.eat("}")? {
                return Ok(acts);
            }
            acts.push(self.act()?);
        }
    }

    /// What a condition or a loop leads to.
    fn body(&mut self) -> Result<Vec<Act>, String> {
        self.newlines()?;
        if self.eat(";")? {
            return Ok(Vec::new());
        }
        Ok(vec![self.act()?])
    }

    fn act(&mut self) -> Result<Act, String> {
        self.deeper()?;
        let act = self.act_within()?;
        self.depth -= 1;
        Ok(act)
    }

    fn act_within(&mut self) -> Result<Act, String> {
        if self.token == Token::Op("{") {
            return Ok(Act::Block(self.block()?));
        }
        if self.word("if")? {
            let condition = self.in_brackets()?;
            let then = self.body()?;
            self.ends_before_else()?;
            let otherwise = if self.word("else")? { self.body()? } else { Vec::new() };
            return Ok(Act::If(condition, then, otherwise));
        }
        if self.word("while")? {
            let condition = Some(self.in_brackets()?);
            return Ok(Act::Loop { first: false, condition, step: None, body: self.body()? });
        }
        if self.word("do")? {
            let body = self.body()?;
            self.ends()?;
            if !self.word("while")? {
                return self.wrong();
            }
            let condition = Some(self.in_brackets()?);
            return Ok(Act::Loop { first: true, condition, step: None, body });
        }
        if self.word("for")? {
            return self.each();
        }
        self.simple()
    }

    /// An `else` may stand behind a `;`.
    fn ends_before_else(&mut self) -> Result<(), String> {
        let (rest, token) = (self.rest, self.token.clone());
        self.ends()?;
        if !matches!(&self.token, Token::Name(name) if name == "else") {
            (self.rest, self.token) = (rest, token);
        }
        Ok(())
    }

    fn each(&mut self) -> Result<Act, String> {
        self.expect("(")?;
        self.no_in = true;
        let first = if self.token == Token::Op(";") { None } else { Some(self.simple()?) };
        self.no_in = false;
        if self.word("in")? {
            let (Some(Act::Do(Expr::Name(name))), Token::Name(array)) = (first, self.token.clone()) else {
                return self.wrong();
            };
            self.advance()?;
            self.expect(")")?;
            return Ok(Act::Each { name, array, body: self.body()? });
        }
        self.expect(";")?;
        let condition = if self.token == Token::Op(";") { None } else { Some(self.expr()?) };
        self.expect(";")?;
        let step = if self.token == Token::Op(")") { None } else { Some(Box::new(self.simple()?)) };
        self.expect(")")?;
        let body = self.body()?;
        let round = Act::Loop { first: false, condition, step, body };
        Ok(Act::Block(first.into_iter().chain([round]).collect()))
    }

    fn in_brackets(&mut self) -> Result<Expr, String> {
        self.expect("(")?;
        let inner = self.expr()?;
        self.expect(")")?;
        Ok(inner)
    }

    fn simple(&mut self) -> Result<Act, String> {
        if self.word("next")? {
            return Ok(Act::Next);
        }
        if self.word("break")? {
            return Ok(Act::Break);
        }
        if self.word("continue")? {
            return Ok(Act::Continue);
        }
        if self.word("exit")? {
            let code = if self.at_end() { None } else { Some(self.expr()?) };
            return Ok(Act::Exit(code));
        }
        if self.word("delete")? {
            let Token::Name(name) = self.token.clone() else { return self.wrong() };
            self.advance()?;
            let key = if self.eat("[")? { Some(self.subscript()?) } else { None };
            return Ok(Act::Delete(name, key));
        }
        let formatted = matches!(&self.token, Token::Name(name) if name == "printf");
        if formatted || matches!(&self.token, Token::Name(name) if name == "print") {
            self.advance()?;
            self.no_greater = true;
            let mut words = if self.at_end() { Vec::new() } else { self.list()? };
            self.no_greater = false;
            if matches!(self.token, Token::Op(">" | "|")) {
                return Err("a program's own files and pipes are not simulated".to_owned());
            }
            // `print (a, b)`
            if words.len() == 1 && matches!(&words[0], Expr::Call(name, _) if name.is_empty()) {
                let Some(Expr::Call(_, inner)) = words.pop() else { return self.wrong() };
                words = inner;
            }
            return Ok(if formatted { Act::Printf(words) } else { Act::Print(words) });
        }
        Ok(Act::Do(self.expr()?))
    }

    fn at_end(&self) -> bool {
        matches!(self.token, Token::Newline | Token::End | Token::Op(";" | "}"))
    }

    fn list(&mut self) -> Result<Vec<Expr>, String> {
        let mut words = vec![self.expr()?];
        while self.eat(",")? {
            self.newlines()?;
            words.push(self.expr()?);
        }
        Ok(words)
    }

    fn subscript(&mut self) -> Result<Expr, String> {
        let mut keys = self.list()?;
        self.expect("]")?;
        Ok(if keys.len() == 1 { keys.remove(0) } else { Expr::Element(String::new(), keys) })
    }

    fn expr(&mut self) -> Result<Expr, String> {
        self.deeper()?;
        let expr = self.assignment()?;
        self.depth -= 1;
        Ok(expr)
    }

    fn assignment(&mut self) -> Result<Expr, String> {
        let left = self.choice()?;
        for op in ["=", "+=", "-=", "*=", "/=", "%=", "^="] {
            if matches!(left, Expr::Name(_) | Expr::Field(_) | Expr::Element(..)) && self.eat(op)? {
                self.newlines()?;
                let op = op.trim_end_matches('=');
                return Ok(Expr::Assign(op, Box::new(left), Box::new(self.expr()?)));
            }
        }
        Ok(left)
    }

    fn choice(&mut self) -> Result<Expr, String> {
        let condition = self.level(0)?;
        if !self.eat("?")? {
            return Ok(condition);
        }
        let yes = self.expr()?;
        self.expect(":")?;
        let no = self.expr()?;
        Ok(Expr::Choice(Box::new(condition), Box::new(yes), Box::new(no)))
    }

    fn level(&mut self, level: usize) -> Result<Expr, String> {
        const LEVELS: &[&[&str]] = &[
            &["||"],
            &["&&"],
            &["in"],
            &["~", "!~"],
            &["<", "<=", "!=", "==", ">", ">="],
            &[" "],
            &["+", "-"],
            &["*", "/", "%"],
        ];
        let Some(ops) = LEVELS.get(level) else { return self.unary() };
        let mut left = self.level(level + 1)?;
        loop {
            if ops[0] == "in" {
                if self.no_in || !self.word("in")? {
                    return Ok(left);
                }
                let Token::Name(array) = self.token.clone() else { return self.wrong() };
                self.advance()?;
                left = Expr::In(Box::new(left), array);
                continue;
            }
            if ops[0] == " " {
                if !self.begins_operand() {
                    return Ok(left);
                }
                left = Expr::Binary(" ", Box::new(left), Box::new(self.level(level + 1)?));
                continue;
            }
            let found = match self.token {
                Token::Op(op) => ops.iter().find(|known| **known == op && !(op == ">" && self.no_greater)),
                _ => None,
            };
            let Some(op) = found else { return Ok(left) };
            self.advance()?;
            self.newlines()?;
            left = Expr::Binary(op, Box::new(left), Box::new(self.level(level + 1)?));
        }
    }

    /// Whether two values stand side by side.
    fn begins_operand(&self) -> bool {
        match &self.token {
            Token::Number(_) | Token::Text(_) | Token::Function(_) => true,
            Token::Name(name) => name != "in" && name != "else",
            Token::Op(op) => matches!(*op, "$" | "!" | "(" | "-" | "++" | "--") && *op != "-",
            Token::Newline | Token::End => false,
        }
    }

    fn unary(&mut self) -> Result<Expr, String> {
        self.deeper()?;
        let expr = if self.eat("!")? {
            Expr::Not(Box::new(self.unary()?))
        } else if self.eat("-")? {
            Expr::Minus(Box::new(self.unary()?))
        } else if self.eat("+")? {
            self.unary()?
        } else {
            let base = self.postfix()?;
            if self.eat("^")? { Expr::Binary("^", Box::new(base), Box::new(self.unary()?)) } else { base }
        };
        self.depth -= 1;
        Ok(expr)
    }

    fn postfix(&mut self) -> Result<Expr, String> {
        for (op, up) in [("++", true), ("--", false)] {
            if self.eat(op)? {
                return Ok(Expr::Step(up, false, Box::new(self.operand()?)));
            }
        }
        let operand = self.operand()?;
        if matches!(operand, Expr::Name(_) | Expr::Field(_) | Expr::Element(..)) {
            for (op, up) in [("++", true), ("--", false)] {
                if self.eat(op)? {
                    return Ok(Expr::Step(up, true, Box::new(operand)));
                }
            }
        }
        Ok(operand)
    }

    fn operand(&mut self) -> Result<Expr, String> {
        if matches!(self.token, Token::Op("/" | "/=")) {
            return self.regex();
        }
        let token = self.token.clone();
        self.advance()?;
        Ok(match token {
            Token::Number(text) => Expr::Number(text),
            Token::Text(text) => Expr::Text(text),
            Token::Name(name) if self.eat("[")? => {
                let keys = self.list()?;
                self.expect("]")?;
                Expr::Element(name, keys)
            }
            // `length` needs no brackets.
            Token::Name(name) if name == "length" => Expr::Call(name, Vec::new()),
            Token::Name(name) => Expr::Name(name),
            Token::Function(name) => {
                self.expect("(")?;
                let args = if self.token == Token::Op(")") { Vec::new() } else { self.outside(Self::list)? };
                self.expect(")")?;
                Expr::Call(name, args)
            }
            Token::Op("$") => {
                self.deeper()?;
                let inner = if self.token == Token::Op("++") || self.token == Token::Op("--") {
                    self.postfix()?
                } else {
                    self.operand()?
                };
                self.depth -= 1;
                Expr::Field(Box::new(inner))
            }
            Token::Op("(") => {
                let mut inner = self.outside(Self::list)?;
                self.expect(")")?;
                match inner.len() {
                    1 => inner.remove(0),
                    _ => Expr::Call(String::new(), inner),
                }
            }
            _ => {
                self.token = token;
                return self.wrong();
            }
        })
    }

    /// Reads what stands in brackets: there `in` and `>` are operators again.
    fn outside<T>(&mut self, read: fn(&mut Self) -> Result<T, String>) -> Result<T, String> {
        let before = (std::mem::take(&mut self.no_in), std::mem::take(&mut self.no_greater));
        let value = read(self)?;
        (self.no_in, self.no_greater) = before;
        Ok(value)
    }

    /// `/…/`; the token is its first slash.
    fn regex(&mut self) -> Result<Expr, String> {
        let end = closing(self.rest, '/').ok_or("non-terminated regular expression")?;
        let text = [if self.token == Token::Op("/=") { "=" } else { "" }, &self.rest[..end]].concat();
        self.rest = &self.rest[end + 1..];
        self.advance()?;
        Regex::new(&text.replace("\\/", "/"), Flavour::Extended, false).map(Expr::Regex)
    }
}

/// Where `end` stands without a `\` before it.
fn closing(text: &str, end: char) -> Option<usize> {
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if quoted => quoted = false,
            '\\' => quoted = true,
            '\n' => return None,
            c if c == end => return Some(at),
            _ => {}
        }
    }
    None
}
