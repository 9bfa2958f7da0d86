//! What a person may choose for good, and the session as a file.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::browser;
use crate::model::{Export, Model, Msg};
use crate::press::on;
use crate::text::{Texts, fill};

/// The browser's own popover, no state of ours.
#[inline(never)]
pub(crate) fn settings_view(model: &Model, texts: &Texts, send: &Callback<Msg>) -> Html {
    let on = |msg: Msg| on(send, msg);
    let import = {
        let send = send.clone();
        Callback::from(move |event: Event| {
            let send = send.clone();
            browser::read_file(&event.target_unchecked_into::<HtmlInputElement>(), move |text| {
                send.emit(Msg::Import(text))
            });
        })
    };
    html! {
        <div id="settings" class="about" popover="auto">
            <h2>{ texts.settings }</h2>
            <label class="choice">
                <input type="checkbox" checked={model.settings.keys} data-setting="keys" onchange={send.reform(|_: Event| Msg::Keys)} />
                { texts.keys_alone }
            </label>
            <p class="none">{ texts.keys_list }</p>
            <h2>{ texts.session }</h2>
            <p>{ texts.session_kept }</p>
            <div class="deeds">
                <button class="button" onclick={on(Msg::Export(Export::Session))} data-export="">{ texts.export }</button>
                <label class="button">{ texts.import }<input class="unseen" type="file" accept=".txt,text/plain" data-import="" onchange={import} /></label>
                <button class="button" onclick={on(Msg::StartOver)}>{ texts.reset }</button>
            </div>
            if let Some(line) = model.unreadable { <p class="why" role="alert">{ fill(texts.unreadable, &[&line]) }</p> }
            <button class="button" popovertarget="settings" popovertargetaction="hide">{ texts.close }</button>
        </div>
    }
}
