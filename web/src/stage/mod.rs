//! The stage: the rollout panel, the nodes with their tasks as cells, the tasks that wait for a node.

pub(crate) mod cell;
pub(crate) mod look;
pub(crate) mod node;
pub(crate) mod picture;

use yew::prelude::*;

use self::look::Look;
use self::node::{NodeView, tasks_view};
use self::picture::Picture;
use crate::glyph::{self, glyph};
use crate::text::Lang;
use crate::text::Texts;

/// The nodes, and the place of tasks without one.
pub(crate) fn field(lang: Lang, picture: Picture) -> Html {
    let texts = lang.texts();
    let Picture { nodes, unplaced, size } = picture;
    html! {
        <div class="field" data-size={size.pixels().to_string()}>
            <div class="nodes">
                { for nodes.iter().map(|node| html! {
                    <NodeView key={node.hostname.clone()} {lang} node={node.clone()} />
                }) }
            </div>
            <section class={classes!("unplaced", unplaced.cells.is_empty().then_some("empty"))}
                aria-label={texts.unplaced}>
                <h3>{ texts.unplaced }</h3>
                if unplaced.cells.is_empty() && unplaced.history.is_empty() {
                    <span class="none">{ texts.unplaced_none }</span>
                } else {
                    { tasks_view(texts, &unplaced) }
                }
            </section>
            { legend(texts) }
        </div>
    }
}

/// What the shapes mean.
fn legend(texts: &Texts) -> Html {
    let looks = [
        (Look::Waiting, texts.look_waiting),
        (Look::Preparing, texts.look_preparing),
        (Look::Ready, texts.look_ready),
        (Look::Starting, texts.look_starting),
        (Look::Running, texts.look_running),
        (Look::Serving, texts.look_serving),
        (Look::Stopping, texts.look_stopping),
        (Look::Failed, texts.look_failed),
        (Look::Rejected, texts.look_rejected),
    ];
    html! {
        <section class="legend" aria-label={texts.legend} data-size="24">
            { for looks.into_iter().map(|(look, word)| html! {
                <span class="sample">
                    <span class="cell" data-look={look.word()} aria-hidden="true"><span class="face"><span class="body">
                        if matches!(look, Look::Preparing | Look::Starting | Look::Ready) { <span class="fill" /> }
                        <span class="state">{ glyph(if look == Look::Serving { glyph::PLUG } else { glyph::of_look(look) }) }</span>
                    </span></span></span>
                    { word }
                </span>
            }) }
            <span class="sample"><span class="colours" aria-hidden="true"><i class="swatch hue0" /><i class="swatch hue1" /></span>{ texts.legend_colour }</span>
        </section>
    }
}
