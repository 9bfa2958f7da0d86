//! Services. Models: swarmkit manager/controlapi/service.go, moby daemon/cluster/services.go.

use std::rc::Rc;

use super::validate::{self, Write};
use super::{Api, ApiError, Code, Named, Rollback, find};
use crate::engine::tasks;
use crate::event::Rule;
use crate::id::{ServiceId, TaskId};
use crate::model::{Endpoint, JobStatus, Meta, Mode, Service, ServiceSpec, Task, TaskState, UpdateState, UpdateStatus};

/// The counts of `docker service ls`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ServiceStatus {
    /// Observed running, whatever is wanted of them.
    pub running: u64,
    pub desired: u64,
    /// Of a job: tasks of the current iteration that are complete.
    pub completed: u64,
}

impl Named for Service {
    const KIND: &'static str = "service";

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn name(&self) -> &str {
        &self.spec.name
    }
}

impl Named for Task {
    const KIND: &'static str = "task";

    fn id(&self) -> &str {
        self.id.as_str()
    }

    /// Tasks are found by their ids only.
    fn name(&self) -> &str {
        self.id.as_str()
    }
}

impl Api<'_> {
    /// The service called `reference`: a full id, a name, or the unique beginning of an id.
    ///
    /// # Errors
    /// Nothing has that name; several ids begin so; this node is no manager.
    pub fn service(&self, reference: &str) -> Result<Rc<Service>, ApiError> {
        self.manager()?;
        find(self.world.store().services(), reference)
    }

    /// All services, by id.
    ///
    /// # Errors
    /// This node is no manager.
    pub fn services(&self) -> Result<Vec<Rc<Service>>, ApiError> {
        self.manager()?;
        Ok(self.world.store().services().map(Rc::clone).collect())
    }

    /// The task called `reference`: a full id, or the unique beginning of one.
    ///
    /// # Errors
    /// Nothing has that id; several begin so; this node is no manager.
    pub fn task(&self, reference: &str) -> Result<Rc<Task>, ApiError> {
        self.manager()?;
        let store = self.world.store();
        match TaskId::parse(reference).and_then(|id| store.task(id)) {
            Some(task) => Ok(Rc::clone(task)),
            None => find(store.tasks(), reference),
        }
    }

    /// Whether a task is up to date with its service: the filter `_up-to-date`.
    pub fn up_to_date(&self, task: &Task) -> bool {
        let store = self.world.store();
        let node = task.node.and_then(|node| store.node(node));
        store.service(task.service).is_some_and(|service| !tasks::is_dirty(service, task, node.map(Rc::as_ref)))
    }

    /// Creates a service and returns its id. An empty name is the caller's to fill.
    ///
    /// # Errors
    /// The spec does not hold; a port or the name is taken.
    pub fn create_service(&mut self, spec: ServiceSpec) -> Result<ServiceId, ApiError> {
        self.writable()?;
        validate::spec(&spec)?;
        validate::against_others(&spec, Write::Create, self.world.store())?;
        let cause = Some(self.world.asked(&format!("service create {}", spec.name)));
        Ok(self.world.write(cause, |ctx| {
            let id = ServiceId::random(&mut ctx.random.ids);
            let job = spec.mode.is_job().then_some(JobStatus { iteration: 0, last_execution: ctx.now });
            let service = Service {
                id,
                meta: Meta::default(),
                spec: Rc::new(spec),
                spec_version: 0,
                previous_spec: None,
                previous_spec_version: None,
                endpoint: Endpoint::default(),
                update_status: None,
                job_status: job,
            };
            ctx.begin(Rule::Asked);
            ctx.store.create_service(service, ctx.now);
            id
        }))
    }

    /// Replaces the spec of a service. `version` is the one that the caller read.
    ///
    /// # Errors
    /// The spec does not hold; mode or name would change; there is nothing to roll back to; somebody else wrote first.
    pub fn update_service(
        &mut self,
        id: ServiceId,
        version: u64,
        spec: ServiceSpec,
        rollback: Rollback,
    ) -> Result<(), ApiError> {
        self.writable()?;
        validate::spec(&spec)?;
        let service = self.service(id.as_str())?;
        validate::against_others(&spec, Write::Update(&service), self.world.store())?;
        let same_mode = std::mem::discriminant(&spec.mode) == std::mem::discriminant(&service.spec.mode);
        let refuse = |sentence: &str| ApiError::Refused { code: Code::Unimplemented, sentence: sentence.to_owned() };
        if !same_mode {
            return Err(refuse("service mode change is not allowed"));
        }
        if spec.name != service.spec.name {
            return Err(refuse("renaming services is not supported"));
        }
        if rollback == Rollback::Previous && service.previous_spec.is_none() {
            return Err(ApiError::NoPreviousSpec { service: id });
        }
        if service.meta.version != version {
            return Err(ApiError::OutOfSequence);
        }
        let verb = if rollback == Rollback::Previous { "rollback" } else { "update" };
        let cause = Some(self.world.asked(&format!("service {verb} {}", spec.name)));
        self.world.write(cause, |ctx| {
            ctx.begin(Rule::Asked);
            let now = ctx.now;
            ctx.store.update_service(id, now, |service| match rollback {
                Rollback::No => replace_spec(service, spec, now),
                Rollback::Previous => swap_specs(service, now),
            });
        });
        Ok(())
    }

    /// Removes a service. Its name is free at once; its tasks stop afterwards.
    ///
    /// # Errors
    /// Nothing has that name.
    pub fn remove_service(&mut self, reference: &str) -> Result<(), ApiError> {
        let service = self.service(reference)?;
        self.writable()?;
        let cause = Some(self.world.asked(&format!("service rm {reference}")));
        self.world.write(cause, |ctx| {
            ctx.begin(Rule::Asked);
            ctx.store.delete_service(service.id, ctx.now);
        });
        Ok(())
    }

    /// What `docker service ls` counts. Models: ListServiceStatuses.
    pub fn service_status(&self, service: &Service) -> ServiceStatus {
        let tasks = || self.world.store().tasks_of_service(service.id);
        let current = |task: &Task| task.job_iteration == service.job_status.map(|job| job.iteration);
        let complete = |task: &Task| task.status.state == TaskState::Complete;
        ServiceStatus {
            running: self.world.store().running_tasks(service.id),
            desired: match service.spec.mode {
                Mode::Replicated { replicas } => replicas,
                Mode::ReplicatedJob { max_concurrent, .. } => max_concurrent,
                Mode::Global => tasks().filter(|task| task.desired == TaskState::Running).count() as u64,
                Mode::GlobalJob => {
                    let open = tasks().filter(|task| task.desired == TaskState::Complete && !complete(task));
                    open.count() as u64
                }
            },
            completed: tasks().filter(|task| service.spec.mode.is_job() && current(task) && complete(task)).count()
                as u64,
        }
    }
}

/// An ordinary update: what was wanted becomes what a rollback restores.
fn replace_spec(service: &mut Service, spec: ServiceSpec, now: crate::time::Ms) {
    service.previous_spec = Some(std::mem::replace(&mut service.spec, Rc::new(spec)));
    service.previous_spec_version = Some(service.spec_version);
    service.spec_version = service.meta.version;
    service.update_status = None;
    next_iteration(service, now);
}

/// A manual rollback: both specs change places.
fn swap_specs(service: &mut Service, now: crate::time::Ms) {
    if let Some(previous) = service.previous_spec.take() {
        service.previous_spec = Some(std::mem::replace(&mut service.spec, previous));
        let version = service.previous_spec_version.replace(service.spec_version);
        service.spec_version = version.unwrap_or(0);
    }
    service.update_status = Some(UpdateStatus {
        state: UpdateState::RollbackStarted,
        started_at: Some(now),
        completed_at: None,
        message: "manually requested rollback".to_owned(),
    });
    next_iteration(service, now);
}

/// Every update runs a job once more.
fn next_iteration(service: &mut Service, now: crate::time::Ms) {
    if let Some(job) = &mut service.job_status {
        *job = JobStatus { iteration: job.iteration + 1, last_execution: now };
    }
}
