//! The page, started: everything is in the library.

fn main() {
    swarmyard_web::run();
}
