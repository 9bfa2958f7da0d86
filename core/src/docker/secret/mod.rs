//! `docker secret …`: what sets it apart from configs; the rest is in `docker/files.rs`.

commands! {
    create
    inspect
    ls
    rm
}
