//! From tokens to nodes: what contains what, and which name stands for which node.
//!
//! Models: go-yaml v3 parserc.go, and the parser of decode.go.

use super::chars::{Mark, wrong};
use super::lexer::{Kind, Lexer, Token};
use crate::collections::Map;

/// The place of a node in [`Document::nodes`].
pub(super) type Id = usize;

pub(super) struct Node {
    /// From 1.
    pub(super) line: usize,
    pub(super) tag: String,
    pub(super) shape: Shape,
}

pub(super) enum Shape {
    Scalar {
        text: String,
        /// Without quotes.
        plain: bool,
    },
    List(Vec<Id>),
    Map(Vec<(Id, Id)>),
    Alias {
        name: String,
        of: Id,
    },
}

/// The nodes of a document, each after those in it, except for its root's place.
pub(super) struct Document {
    pub(super) nodes: Vec<Node>,
    pub(super) root: Id,
}

/// Nested deeper than this, nothing is read: people do not write so, and the stack is not endless.
pub(super) const DEEPEST: usize = 100;

pub(super) const TOO_DEEP: &str = "swarmyard: YAML nested more than 100 deep is not simulated";

/// Reads the first document of a text, if there is one.
pub(super) fn parse(text: &str) -> Result<Option<Document>, String> {
    let mut parser = Parser { lexer: Lexer::new(text), nodes: Vec::new(), anchors: Map::new(), depth: 0 };
    let mut explicit = false;
    while parser.sees(&[Kind::Directive])? {
        explicit = true;
        parser.lexer.take()?;
    }
    if parser.sees(&[Kind::DocumentStart])? {
        parser.lexer.take()?;
        explicit = true;
    } else if parser.sees(&[Kind::StreamEnd])? && !explicit {
        return Ok(None);
    } else if explicit {
        let line = parser.lexer.peek()?.at.line;
        return wrong(line, "did not find expected <document start>");
    }
    let ends = [Kind::Directive, Kind::DocumentStart, Kind::DocumentEnd, Kind::StreamEnd];
    let root =
        if explicit && parser.sees(&ends)? { parser.nothing(Mark::default()) } else { parser.node(true, false)? };
    parser.lexer.peek()?;
    Ok(Some(Document { nodes: parser.nodes, root }))
}

struct Parser {
    lexer: Lexer,
    nodes: Vec<Node>,
    anchors: Map<String, Id>,
    depth: usize,
}

/// An error inside of something that began at `from`: that line is named, unless it is the first.
fn inside<T>(from: Mark, at: Mark, why: &str) -> Result<T, String> {
    wrong(if from.line == 0 { at.line } else { from.line }, why)
}

impl Parser {
    fn sees(&mut self, kinds: &[Kind]) -> Result<bool, String> {
        let kind = self.lexer.peek()?.kind;
        Ok(kinds.contains(&kind))
    }

    /// Takes the next token if it is of a kind.
    fn accept(&mut self, kind: Kind) -> Result<Option<Token>, String> {
        Ok(if self.sees(&[kind])? { Some(self.lexer.take()?) } else { None })
    }

    fn add(&mut self, at: Mark, tag: String, shape: Shape) -> Id {
        self.nodes.push(Node { line: at.line + 1, tag, shape });
        self.nodes.len() - 1
    }

    /// A value that was left out.
    fn nothing(&mut self, at: Mark) -> Id {
        self.add(at, String::new(), Shape::Scalar { text: String::new(), plain: true })
    }

    /// A node. `hanging`: the entries of a list may stand as far out as the key that they belong to.
    fn node(&mut self, block: bool, hanging: bool) -> Result<Id, String> {
        if let Some(Token { at, text: name, .. }) = self.accept(Kind::Alias)? {
            let Some(&of) = self.anchors.get(&name) else {
                return Err(format!("yaml: unknown anchor '{name}' referenced"));
            };
            return Ok(self.add(at, String::new(), Shape::Alias { name, of }));
        }
        let start = self.lexer.peek()?.at;
        let mut anchor = self.accept(Kind::Anchor)?;
        let tag = self.accept(Kind::Tag)?;
        if anchor.is_none() {
            anchor = self.accept(Kind::Anchor)?;
        }
        let bare = anchor.is_none() && tag.is_none();
        let tag = tag.map(|token| token.text).unwrap_or_default();
        // It has its place before what is in it, so that this may already refer to it.
        let id = self.add(start, tag, Shape::List(Vec::new()));
        if let Some(anchor) = anchor {
            self.anchors.insert(anchor.text, id);
        }
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(TOO_DEEP.to_owned());
        }
        let shape = self.shape(start, bare, block, hanging)?;
        self.depth -= 1;
        self.nodes[id].shape = shape;
        Ok(id)
    }

    fn shape(&mut self, start: Mark, bare: bool, block: bool, hanging: bool) -> Result<Shape, String> {
        match self.lexer.peek()?.kind {
            Kind::Entry if hanging => self.hanging_list(),
            kind @ (Kind::Plain | Kind::Quoted) => {
                Ok(Shape::Scalar { text: self.lexer.take()?.text, plain: kind == Kind::Plain })
            }
            Kind::FlowList => self.flow_list(),
            Kind::FlowMap => self.flow_map(),
            Kind::BlockList if block => self.list(),
            Kind::BlockMap if block => self.map(),
            _ if !bare => Ok(Shape::Scalar { text: String::new(), plain: true }),
            _ => {
                let at = self.lexer.peek()?.at;
                inside(start, at, "did not find expected node content")
            }
        }
    }

    /// A node, or nothing where one of `ends` follows at once.
    fn node_unless(&mut self, ends: &[Kind], block: bool, hanging: bool) -> Result<Id, String> {
        if self.sees(ends)? {
            let at = self.lexer.peek()?.at;
            return Ok(self.nothing(at));
        }
        self.node(block, hanging)
    }

    fn list(&mut self) -> Result<Shape, String> {
        let from = self.lexer.take()?.at;
        let mut items = Vec::new();
        while self.accept(Kind::Entry)?.is_some() {
            items.push(self.node_unless(&[Kind::Entry, Kind::BlockEnd], true, false)?);
        }
        self.block_end(from, "did not find expected '-' indicator")?;
        Ok(Shape::List(items))
    }

    fn hanging_list(&mut self) -> Result<Shape, String> {
        let mut items = Vec::new();
        while self.accept(Kind::Entry)?.is_some() {
            let ends = [Kind::Entry, Kind::Key, Kind::Value, Kind::BlockEnd];
            items.push(self.node_unless(&ends, true, false)?);
        }
        Ok(Shape::List(items))
    }

    fn map(&mut self) -> Result<Shape, String> {
        let from = self.lexer.take()?.at;
        let ends = [Kind::Key, Kind::Value, Kind::BlockEnd];
        let mut pairs = Vec::new();
        while let Some(token) = self.accept(Kind::Key)? {
            let key = self.node_unless(&ends, true, true)?;
            let value = match self.accept(Kind::Value)? {
                Some(_) => self.node_unless(&ends, true, true)?,
                None => self.nothing(token.at),
            };
            pairs.push((key, value));
        }
        self.block_end(from, "did not find expected key")?;
        Ok(Shape::Map(pairs))
    }

    fn block_end(&mut self, from: Mark, why: &str) -> Result<(), String> {
        if self.accept(Kind::BlockEnd)?.is_some() {
            return Ok(());
        }
        let at = self.lexer.peek()?.at;
        inside(from, at, why)
    }

    fn flow_list(&mut self) -> Result<Shape, String> {
        let from = self.lexer.take()?.at;
        let mut items = Vec::new();
        while self.flow_goes_on(items.is_empty(), Kind::FlowListEnd, from, "did not find expected ',' or ']'")? {
            let Some(token) = self.accept(Kind::Key)? else {
                items.push(self.node(false, false)?);
                continue;
            };
            // A pair in a list is a map of its own.
            let key = self.flow_key(&[Kind::Value, Kind::Comma, Kind::FlowListEnd])?;
            let value = self.flow_value(&[Kind::Comma, Kind::FlowListEnd])?;
            items.push(self.add(token.at, String::new(), Shape::Map(vec![(key, value)])));
        }
        Ok(Shape::List(items))
    }

    fn flow_map(&mut self) -> Result<Shape, String> {
        let from = self.lexer.take()?.at;
        let mut pairs = Vec::new();
        while self.flow_goes_on(pairs.is_empty(), Kind::FlowMapEnd, from, "did not find expected ',' or '}'")? {
            if self.accept(Kind::Key)?.is_some() {
                let key = self.flow_key(&[Kind::Value, Kind::Comma, Kind::FlowMapEnd])?;
                let value = self.flow_value(&[Kind::Comma, Kind::FlowMapEnd])?;
                pairs.push((key, value));
            } else {
                let key = self.node(false, false)?;
                let at = self.lexer.peek()?.at;
                pairs.push((key, self.nothing(at)));
            }
        }
        Ok(Shape::Map(pairs))
    }

    /// Whether a flow collection has another entry: after its beginning or a comma it may, or may end.
    fn flow_goes_on(&mut self, first: bool, end: Kind, from: Mark, why: &str) -> Result<bool, String> {
        if self.accept(end)?.is_some() {
            return Ok(false);
        }
        if !first && self.accept(Kind::Comma)?.is_none() {
            let at = self.lexer.peek()?.at;
            return inside(from, at, why);
        }
        Ok(self.accept(end)?.is_none())
    }

    fn flow_key(&mut self, ends: &[Kind]) -> Result<Id, String> {
        self.node_unless(ends, false, false)
    }

    fn flow_value(&mut self, ends: &[Kind]) -> Result<Id, String> {
        if self.accept(Kind::Value)?.is_some() && !self.sees(ends)? {
            return self.node(false, false);
        }
        let at = self.lexer.peek()?.at;
        Ok(self.nothing(at))
    }
}
