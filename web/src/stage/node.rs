//! A node as a box: who it is, its tasks as cells, why some fail, and what ended there.

use swarmyard_core::model::{Availability, NodeState, TaskState};
use yew::prelude::*;

use super::cell::{CellView, task_words};
use super::crowd::crowd_view;
use super::look::Look;
use super::picture::{Cell, History, NodeBox, Tasks};
use crate::glyph::{self, glyph};
use crate::model::{Msg, Selected};
use crate::press::on;
use crate::text::{Lang, Texts, fill};

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) lang: Lang,
    pub(crate) node: NodeBox,
    /// The task that was chosen.
    pub(crate) selected: Option<String>,
    /// Whether the node was.
    pub(crate) named: bool,
    pub(crate) send: Callback<Msg>,
}

#[function_component(NodeView)]
pub(crate) fn node_view(props: &Props) -> Html {
    let texts = props.lang.texts();
    let node = &props.node;
    let down = node.state == NodeState::Down || !node.powered;
    let role = if node.leader { "leader" } else { node.role.word() };
    html! {
        <section class={classes!("node", down.then_some("down"), (node.availability != Availability::Active).then_some("closed"))}
            aria-label={node.hostname.clone()} data-host={node.hostname.clone()} data-state={node.state.word()}
            data-availability={node.availability.word()}>
            <h2 lang="en">
                if node.leader { <span class="crown">{ glyph(glyph::CROWN) }</span> }
                <button class="host" aria-pressed={props.named.to_string()} onclick={choose(&props.send, &node.hostname)}>{ &node.hostname }</button>
                <small>
                    <span class="state">{ node.state.word() }</span>
                    <span class="availability">{ node.availability.word() }</span>
                    <span class="role">{ role }</span>
                </small>
            </h2>
            if !node.powered { <p class="why">{ texts.off }</p> }
            if node.tasks == Tasks::default() {
                <p class="none">{ texts.no_task }</p>
            } else {
                { tasks_view(texts, &node.tasks, props.selected.as_deref(), &props.send) }
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
pub(crate) fn tasks_view(texts: &Texts, tasks: &Tasks, selected: Option<&str>, send: &Callback<Msg>) -> Html {
    html! {
        <>
            if let Some(crowd) = &tasks.crowd { { crowd_view(texts, crowd, send) } }
            <ul class="cells">
                { for tasks.cells.iter().map(|cell| html! {
                    <CellView key={cell.key.id.clone()} cell={cell.clone()} selected={selected == Some(&cell.key.id)} send={send.clone()} />
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
    let reason = cell.reason.as_ref()?;
    Some(html! {
        <p class="why" key={format!("why {}", cell.key.id)}>
            <b lang="en">{ &cell.label }{ " " }{ cell.key.state.title() }</b>{ ": " }<span lang="en">{ reason }</span>
            if let Some((_, left)) = &cell.retry { <span class="retry">{ fill(texts.retry_in, &[left]) }</span> }
        </p>
    })
}

/// The ended tasks of a slot: a mark each, and their number in words.
fn past(texts: &Texts, history: &History) -> Html {
    html! {
        <li key={history.label.clone()}>
            <b aria-hidden="true">{ &history.label }</b>
            <span class="marks">
                { for history.marks.iter().map(|mark| html! {
                    <span key={mark.key.id.clone()} class={classes!("mark", hue_class(mark.key.hue))} data-look={mark.look.word()}
                        data-task={mark.key.id.clone()} data-state={mark.key.state.word()} data-slot={mark.key.slot.to_string()}
                        data-node={mark.key.node.clone()} data-version={mark.key.tag.clone()} data-live={mark.key.live.to_string()}
                        lang="en" title={task_words(&mark.key, mark.reason.as_deref())}>
                        { glyph(glyph::of_look(mark.look)) }
                    </span>
                }) }
            </span>
            <span>{ in_words(texts, history) }</span>
        </li>
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
    let count = |state| history.marks.iter().filter(|mark| mark.key.state == state).count();
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
