//! Tokens to commands. Called by the shell for what was typed, and by `lex` for what stands in `$(…)`.
//!
//! Models: bash, parse.y. Differs: loops, conditions, functions, subshells, here-documents and `&` are refused with a
//! sentence that says so, instead of being misunderstood.

use std::rc::Rc;

use super::ast::{Link, List, Mode, Pipeline, Redirect, Simple, When, Word};
use super::lex::{Error, Lexer, Opener, Token, is_name, is_name_start};

/// Reads a whole text.
pub(super) fn parse(text: &str) -> Result<List, Error> {
    whole(Lexer::new(text))
}

/// Reads everything that a lexer has.
pub(super) fn whole(mut lexer: Lexer) -> Result<List, Error> {
    Parser::new(&mut lexer)?.list(&Token::End)
}

/// Reads up to a closing bracket, and the bracket.
pub(super) fn until_bracket(lexer: &mut Lexer) -> Result<List, Error> {
    Parser::new(lexer)?.list(&Token::Operator(")"))
}

struct Parser<'l, 'a> {
    lexer: &'l mut Lexer<'a>,
    /// The next token. The lexer stands right behind it.
    token: Token,
}

impl<'l, 'a> Parser<'l, 'a> {
    fn new(lexer: &'l mut Lexer<'a>) -> Result<Parser<'l, 'a>, Error> {
        let token = lexer.next()?;
        Ok(Parser { lexer, token })
    }

    fn take(&mut self) -> Result<Token, Error> {
        let next = self.lexer.next()?;
        Ok(std::mem::replace(&mut self.token, next))
    }

    fn newlines(&mut self) -> Result<(), Error> {
        while self.token == Token::Newline {
            self.take()?;
        }
        Ok(())
    }

    fn unexpected<T>(&self) -> Result<T, Error> {
        Err(Error::Unexpected(match &self.token {
            Token::Newline | Token::End => "newline".to_owned(),
            Token::Operator(operator) => (*operator).to_owned(),
            Token::Redirect { mode, .. } => symbol(*mode).to_owned(),
            Token::Word(word) => word.plain().unwrap_or_default().to_owned(),
        }))
    }

    /// Commands up to `end`, which stays the parser's token.
    fn list(&mut self, end: &Token) -> Result<List, Error> {
        let mut links = Vec::new();
        let mut when = When::Always;
        self.newlines()?;
        while self.token != *end || when != When::Always {
            if self.token == Token::End {
                return Err(Error::Open(if *end == Token::End { Opener::Operator } else { Opener::Quote(')') }));
            }
            links.push(Link { when, pipeline: Rc::new(self.pipeline()?) });
            when = match &self.token {
                Token::Operator("&&") => When::Success,
                Token::Operator("||") => When::Failure,
                Token::Operator(";") | Token::Newline => When::Always,
                Token::Operator("&") => return Err(Error::NotSimulated("running a command in the background, &,")),
                token if token == end => break,
                Token::End => return Err(Error::Open(Opener::Quote(')'))),
                _ => return self.unexpected(),
            };
            self.take()?;
            self.newlines()?;
        }
        Ok(List(links))
    }

    fn pipeline(&mut self) -> Result<Pipeline, Error> {
        let mut negated = false;
        while matches!(&self.token, Token::Word(word) if word.plain() == Some("!")) {
            self.take()?;
            negated = !negated;
        }
        let mut stages = vec![self.simple()?];
        while let Token::Operator(operator @ ("|" | "|&")) = self.token {
            if operator == "|&" {
                let both = Redirect { fd: 2, mode: Mode::Duplicate, target: literal("1") };
                stages.last_mut().expect("a pipeline has a first stage").redirects.push(both);
            }
            self.take()?;
            self.newlines()?;
            if self.token == Token::End {
                return Err(Error::Open(Opener::Operator));
            }
            stages.push(self.simple()?);
        }
        Ok(Pipeline { negated, stages: stages.into_iter().map(Rc::new).collect() })
    }

    fn simple(&mut self) -> Result<Simple, Error> {
        let mut simple = Simple::default();
        loop {
            let first = simple.words.is_empty();
            match &self.token {
                Token::Word(word) => {
                    if let Some(keyword) = word.plain().filter(|_| first && simple.redirects.is_empty()) {
                        refuse_keyword(keyword)?;
                    }
                    let Token::Word(word) = self.take()? else { unreachable!("it was a word") };
                    match first.then(|| assignment(&word)).flatten() {
                        Some(assignment) => simple.assignments.push(assignment),
                        None => simple.words.push(word),
                    }
                }
                Token::Redirect { fd, mode } => {
                    let (fd, mode) = (*fd, *mode);
                    self.take()?;
                    if !matches!(self.token, Token::Word(_)) {
                        return self.unexpected();
                    }
                    let Token::Word(target) = self.take()? else { unreachable!("it is a word") };
                    simple.redirects.push(Redirect { fd, mode, target });
                }
                Token::Operator("<<" | "<<<") => return Err(Error::NotSimulated("a here-document, <<,")),
                Token::Operator("(") if first && simple.assignments.is_empty() => {
                    return Err(Error::NotSimulated("a subshell, (…),"));
                }
                Token::Operator("(") if simple.words.len() == 1 => {
                    self.take()?;
                    return match self.token {
                        Token::Operator(")") => Err(Error::NotSimulated("a function")),
                        _ => self.unexpected(),
                    };
                }
                _ => break,
            }
        }
        if simple == Simple::default() { self.unexpected() } else { Ok(simple) }
    }
}

/// Bash's keywords where a command should begin.
fn refuse_keyword(word: &str) -> Result<(), Error> {
    match word {
        "then" | "else" | "elif" | "fi" | "do" | "done" | "esac" | "}" | "]]" => {
            Err(Error::Unexpected(word.to_owned()))
        }
        "if" => Err(Error::NotSimulated("a condition, if …,")),
        "for" | "while" | "until" | "select" => Err(Error::NotSimulated("a loop")),
        "case" | "[[" => Err(Error::NotSimulated("a condition")),
        "function" => Err(Error::NotSimulated("a function")),
        "{" => Err(Error::NotSimulated("a group of commands, {…},")),
        "time" => Err(Error::NotSimulated("measuring, time …,")),
        _ => Ok(()),
    }
}

/// Splits `NAME=value` at its sign, if the word is that.
fn assignment(word: &Word) -> Option<(String, Word)> {
    use super::ast::Piece;
    let Piece::Text { text, quoted: false } = word.0.first()? else { return None };
    let (name, value) = text.split_once('=')?;
    if !name.starts_with(is_name_start) || !name.chars().all(is_name) {
        return None;
    }
    let mut pieces = word.0.clone();
    match value {
        "" => drop(pieces.remove(0)),
        value => pieces[0] = Piece::Text { text: value.to_owned(), quoted: false },
    }
    Some((name.to_owned(), Word(pieces)))
}

fn literal(text: &str) -> Word {
    Word(vec![super::ast::Piece::Text { text: text.to_owned(), quoted: false }])
}

fn symbol(mode: Mode) -> &'static str {
    match mode {
        Mode::Read => "<",
        Mode::Write => ">",
        Mode::Append => ">>",
        Mode::Duplicate => ">&",
        Mode::WriteBoth => "&>",
    }
}

/// The sentences that bash says.
impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Error::Open(Opener::Quote(close)) => write!(f, "unexpected EOF while looking for matching `{close}'"),
            Error::Open(Opener::Backslash | Opener::Operator) => f.write_str("syntax error: unexpected end of file"),
            Error::Unexpected(token) => write!(f, "syntax error near unexpected token `{token}'"),
            Error::NotSimulated(what) => write!(f, "{what} is not simulated yet"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::ast::Piece;

    /// A list in one line: words in `[]`, quoted pieces in `'`, the connectors between.
    fn show(list: &List) -> String {
        let mut text = String::new();
        for link in &list.0 {
            text += match link.when {
                When::Always if text.is_empty() => "",
                When::Always => " ; ",
                When::Success => " && ",
                When::Failure => " || ",
            };
            text += if link.pipeline.negated { "! " } else { "" };
            let stages: Vec<String> = link.pipeline.stages.iter().map(|stage| show_simple(stage)).collect();
            text += &stages.join(" | ");
        }
        text
    }

    fn show_simple(simple: &Simple) -> String {
        let mut parts: Vec<String> = Vec::new();
        parts.extend(simple.assignments.iter().map(|(name, value)| format!("{name}={}", show_word(value))));
        parts.extend(simple.words.iter().map(show_word));
        parts.extend(simple.redirects.iter().map(|r| format!("{}{}{}", r.fd, symbol(r.mode), show_word(&r.target))));
        parts.join(" ")
    }

    fn show_word(word: &Word) -> String {
        let pieces = word.0.iter().map(|piece| match piece {
            Piece::Text { text, quoted: false } => text.clone(),
            Piece::Text { text, quoted: true } => format!("'{text}'"),
            Piece::Parameter { name, quoted } => format!("${{{name}}}{}", if *quoted { "q" } else { "" }),
            Piece::Command { list, quoted } => format!("$({}){}", show(list), if *quoted { "q" } else { "" }),
        });
        format!("[{}]", pieces.collect::<String>())
    }

    fn check(text: &str, expected: &str) {
        let got = match parse(text) {
            Ok(list) => show(&list),
            Err(error) => error.to_string(),
        };
        assert_eq!(got, expected, "of {text:?}");
    }

    #[test]
    fn words_quotes_and_comments() {
        check("docker  service\tls", "[docker] [service] [ls]");
        check("echo 'a b'\"c d\"e\\ f '' # not this", "[echo] ['a bc d'e' 'f] ['']");
        check("echo a#b '#c' #d", "[echo] [a#b] ['#c']");
        check("echo \"a\\\"b\\\\ \\n \\$x\" '\\'", "[echo] ['a\"b\\ \\n $x'] ['\\']");
        check("   # 서비스를 만듭니다", "");
        check("echo 한글 \"큰 따옴표\"", "[echo] [한글] ['큰 따옴표']");
        check("docker ps --format {{.Names}}", "[docker] [ps] [--format] [{{.Names}}]");
        check("docker ps\r", "[docker] [ps]");
    }

    #[test]
    fn joined_lines() {
        check(
            "docker service create \\\n  --name web \\\n  nginx",
            "[docker] [service] [create] [--name] [web] [nginx]",
        );
        check("ec\\\nho \"a\\\nb\" 'c\\\nd'", "[echo] ['ab'] ['c\\\nd']");
        check("a &&\n\n b ||\n c", "[a] && [b] || [c]");
        check("a |\n b", "[a] | [b]");
    }

    #[test]
    fn lists_and_pipelines() {
        check("a; b && c || d;", "[a] ; [b] && [c] || [d]");
        check("a\nb\n\nc", "[a] ; [b] ; [c]");
        check("! a | b", "! [a] | [b]");
        check("a |& b", "[a] 2>&[1] | [b]");
    }

    #[test]
    fn expansions() {
        check("echo $? $HOME/x ${A}b \"$A\" $ 5$", "[echo] [${?}] [${HOME}/x] [${A}b] [''${A}q] [$] [5$]");
        check(
            "docker kill $(docker ps -q | head -1; x)",
            "[docker] [kill] [$([docker] [ps] [-q] | [head] [-1] ; [x])]",
        );
        check("echo \"$(echo \")\")\" `a \\`b\\``", "[echo] [''$([echo] [')'])q] [$([a] [$([b])])]");
        check("A=1 B=\"x y\" env C=2", "A=[1] B=['x y'] [env] [C=2]");
        check("1A=x a-b=c", "[1A=x] [a-b=c]");
    }

    #[test]
    fn redirects() {
        check("a > f 2>&1 <g", "[a] 1>[f] 2>&[1] 0<[g]");
        check("a 2>>f &>g 12 >h", "[a] [12] 2>>[f] 1&>[g] 1>[h]");
        check("> f", "1>[f]");
    }

    #[test]
    fn errors_in_the_words_of_bash() {
        for (text, token) in [
            (";", ";"),
            ("a ;; b", ";;"),
            ("a && && b", "&&"),
            ("| a", "|"),
            ("echo )", ")"),
            ("done", "done"),
            ("echo a >", "newline"),
        ] {
            check(text, &format!("syntax error near unexpected token `{token}'"));
        }
        check("a (b)", "syntax error near unexpected token `b'");
        check("echo a (b)", "syntax error near unexpected token `('");
        for (text, close) in
            [("echo \"abc", '"'), ("echo 'abc", '\''), ("echo $(abc", ')'), ("echo `abc", '`'), ("echo $(a &&", ')')]
        {
            check(text, &format!("unexpected EOF while looking for matching `{close}'"));
        }
        check("a &&", "syntax error: unexpected end of file");
        check("a |", "syntax error: unexpected end of file");
        check("a \\", "syntax error: unexpected end of file");
        check("for i in 1 2; do", "a loop is not simulated yet");
        check("cat <<EOF", "a here-document, <<, is not simulated yet");
    }

    #[test]
    fn nesting_has_an_end() {
        check(&"$(".repeat(10_000), "a command substitution as deep as this is not simulated yet");
        check(&"(".repeat(10_000), "a subshell, (…), is not simulated yet");
    }
}
