//! Many tasks in a few strokes: one path for all squares of the same version and look. A cell each would be thousands of
//! elements.

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

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Crowd {
    /// In the order of their places.
    pub(crate) ids: Vec<String>,
    pub(crate) strokes: Vec<Stroke>,
}

/// All squares that look alike.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stroke {
    pub(crate) hue: usize,
    pub(crate) look: Look,
    pub(crate) count: usize,
    pub(crate) path: String,
}

impl Crowd {
    pub(crate) fn add(&mut self, task: &Task) {
        let place = self.ids.len();
        self.ids.push(task.id.clone());
        let (hue, look) = (task.version, Look::of(task));
        let known = self.strokes.iter().position(|stroke| stroke.hue == hue && stroke.look == look);
        let stroke = known.unwrap_or_else(|| {
            self.strokes.push(Stroke { hue, look, count: 0, path: String::new() });
            self.strokes.len() - 1
        });
        let stroke = &mut self.strokes[stroke];
        stroke.count += 1;
        stroke.path.push('M');
        stroke.path.push_str(&(place % ROW * SIDE + 1).to_string());
        stroke.path.push(' ');
        stroke.path.push_str(&(place / ROW * SIDE + 1).to_string());
        stroke.path.push_str("h8v8h-8z");
    }

    /// The task at a place of the drawing, whose width is `width` pixels.
    fn at(&self, x: i32, y: i32, width: i32) -> Option<&String> {
        let unit = |pixels: i32| {
            usize::try_from(pixels).ok().map(|pixels| pixels * ROW / usize::try_from(width.max(1)).unwrap_or(1))
        };
        self.ids.get(unit(y)? * ROW + unit(x)?.min(ROW - 1))
    }
}

pub(crate) fn crowd_view(texts: &Texts, crowd: &Crowd, send: &Callback<Msg>) -> Html {
    let height = crowd.ids.len().div_ceil(ROW) * SIDE;
    let words: Vec<String> =
        crowd.strokes.iter().map(|stroke| fill("{0} {1}", &[&stroke.count, &stroke.look.word()])).collect();
    let onclick = Callback::from({
        let (send, crowd) = (send.clone(), crowd.clone());
        move |event: MouseEvent| {
            let (x, y, width) = browser::place_in(&event, "svg");
            if let Some(id) = crowd.at(x, y, width) {
                send.emit(Msg::Select(Some(Selected::Name(id.clone()))));
            }
        }
    });
    html! {
        <svg class="crowd" role="img" aria-label={fill(texts.crowd, &[&crowd.ids.len(), &words.join(", ")])} {onclick}
            data-crowd={crowd.ids.len().to_string()} viewBox={format!("0 0 {} {height}", ROW * SIDE)}>
            { for crowd.strokes.iter().map(|stroke| html! {
                <path class={hue_class(stroke.hue)} data-look={stroke.look.word()} d={stroke.path.clone()} />
            }) }
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
            crowd.add(&task("a", slot, "node1", if slot == 20 { TaskState::Pending } else { TaskState::Running }));
        }
        let counts: Vec<_> = crowd.strokes.iter().map(|stroke| (stroke.look, stroke.count)).collect();
        assert_eq!(counts, [(Look::Serving, 29), (Look::Waiting, 1)]);
        assert_eq!(crowd.strokes[1].path, "M71 11h8v8h-8z");
        assert_eq!(crowd.at(75, 15, 120), Some(&crowd.ids[19]));
        assert_eq!(crowd.at(150, 30, 240), Some(&crowd.ids[19]));
        assert_eq!(crowd.at(5, 95, 120), None);
    }
}
