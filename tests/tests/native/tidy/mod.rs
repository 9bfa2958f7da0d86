//! The rules of ARCHITECTURE.md that a compiler does not hold, over the text of the sources.
//!
//! A rule is a function from files to complaints. It runs over the repository, and over a few lines that break it, so
//! that no rule can be one that never complains.

mod layers;
mod purity;
mod sentences;
mod source;
mod writing;

/// What a rule says, one sentence for each place, beginning with the place.
type Complaints = Vec<String>;

#[track_caller]
fn assert_tidy(complaints: Complaints) {
    assert!(complaints.is_empty(), "{} places:\n{}", complaints.len(), complaints.join("\n"));
}
