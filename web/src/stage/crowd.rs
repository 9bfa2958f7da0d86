//! Many tasks in a few strokes: one path for all squares of the same version and look. A cell each would be thousands of
//! elements.

use std::rc::Rc;

use swarmyard_core::snapshot::Task;
use yew::prelude::*;

use super::look::Look;
use super::node::hue_class;
use crate::browser;
use crate::model::{Msg, Selected};
use crate::text::{Texts, fill};

/// Squares of this size, in rows of so many, in the units of the drawing.
const SIDE: usize = 10;
const ROW: usize = 12;
/// Where places are slots.
const ROW_OF_SLOTS: usize = 20;

/// So many slots share a box.
pub(crate) const BLOCK: usize = 100;

/// The place of a slot among all of its service; tasks of global services have none.
pub(crate) fn place(slot: u64) -> Option<usize> {
    slot.checked_sub(1).and_then(|place| usize::try_from(place).ok())
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Crowd {
    /// By their places, of which two tasks may share one: the newer one has its right half.
    pub(crate) tasks: Vec<(usize, Rc<Task>)>,
    pub(crate) strokes: Vec<Stroke>,
    row: usize,
}

/// All squares that look alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stroke {
    pub(crate) hue: usize,
    pub(crate) look: Look,
    half: bool,
    pub(crate) count: usize,
    pub(crate) path: String,
}

impl Crowd {
    /// `by_slot`: its place is that of its slot in a [`BLOCK`], not the next one.
    pub(crate) fn add(&mut self, task: &Rc<Task>, by_slot: bool) {
        self.row = if by_slot { ROW_OF_SLOTS } else { ROW };
        let next = self.tasks.last().map_or(0, |(place, _)| place + 1);
        let place = place(task.slot).filter(|_| by_slot).map_or(next, |place| place % BLOCK);
        let half = place + 1 == next;
        self.tasks.push((place, Rc::clone(task)));
        let (hue, look) = (task.version, Look::of(task));
        let known = self.strokes.iter().position(|at| at.hue == hue && at.look == look && at.half == half);
        let stroke = known.unwrap_or_else(|| {
            self.strokes.push(Stroke { hue, look, half, count: 0, path: String::new() });
            self.strokes.len() - 1
        });
        let stroke = &mut self.strokes[stroke];
        stroke.count += 1;
        let (x, y) = (place % self.row * SIDE + 1, place / self.row * SIDE + 1);
        for part in ["M", &(if half { x + 4 } else { x }).to_string(), " ", &y.to_string()] {
            stroke.path.push_str(part);
        }
        stroke.path.push_str(if half { "h4v8h-4z" } else { "h8v8h-8z" });
    }

    /// What was added; nothing, if nothing was. Halves lie above.
    pub(crate) fn done(mut self) -> Option<Crowd> {
        let (halves, whole) = self.strokes.into_iter().partition(|stroke| stroke.half);
        self.strokes = whole;
        self.strokes.extend::<Vec<Stroke>>(halves);
        (!self.tasks.is_empty()).then_some(self)
    }

    /// The task at a place of the drawing, whose width is `width` pixels.
    fn at(&self, x: i32, y: i32, width: i32) -> Option<&Rc<Task>> {
        let unit = |pixels: i32| {
            usize::try_from(pixels).ok().map(|pixels| pixels * self.row / usize::try_from(width.max(1)).unwrap_or(1))
        };
        let place = unit(y)? * self.row + unit(x)?.min(self.row - 1);
        self.tasks.iter().rev().find(|(its, _)| *its == place).map(|(_, task)| task)
    }

    /// Where an arrow key leads from the task that is chosen; the first task, if none is.
    fn beside(&self, chosen: Option<&str>, key: &str) -> Option<&Rc<Task>> {
        let steps = match key {
            "ArrowRight" => 1,
            "ArrowLeft" => -1,
            "ArrowDown" => self.row as isize,
            "ArrowUp" => -(self.row as isize),
            "Enter" | " " => 0,
            _ => return None,
        };
        let at = self.tasks.iter().position(|(_, task)| chosen == Some(task.id.as_str()));
        let to = at.map_or(0, |at| at.saturating_add_signed(steps).min(self.tasks.len() - 1));
        self.tasks.get(to).map(|(_, task)| task)
    }
}

pub(crate) fn crowd_view(texts: &Texts, crowd: &Crowd, selected: Option<&str>, send: &Callback<Msg>) -> Html {
    let height = crowd.tasks.last().map_or(0, |(place, _)| (place / crowd.row + 1) * SIDE);
    let words: Vec<String> =
        crowd.strokes.iter().map(|stroke| fill("{0} {1}", &[&stroke.count, &stroke.look.word()])).collect();
    let choose = |task: &Rc<Task>| Msg::Select(Some(Selected::Name(task.id.clone())));
    let onclick = Callback::from({
        let (send, crowd) = (send.clone(), crowd.clone());
        move |event: MouseEvent| {
            let (x, y, width) = browser::place_in(&event, "svg");
            crowd.at(x, y, width).map(choose).into_iter().for_each(|msg| send.emit(msg));
        }
    });
    let onkeydown = Callback::from({
        let (send, crowd, chosen) = (send.clone(), crowd.clone(), selected.map(str::to_owned));
        move |event: KeyboardEvent| {
            if let Some(task) = crowd.beside(chosen.as_deref(), &event.key()) {
                event.prevent_default();
                send.emit(choose(task));
            }
        }
    });
    let place = selected.and_then(|id| crowd.tasks.iter().find(|(_, task)| task.id == id)).map(|(place, _)| *place);
    html! {
        <svg class="crowd" role="group" tabindex="0" aria-label={fill(texts.crowd, &[&crowd.tasks.len(), &words.join(", ")])}
            {onclick} {onkeydown} data-crowd={crowd.tasks.len().to_string()} viewBox={format!("0 0 {} {height}", crowd.row * SIDE)}>
            { for crowd.strokes.iter().map(|stroke| html! {
                <path class={hue_class(stroke.hue)} data-look={stroke.look.word()} d={stroke.path.clone()} />
            }) }
            if let Some(place) = place {
                <rect class="chosen" x={(place % crowd.row * SIDE).to_string()} y={(place / crowd.row * SIDE).to_string()} width="10" height="10" />
            }
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::task;
    use swarmyard_core::model::TaskState;

    #[test]
    fn tasks_that_look_alike_share_a_stroke_and_are_found_where_they_stand() {
        let mut crowd = Crowd::default();
        for slot in 1..=30 {
            let state = if slot == 20 { TaskState::Pending } else { TaskState::Running };
            crowd.add(&task("a", slot, "node1", state).into(), false);
        }
        let crowd = crowd.done().expect("there are tasks");
        let counts: Vec<_> = crowd.strokes.iter().map(|stroke| (stroke.look, stroke.count)).collect();
        assert_eq!(counts, [(Look::Serving, 29), (Look::Waiting, 1)]);
        assert_eq!(crowd.strokes[1].path, "M71 11h8v8h-8z");
        assert_eq!(crowd.at(75, 15, 120), Some(&crowd.tasks[19].1));
        assert_eq!(crowd.at(150, 30, 240), Some(&crowd.tasks[19].1));
        assert_eq!(crowd.at(5, 95, 120), None);
    }

    #[test]
    fn arrows_go_from_task_to_task_and_stay_inside() {
        let mut crowd = Crowd::default();
        for slot in 1..=30 {
            crowd.add(&task("a", slot, "node1", TaskState::Running).into(), false);
        }
        let ids: Vec<String> = crowd.tasks.iter().map(|(_, task)| task.id.clone()).collect();
        let beside = |from: usize, key| {
            crowd.beside(Some(&ids[from]), key).and_then(|to| ids.iter().position(|id| *id == to.id))
        };
        assert_eq!(
            [beside(3, "ArrowRight"), beside(3, "ArrowDown"), beside(14, "ArrowUp")],
            [Some(4), Some(15), Some(2)]
        );
        assert_eq!([beside(0, "ArrowLeft"), beside(29, "ArrowDown"), beside(3, "Tab")], [Some(0), Some(29), None]);
        assert_eq!(crowd.beside(None, "Enter").map(|task| &task.id), Some(&ids[0]));
    }

    #[test]
    fn two_tasks_of_a_slot_share_its_place() {
        let mut crowd = Crowd::default();
        for (slot, version) in [(101, 0), (102, 0), (102, 1), (103, 0)] {
            let mut task = task("a", slot, "node1", TaskState::Running);
            task.version = version;
            crowd.add(&task.into(), true);
        }
        let crowd = crowd.done().expect("there are tasks");
        let places: Vec<usize> = crowd.tasks.iter().map(|(place, _)| *place).collect();
        assert_eq!(places, [0, 1, 1, 2]);
        assert_eq!(crowd.strokes[1].path, "M15 1h4v8h-4z");
        assert_eq!(crowd.at(15, 5, 200), Some(&crowd.tasks[2].1), "the newer one");
    }
}
