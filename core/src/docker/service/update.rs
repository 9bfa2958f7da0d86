//! `docker service update`
//!
//! Models: docker/cli cli/command/service/update.go.

use crate::collections;
use std::rc::Rc;

use super::mounts::{self, MOUNT};
use super::options::*;
use super::ports::{self, PORT};
use super::references::{self, CONFIG, NETWORK, SECRET};
use super::{registry, spec, watch};
use crate::api::Rollback;
use crate::docker::Flow;
use crate::docker::command::{Arguments, Call, Command};
use crate::docker::error::CliError;
use crate::docker::flags::{BOOL, Flag, LIST, Matches, Offer, STRING, UINT};
use crate::model::{ContainerSpec, FileKind, FileReference, Mode, PortConfig, ServiceSpec, TaskSpec};
use crate::store::Store;

pub(crate) static COMMAND: Command = Command {
    path: "service update",
    aliases: &[],
    usage: "[OPTIONS] SERVICE",
    about: "Change a service",
    korean: "서비스의 스펙을 바꾼다. 태스크의 스펙이 바뀌면 롤링 업데이트가 시작된다",
    arguments: Arguments::Exactly(1),
    offers: Offer::Services,
    flags: &[&COMMON, &OWN],
    stop_at_argument: false,
    run,
};

const OWN: [Flag; 43] = [
    Flag::new("args", COMMAND_LINE, "Replace the arguments handed to the container command (one shell-quoted string)"),
    Flag::new("config-add", CONFIG, "Expose one more config (or change how one is exposed)"),
    Flag::new("config-rm", LIST, "Stop exposing the named config"),
    Flag::new("constraint-add", LIST, "Add a placement constraint expression"),
    Flag::new("constraint-rm", LIST, "Remove a placement constraint (exact text)"),
    Flag::new("container-label-add", LABEL, "Add or change a container label"),
    Flag::new("container-label-rm", LIST, "Remove a container label by key"),
    Flag::new("dns-add", DNS, "Add a DNS server"),
    Flag::new("dns-option-add", LIST, "Add a resolver option"),
    Flag::new("dns-option-rm", LIST, "Remove a resolver option"),
    Flag::new("dns-rm", LIST, "Remove a DNS server"),
    Flag::new("dns-search-add", DNS_SEARCH, "Add a DNS search domain"),
    Flag::new("dns-search-rm", LIST, "Remove a DNS search domain"),
    Flag::new("endpoint-mode", STRING, "Service discovery mode: vip or dnsrr").offers(Offer::Words(&["vip", "dnsrr"])),
    Flag::new("env-add", ENV, "Add or change an environment variable"),
    Flag::new("env-rm", LIST, "Remove an environment variable by name"),
    Flag::new("force", BOOL, "Bump the force counter so that every task is replaced"),
    Flag::new("generic-resource-add", GENERIC, "Add a user-defined resource reservation"),
    Flag::new("generic-resource-rm", LIST, "Remove a user-defined resource reservation by name"),
    Flag::new("group-add", LIST, "Add a supplementary group"),
    Flag::new("group-rm", LIST, "Remove a supplementary group"),
    Flag::new("host-add", HOST, "Add an /etc/hosts entry (host:ip)"),
    Flag::new("host-rm", LIST, "Remove an /etc/hosts entry (host or host:ip)"),
    Flag::new("image", STRING, "Image of the service from now on").offers(Offer::Images),
    Flag::new("label-add", LABEL, "Add or change a label"),
    Flag::new("label-rm", LIST, "Remove a label by key"),
    Flag::new("mount-add", MOUNT, "Add or replace a mount"),
    Flag::new("mount-rm", LIST, "Remove a mount by its target path"),
    Flag::new("network-add", NETWORK, "Attach to one more network"),
    Flag::new("network-rm", LIST, "Detach from a network"),
    Flag::new("placement-pref-add", PREF, "Append a spread preference"),
    Flag::new("placement-pref-rm", PREF, "Remove a spread preference"),
    Flag::new("publish-add", PORT, "Publish one more port"),
    Flag::new("publish-rm", PORT, "Unpublish by target port"),
    Flag::new("rollback", BOOL, "Ask for a manual rollback (only --detach and --quiet may accompany it)"),
    Flag::new("rollback-parallelism", UINT, "Tasks rolled back at a time (0 = all)"),
    Flag::new("secret-add", SECRET, "Expose one more secret"),
    Flag::new("secret-rm", LIST, "Stop exposing the named secret"),
    Flag::new("sysctl-add", LIST, "Add or change a kernel parameter"),
    Flag::new("sysctl-rm", LIST, "Remove a kernel parameter"),
    Flag::new("ulimit-add", ULIMIT, "Add or change a resource limit"),
    Flag::new("ulimit-rm", LIST, "Remove a resource limit"),
    Flag::new("update-parallelism", UINT, "Tasks updated at a time (0 = all)"),
];

fn run(call: &mut Call, matches: &Matches) -> Result<Flow, CliError> {
    let name = &matches.args[0];
    let service = call.api().service(name)?;
    let mut spec = service.spec.as_ref().clone();
    let rollback = if matches.on("rollback") { Rollback::Previous } else { Rollback::No };
    if rollback == Rollback::Previous && matches.names().any(|flag| !["rollback", "detach", "quiet"].contains(&flag)) {
        return Err(CliError::said("other flags may not be combined with --rollback"));
    }
    edit(&mut spec, call.store(), matches)?;
    let mut warning = None;
    if matches.has("image") && !matches.on("no-resolve-image") {
        warning = registry::resolve(call, &mut spec);
    }
    spec::sendable(call, &spec, matches)?;
    call.api().update_service(service.id, service.meta.version, spec, rollback)?;
    if let Some(warning) = warning {
        call.out.err(warning + "\n");
    }
    call.line(name);
    watch(call, vec![name.clone()], matches)
}

fn edit(service: &mut ServiceSpec, store: &Store, matches: &Matches) -> Result<(), CliError> {
    let mut task = TaskSpec::clone(&service.task);
    edit_map(&mut service.labels, matches.all("label-rm"), matches.all("label-add"));
    if let Some(image) = matches.text("image") {
        image.clone_into(&mut task.container.image);
        registry::tag(&mut task.container);
    }
    spec::edit(service, &mut task, matches)?;
    container(&mut task.container, matches)?;
    if let Some(replicas) = matches.uint("replicas") {
        match &mut service.mode {
            Mode::Replicated { replicas: old } => *old = replicas,
            _ => return Err(CliError::said("replicas can only be used with replicated mode")),
        }
    }
    if matches.has_any(&["constraint-add", "constraint-rm", "placement-pref-add", "placement-pref-rm"]) {
        let placement = task.placement.get_or_insert_default();
        if matches.has_any(&["constraint-add", "constraint-rm"]) {
            edit_list(&mut placement.constraints, matches.list("constraint-add"), &matches.list("constraint-rm"));
        }
        let removed = matches.read("placement-pref-rm", preference);
        placement.preferences.retain(|had| !removed.contains(had));
        placement.preferences.extend(matches.read("placement-pref-add", preference));
    }
    if matches.has_any(&["publish-add", "publish-rm"]) {
        let ports = &mut service.endpoint.get_or_insert_default().ports;
        let read = |name| matches.read(name, ports::parse).concat();
        *ports = edited_ports(ports, &read("publish-rm"), read("publish-add"));
    }
    networks(&mut task, store, matches)?;
    spec::generic_resources(&mut task, matches.all("generic-resource-add"))?;
    for kind in matches.all("generic-resource-rm") {
        let reserved = &mut task.resources.get_or_insert_default().reservations.generic;
        let Some(place) = reserved.iter().position(|(had, _)| had == kind) else {
            return Err(CliError::said(format!("could not find generic-resource `{kind}` to remove it")));
        };
        reserved.remove(place);
    }
    if matches.on("force") {
        task.force_update += 1;
    }
    let secrets = references::files(FileKind::Secret, matches.all("secret-add"), store)?;
    replace_references(&mut task.container.secrets, &matches.list("secret-rm"), secrets);
    let configs = references::files(FileKind::Config, matches.all("config-add"), store)?;
    replace_references(&mut task.container.configs, &matches.list("config-rm"), configs);
    if matches.has("credential-spec") {
        references::credential_config(&mut task.container, store)?;
    }
    service.task = Rc::new(task);
    Ok(())
}

fn container(container: &mut ContainerSpec, matches: &Matches) -> Result<(), CliError> {
    if let Some(args) = matches.text("args") {
        container.args = words(args).expect("checked");
    }
    edit_map(&mut container.labels, matches.all("container-label-rm"), matches.all("container-label-add"));
    edit_map(&mut container.sysctls, matches.all("sysctl-rm"), matches.all("sysctl-add"));
    // Differs: Docker leaves the variables in the random order of a Go map when one is added.
    container.env.retain(|variable| matches.all("env-rm").all(|key| key != spec::env_key(variable)));
    for variable in matches.all("env-add") {
        let same = |had: &&mut String| spec::env_key(had) == spec::env_key(variable);
        match container.env.iter_mut().find(same) {
            Some(had) => variable.clone_into(had),
            None => container.env.push(variable.to_owned()),
        }
    }
    if matches.has_any(&["group-add", "group-rm"]) {
        edit_list(&mut container.groups, matches.list("group-add"), &matches.list("group-rm"));
    }
    let mut limits = container.ulimits.clone();
    limits.retain(|limit| matches.all("ulimit-rm").all(|removed| removed != limit.name));
    for added in matches.read("ulimit-add", ulimit) {
        limits.retain(|limit| limit.name != added.name);
        limits.push(added);
    }
    collections::sort_by(&mut limits, |a, b| a.name.cmp(&b.name));
    container.ulimits = limits;
    if matches.names().any(|flag| flag.starts_with("dns-")) {
        let dns = container.dns.get_or_insert_default();
        for (list, add, remove) in [
            (&mut dns.nameservers, "dns-add", "dns-rm"),
            (&mut dns.search, "dns-search-add", "dns-search-rm"),
            (&mut dns.options, "dns-option-add", "dns-option-rm"),
        ] {
            edit_list(list, matches.list(add), &matches.list(remove));
            list.dedup();
        }
    }
    hosts(&mut container.hosts, matches);
    edited_mounts(&mut container.mounts, matches)
}

/// Adds, then removes, then sorts.
fn edit_list(list: &mut Vec<String>, add: Vec<String>, remove: &[String]) {
    list.extend(add);
    list.retain(|had| !remove.contains(had));
    collections::sort(list);
}

/// Lines as in /etc/hosts; removed by `host` or by `host:address`.
fn hosts(hosts: &mut Vec<String>, matches: &Matches) {
    for removed in matches.all("host-rm") {
        let (name, address) = match removed.split_once(':') {
            Some((name, address)) => (name, Some(address)),
            None => (removed, None),
        };
        hosts.retain(|line| {
            let words = line.split_whitespace();
            let same_address = address.is_none_or(|address| line.split_whitespace().next() == Some(address));
            !(same_address && words.skip(1).any(|had| had == name))
        });
    }
    for added in matches.read("host-add", host) {
        if !hosts.contains(&added) {
            hosts.push(added);
        }
    }
}

fn edited_mounts(mounts: &mut Vec<crate::model::Mount>, matches: &Matches) -> Result<(), CliError> {
    if !matches.has_any(&["mount-add", "mount-rm"]) {
        return Ok(());
    }
    let mut edited: Vec<crate::model::Mount> = Vec::new();
    for mount in matches.read("mount-add", mounts::parse) {
        if edited.iter().any(|had| had.target == mount.target) {
            return Err(CliError::said("duplicate mount target"));
        }
        edited.push(mount);
    }
    for mount in mounts.drain(..) {
        if edited.iter().all(|had| had.target != mount.target) {
            edited.push(mount);
        }
    }
    edited.retain(|mount| matches.all("mount-rm").all(|removed| removed != mount.target));
    collections::sort_by(&mut edited, |a, b| (&a.source, &a.target).cmp(&(&b.source, &b.target)));
    *mounts = edited;
    Ok(())
}

/// A removal names target, protocol and mode; the published port does not matter.
fn edited_ports(ports: &[PortConfig], removed: &[PortConfig], mut added: Vec<PortConfig>) -> Vec<PortConfig> {
    let same = |a: &PortConfig, b: &PortConfig| (a.protocol, a.target, a.mode) == (b.protocol, b.target, b.mode);
    let mut edited: Vec<PortConfig> =
        ports.iter().filter(|port| !removed.iter().any(|gone| same(gone, port))).cloned().collect();
    added.retain(|port| !ports.contains(port));
    edited.append(&mut added);
    collections::sort_by_key(&mut edited, ports::text);
    edited.dedup();
    edited
}

fn networks(task: &mut TaskSpec, store: &Store, matches: &Matches) -> Result<(), CliError> {
    for name in matches.all("network-rm") {
        let id = references::network_id(name, store)?;
        task.networks.retain(|network| network.target != id);
    }
    for value in matches.all("network-add") {
        let mut added = references::networks([value].into_iter(), store)?;
        if added.iter().any(|network| task.networks.iter().any(|had| had.target == network.target)) {
            let name = references::network(value).expect("checked").target;
            return Err(CliError::said(format!("service is already attached to network {name}")));
        }
        task.networks.append(&mut added);
    }
    collections::sort_by(&mut task.networks, |a, b| a.target.cmp(&b.target));
    Ok(())
}

fn replace_references(references: &mut Vec<FileReference>, removed: &[String], added: Vec<FileReference>) {
    references.retain(|reference| reference.runtime || !removed.contains(&reference.name));
    references.extend(added);
}
