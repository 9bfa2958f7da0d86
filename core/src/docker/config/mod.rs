//! `docker config …`: what sets it apart from secrets; the rest is in `docker/files.rs`.

commands! {
    create
    inspect
    ls
    rm
}
