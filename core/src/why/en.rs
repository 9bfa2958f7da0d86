//! English.

use super::{Phrase, Texts};
use crate::event::{RuleKind as R, WhatKind as W};

pub(super) const TEXTS: Texts = Texts { what, rule, phrase };

fn what(kind: W) -> &'static str {
    match kind {
        W::Start => "the session began",
        W::Input => "{0}",
        W::ServiceCreated => "service {0} was created",
        W::ServiceChanged => "service {0} was changed",
        W::UpdateStatus => "service {0}: update status {1}",
        W::ServiceRemoved => "service {0} was removed",
        W::TaskCreated => "task {0} was created",
        W::TaskState => "task {0}: {1} → {2}",
        W::TaskDesired => "task {0}: desired state {1} → {2}",
        W::TaskChanged => "task {0} was changed",
        W::TaskRemoved => "task {0} was deleted",
        W::AgentActs => "the agent at work on {0}",
        W::NodeCreated => "node {0} was there",
        W::NodeState => "node {0}: {1} → {2}",
        W::NodeChanged => "node {0} was changed",
        W::NodeRemoved => "node {0} was removed",
        W::Leads => "node {0} leads the managers",
    }
}

fn rule(kind: R) -> &'static str {
    match kind {
        R::Outside => "",
        R::FromTheStart => "so the scenario begins",
        R::Asked => "as the command asks",
        R::Described => "its daemon reports what the machine has now",
        R::Allocated => "its addresses and ports are there",
        R::ScaleUp => "wanted replicas {1}, slots with a task {0}",
        R::ScaleDown => "wanted replicas {1}, slots with a task {0}",
        R::DeadSlot => "nothing in slot {0} may run again, so its history goes",
        R::ServiceGone => "its service was removed",
        R::OnePerNode => "every node that fits has one task",
        R::NodeUnfit => "its node takes no tasks of this service any more: {0}",
        R::OutdatedOnNode => "on a change of its node, what is outdated or there twice is replaced at once",
        R::JobNeeds => "{2} completions are wanted; {1} are done, {0} are running",
        R::OldIteration => "the job was started once more, and this task belongs to the run before",
        R::UpdateStarts => "slots that differ from the spec: {0}",
        R::LaneTakesSlot => "a lane of the update takes slot {0}; order {1}",
        R::NewTaskRuns => "order start-first: {0} runs, so the old task may go",
        R::CleanTaskStays => "{0} is already as the spec says, and stays",
        R::TooManyFailures => {
            "{0} ended within its monitor of {6s}; failures {1} / dirty slots {2} = {3} > ratio {4}; failure action {5}"
        }
        R::UpdateDone => "all of {2} slots are done, and the monitor of {0s} is over[; failures {1}]",
        R::NothingDirty => "no slot differs from the spec any more",
        R::Restart => "restart condition {0}; restart delay {1s}[; attempt {2} of {3}][ within {4s}]",
        R::NoRestart => "no restart: condition {0}, and the task is {1}[; {2} of {3} attempts are used][ within {4s}]",
        R::StartNow => "nothing keeps it waiting",
        R::DelayOver => "the restart delay is over",
        R::OldTaskStopped => "the old task has stopped",
        R::OldTaskTimeout => "the old task did not stop within {0s}",
        R::OldNodeGone => "the node of the old task is down",
        R::Scheduled => {
            "to {0}: {3} of {4} nodes pass the filters; with {1} tasks of this service and {2} in all it had as few as any"
        }
        R::PreassignedFits => "{0} passes the filters",
        R::NoSuitableNode => "nodes that pass the filters: 0 of {1}[ ({0})]",
        R::StalePending => "it is of an older spec, not wanted any more, and never got a node",
        R::History => "of {1} tasks in this slot {0} are kept",
        R::RemovedTaskStopped => "it was to be removed and has stopped",
        R::NoLongerMeetsConstraints => "its node does not meet this any more: {0}",
        R::AgentReports => "its agent reports it[: {0}]",
        R::Accepts => "it has received the task",
        R::AsksRegistry => "it asks the registry for {0}",
        R::Pulls => "it pulls {0}, which takes {1s}",
        R::NoImage => "no image {0}: it is not on the node, and of the registry this came: {1}",
        R::CreatesContainer => "it creates the container",
        R::StartsContainer => "it starts the container",
        R::AwaitsHealth => "it waits for a health check to pass; a probe every {0s}, unhealthy after {1} failures",
        R::ProbePasses => "a health probe passed",
        R::ProbeFails => "a health probe failed: {0} of {1} in a row",
        R::ProgramEnds => "the program ended with code {0}",
        R::LeavesMesh => "out of the load balancer, it waits {0s} for requests under way",
        R::StopSignal => "the stop signal is sent; {0s} of grace",
        R::GraceOver => "the program did not end within {0s}, so it is killed",
        R::CleansUp => "it takes down what was around the program",
        R::HeartbeatMissed => "no heartbeat came for about {0s}",
        R::NodeRegisters => "its agent has registered",
        R::Orphaned => "its node has been down for {0s}",
        R::Elected => "more than half of the managers elected it",
        R::NewLeader => "a new leader has not heard of it yet",
        R::RoleFollows => "its role follows its spec",
        R::NodeDeleted => "its node was removed from the swarm",
    }
}

fn phrase(phrase: Phrase) -> &'static str {
    match phrase {
        Phrase::Unknown => {
            "nothing is called '{0}'; write a service, a task (app.2), a node, or the beginning of an id"
        }
        Phrase::Ambiguous => "{1} ids begin with '{0}'; write more of it",
        Phrase::WaitsForDelay => "it waits for the restart delay until {0}",
        Phrase::WaitsForOld => "it waits for {0} to stop",
        Phrase::WaitsForNetwork => "it waits for network {0} to have an address for it: others have them all",
        Phrase::Busy => "its agent is busy with it until {0}",
        Phrase::LaneWaits => "a lane of the update waits until slot {0} runs",
        Phrase::LaneSleeps => "a lane of the update, done with slot {0}, sleeps its delay until {1}",
        Phrase::SlotsWait => "slots that wait for a lane: {0}",
        Phrase::Watches => "the update watches for failures until {0}",
        Phrase::More => "{0} more; `why --all …` shows them",
    }
}
