//! What a command says: text for standard output and standard error, in the order of its saying.

/// Where a text goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    Out,
    Err,
}

/// Collects what a command says. A command never prints: the shell takes what is here.
#[derive(Clone, Debug, Default)]
pub struct Output {
    /// Columns of the terminal that standard output is, or `None` where it is a pipe or a file.
    pub terminal: Option<u16>,
    chunks: Vec<(Stream, String)>,
}

impl Output {
    pub fn new(terminal: Option<u16>) -> Output {
        Output { terminal, chunks: Vec::new() }
    }

    /// Says `text` on standard output. Line ends are the caller's.
    pub fn out(&mut self, text: impl Into<String>) {
        self.say(Stream::Out, text.into());
    }

    /// Says `text` on standard error.
    pub fn err(&mut self, text: impl Into<String>) {
        self.say(Stream::Err, text.into());
    }

    fn say(&mut self, stream: Stream, text: String) {
        if !text.is_empty() {
            self.chunks.push((stream, text));
        }
    }

    /// Says what was said elsewhere.
    pub fn append(&mut self, other: Output) {
        self.chunks.extend(other.chunks);
    }

    /// Takes what was said since the last call.
    pub fn take(&mut self) -> Vec<(Stream, String)> {
        std::mem::take(&mut self.chunks)
    }
}
