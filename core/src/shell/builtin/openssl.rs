//! `openssl rand`: the only use that swarms make of it at a prompt, for secrets.
//!
//! Models: openssl-rand. Differs: the bytes are drawn from the session's seed and the time, so that it can be replayed.

use super::base64::{encoded, wrapped};
use super::{Builtin, Call, Flow, nothing};
use crate::rng::Stream;

pub(super) const OPENSSL: Builtin = Builtin {
    name: "openssl",
    usage: "openssl rand [-base64|-hex] N",
    about: "make random text, for secrets",
    run,
    complete: nothing,
};

fn run(call: &mut Call) -> Flow {
    let Some(("rand", rest)) = call.args.split_first().map(|(first, rest)| (first.as_str(), rest)) else {
        call.output.err("swarmyard: of openssl only `openssl rand` is simulated\n");
        return Flow::Exit(1);
    };
    let number = rest.iter().find_map(|arg| arg.parse::<usize>().ok());
    let Some(count) = number.filter(|count| *count <= 4_096) else {
        call.output.err("rand: Use -help for summary.\n");
        return Flow::Exit(1);
    };
    let mut stream = Stream::new(call.host.world.now() ^ u64::from(call.host.steps) << 40, "openssl");
    let bytes: Vec<u8> = (0..count).map(|_| stream.below(256) as u8).collect();
    let text = match rest.iter().any(|arg| arg == "-hex") {
        true => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        false => wrapped(&encoded(&bytes), 64),
    };
    call.output.out(text + "\n");
    Flow::Exit(0)
}
