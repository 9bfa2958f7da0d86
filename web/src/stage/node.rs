//! A node as a box: who it is, its tasks as cells, why some fail, and what ended there.

use std::rc::Rc;

use swarmyard_core::model::{Availability, NodeState, TaskState};
use swarmyard_core::snapshot::Task;
use yew::prelude::*;

use super::cell::{CellView, task_words};
use super::crowd::crowd_view;
use super::look::Look;
use super::picture::{Cell, History, Mark, NodeBox, Tasks};
use crate::glyph::{self, glyph};
use crate::model::{Msg, Selected};
use crate::press::on;
use crate::text::{Lang, Texts, fill};

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) lang: Lang,
    pub(crate) node: Rc<NodeBox>,
    /// What was chosen, here or elsewhere.
    pub(crate) selected: Option<Selected>,
    pub(crate) send: Callback<Msg>,
}

#[function_component(NodeView)]
pub(crate) fn node_view(props: &Props) -> Html {
    let texts = props.lang.texts();
    let NodeBox { node, tasks } = &*props.node;
    let named = matches!(&props.selected, Some(Selected::Name(name)) if *name == node.hostname);
    let down = node.state == NodeState::Down || !node.powered;
    let role = if node.leader { "leader" } else { node.role.word() };
    html! {
        <section class={classes!("node", down.then_some("down"), (node.availability != Availability::Active).then_some("closed"))}
            aria-label={node.hostname.clone()} data-host={node.hostname.clone()} data-state={node.state.word()}
            data-availability={node.availability.word()}>
            <h2 lang="en">
                if node.leader { <span class="crown">{ glyph(glyph::CROWN) }</span> }
                <button class="host" aria-pressed={named.to_string()} onclick={choose(&props.send, &node.hostname)}>{ &node.hostname }</button>
                <small>
                    <span class="state">{ node.state.word() }</span>
                    <span class="availability">{ node.availability.word() }</span>
                    <span class="role">{ role }</span>
                </small>
            </h2>
            if !node.powered { <p class="why">{ texts.off }</p> }
            if **tasks == Tasks::default() {
                <p class="none">{ texts.no_task }</p>
            } else {
                { tasks_view(texts, tasks, props.selected.as_ref(), &props.send) }
            }
        </section>
    }
}

/// Chooses what is called `name` to be told about.
pub(crate) fn choose(send: &Callback<Msg>, name: &str) -> Callback<MouseEvent> {
    let name = name.to_owned();
    on(send, Msg::Select(Some(Selected::Name(name.clone()))))
}

/// Cells, reasons and history of one box.
pub(crate) fn tasks_view(texts: &Texts, tasks: &Tasks, selected: Option<&Selected>, send: &Callback<Msg>) -> Html {
    let name =
        selected.and_then(|selected| if let Selected::Name(name) = selected { Some(name.as_str()) } else { None });
    let is_it = |task: &Task| name.is_some_and(|name| task.id.starts_with(name) || task.name == name);
    let chosen = tasks.cells.iter().map(|cell| &cell.key.task).find(|task| is_it(task)).map(|task| task.id.as_str());
    html! {
        <>
            if let Some(crowd) = &tasks.crowd { { crowd_view(texts, crowd, name, send) } }
            <ul class="cells">
                { for tasks.cells.iter().map(|cell| html! {
                    <CellView key={cell.key.task.id.clone()} cell={Rc::clone(cell)} selected={chosen == Some(&cell.key.task.id)} send={send.clone()} />
                }) }
            </ul>
            { for tasks.cells.iter().filter_map(|cell| reason(texts, cell)) }
            if !tasks.history.is_empty() {
                <ul class="history">{ for tasks.history.iter().map(|history| past(texts, history)) }</ul>
            }
        </>
    }
}

/// Why a task waits or failed, and when it is tried again.
fn reason(texts: &Texts, cell: &Cell) -> Option<Html> {
    let reason = cell.reason()?;
    Some(html! {
        <p class="why" key={format!("why {}", cell.key.task.id)}>
            <b lang="en">{ &cell.label }{ " " }{ cell.key.task.state.title() }</b>{ ": " }<span lang="en">{ reason }</span>
            if let Some((_, left)) = &cell.retry { <span class="retry">{ fill(texts.retry_in, &[left]) }</span> }
        </p>
    })
}

/// As many marks as a line shows.
const MARKS: usize = 24;

/// The ended tasks of a slot: a mark for each of the latest, and the number of all in words.
fn past(texts: &Texts, history: &History) -> Html {
    let shown = history.marks.len().saturating_sub(MARKS)..;
    html! {
        <li key={history.label.clone()}>
            <b aria-hidden="true">{ &history.label }</b>
            <span class="marks">{ for history.marks[shown].iter().map(mark_view) }</span>
            <span>{ in_words(texts, history) }</span>
        </li>
    }
}

fn mark_view(mark: &Mark) -> Html {
    let (task, tag) = (&mark.key.task, mark.key.tag.clone());
    html! {
        <span key={task.id.clone()} class={classes!("mark", hue_class(task.version))} data-look={mark.look.word()}
            data-task={task.id.clone()} data-state={task.state.word()} data-slot={task.slot.to_string()}
            data-node={task.node.clone()} data-version={tag} data-live={task.live.to_string()}
            lang="en" title={task_words(&mark.key)}>
            { glyph(glyph::of_look(mark.look)) }
        </span>
    }
}

/// `3 rejected, 1 shut down`.
fn in_words(texts: &Texts, history: &History) -> String {
    let kinds = [
        (TaskState::Rejected, texts.rejected),
        (TaskState::Failed, texts.failed),
        (TaskState::Shutdown, texts.shut_down),
        (TaskState::Complete, texts.completed),
    ];
    let count = |state| history.marks.iter().filter(|mark| mark.key.task.state == state).count();
    let others = history.marks.iter().filter(|mark| mark.look == Look::Orphaned).count();
    let counted = kinds.into_iter().map(|(state, text)| (count(state), text)).chain([(others, texts.orphaned)]);
    counted.filter(|(count, _)| *count > 0).map(|(count, text)| fill(text, &[&count])).collect::<Vec<_>>().join(", ")
}

/// The class that gives a version its colour; from the third on with hatching.
pub(crate) fn hue_class(hue: usize) -> &'static str {
    ["hue0", "hue1", "hue2", "hue3", "hue4", "hue5"][hue % 6]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::paused;
    use crate::stage::picture::picture;

    #[test]
    fn history_is_counted_in_words_of_each_language() {
        let snapshot = paused();
        let picture = picture(&snapshot, snapshot.now, crate::stage::picture::View::Nodes);
        let history = &picture.nodes[1].tasks.history[0];
        assert_eq!(in_words(Lang::En.texts(), history), "3 rejected, 1 shut down");
        assert_eq!(in_words(Lang::Ko.texts(), history), "Rejected 3개, Shutdown 1개");
    }
}
