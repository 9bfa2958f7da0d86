//! `docker service inspect --pretty`: each line only where there is something to say.
//!
//! Models: docker/cli cli/command/service/formatter.go, serviceInspectPrettyTemplate.

use std::fmt::Write;

use crate::docker::objects::interpolated;
use crate::docker::units::{bytes_size, cpus, go_duration, human_duration};
use crate::model::{
    ContainerSpec, EndpointMode, FileReference, Mode, PortConfig, Resources, Service, ServiceSpec, UpdateConfig,
    UpdateState, UpdateStatus,
};
use crate::time::Ms;
use crate::world::World;

pub(super) fn service(world: &World, service: &Service) -> String {
    let spec = interpolated(&service.spec);
    let mut page = Page { text: String::new() };
    page.line(format_args!("\nID:\t\t{}", service.id));
    page.line(format_args!("Name:\t\t{}", spec.name));
    if !spec.labels.is_empty() {
        page.line("Labels:");
        for (key, value) in &spec.labels {
            page.line(if value.is_empty() { format!(" {key}") } else { format!(" {key}={value}") });
        }
    }
    page.mode(spec.mode);
    if let Some(status) = &service.update_status {
        page.update_status(status, world.now());
    }
    page.placement(&spec);
    for (title, config) in [("UpdateConfig", &spec.update), ("RollbackConfig", &spec.rollback)] {
        if let Some(config) = config {
            page.update_config(title, config);
        }
    }
    page.container(&spec.task.container);
    if let Some(driver) = &spec.task.log_driver {
        page.line(format_args!("Log Driver:\n Name:\t\t{}", driver.name));
        if !driver.options.is_empty() {
            page.line(" LogOpts:");
            for (key, value) in &driver.options {
                page.line(format_args!("  {:16}{value}", format!("{key}:")));
            }
        }
        page.line("");
    }
    if let Some(resources) = &spec.task.resources {
        page.resources(resources);
    }
    if !spec.task.networks.is_empty() {
        let names = world
            .store()
            .networks()
            .filter(|network| spec.task.networks.iter().any(|had| had.target == network.id.as_str()));
        let names: String = names.map(|network| format!(" {}", network.name)).collect();
        page.line(format_args!("Networks:{names} "));
    }
    let endpoint = spec.endpoint.as_ref().and_then(|endpoint| endpoint.mode).unwrap_or(EndpointMode::Vip);
    page.line(format_args!("Endpoint Mode:\t{}", endpoint.word()));
    page.ports(&service.endpoint.ports);
    page.health(&spec.task.container);
    page.line("");
    page.text
}

struct Page {
    text: String,
}

impl Page {
    fn line(&mut self, line: impl std::fmt::Display) {
        writeln!(self.text, "{line}").expect("a String takes everything");
    }

    fn mode(&mut self, mode: Mode) {
        match mode {
            Mode::Replicated { replicas } => {
                self.line(format_args!("Service Mode:\tReplicated\n Replicas:\t{replicas}"))
            }
            Mode::Global => self.line("Service Mode:\tGlobal"),
            Mode::ReplicatedJob { .. } | Mode::GlobalJob => self.line("Service Mode:"),
        }
    }

    fn update_status(&mut self, status: &UpdateStatus, now: Ms) {
        let ago = |at: Ms| human_duration(now.saturating_sub(at));
        self.line(format_args!("UpdateStatus:\n State:\t\t{}", status.state.word()));
        if let Some(started) = status.started_at {
            self.line(format_args!(" Started:\t{} ago", ago(started)));
        }
        // A completed rollback does not say when.
        if let Some(completed) = status.completed_at.filter(|_| status.state == UpdateState::Completed) {
            self.line(format_args!(" Completed:\t{} ago", ago(completed)));
        }
        self.line(format_args!(" Message:\t{}", status.message));
    }

    fn placement(&mut self, spec: &ServiceSpec) {
        self.line("Placement:");
        let Some(placement) = &spec.task.placement else { return };
        if !placement.constraints.is_empty() {
            self.line(format_args!(" Constraints:\t[{}]", placement.constraints.join(" ")));
        }
        if !placement.preferences.is_empty() {
            let spreads: Vec<String> = placement.preferences.iter().map(|over| format!("spread={over}")).collect();
            self.line(format_args!(" Preferences:   [{}]", spreads.join(" ")));
        }
        if placement.max_replicas > 0 {
            self.line(format_args!(" Max Replicas Per Node:   {}", placement.max_replicas));
        }
    }

    fn update_config(&mut self, title: &str, config: &UpdateConfig) {
        self.line(format_args!("{title}:\n Parallelism:\t{}", config.parallelism));
        if config.delay > 0 {
            self.line(format_args!(" Delay:\t\t{}", go_duration(config.delay)));
        }
        self.line(format_args!(" On failure:\t{}", config.failure_action.word()));
        if config.monitor > 0 {
            self.line(format_args!(" Monitoring Period: {}", go_duration(config.monitor)));
        }
        self.line(format_args!(" Max failure ratio: {}", config.max_failure_ratio));
        let (what, order) = (title.trim_end_matches("Config"), config.order.word());
        self.line(format_args!("{:20}{order}", format!(" {what} order:")));
    }

    fn container(&mut self, container: &ContainerSpec) {
        self.line(format_args!("ContainerSpec:\n Image:\t\t{}", container.image));
        for (title, words) in [("Args", &container.args), ("Env", &container.env)] {
            if !words.is_empty() {
                self.line(format_args!(" {title}:\t\t{} ", words.join(" ")));
            }
        }
        if !container.dir.is_empty() {
            self.line(format_args!(" Dir:\t\t{}", container.dir));
        }
        if let Some(init) = container.init {
            self.line(format_args!(" Init:\t\t{init}"));
        }
        if !container.user.is_empty() {
            self.line(format_args!(" User: {}", container.user));
        }
        if !container.cap_add.is_empty() || !container.cap_drop.is_empty() {
            self.line("Capabilities:");
            for (title, names) in [("Add", &container.cap_add), ("Drop", &container.cap_drop)] {
                if !names.is_empty() {
                    self.line(format_args!(" {title}: {}", names.join(", ")));
                }
            }
        }
        if !container.sysctls.is_empty() {
            self.line("SysCtls:");
            for (key, value) in &container.sysctls {
                self.line(format_args!(" {key}: {value}"));
            }
        }
        if !container.ulimits.is_empty() {
            self.line("Ulimits:");
            for limit in &container.ulimits {
                self.line(format_args!(" {}: {}:{}", limit.name, limit.soft, limit.hard));
            }
        }
        if !container.mounts.is_empty() {
            self.line("Mounts:");
            for mount in &container.mounts {
                self.line(format_args!(" Target:\t{}\n  Source:\t{}", mount.target, mount.source));
                self.line(format_args!("  ReadOnly:\t{}\n  Type:\t\t{}", mount.read_only, mount.kind));
            }
        }
        self.files("Configs", &container.configs);
        self.files("Secrets", &container.secrets);
    }

    fn files(&mut self, title: &str, files: &[FileReference]) {
        if !files.is_empty() {
            self.line(format_args!("{title}:"));
        }
        for FileReference { file, name, .. } in files {
            self.line(format_args!(" Target:\t{file}\n  Source:\t{name}"));
        }
    }

    fn resources(&mut self, resources: &Resources) {
        let Resources { limits, reservations, .. } = resources;
        self.line("Resources:");
        if reservations.nano_cpus != 0 || reservations.memory_bytes != 0 {
            self.line(" Reservations:");
            self.amounts(reservations.nano_cpus, reservations.memory_bytes);
        }
        if limits.nano_cpus != 0 || limits.memory_bytes != 0 || limits.pids != 0 {
            self.line(" Limits:");
            self.amounts(limits.nano_cpus, limits.memory_bytes);
            if limits.pids != 0 {
                self.line(format_args!("  PIDs:\t\t{}", limits.pids));
            }
        }
    }

    fn amounts(&mut self, nano_cpus: i64, memory_bytes: i64) {
        if nano_cpus != 0 {
            self.line(format_args!("  CPU:\t\t{}", cpus(nano_cpus)));
        }
        if memory_bytes != 0 {
            self.line(format_args!("  Memory:\t{}", bytes_size(memory_bytes)));
        }
    }

    fn ports(&mut self, ports: &[PortConfig]) {
        if ports.is_empty() {
            return;
        }
        self.line("Ports:");
        for (number, port) in ports.iter().enumerate() {
            self.line(format_args!(" PublishedPort = {}\n  Protocol = {}", port.published, port.protocol.word()));
            let last = if number + 1 == ports.len() { " " } else { "" };
            self.line(format_args!("  TargetPort = {}\n  PublishMode = {}{last}", port.target, port.mode.word()));
        }
    }

    fn health(&mut self, container: &ContainerSpec) {
        let Some(health) = &container.healthcheck else { return };
        self.line(format_args!(" Healthcheck:\n  Interval = {}", go_duration(health.interval)));
        self.line(format_args!(
            "  Retries = {}\n  StartPeriod =\t{}",
            health.retries,
            go_duration(health.start_period)
        ));
        self.line(format_args!("  Timeout =\t{}", go_duration(health.timeout)));
        if !health.test.is_empty() {
            self.line("  Tests:");
            for (number, word) in health.test.iter().enumerate() {
                let last = if number + 1 == health.test.len() { " " } else { "" };
                self.line(format_args!("\t Test = {word}{last}"));
            }
        }
    }
}
