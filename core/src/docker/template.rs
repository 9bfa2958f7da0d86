//! Go templates, as `--format` takes them: parsed once, rendered per row or object.
//!
//! Models: Go text/template and docker/cli templates. Not here: `define`, `block` and `template` (a format is one
//! template), methods (values are data), complex numbers.

mod eval;
mod functions;
mod lex;
mod parse;
mod print;

pub(super) use print::printed;

use crate::json::Value;

/// A parsed template.
#[derive(Debug)]
pub(crate) struct Template {
    text: String,
    nodes: Vec<Node>,
}

impl Template {
    /// # Errors
    /// Go's sentence: `template: :1: unclosed action`.
    pub(crate) fn parse(text: &str) -> Result<Template, String> {
        Ok(Template { text: text.to_owned(), nodes: parse::parse(text)? })
    }

    /// # Errors
    /// Go's sentence: `template: :1:2: executing "" at <.Nope>: can't evaluate field Nope in type …`.
    pub(crate) fn render(&self, data: &Value) -> Result<String, String> {
        self.render_one_of(1, data)
    }

    /// The same, where it is done for so many objects.
    pub(crate) fn render_one_of(&self, objects: usize, data: &Value) -> Result<String, String> {
        eval::render(self, data, Words::Values, eval::patience(objects))
    }

    /// The line of column titles: functions that change a text leave titles alone.
    pub(crate) fn render_header(&self, titles: &Value) -> Result<String, String> {
        eval::render(self, titles, Words::Titles, eval::patience(1))
    }
}

/// Whether the functions that change texts do so.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Words {
    Values,
    Titles,
}

#[derive(Debug)]
enum Node {
    Text(String),
    Action(Pipeline),
    Branch { kind: Branch, pipeline: Pipeline, then: Vec<Node>, otherwise: Vec<Node> },
    Break,
    Continue,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Branch {
    If,
    With,
    Range,
}

/// `$x := a | b c`
#[derive(Debug)]
struct Pipeline {
    /// Names with their `$`.
    variables: Vec<String>,
    /// `=` instead of `:=`.
    assigns: bool,
    commands: Vec<Command>,
}

/// Operands side by side; the first may be a function.
#[derive(Debug)]
struct Command {
    at: usize,
    operands: Vec<Operand>,
}

#[derive(Debug)]
struct Operand {
    /// Where errors place it: of a chain of fields, at the second one, as Go does.
    at: usize,
    term: Term,
    /// Fields after it: `.A.B` is the dot with two fields.
    fields: Vec<String>,
}

#[derive(Debug)]
enum Term {
    Dot,
    Nil,
    /// `$x`
    Variable(String),
    Function(String),
    /// A value with its text in the template.
    Constant(Value, String),
    Parenthesis(Box<Pipeline>),
}

/// As errors quote it.
impl std::fmt::Display for Operand {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.term {
            Term::Dot if self.fields.is_empty() => f.write_str("."),
            Term::Dot => Ok(()),
            Term::Nil => f.write_str("nil"),
            Term::Variable(name) | Term::Function(name) | Term::Constant(_, name) => f.write_str(name),
            Term::Parenthesis(pipeline) => write!(f, "({pipeline})"),
        }?;
        self.fields.iter().try_for_each(|field| write!(f, ".{field}"))
    }
}

impl std::fmt::Display for Command {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (number, operand) in self.operands.iter().enumerate() {
            write!(f, "{}{operand}", if number > 0 { " " } else { "" })?;
        }
        Ok(())
    }
}

impl std::fmt::Display for Pipeline {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if !self.variables.is_empty() {
            write!(f, "{} {} ", self.variables.join(", "), if self.assigns { "=" } else { ":=" })?;
        }
        for (number, command) in self.commands.iter().enumerate() {
            write!(f, "{}{command}", if number > 0 { " | " } else { "" })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Struct;

    fn row() -> Value {
        let update = Struct::new("swarm.UpdateConfig").with("Delay", Value::Duration(10_000_000_000)).take();
        Struct::new("swarm.Service")
            .with("Name", "my-app")
            .with("Replicas", 3u64)
            .with("Ratio", Value::Float(0.2))
            .with("Env", Value::texts(&["A=1".to_owned(), "B=2".to_owned()]))
            .with("Update", update)
            .with("Rollback", Value::Nil("*swarm.UpdateConfig"))
            .with("Labels", Value::Map([("a".to_owned(), Value::text("b"))].into()))
            .with("Self", true)
            .into()
    }

    fn check(text: &str, expected: &str) {
        let rendered = Template::parse(text).and_then(|template| template.render(&row()));
        assert_eq!(rendered.unwrap_or_else(|error| error), expected, "{text}");
    }

    #[test]
    fn values_print_as_in_go() {
        check("{{.Name}} {{.Replicas}} {{.Ratio}} {{.Self}}", "my-app 3 0.2 true");
        check("{{.Update.Delay}} {{.Env}} {{.Labels}} {{.Rollback}}", "10s [A=1 B=2] map[a:b] <nil>");
        check("{{.Labels.a}} {{.Labels.nope}} {{index .Labels \"nope\"}}|", "b <no value> |");
        check("{{json .Labels}} {{json .Name}}", r#"{"a":"b"} "my-app""#);
        check("{{ \"q\\\"\" }}{{`raw`}}{{'x'}}{{1}}{{true}}", "q\"raw1201true");
    }

    #[test]
    fn control_structures_work() {
        check("{{if .Self}}yes{{else}}no{{end}} {{if not .Self}}a{{else if eq .Name \"my-app\"}}b{{end}}", "yes b");
        check("{{range .Env}}<{{.}}>{{end}}{{range $i, $e := .Env}}{{$i}}={{$e}};{{end}}", "<A=1><B=2>0=A=1;1=B=2;");
        check("{{range $k, $v := .Labels}}{{$k}}:{{$v}}{{end}}{{range .Rollback}}x{{else}}none{{end}}", "a:bnone");
        check("{{with .Update}}{{.Delay}}{{end}}{{with .Rollback}}x{{else}}-{{end}}", "10s-");
        check("{{$x := .Name}}{{$x = upper $x}}{{$x}}", "MY-APP");
        check("{{range .Env}}{{if eq . \"B=2\"}}{{break}}{{end}}{{.}}{{end}}", "A=1");
        check("{{range 3}}{{.}}{{end}}", "012");
    }

    #[test]
    fn functions_work() {
        check("{{upper .Name}} {{lower \"A\"}} {{title \"ab cd\"}}", "MY-APP a Ab Cd");
        check("{{join .Env \",\"}} {{len .Env}} {{index .Env 1}} {{split \"a.b\" \".\"}}", "A=1,B=2 2 B=2 [a b]");
        check(
            "{{.Name | printf \"%-10s\"}}|{{printf \"%5.1f|%03d|%q|%v\" 2.25 7 \"x\" .Env}}",
            "my-app    |  2.2|007|\"x\"|[A=1 B=2]",
        );
        check("{{pad .Name 1 2}}|{{truncate .Name 2}}|{{slice .Name 3 6}}", " my-app  |my|app");
        check(
            "{{and .Self .Name}} {{or \"\" .Name}} {{lt 1 2}} {{ne 1 1}} {{eq .Name \"x\" \"my-app\"}}",
            "my-app my-app true false true",
        );
        check("{{print 1 2 \"a\" \"b\"}}{{println 1 \"x\"}}", "1 2a b1 x\n".replace("a b", "ab").as_str());
        check("{{(index .Env 0) | len}}", "3");
    }

    #[test]
    fn blanks_are_trimmed_and_comments_left_out() {
        check("a  {{- 1 -}}  b {{/* no */}}c {{- /* no */ -}} d", "a1b cd");
        check("{{1\n-}}  b{{/* no */\t-}}  c {{-\n2}}", "1bc2");
    }

    #[test]
    fn variables_are_there_only_where_they_were_set() {
        check("{{range $x := 0}}{{else}}{{$x}}{{end}}{{range $i, $x := .Rollback}}{{else}}{{$i}}{{end}}", "0<nil>");
        check("{{and 1 ($x := 2)}}{{$x}}", "22");
        check("{{and 0 ($x := 2)}}{{$x}}", "template: :1:21: executing \"\" at <$x>: undefined variable: $x");
    }

    #[test]
    fn errors_are_gos() {
        check(
            "{{.Nope}}",
            "template: :1:2: executing \"\" at <.Nope>: can't evaluate field Nope in type swarm.Service",
        );
        check(
            "{{.Rollback.Delay}}",
            "template: :1:11: executing \"\" at <.Rollback.Delay>: nil pointer evaluating *swarm.UpdateConfig.Delay",
        );
        check("{{.Name.X}}", "template: :1:7: executing \"\" at <.Name.X>: can't evaluate field X in type string");
        check("{{.Name", "template: :1: unclosed action");
        check("{{range .Env}}", "template: :1: unexpected EOF");
        check("{{end}}", "template: :1: unexpected {{end}}");
        check("{{foo .}}", "template: :1: function \"foo\" not defined");
        check("{{}}", "template: :1: missing value for command");
        check("{{if}}x{{end}}", "template: :1: missing value for if");
        check("{{$x}}", "template: :1: undefined variable \"$x\"");
        check("{{\"a}}", "template: :1: unterminated quoted string");
        check("{{(.Name}}", "template: :1: unclosed left paren");
        check("{{.Name)}}", "template: :1: unexpected right paren");
        check("{{1x}}", "template: :1: bad number syntax: \"1x\"");
        check(
            "a\n{{upper}}",
            "template: :2:2: executing \"\" at <upper>: wrong number of args for upper: want 1 got 0",
        );
        check(
            "{{index .Env 5}}",
            "template: :1:2: executing \"\" at <index .Env 5>: error calling index: index out of range: 5",
        );
        check("{{range .Name}}{{end}}", "template: :1:8: executing \"\" at <.Name>: range can't iterate over my-app");
        check(
            "{{eq 1 \"a\"}}",
            "template: :1:2: executing \"\" at <eq 1 \"a\">: error calling eq: incompatible types for comparison",
        );
    }
    #[test]
    fn what_would_never_end_is_given_up() {
        let long = "swarmyard: templates that take so long are not simulated";
        check("{{range 9999999999}}{{end}}", long);
        check("{{range $i := 1000}}{{range $j := 1000}}{{end}}{{end}}", long);
        check("{{$x := .Name}}{{range 99}}{{$x = print $x $x}}{{end}}", long);
        check("{{pad .Name 999999 999999}}", long);
        let refused = "template: :1:2: executing \"\" at <pad .Name 9999999 1>: error calling pad: ";
        check("{{pad .Name 9999999 1}}", &[refused, "strings: Repeat output length overflow"].concat());
        check("{{printf \"%9999999d|%d\" 1 2}}", "%!(NOVERB)%!(EXTRA int=1, int=2)");
        check("{{printf \"%99999d\" 1 | len}}", "99999");
        let deep = |open: usize| format!("{{{{{}.Name{}}}}}", "(".repeat(open), ")".repeat(open));
        check(&deep(100), "my-app");
        check(&deep(101), "template: :1: max expression depth exceeded");
        check(&"{{if 1}}".repeat(50_000), "template: :1: max expression depth exceeded");
    }
}
