//! The terminal: tabs per node, the log, the prompt, the walk-through under it. Real text and a real text field.

pub(crate) mod edit;
pub(crate) mod guide;
pub(crate) mod lines;
pub(crate) mod log;
pub(crate) mod prompt;
