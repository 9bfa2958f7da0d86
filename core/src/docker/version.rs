//! `docker version`

use super::Flow;
use super::command::{Arguments, Call, Command};
use super::error::CliError;
use super::flags::{Flag, Matches, Offer, STRING};
use super::template::Template;
use crate::json::{Struct, Value};

pub(crate) static COMMAND: Command = Command {
    path: "version",
    aliases: &[],
    usage: "[OPTIONS]",
    about: "Show the Docker version information",
    korean: "클라이언트와 엔진의 버전을 보여 준다",
    arguments: Arguments::None,
    offers: Offer::Nothing,
    flags: &[&[Flag::new("format", STRING, super::ABOUT_INSPECT).short('f')]],
    stop_at_argument: false,
    run,
};

/// What the simulated client and daemon are: those of the recordings that this project is held against.
const CLIENT: &str = "28.2.2";
const CLIENT_COMMIT: &str = "e6534b4";
const CLIENT_BUILT: &str = "Fri May 30 12:07:14 2025";
const CLIENT_GO: &str = "go1.24.3";
const CLIENT_API: &str = "1.50";
const API: &str = "1.45";
const MIN_API: &str = "1.24";
const ENGINE: &str = "26.1.5+dfsg1";
const ENGINE_COMMIT: &str = "411e817";
const ENGINE_BUILT: &str = "Thu Aug 13 05:35:47 2026";
const ENGINE_BUILT_AT: &str = "2026-08-13T05:35:47.000000000+00:00";
const ENGINE_GO: &str = "go1.24.4";
const KERNEL: &str = "6.18.44-fc-v669";
const COMPONENTS: [(&str, &str, &str); 3] = [
    ("containerd", "1.7.24~ds1", "1.7.24~ds1-6+deb13u1"),
    ("runc", "1.1.15+ds1", "1.1.15+ds1-2+b4"),
    ("docker-init", "0.19.0", ""),
];

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    let format = match matches.text("format").unwrap_or("") {
        "" => {
            call.out.out(page());
            return Ok(Flow::Exit(0));
        }
        "json" => "{{json .}}",
        format => format,
    };
    // Differs from tables: a bad template ends with 64 here.
    let failed = |why: String| {
        call.out.err(format!("template parsing error: {why}\n"));
        CliError::Code(64)
    };
    let line = Template::parse(format).and_then(|template| template.render(&versions())).map_err(failed)?;
    call.line(line);
    Ok(Flow::Exit(0))
}

fn page() -> String {
    let mut text = format!(
        "Client:\n Version:           {CLIENT}\n API version:       {API} (downgraded from {CLIENT_API})\n \
         Go version:        {CLIENT_GO}\n Git commit:        {CLIENT_COMMIT}\n Built:             {CLIENT_BUILT}\n \
         OS/Arch:           linux/amd64\n Context:           default\n\n\
         Server:\n Engine:\n  Version:          {ENGINE}\n  API version:      {API} (minimum version {MIN_API})\n  \
         Go version:       {ENGINE_GO}\n  Git commit:       {ENGINE_COMMIT}\n  Built:            {ENGINE_BUILT}\n  \
         OS/Arch:          linux/amd64\n  Experimental:     false\n"
    );
    for (name, version, commit) in COMPONENTS {
        text += &format!(" {name}:\n  Version:          {version}\n  GitCommit:        {commit}\n");
    }
    text
}

fn versions() -> Value {
    let client = Struct::new("*client.clientVersion")
        .maybe("Version", CLIENT)
        .maybe("ApiVersion", API)
        .maybe("DefaultAPIVersion", CLIENT_API)
        .maybe("GitCommit", CLIENT_COMMIT)
        .maybe("GoVersion", CLIENT_GO)
        .maybe("Os", "linux")
        .maybe("Arch", "amd64")
        .maybe("BuildTime", CLIENT_BUILT)
        .maybe("Context", "default")
        .take();
    let map = |pairs: &[(&str, &str)]| {
        Value::Map(pairs.iter().map(|(key, value)| ((*key).to_owned(), Value::text(value))).collect())
    };
    let component = |name: &str, version: &str, details: Value| {
        Struct::new("types.ComponentVersion")
            .with("Name", name)
            .with("Version", version)
            .with("Details", details)
            .into()
    };
    let engine = map(&[
        ("ApiVersion", API),
        ("Arch", "amd64"),
        ("BuildTime", ENGINE_BUILT),
        ("Experimental", "false"),
        ("GitCommit", ENGINE_COMMIT),
        ("GoVersion", ENGINE_GO),
        ("KernelVersion", KERNEL),
        ("MinAPIVersion", MIN_API),
        ("Os", "linux"),
    ]);
    let mut components = vec![component("Engine", ENGINE, engine)];
    components.extend(
        COMPONENTS.iter().map(|(name, version, commit)| component(name, version, map(&[("GitCommit", commit)]))),
    );
    let server = Struct::new("*types.Version")
        .with("Platform", Struct::new("types.Platform").with("Name", ""))
        .maybe("Components", Value::List(components))
        .with("Version", ENGINE)
        .with("ApiVersion", API)
        .maybe("MinAPIVersion", MIN_API)
        .with("GitCommit", ENGINE_COMMIT)
        .with("GoVersion", ENGINE_GO)
        .with("Os", "linux")
        .with("Arch", "amd64")
        .maybe("KernelVersion", KERNEL)
        .maybe("BuildTime", ENGINE_BUILT_AT)
        .take();
    Struct::new("system.versionInfo").with("Client", client).with("Server", server).into()
}
