fn main() {
    swarmyard_web::run();
}
