//! `docker node …`: one file per command.

commands! {
    demote
    inspect
    ls
    promote
    ps
    rm
    update
}

use std::rc::Rc;

use super::command::Call;
use super::error::CliError;
use crate::model::{Node, Role};

/// The node called `reference`; `self` is the one whose shell it is.
pub(in crate::docker) fn find(call: &mut Call, reference: &str) -> Result<Rc<Node>, CliError> {
    let own = call.node;
    let reference = if reference == "self" { own.as_str() } else { reference };
    Ok(call.api().node(reference)?)
}

/// Gives a node another role. Returns whether that is news; if not, it has said so.
fn set_role(call: &mut Call, reference: &str, role: Role) -> Result<bool, CliError> {
    let node = find(call, reference)?;
    if node.spec.role == role {
        call.line(format!("Node {} is already a {}.", node.id, role.word()));
        return Ok(false);
    }
    let mut spec = node.spec.clone();
    spec.role = role;
    call.api().update_node(node.id, node.meta.version, spec)?;
    Ok(true)
}
