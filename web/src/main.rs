//! The program of the page; all of it is in the library, so that tests can reach it.

fn main() {
    swarmyard_web::run();
}
