//! What a command reads from: a terminal, the pipe from the command before it, or a file.

/// Text to be read, and whether more can come.
#[derive(Clone, Default)]
pub(super) struct Stdin {
    text: String,
    /// How much of it has been read.
    at: usize,
    closed: bool,
}

impl Stdin {
    /// Nothing to read, ever.
    pub(super) fn closed() -> Stdin {
        Stdin::file("")
    }

    /// All there is.
    pub(super) fn file(text: &str) -> Stdin {
        Stdin { text: text.to_owned(), at: 0, closed: true }
    }

    pub(super) fn push(&mut self, text: &str) {
        if self.at > 0 {
            self.text.drain(..self.at);
            self.at = 0;
        }
        self.text.push_str(text);
    }

    pub(super) fn close(&mut self) {
        self.closed = true;
    }

    /// How much there is to be read now.
    pub(super) fn length(&self) -> usize {
        self.text.len() - self.at
    }

    /// The next line with its end; the last one may have none. `None`: nothing now, see [`Stdin::at_end`].
    pub(super) fn line(&mut self) -> Option<String> {
        let rest = &self.text[self.at..];
        let length = match rest.find('\n') {
            Some(end) => end + 1,
            None if self.closed && !rest.is_empty() => rest.len(),
            None => return None,
        };
        let line = rest[..length].to_owned();
        self.at += length;
        Some(line)
    }

    /// Everything there is now.
    pub(super) fn all(&mut self) -> String {
        let rest = self.text.split_off(self.at);
        self.text.clear();
        self.at = 0;
        rest
    }

    /// Whether everything has been read and nothing can come.
    pub(super) fn at_end(&self) -> bool {
        self.closed && self.length() == 0
    }
}
