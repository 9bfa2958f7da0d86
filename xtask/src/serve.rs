//! `cargo xtask serve`: the playground on this machine.

use xtask::server::Server;

use crate::tools::Tools;
use crate::{page, process, project};

const PORT: u16 = 8080;

pub(crate) fn run(options: &[&str]) -> Result<(), String> {
    let options = Options::read(options)?;
    let tools = Tools::prepare()?;
    if options.develop { develop(&tools, &options) } else { publish(&tools, &options) }
}

#[derive(Debug, PartialEq)]
struct Options {
    /// `None`: the usual one, or any free one where that is taken.
    port: Option<u16>,
    develop: bool,
}

impl Options {
    fn read(words: &[&str]) -> Result<Options, String> {
        match words {
            [] => Ok(Options { port: None, develop: false }),
            ["--dev", rest @ ..] => Ok(Options { develop: true, ..Options::read(rest)? }),
            ["--port", port, rest @ ..] => {
                let port = port.parse().map_err(|_| format!("--port {port}: expected a number up to 65535"))?;
                Ok(Options { port: Some(port), ..Options::read(rest)? })
            }
            [word, ..] => Err(format!("serve does not know `{word}`. It knows --port N and --dev")),
        }
    }
}

/// Serves the page as it is published.
fn publish(tools: &Tools, options: &Options) -> Result<(), String> {
    // The port first: nobody waits for a build to hear that it is taken.
    let server = match options.port {
        Some(port) => Server::start(project::dist(), port).map_err(|why| format!("port {port}: {why}"))?,
        None => Server::start(project::dist(), PORT)
            .or_else(|_| Server::start(project::dist(), 0))
            .map_err(|why| format!("127.0.0.1: {why}"))?,
    };
    page::build(tools)?;
    println!("\nSwarmyard is at {}/ until Ctrl-C.", server.address());
    server.wait();
    Ok(())
}

/// Serves a page that is built quickly, again whenever a file changes, and loaded again then.
fn develop(tools: &Tools, options: &Options) -> Result<(), String> {
    let port = options.port.unwrap_or(PORT).to_string();
    println!("\nSwarmyard is at http://127.0.0.1:{port}/ as soon as it is built, until Ctrl-C.");
    let mut serve = page::trunk(tools);
    // Not all of the checkout: what the build itself writes would start the next.
    serve
        .args([
            "serve",
            "--watch",
            "index.html",
            "--watch",
            "web",
            "--watch",
            "core",
            "--address",
            "127.0.0.1",
            "--port",
            &port,
            "--dist",
        ])
        .arg(project::target().join("page-dev"));
    process::run(&mut serve)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read_in_any_order() {
        assert_eq!(Options::read(&["--port", "8123", "--dev"]), Ok(Options { port: Some(8123), develop: true }));
        assert_eq!(Options::read(&["--dev", "--port", "8123"]), Ok(Options { port: Some(8123), develop: true }));
        assert!(Options::read(&["--port", "many"]).is_err_and(|why| why.contains("many")));
        assert!(Options::read(&["--prot", "1"]).is_err_and(|why| why.contains("--prot")));
        assert!(Options::read(&["--port"]).is_err());
    }
}
