//! The stage: the rollout panel, the nodes with their tasks as cells, the tasks that wait for a node.

pub(crate) mod cell;
pub(crate) mod look;
pub(crate) mod node;
pub(crate) mod picture;

use yew::prelude::*;

use self::node::{NodeView, TasksView};
use self::picture::Picture;
use crate::text::Lang;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) lang: Lang,
    pub(crate) picture: Picture,
}

/// The nodes, and the place of tasks without one.
#[function_component(Field)]
pub(crate) fn field(props: &Props) -> Html {
    let texts = props.lang.texts();
    let Picture { nodes, unplaced, size } = &props.picture;
    html! {
        <div class="field" style={format!("--cell:{}px", size.pixels())} data-size={size.pixels().to_string()}>
            <div class="nodes">
                { for nodes.iter().map(|node| html! {
                    <NodeView key={node.hostname.clone()} lang={props.lang} node={node.clone()} />
                }) }
            </div>
            <section class={classes!("unplaced", unplaced.cells.is_empty().then_some("empty"))}
                aria-label={texts.unplaced}>
                <h3>{ texts.unplaced }</h3>
                if unplaced.cells.is_empty() && unplaced.history.is_empty() {
                    <span class="none">{ texts.unplaced_none }</span>
                } else {
                    <TasksView lang={props.lang} tasks={unplaced.clone()} />
                }
            </section>
        </div>
    }
}
