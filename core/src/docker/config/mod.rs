//! `docker config …`: what sets it apart from secrets; the rest is in `docker/files.rs`.

pub(crate) mod create;
pub(crate) mod inspect;
pub(crate) mod ls;
pub(crate) mod rm;
