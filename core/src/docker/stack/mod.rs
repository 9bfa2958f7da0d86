//! `docker stack …`

/// The label that says which stack an object belongs to.
pub(crate) const NAMESPACE: &str = "com.docker.stack.namespace";
