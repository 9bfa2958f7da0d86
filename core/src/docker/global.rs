//! What stands around the table of commands: the flags of `docker` itself, the groups, and what is left out.
//!
//! The short sentences that name Docker's commands are those that a real `docker --help` answered in the recordings.

use super::command::{Absent, Group, Section};
use super::flags::{BOOL, Flag, LIST, STRING};

pub(crate) const VERSION: &str = "Docker version 28.2.2, build e6534b4\n";

pub(crate) static FLAGS: [Flag; 11] = [
    Flag::new("config", STRING, "Location of client config files").default("/root/.docker"),
    Flag::new(
        "context",
        STRING,
        "Name of the context to use to connect to the daemon (overrides DOCKER_HOST env var and default context set \
         with \"docker context use\")",
    )
    .short('c'),
    Flag::new("debug", BOOL, "Enable debug mode").short('D'),
    Flag::new("host", LIST, "Daemon socket to connect to").short('H'),
    Flag::new("log-level", STRING, "Set the logging level (\"debug\", \"info\", \"warn\", \"error\", \"fatal\")")
        .short('l')
        .default("info"),
    Flag::new("tls", BOOL, "Use TLS; implied by --tlsverify"),
    Flag::new("tlscacert", STRING, "Trust certs signed only by this CA").default("/root/.docker"),
    Flag::new("tlscert", STRING, "Path to TLS certificate file").default("/root/.docker"),
    // Broken there as the recorded one is, whose default is longer than what is shown of it.
    Flag::new("tlskey", STRING, "Path to TLS key file (default\n\"/root/.docker\")"),
    Flag::new("tlsverify", BOOL, "Use TLS and verify the remote"),
    Flag::new("version", BOOL, "Print version information and quit").short('v'),
];

const fn group(name: &'static str, about: &'static str, section: Section) -> Group {
    Group { name, about, options: false, section, absent: "", instead: "" }
}

pub(crate) static GROUPS: &[Group] = &[
    Group {
        absent: "attach commit cp create diff export pause port prune rename restart run \
                 start stats top unpause update wait",
        instead: CONTAINERS,
        ..group("container", "Manage containers", Section::Management)
    },
    Group {
        absent: "build history import load prune push save tag",
        instead: IMAGES,
        ..group("image", "Manage images", Section::Management)
    },
    Group { absent: "connect disconnect", ..group("network", "Manage networks", Section::Management) },
    Group { absent: "prune", ..group("system", "Manage Docker", Section::Management) },
    group("config", "Manage Swarm configs", Section::Swarm),
    group("node", "Manage Swarm nodes", Section::Swarm),
    group("secret", "Manage Swarm secrets", Section::Swarm),
    group("service", "Manage Swarm services", Section::Swarm),
    Group { options: true, ..group("stack", "Manage Swarm stacks", Section::Swarm) },
    group("swarm", "Manage Swarm", Section::Swarm),
];

const fn absent(path: &'static str, about: &'static str, section: Section, instead: &'static str) -> Absent {
    Absent { path, about, section, instead }
}

const CONTAINERS: &str = "containers here belong to services: see 'docker service'";
const CREATE: &str = "use 'docker service create' to start containers";
const IMAGES: &str = "the images of this cluster are given: see 'docker images'";
const COMPOSE: &str = "a swarm takes its files with 'docker stack deploy -c FILE NAME'";
const LATER: &str = "";

pub(crate) static ABSENT: &[Absent] = &[
    absent("run", "Create and run a new container from an image", Section::Common, CREATE),
    absent("build", "Build an image from a Dockerfile", Section::Common, IMAGES),
    absent("push", "Upload an image to a registry", Section::Common, IMAGES),
    absent("login", "Authenticate to a registry", Section::Common, IMAGES),
    absent("logout", "Log out from a registry", Section::Common, IMAGES),
    absent("search", "Search Docker Hub for images", Section::Common, IMAGES),
    absent("builder", "Manage builds", Section::Management, IMAGES),
    absent("compose", "Docker Compose", Section::Plugin, COMPOSE),
    absent("context", "Manage contexts", Section::Management, "open a prompt on another node instead"),
    absent("manifest", "Manage Docker image manifests and manifest lists", Section::Management, IMAGES),
    absent("plugin", "Manage plugins", Section::Management, LATER),
    absent("trust", "Manage trust on Docker images", Section::Management, IMAGES),
    absent("volume", "Manage volumes", Section::Management, LATER),
    absent(
        "attach",
        "Attach local standard input, output, and error streams to a running container",
        Section::Commands,
        CONTAINERS,
    ),
    absent("commit", "Create a new image from a container's changes", Section::Commands, IMAGES),
    absent("cp", "Copy files/folders between a container and the local filesystem", Section::Commands, CONTAINERS),
    absent("create", "Create a new container", Section::Commands, CREATE),
    absent(
        "diff",
        "Inspect changes to files or directories on a container's filesystem",
        Section::Commands,
        CONTAINERS,
    ),
    absent("export", "Export a container's filesystem as a tar archive", Section::Commands, CONTAINERS),
    absent("history", "Show the history of an image", Section::Commands, IMAGES),
    absent("import", "Import the contents from a tarball to create a filesystem image", Section::Commands, IMAGES),
    absent("load", "Load an image from a tar archive or STDIN", Section::Commands, IMAGES),
    absent("pause", "Pause all processes within one or more containers", Section::Commands, CONTAINERS),
    absent("port", "List port mappings or a specific mapping for the container", Section::Commands, CONTAINERS),
    absent("rename", "Rename a container", Section::Commands, CONTAINERS),
    absent("restart", "Restart one or more containers", Section::Commands, CONTAINERS),
    absent(
        "save",
        "Save one or more images to a tar archive (streamed to STDOUT by default)",
        Section::Commands,
        IMAGES,
    ),
    absent("start", "Start one or more stopped containers", Section::Commands, CONTAINERS),
    absent("stats", "Display a live stream of container(s) resource usage statistics", Section::Commands, CONTAINERS),
    absent("tag", "Create a tag TARGET_IMAGE that refers to SOURCE_IMAGE", Section::Commands, IMAGES),
    absent("top", "Display the running processes of a container", Section::Commands, CONTAINERS),
    absent("unpause", "Unpause all processes within one or more containers", Section::Commands, CONTAINERS),
    absent("update", "Update configuration of one or more containers", Section::Commands, CONTAINERS),
    absent(
        "wait",
        "Block until one or more containers stop, then print their exit codes",
        Section::Commands,
        CONTAINERS,
    ),
];
