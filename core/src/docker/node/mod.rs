//! `docker node …`: one file per command.

pub(crate) mod inspect;
pub(crate) mod ls;
pub(crate) mod ps;

use std::rc::Rc;

use super::command::Call;
use super::error::CliError;
use crate::model::Node;

/// The node called `reference`; `self` is the one whose shell it is.
pub(super) fn find(call: &mut Call, reference: &str) -> Result<Rc<Node>, CliError> {
    let own = call.node;
    let reference = if reference == "self" { own.as_str() } else { reference };
    Ok(call.api().node(reference)?)
}
