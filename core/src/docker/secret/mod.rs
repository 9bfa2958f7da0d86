//! `docker secret …`: what sets it apart from configs; the rest is in `docker/files.rs`.

pub(crate) mod create;
pub(crate) mod inspect;
pub(crate) mod ls;
pub(crate) mod rm;
