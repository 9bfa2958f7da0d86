//! Why a docker command failed: the one place that writes the sentences and knows the exit codes.
//!
//! Models: docker/cli cli/required.go, cli/cobra.go and cmd/docker/docker.go, in version 28.

use std::fmt;

use super::command::{Usage, Wants};
use crate::api::ApiError;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum CliError {
    /// A flag that does not exist, or whose value is no good.
    Flag { message: String, usage: Usage },
    /// Too many or too few arguments; `rule` is `requires 1 argument`.
    Arguments { rule: String, at_least: bool, usage: Usage },
    /// `typed` is the whole of it: `docker service foo`. `usage` of the group, where there is one.
    UnknownCommand { typed: String, usage: Option<Usage> },
    /// The daemon refused.
    Daemon(ApiError),
    /// The client itself refused, in this sentence.
    Said(String),
    /// Several objects were asked for, and these went wrong.
    Several(Vec<CliError>),
    /// It has ended badly, and said why already.
    Code(i32),
    /// No error: it needs what comes from standard input first.
    Input(Wants),
    /// Docker can do it, this simulation cannot. `instead`: what to use here.
    NotSimulated { what: String, instead: &'static str },
}

impl CliError {
    pub(crate) fn said(sentence: impl Into<String>) -> CliError {
        CliError::Said(sentence.into())
    }

    /// `Ok` where nothing went wrong.
    pub(crate) fn several(errors: Vec<CliError>) -> Result<(), CliError> {
        if errors.is_empty() { Ok(()) } else { Err(CliError::Several(errors)) }
    }

    pub(crate) fn exit_code(&self) -> i32 {
        match self {
            CliError::Flag { .. } => 125,
            CliError::Code(code) => *code,
            _ => 1,
        }
    }
}

impl From<ApiError> for CliError {
    fn from(error: ApiError) -> CliError {
        CliError::Daemon(error)
    }
}

/// What goes to standard error, without the line end that follows it.
impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CliError::Flag { message, usage: Usage { path, line } } => {
                write!(f, "{message}\n\nUsage:  {line}\n\nRun '{path} --help' for more information")
            }
            CliError::Arguments { rule, at_least, usage: Usage { path, line } } => {
                let verb = if *at_least { "See" } else { "Run" };
                write!(f, "docker: '{path}' {rule}\n\nUsage:  {line}\n\n{verb} '{path} --help' for more information")
            }
            CliError::UnknownCommand { typed, usage: Some(Usage { path, line }) } => write!(
                f,
                "docker: unknown command: {typed}\n\nUsage:  {line}\n\nRun '{path} --help' for more information"
            ),
            CliError::UnknownCommand { typed, usage: None } => {
                write!(f, "docker: unknown command: {typed}\n\nRun 'docker --help' for more information")
            }
            CliError::Daemon(error) => write!(f, "Error response from daemon: {error}"),
            CliError::Said(sentence) => f.write_str(sentence),
            CliError::Several(errors) => {
                for (number, error) in errors.iter().enumerate() {
                    write!(f, "{}{error}", if number > 0 { "\n" } else { "" })?;
                }
                Ok(())
            }
            CliError::Code(_) | CliError::Input(_) => Ok(()),
            CliError::NotSimulated { what, instead } => {
                write!(f, "swarmyard: '{what}' is not simulated")?;
                if instead.is_empty() { Ok(()) } else { write!(f, "; {instead}") }
            }
        }
    }
}
