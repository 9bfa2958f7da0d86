//! `--filter key=value`: values of one key are alternatives, different keys must all hold.
//!
//! Models: the filters of moby daemon/cluster/filters.go, and of swarmkit manager/controlapi.

use super::error::CliError;
use crate::api::{ApiError, Code};
use crate::model::Labels;

/// Refuses keys that the daemon does not know.
pub(crate) fn known(filters: &[(String, String)], keys: &[&str]) -> Result<(), CliError> {
    match filters.iter().find(|(key, _)| !keys.contains(&key.as_str())) {
        Some((key, _)) => Err(refused(format!("invalid filter '{key}'"))),
        None => Ok(()),
    }
}

pub(crate) fn refused(sentence: String) -> CliError {
    ApiError::Refused { code: Code::Daemon, sentence }.into()
}

/// Whether every key has a value that `matches` it.
pub(crate) fn all(filters: &[(String, String)], matches: impl Fn(&str, &str) -> bool) -> bool {
    filters.iter().all(|(key, _)| {
        let mut values = filters.iter().filter(|(other, _)| other == key);
        values.any(|(_, value)| matches(key, value))
    })
}

/// `key` or `key=value`.
pub(crate) fn label(labels: &Labels, wanted: &str) -> bool {
    match wanted.split_once('=') {
        Some((key, value)) => labels.get(key).is_some_and(|had| had == value),
        None => labels.contains_key(wanted),
    }
}
