//! What a command reads from: a terminal, the pipe from the command before it, or a file.

/// Text to be read, and whether more can come.
#[derive(Clone, Debug, Default)]
pub(super) struct Stdin {
    text: String,
    closed: bool,
}

impl Stdin {
    /// Nothing to read, ever.
    pub(super) fn closed() -> Stdin {
        Stdin::file("")
    }

    /// All there is.
    pub(super) fn file(text: &str) -> Stdin {
        Stdin { text: text.to_owned(), closed: true }
    }

    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    pub(super) fn close(&mut self) {
        self.closed = true;
    }

    /// The next line with its end; the last one may have none. `None`: nothing now, see [`Stdin::at_end`].
    pub(super) fn line(&mut self) -> Option<String> {
        let length = match self.text.find('\n') {
            Some(end) => end + 1,
            None if self.closed && !self.text.is_empty() => self.text.len(),
            None => return None,
        };
        let rest = self.text.split_off(length);
        Some(std::mem::replace(&mut self.text, rest))
    }

    /// Everything there is now.
    pub(super) fn all(&mut self) -> String {
        std::mem::take(&mut self.text)
    }

    /// Whether everything has been read and nothing can come.
    pub(super) fn at_end(&self) -> bool {
        self.closed && self.text.is_empty()
    }
}
