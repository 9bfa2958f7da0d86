//! Reads YAML as far as compose files go: block and flow collections, all kinds of scalars, anchors, aliases, merge
//! keys and one document. Not there: keys that are collections (`? `), directives, and what tags mean.
//!
//! Written here because a crate would cost every reader of the page fifty kilobytes. Models: go-yaml v3, scannerc.go,
//! parserc.go and decode.go, for what is an error, in which words and of which line.

use std::rc::Rc;

use crate::collections::Map;

/// A value. What a plain scalar means (a number, nothing, a truth) is for its reader to say.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Yaml {
    /// `plain`: without quotes.
    Scalar {
        text: String,
        plain: bool,
    },
    List(Vec<Yaml>),
    /// In the order of the file.
    Map(Vec<(String, Yaml)>),
}

/// Nested deeper than this, nothing is read: people do not write so, and the stack is not endless.
const DEEPEST: usize = 100;
/// So many values may come from aliases.
const MOST_ALIASED: usize = 100_000;

impl Yaml {
    pub(crate) const NULL: Yaml = Yaml::Scalar { text: String::new(), plain: true };

    pub(crate) fn text(text: impl Into<String>) -> Yaml {
        Yaml::Scalar { text: text.into(), plain: false }
    }

    pub(crate) fn plain(text: impl Into<String>) -> Yaml {
        Yaml::Scalar { text: text.into(), plain: true }
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Yaml::Scalar { text, plain: true } if ["", "~", "null", "Null", "NULL"].contains(&text.as_str()))
    }

    /// The text of a scalar that is something.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Yaml::Scalar { text, .. } if !self.is_null() => Some(text),
            _ => None,
        }
    }

    pub(crate) fn as_list(&self) -> &[Yaml] {
        match self {
            Yaml::List(items) => items,
            _ => &[],
        }
    }

    pub(crate) fn as_map(&self) -> &[(String, Yaml)] {
        match self {
            Yaml::Map(pairs) => pairs,
            _ => &[],
        }
    }

    /// The value of a key of a map; nothing where it is null.
    pub(crate) fn get(&self, key: &str) -> Option<&Yaml> {
        self.as_map().iter().find(|(had, _)| had == key).map(|(_, value)| value).filter(|value| !value.is_null())
    }

    /// The text of a key of a map.
    pub(crate) fn str(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Yaml::as_text)
    }

    /// How many values it consists of.
    fn size(&self) -> usize {
        match self {
            Yaml::Scalar { .. } => 1,
            Yaml::List(items) => 1 + items.iter().map(Yaml::size).sum::<usize>(),
            Yaml::Map(pairs) => 1 + pairs.iter().map(|(_, value)| value.size()).sum::<usize>(),
        }
    }

    /// Reads a document. Nothing at all is null.
    ///
    /// # Errors
    /// The words of go-yaml.
    pub(crate) fn read(text: &str) -> Result<Yaml, String> {
        let chars: Vec<char> = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").chars().collect();
        let mut reader = Reader { chars, place: 0, line: 0, column: 0, anchors: Map::new(), depth: 0, aliased: 0 };
        reader.document_start()?;
        let value = reader.block(-1, Spot::Fresh)?;
        reader.gap()?;
        if reader.peek().is_some() && !reader.at_marker() {
            return Err(problem(reader.line, "did not find expected <document start>"));
        }
        Ok(value)
    }
}

/// An error of the scanner: `line`, counted from 0, is where it stood.
fn scan_error(line: usize, why: &str) -> String {
    if line == 0 { format!("yaml: {why}") } else { format!("yaml: line {}: {why}", line + 1) }
}

/// An error of the parser, which names the line before.
fn problem(line: usize, why: &str) -> String {
    if line == 0 { format!("yaml: {why}") } else { format!("yaml: line {line}: {why}") }
}

/// An error of the parser inside of a collection that began at line `from`: that one is named, if it is not the first.
fn inside(from: usize, line: usize, why: &str) -> String {
    problem(if from == 0 { line } else { from }, why)
}

/// Where a value stands, which says what it may be.
#[derive(Clone, Copy, PartialEq)]
enum Spot {
    /// At the beginning of a line, or after `- `: it may be a collection.
    Fresh,
    /// After a key, in its line: collections begin in the next one.
    AfterKey,
}

struct Reader {
    chars: Vec<char>,
    place: usize,
    /// From 0.
    line: usize,
    column: usize,
    anchors: Map<String, Rc<Yaml>>,
    depth: usize,
    aliased: usize,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.place).copied()
    }

    fn ahead(&self, by: usize) -> Option<char> {
        self.chars.get(self.place + by).copied()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.place += 1;
        if next == '\n' {
            self.line += 1;
            self.column = 0;
        } else {
            self.column += 1;
        }
        Some(next)
    }

    /// Whether what is `by` characters ahead is a blank, the end of the line, or the end of all.
    fn blank(&self, by: usize) -> bool {
        self.ahead(by).is_none_or(|c| c.is_whitespace())
    }

    fn skip(&mut self, count: usize) {
        for _ in 0..count {
            self.next();
        }
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(|c| c == ' ' || c == '\t') {
            self.next();
        }
    }

    /// Goes on to the next thing: over blanks, comments and empty lines. Returns whether it is in a new line.
    fn gap(&mut self) -> Result<bool, String> {
        let line = self.line;
        loop {
            let indents = self.column == 0;
            let start = self.place;
            while self.peek() == Some(' ') {
                self.next();
            }
            if self.peek() == Some('\t') {
                self.skip_blanks();
                // A tab may stand between things, and in lines that are empty, but not before them.
                let content = self.peek().is_some_and(|c| c != '\n' && c != '#');
                if indents && content {
                    return Err(scan_error(self.line, "found character that cannot start any token"));
                }
            }
            let apart = self.place > start || self.column == 0 || start == 0;
            if self.peek() == Some('#') && (apart || self.chars[self.place - 1].is_whitespace()) {
                while self.peek().is_some_and(|c| c != '\n') {
                    self.next();
                }
            }
            if self.peek() != Some('\n') {
                return Ok(self.line != line);
            }
            self.next();
        }
    }

    /// `---` or `...` at the beginning of a line.
    fn at_marker(&self) -> bool {
        let three = |c: char| (0..3).all(|by| self.ahead(by) == Some(c));
        self.column == 0 && (three('-') || three('.')) && self.blank(3)
    }

    fn document_start(&mut self) -> Result<(), String> {
        self.gap()?;
        while self.peek() == Some('%') {
            while self.peek().is_some_and(|c| c != '\n') {
                self.next();
            }
            self.gap()?;
        }
        if self.at_marker() && self.peek() == Some('-') {
            self.skip(3);
        }
        Ok(())
    }

    /// A value in a block. `parent` is the column of the collection around it.
    fn block(&mut self, parent: isize, spot: Spot) -> Result<Yaml, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(scan_error(self.line, "exceeded max depth of 10000"));
        }
        let value = self.block_value(parent, spot);
        self.depth -= 1;
        value
    }

    fn block_value(&mut self, parent: isize, spot: Spot) -> Result<Yaml, String> {
        let fresh = self.gap()? || spot == Spot::Fresh;
        if self.peek().is_none() || self.at_marker() {
            return Ok(Yaml::NULL);
        }
        let column = self.column as isize;
        let dash = self.peek() == Some('-') && self.blank(1);
        // The entries of a list may stand as far out as the key that they belong to.
        if column < parent || (column == parent && !(dash && fresh && spot == Spot::AfterKey)) {
            return Ok(Yaml::NULL);
        }
        if dash {
            if !fresh {
                return Err(scan_error(self.line, "block sequence entries are not allowed in this context"));
            }
            return self.list(column);
        }
        let before = (self.line, self.place);
        if let Some(anchor) = self.properties()? {
            let value = self.block_value(parent, if self.place > before.1 { Spot::AfterKey } else { spot })?;
            self.anchors.insert(anchor, Rc::new(value.clone()));
            return Ok(value);
        }
        if self.place > before.1 {
            return self.block_value(parent, Spot::AfterKey);
        }
        if self.peek() == Some('?') && self.blank(1) {
            return Err(scan_error(self.line, "keys that are collections are not simulated"));
        }
        if self.is_key() {
            if !fresh {
                return Err(scan_error(self.line, "mapping values are not allowed in this context"));
            }
            return self.map(column);
        }
        match self.peek() {
            Some('|' | '>') => self.block_scalar(parent),
            _ => {
                let value = self.flow_value(parent + 1, 0)?;
                let line = self.line;
                self.gap()?;
                if self.line == line && self.peek() == Some(':') {
                    return Err(scan_error(line, "mapping values are not allowed in this context"));
                }
                Ok(value)
            }
        }
    }

    /// Reads anchors and tags, and returns the anchor's name.
    fn properties(&mut self) -> Result<Option<String>, String> {
        let mut anchor = None;
        while let Some(sign) = self.peek().filter(|c| *c == '&' || *c == '!') {
            self.next();
            let name = self.word();
            if sign == '&' {
                if name.is_empty() {
                    return Err(scan_error(self.line, "did not find expected alphabetic or numeric character"));
                }
                anchor = Some(name);
            }
            self.skip_blanks();
        }
        Ok(anchor)
    }

    /// Everything up to a blank or a sign of flow collections.
    fn word(&mut self) -> String {
        let mut word = String::new();
        while let Some(c) = self.peek().filter(|c| !c.is_whitespace() && !",[]{}".contains(*c)) {
            word.push(c);
            self.next();
        }
        word
    }

    /// Whether a key begins here: a scalar of one line, and a colon.
    fn is_key(&self) -> bool {
        let mut by = 0;
        match self.peek() {
            Some(quote @ ('"' | '\'')) => {
                by += 1;
                loop {
                    match self.ahead(by) {
                        None | Some('\n') => return false,
                        Some('\\') if quote == '"' => by += 2,
                        Some(c) if c == quote && quote == '\'' && self.ahead(by + 1) == Some('\'') => by += 2,
                        Some(c) if c == quote => break,
                        Some(_) => by += 1,
                    }
                }
                by += 1;
                while self.ahead(by) == Some(' ') {
                    by += 1;
                }
                self.ahead(by) == Some(':') && self.blank(by + 1)
            }
            Some('[' | '{' | '|' | '>' | '#' | ',' | ']' | '}' | '%' | '@' | '`') | None => false,
            Some(_) => loop {
                match self.ahead(by) {
                    None | Some('\n') => return false,
                    Some(':') if self.blank(by + 1) => return true,
                    Some('#') if by > 0 && self.blank(by - 1) => return false,
                    Some(_) => by += 1,
                }
            },
        }
    }

    fn list(&mut self, column: isize) -> Result<Yaml, String> {
        let from = self.line;
        let mut items = Vec::new();
        loop {
            self.next();
            items.push(self.block(column, Spot::Fresh)?);
            self.gap()?;
            if !self.goes_on(column) {
                return Ok(Yaml::List(items));
            }
            let dash = self.peek() == Some('-') && self.blank(1);
            if self.column as isize > column {
                return Err(inside(from, self.line, "did not find expected '-' indicator"));
            }
            if !dash {
                return Ok(Yaml::List(items));
            }
        }
    }

    /// Whether a collection at `column` has another line.
    fn goes_on(&self, column: isize) -> bool {
        self.peek().is_some() && self.column as isize >= column && !self.at_marker()
    }

    fn map(&mut self, column: isize) -> Result<Yaml, String> {
        let from = self.line;
        let mut pairs: Vec<(String, Yaml)> = Vec::new();
        let mut lines: Vec<usize> = Vec::new();
        let mut merged: Vec<(String, Yaml)> = Vec::new();
        loop {
            let line = self.line;
            let key = self.key()?;
            let value = self.block(column, Spot::AfterKey)?;
            if key == "<<" {
                merge(&mut merged, value)?;
            } else {
                if let Some(place) = pairs.iter().position(|(had, _)| *had == key) {
                    return Err(format!(
                        "yaml: unmarshal errors:\n  line {}: mapping key \"{key}\" already defined at line {}",
                        line + 1,
                        lines[place] + 1
                    ));
                }
                pairs.push((key, value));
                lines.push(line);
            }
            self.gap()?;
            if !self.goes_on(column) {
                break;
            }
            if self.column as isize > column || (self.peek() == Some('-') && self.blank(1)) {
                return Err(inside(from, self.line, "did not find expected key"));
            }
            if !self.is_key() {
                let first =
                    matches!(self.peek(), Some('[' | '{' | ']' | '}' | ',' | '"' | '\'' | '@' | '`' | '%' | '|' | '>'));
                let why = if first { "did not find expected key" } else { "could not find expected ':'" };
                return Err(if first { inside(from, self.line, why) } else { scan_error(self.line + 1, why) });
            }
        }
        complete(&mut pairs, merged);
        Ok(Yaml::Map(pairs))
    }

    /// Reads a key with its colon.
    fn key(&mut self) -> Result<String, String> {
        let text = match self.peek() {
            Some('"') => self.double_quoted()?,
            Some('\'') => self.single_quoted()?,
            _ => {
                let mut text = String::new();
                while !(self.peek() == Some(':') && self.blank(1)) {
                    let Some(c) = self.next() else { break };
                    text.push(c);
                }
                text.trim_end().to_owned()
            }
        };
        self.skip_blanks();
        self.next();
        Ok(text)
    }

    /// A value in the style of flows, which blocks may hold too. `least`: the column that its lines have at least;
    /// `flow`: how many flow collections are around it.
    fn flow_value(&mut self, least: isize, flow: usize) -> Result<Yaml, String> {
        if flow > DEEPEST {
            return Err(scan_error(self.line, "exceeded max depth of 10000"));
        }
        if let Some(anchor) = self.properties()? {
            let value = self.flow_value(least, flow + 1)?;
            self.anchors.insert(anchor, Rc::new(value.clone()));
            return Ok(value);
        }
        match self.peek() {
            Some('*') => {
                self.next();
                let name = self.word();
                let Some(value) = self.anchors.get(&name) else {
                    return Err(format!("yaml: unknown anchor '{name}' referenced"));
                };
                self.aliased += value.size();
                if self.aliased > MOST_ALIASED {
                    return Err("yaml: document contains excessive aliasing".to_owned());
                }
                Ok(Yaml::clone(value))
            }
            Some('"') => self.double_quoted().map(Yaml::text),
            Some('\'') => self.single_quoted().map(Yaml::text),
            Some('[') => self.flow_list(least, flow),
            Some('{') => self.flow_map(least, flow),
            Some('@' | '`' | '%') => Err(scan_error(self.line, "found character that cannot start any token")),
            Some(']' | '}' | ',') if flow == 0 => Err(problem(self.line, "did not find expected node content")),
            _ => self.plain(least, flow > 0),
        }
    }

    fn flow_list(&mut self, least: isize, flow: usize) -> Result<Yaml, String> {
        let from = self.line;
        let mut items = Vec::new();
        self.next();
        loop {
            self.gap()?;
            if self.peek() == Some(']') {
                self.next();
                return Ok(Yaml::List(items));
            }
            let item = self.flow_value(least, flow + 1)?;
            self.gap()?;
            items.push(match (self.peek(), item) {
                // A pair in a list is a map of its own.
                (Some(':'), Yaml::Scalar { text, .. }) => {
                    self.next();
                    self.gap()?;
                    let value = self.flow_rest(least, flow)?;
                    Yaml::Map(vec![(text, value)])
                }
                (_, item) => item,
            });
            self.flow_end(']', from)?;
        }
    }

    fn flow_map(&mut self, least: isize, flow: usize) -> Result<Yaml, String> {
        let from = self.line;
        let mut pairs: Vec<(String, Yaml)> = Vec::new();
        let mut merged: Vec<(String, Yaml)> = Vec::new();
        self.next();
        loop {
            self.gap()?;
            if self.peek() == Some('}') {
                self.next();
                complete(&mut pairs, merged);
                return Ok(Yaml::Map(pairs));
            }
            let line = self.line;
            let Yaml::Scalar { text: key, .. } = self.flow_value(least, flow + 1)? else {
                return Err(scan_error(line, "keys that are collections are not simulated"));
            };
            self.gap()?;
            let mut value = Yaml::NULL;
            if self.peek() == Some(':') {
                self.next();
                self.gap()?;
                value = self.flow_rest(least, flow)?;
            }
            if key == "<<" {
                merge(&mut merged, value)?;
            } else if pairs.iter().any(|(had, _)| *had == key) {
                return Err(format!(
                    "yaml: unmarshal errors:\n  line {}: mapping key \"{key}\" already defined at line {}",
                    line + 1,
                    line + 1
                ));
            } else {
                pairs.push((key, value));
            }
            self.flow_end('}', from)?;
        }
    }

    /// A value after a colon, where there is one.
    fn flow_rest(&mut self, least: isize, flow: usize) -> Result<Yaml, String> {
        if matches!(self.peek(), Some(',' | ']' | '}')) { Ok(Yaml::NULL) } else { self.flow_value(least, flow + 1) }
    }

    /// A comma, or the end of a flow collection, which is left where it is.
    fn flow_end(&mut self, end: char, from: usize) -> Result<(), String> {
        self.gap()?;
        match self.peek() {
            Some(',') => drop(self.next()),
            Some(c) if c == end => {}
            _ => return Err(inside(from, self.line, &format!("did not find expected ',' or '{end}'"))),
        }
        Ok(())
    }

    /// A scalar without quotes, over all of its lines.
    fn plain(&mut self, least: isize, flow: bool) -> Result<Yaml, String> {
        let mut text = String::new();
        loop {
            let mut line = String::new();
            while let Some(c) = self.peek().filter(|c| *c != '\n') {
                let colon = c == ':' && (self.blank(1) || (flow && self.ahead(1).is_some_and(|c| ",[]{}".contains(c))));
                let comment = c == '#' && line.ends_with([' ', '\t']);
                if colon || comment || (flow && ",[]{}".contains(c)) {
                    break;
                }
                line.push(c);
                self.next();
            }
            text += line.trim_end();
            if self.peek() != Some('\n') {
                break;
            }
            // The next line with something in it goes on with it if it stands far enough in.
            let (place, at, column) = (self.place, self.line, self.column);
            let mut breaks = 0;
            while self.peek().is_some_and(char::is_whitespace) {
                breaks += usize::from(self.peek() == Some('\n'));
                self.next();
            }
            let ends = self.peek().is_none_or(|c| c == '#') || (self.column as isize) < least || self.at_marker();
            if ends || (flow && self.peek().is_some_and(|c| ",[]{}".contains(c))) {
                (self.place, self.line, self.column) = (place, at, column);
                break;
            }
            if breaks == 1 {
                text.push(' ');
            }
            text.extend(std::iter::repeat_n('\n', breaks - 1));
        }
        Ok(Yaml::Scalar { text, plain: true })
    }

    /// In quoted scalars a line break is a blank, and further ones are line breaks.
    fn fold(&mut self, text: &mut String) {
        text.truncate(text.trim_end_matches([' ', '\t']).len());
        let mut breaks = 0;
        while self.peek().is_some_and(char::is_whitespace) {
            breaks += usize::from(self.peek() == Some('\n'));
            self.next();
        }
        if breaks == 1 {
            text.push(' ');
        }
        text.extend(std::iter::repeat_n('\n', breaks - 1));
    }

    fn single_quoted(&mut self) -> Result<String, String> {
        let from = self.line;
        self.next();
        let mut text = String::new();
        loop {
            match self.peek() {
                None => return Err(scan_error(from.max(1), "found unexpected end of stream")),
                Some('\n') => self.fold(&mut text),
                Some('\'') => {
                    self.next();
                    if self.peek() != Some('\'') {
                        return Ok(text);
                    }
                    text.push('\'');
                    self.next();
                }
                Some(c) => {
                    text.push(c);
                    self.next();
                }
            }
        }
    }

    fn double_quoted(&mut self) -> Result<String, String> {
        let from = self.line;
        self.next();
        let mut text = String::new();
        loop {
            match self.peek() {
                None => return Err(scan_error(from.max(1), "found unexpected end of stream")),
                Some('\n') => self.fold(&mut text),
                Some('"') => {
                    self.next();
                    return Ok(text);
                }
                Some('\\') => {
                    self.next();
                    self.escape(&mut text)?;
                }
                Some(c) => {
                    text.push(c);
                    self.next();
                }
            }
        }
    }

    fn escape(&mut self, text: &mut String) -> Result<(), String> {
        const PLAIN: &str =
            "0\0a\u{7}b\u{8}t\tn\nv\u{b}f\u{c}r\re\u{1b} \u{20}\"\"//\\\\N\u{85}_\u{a0}L\u{2028}P\u{2029}";
        let Some(c) = self.next() else { return Ok(()) };
        if c == '\n' {
            // The line goes on in the next one.
            while self.peek().is_some_and(|c| c == ' ' || c == '\t') {
                self.next();
            }
            return Ok(());
        }
        let digits = match c {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => {
                let mut pairs = PLAIN.chars();
                while let (Some(name), Some(meaning)) = (pairs.next(), pairs.next()) {
                    if name == c {
                        text.push(meaning);
                        return Ok(());
                    }
                }
                return Err(scan_error(self.line, "found unknown escape character"));
            }
        };
        let hex: String = (0..digits).map_while(|_| self.next()).collect();
        let code = u32::from_str_radix(&hex, 16).ok().and_then(char::from_u32);
        text.push(code.ok_or_else(|| scan_error(self.line, "did not find expected hexdecimal number"))?);
        Ok(())
    }

    /// A scalar after `|` or `>`, line by line.
    fn block_scalar(&mut self, parent: isize) -> Result<Yaml, String> {
        let folded = self.next() == Some('>');
        let (mut keep, mut indent) = (None, None);
        while let Some(c) = self.peek().filter(|c| !c.is_whitespace()) {
            match c {
                '+' | '-' => keep = Some(c),
                '1'..='9' => indent = Some((parent.max(0) as usize) + c as usize - '0' as usize),
                '#' => break,
                _ => return Err(scan_error(self.line, "did not find expected comment or line break")),
            }
            self.next();
        }
        while self.peek().is_some_and(|c| c != '\n') {
            self.next();
        }
        self.next();
        let lines = self.block_lines(parent, indent);
        let mut text = String::new();
        let last = lines.iter().rposition(|line| !line.is_empty()).map_or(0, |last| last + 1);
        for (number, line) in lines[..last].iter().enumerate() {
            text += line;
            let plain = |line: &String| !line.is_empty() && !line.starts_with([' ', '\t']);
            let next = lines[..last].get(number + 1);
            // Folding joins neighbours; an empty line between them stays as the one line break that they have.
            let joins = folded && plain(line) && next.is_some_and(plain);
            let gone = folded && (plain(line) && next.is_some_and(String::is_empty)) && {
                lines[number + 1..last].iter().find(|line| !line.is_empty()).is_some_and(plain)
            };
            if joins {
                text.push(' ');
            } else if !gone && number + 1 < last {
                text.push('\n');
            }
        }
        match keep {
            Some('-') => {}
            Some(_) => text.extend(std::iter::repeat_n('\n', lines.len() - last + usize::from(last > 0))),
            None if last > 0 => text.push('\n'),
            None => {}
        }
        Ok(Yaml::text(text))
    }

    /// The lines of a block scalar without their indentation; the first that is not empty says how far that goes.
    fn block_lines(&mut self, parent: isize, mut indent: Option<usize>) -> Vec<String> {
        let mut lines = Vec::new();
        while self.peek().is_some() {
            let mut blanks = 0;
            while self.ahead(blanks) == Some(' ') && indent.is_none_or(|indent| blanks < indent) {
                blanks += 1;
            }
            match self.ahead(blanks) {
                None | Some('\n') => {
                    self.skip(blanks + usize::from(self.ahead(blanks).is_some()));
                    lines.push(String::new());
                    continue;
                }
                Some(_) => {}
            }
            let least = *indent.get_or_insert(blanks.max((parent + 1) as usize));
            if blanks < least || self.at_marker() {
                break;
            }
            self.skip(least);
            let mut line = String::new();
            while let Some(c) = self.next().filter(|c| *c != '\n') {
                line.push(c);
            }
            lines.push(line);
        }
        lines
    }
}

/// Keeps the pairs of a map, or of a list of maps, for `<<`.
fn merge(merged: &mut Vec<(String, Yaml)>, value: Yaml) -> Result<(), String> {
    match value {
        Yaml::Map(pairs) => complete(merged, pairs),
        Yaml::List(items) if items.iter().all(|item| matches!(item, Yaml::Map(_))) => {
            items.into_iter().try_for_each(|item| merge(merged, item))?;
        }
        _ => return Err("yaml: map merge requires map or sequence of maps as the value".to_owned()),
    }
    Ok(())
}

/// Adds the pairs whose keys are not there yet.
fn complete(pairs: &mut Vec<(String, Yaml)>, more: Vec<(String, Yaml)>) {
    for (key, value) in more {
        if pairs.iter().all(|(had, _)| *had != key) {
            pairs.push((key, value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(value: &Yaml) -> String {
        match value {
            value if value.is_null() => "null".to_owned(),
            Yaml::Scalar { text, plain: true } => text.clone(),
            Yaml::Scalar { text, .. } => format!("{text:?}"),
            Yaml::List(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(", ")),
            Yaml::Map(pairs) => {
                let pairs: Vec<String> = pairs.iter().map(|(key, value)| format!("{key}: {}", show(value))).collect();
                format!("{{{}}}", pairs.join(", "))
            }
        }
    }

    #[track_caller]
    fn check(text: &str, shown: &str) {
        assert_eq!(Yaml::read(text).map_or_else(|why| why, |value| show(&value)), shown, "{text}");
    }

    #[test]
    fn blocks_nest_by_their_indentation() {
        check("", "null");
        check("# nothing\n\n", "null");
        check("a: 1\nb:\n  c: x y  # said\n  d:\ne: ~\n", "{a: 1, b: {c: x y, d: null}, e: null}");
        check(
            "a:\n- 1\n- 2\nb:\n  - x: 1\n    y: 2\n  -\n    z: 3\n  - - 4\n    - 5\n",
            "{a: [1, 2], b: [{x: 1, y: 2}, {z: 3}, [4, 5]]}",
        );
        check("---\na: b\n...\n", "{a: b}");
        check("%YAML 1.1\n---\n- a\n-\n- b", "[a, null, b]");
        check("a: http://x:80/y#z\nb: 80:80\nc: -1\nd: a#b\n", "{a: http://x:80/y#z, b: 80:80, c: -1, d: a#b}");
        check("a: one\n  two\n\n  three\nb: 1\n", "{a: one two\nthree, b: 1}");
        check(
            "a:\n    b:\n        - c: 1\n\n          d: 2\n    # here\n    e: 3\r\n",
            "{a: {b: [{c: 1, d: 2}], e: 3}}",
        );
        check("? a\n: b\n", "yaml: keys that are collections are not simulated");
    }

    #[test]
    fn quotes_hold_what_they_enclose() {
        check(
            "a: 'it''s: # no'\n\"b c\": \"x\\n\\t\\\"\\u00e9\\x41\"\n",
            "{a: \"it's: # no\", b c: \"x\\n\\t\\\"éA\"}",
        );
        check("a: \"one\n  two\n\n  three \\\n  four\"\n", "{a: \"one two\\nthree four\"}");
        check("a: 'one\n\n  two'", "{a: \"one\\ntwo\"}");
        check("a: ''\nb: \"\"\nc: 'null'\n", "{a: \"\", b: \"\", c: \"null\"}");
    }

    #[test]
    fn flows_may_stand_in_blocks() {
        check("a: [1, 'b, c', {d: e, f}, ]\nb: {}\nc: []\n", "{a: [1, \"b, c\", {d: e, f: null}], b: {}, c: []}");
        check(
            "a: {limits: {cpus: \"0.50\", memory: 64M},\n    x: [1,\n 2]}\nb: 1",
            "{a: {limits: {cpus: \"0.50\", memory: 64M}, x: [1, 2]}, b: 1}",
        );
        check("[a: 1, b]", "[{a: 1}, b]");
        check("{\"a\":1, 'b' : 2}", "{a: 1, b: 2}");
    }

    #[test]
    fn block_scalars_keep_or_fold_their_lines() {
        check("a: |\n  one\n    two\n\n  three\n\nb: 1\n", "{a: \"one\\n  two\\n\\nthree\\n\", b: 1}");
        check(
            "a: |-\n  one\n  two\nb: >\n  one\n  two\n\n  three\n    four\n  five\n",
            "{a: \"one\\ntwo\", b: \"one two\\nthree\\n  four\\nfive\\n\"}",
        );
        check("a: |+\n  one\n\nb: |2\n    x\n  y\n", "{a: \"one\\n\\n\", b: \"  x\\ny\\n\"}");
        check("- |\n  #!/bin/sh\n  a: b\n- x\n", "[\"#!/bin/sh\\na: b\\n\", x]");
    }

    #[test]
    fn anchors_are_remembered_and_maps_merge() {
        check("a: &x [1, 2]\nb: *x\n", "{a: [1, 2], b: [1, 2]}");
        check(
            "x-base: &base\n  image: i\n  labels: &l {a: b}\nweb:\n  <<: *base\n  image: j\nall:\n  <<: [*l, *base]\n  a: c\n",
            "{x-base: {image: i, labels: {a: b}}, web: {image: j, labels: {a: b}}, all: {a: c, image: i, labels: {a: b}}}",
        );
        check("a: &n 5\nb: !!str *n\nc: !x y\n", "{a: 5, b: 5, c: y}");
        check("a: *no\n", "yaml: unknown anchor 'no' referenced");
        check("a: &x 1\n<<: *x\n", "yaml: map merge requires map or sequence of maps as the value");
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
        for n in 1..9 {
            bomb += &format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(", "));
        }
        check(&bomb, "yaml: document contains excessive aliasing");
    }

    #[test]
    fn errors_name_what_is_wrong_and_where() {
        for (text, why) in [
            ("services:\n  web:\n\timage: x\n", "yaml: line 3: found character that cannot start any token"),
            ("services:\n  web:\n    image: x\n   ports: 1\n", "yaml: line 1: did not find expected key"),
            ("a:\n  - x\n  y: 1\n", "yaml: line 2: did not find expected key"),
            ("services:\n  web\n    image: x\n", "yaml: line 3: mapping values are not allowed in this context"),
            ("a: b: c\n", "yaml: mapping values are not allowed in this context"),
            ("a:\n  b: 1\n  c\nd: 2\n", "yaml: line 4: could not find expected ':'"),
            ("a: [1, 2\nb: 3\n", "yaml: line 1: did not find expected ',' or ']'"),
            ("x: 1\na: {b: 1\nc: 3\n", "yaml: line 1: did not find expected ',' or '}'"),
            ("a: 1\nb: 2\na: 3\n", "yaml: unmarshal errors:\n  line 3: mapping key \"a\" already defined at line 1"),
            ("a: 'x\nb: 1\n", "yaml: line 2: found unexpected end of stream"),
            ("a: \"\\q\"\n", "yaml: found unknown escape character"),
            ("a: - b\n", "yaml: block sequence entries are not allowed in this context"),
            ("a: @b\n", "yaml: found character that cannot start any token"),
        ] {
            check(text, why);
        }
    }

    #[test]
    fn nothing_makes_it_fall() {
        let deep = "[".repeat(100_000);
        assert!(Yaml::read(&deep).is_err() && Yaml::read(&"- ".repeat(100_000)).is_err());
        let mut stream = crate::rng::Stream::new(1, "yaml");
        let signs: Vec<char> = "ab:-#'\"[]{},&*|>!?%@\\\n\n  \t~<0.é".chars().collect();
        for _ in 0..20_000 {
            let length = stream.below(30);
            let text: String = (0..length).map(|_| signs[stream.below(signs.len() as u32) as usize]).collect();
            let _ = Yaml::read(&text);
        }
    }
}
