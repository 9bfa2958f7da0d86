//! The shell: what is typed becomes commands, what they answer becomes lines of a terminal.

/// What one prompt shows: finished and running commands, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Terminal {
    /// Host name of the node whose shell it is.
    pub node: String,
    pub blocks: Vec<Block>,
    /// Typed lines that still wait for a command to end.
    pub waiting: Vec<String>,
    /// Whether the text typed so far is unfinished (an open quote, a trailing `\`): the prompt is then `> `.
    pub continued: bool,
}

impl Terminal {
    /// Whether a command holds the prompt.
    pub fn busy(&self) -> bool {
        self.blocks.last().is_some_and(|block| block.exit.is_none())
    }
}

/// One typed command with its answer.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// Counts up within a terminal, and stays the same while the block changes.
    pub id: u64,
    /// What was typed, without the prompt; several lines where it was continued.
    pub typed: String,
    pub lines: Vec<Line>,
    /// `None` while it runs.
    pub exit: Option<i32>,
}

/// One line of what a terminal shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    pub text: String,
    /// Whether it came over standard error.
    pub error: bool,
}
