//! The state language of the picture: which shape a task has. Colour says the version and nothing else; outline, fill,
//! ring and glyph say the state.

use swarmyard_core::model::TaskState;
use swarmyard_core::snapshot::Task;
use swarmyard_core::time::Ms;

/// How a task is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// Dashed outline: no container yet.
    Waiting,
    /// Fills from the bottom.
    Preparing,
    /// Filled, and held back until it may start.
    Ready,
    /// Half filled, with a pulse.
    Starting,
    /// Solid with a tick: runs, but gets no requests.
    Running,
    /// Solid with a tick and a plug: gets requests.
    Serving,
    /// Fades while its grace period runs down.
    Stopping,
    /// Ended well: a job that is done.
    Complete,
    /// Ended because it was told to.
    Shutdown,
    Failed,
    Rejected,
    /// Nobody knows: its node is gone.
    Orphaned,
}

impl Look {
    pub(crate) fn of(task: &Task) -> Look {
        match task.state {
            TaskState::Complete => Look::Complete,
            TaskState::Shutdown => Look::Shutdown,
            TaskState::Failed => Look::Failed,
            TaskState::Rejected => Look::Rejected,
            TaskState::Orphaned | TaskState::Remove => Look::Orphaned,
            _ if task.stopping || task.desired > TaskState::Running => Look::Stopping,
            TaskState::New | TaskState::Pending | TaskState::Assigned | TaskState::Accepted => Look::Waiting,
            TaskState::Preparing => Look::Preparing,
            TaskState::Ready => Look::Ready,
            TaskState::Starting => Look::Starting,
            TaskState::Running if task.in_service => Look::Serving,
            TaskState::Running => Look::Running,
        }
    }

    /// The word that the style sheet knows it by.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Look::Waiting => "waiting",
            Look::Preparing => "preparing",
            Look::Ready => "ready",
            Look::Starting => "starting",
            Look::Running => "running",
            Look::Serving => "serving",
            Look::Stopping => "stopping",
            Look::Complete => "complete",
            Look::Shutdown => "shutdown",
            Look::Failed => "failed",
            Look::Rejected => "rejected",
            Look::Orphaned => "orphaned",
        }
    }
}

/// How far a state has come, in hundredths of the way from `since` to `until`.
pub(crate) fn percent(since: Ms, until: Ms, now: Ms) -> u8 {
    let (passed, whole) = (now.saturating_sub(since), until.saturating_sub(since));
    if whole == 0 {
        return 100;
    }
    u8::try_from((passed * 100 / whole).min(100)).expect("at most 100")
}

/// Tenths of a second left until `until`, for a countdown: `3.6`.
pub(crate) fn seconds_left(until: Ms, now: Ms) -> String {
    let tenths = until.saturating_sub(now).div_ceil(100);
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::task;

    #[test]
    fn a_running_task_is_plugged_in_only_when_requests_reach_it() {
        let mut task = task("my-app", 1, "node1", TaskState::Running);
        assert_eq!(Look::of(&task), Look::Serving);
        task.in_service = false;
        assert_eq!(Look::of(&task), Look::Running);
    }

    #[test]
    fn whatever_is_told_to_stop_fades_until_it_has_ended() {
        let mut task = task("my-app", 1, "node1", TaskState::Running);
        task.desired = TaskState::Shutdown;
        assert_eq!(Look::of(&task), Look::Stopping);
        task.state = TaskState::Preparing;
        assert_eq!(Look::of(&task), Look::Stopping);
        task.state = TaskState::Shutdown;
        assert_eq!(Look::of(&task), Look::Shutdown);
    }

    #[test]
    fn every_state_has_a_look_and_only_ends_are_ended() {
        for state in TaskState::ALL {
            let mut task = task("my-app", 1, "node1", state);
            task.desired = TaskState::Running;
            let ends = [Look::Complete, Look::Shutdown, Look::Failed, Look::Rejected, Look::Orphaned];
            assert_eq!(ends.contains(&Look::of(&task)), state > TaskState::Running, "{state:?}");
        }
    }

    #[test]
    fn progress_and_countdown_stay_in_their_bounds() {
        assert_eq!(percent(1_000, 3_000, 2_000), 50);
        assert_eq!(percent(1_000, 3_000, 9_000), 100);
        assert_eq!(percent(1_000, 1_000, 1_000), 100);
        assert_eq!(seconds_left(5_000, 1_450), "3.6");
        assert_eq!(seconds_left(5_000, 6_000), "0.0");
    }
}
