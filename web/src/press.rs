//! What a press says: one closure for all buttons, because each one of its own is code that every reader loads.

use yew::prelude::*;

use crate::model::{Menu, Model, Msg};

/// Says `msg` when it is pressed.
#[inline(never)]
pub(crate) fn on(send: &Callback<Msg>, msg: Msg) -> Callback<MouseEvent> {
    send.reform(move |_| msg.clone())
}

/// A button that opens and closes something. `mark`: what tests know it by.
pub(crate) fn opener(model: &Model, menu: Menu, mark: &'static str, words: Html, send: &Callback<Msg>) -> Html {
    html! {
        <button class="button small" data-menu={mark} aria-expanded={(model.open == Some(menu)).to_string()}
            onclick={on(send, Msg::Menu(menu))}>{ words }</button>
    }
}
