//! `docker network …`

commands! {
    create
    inspect
    ls
    prune
    rm
}
