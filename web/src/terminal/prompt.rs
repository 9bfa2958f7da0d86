//! The prompt: a real text field. The browser edits, so that every keyboard, input method and reader works; only the
//! keys of a shell are taken, and none while a letter is being composed.

use web_sys::{ClipboardEvent, HtmlTextAreaElement};
use yew::prelude::*;

use super::editing::paste;
use crate::browser;
use crate::glyph::{self, glyph};
use crate::model::Msg;
use crate::text::{Lang, fill};
use wasm_bindgen::JsCast;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) lang: Lang,
    pub(crate) node: String,
    pub(crate) field: NodeRef,
    /// Whether a command holds the prompt.
    pub(crate) busy: bool,
    /// Whether the shell waits for the rest of a command.
    pub(crate) continued: bool,
    /// Whether the clock stands still.
    pub(crate) stopped: bool,
    pub(crate) send: Callback<Msg>,
}

#[function_component(Prompt)]
pub(crate) fn prompt(props: &Props) -> Html {
    let texts = props.lang.texts();
    let leaving = use_mut_ref(|| false);
    let send = props.send.clone();
    let oninput = props.send.reform(|event: InputEvent| {
        Msg::Edited(browser::read_line(&event.target_unchecked_into::<HtmlTextAreaElement>()))
    });
    let onkeydown = Callback::from({
        let send = send.clone();
        move |event: KeyboardEvent| on_key(&event, &leaving, &send)
    });
    let onpaste = Callback::from({
        let send = send.clone();
        move |event: Event| on_paste(&event, &send)
    });
    let onsubmit = Callback::from({
        let send = send.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            send.emit(Msg::Submit);
        }
    });
    let hint = match (props.busy, props.stopped) {
        (true, true) => texts.stopped,
        (true, false) => texts.busy,
        (false, _) => texts.keys,
    };
    html! {
        <form class="prompt" {onsubmit}>
            <label class="sign" for="prompt">
                <span aria-hidden="true" lang="en">{ if props.continued { ">".to_owned() } else { format!("{} $", props.node) } }</span>
                <span class="unseen">{ fill(texts.prompt, &[&props.node]) }</span>
            </label>
            <textarea id="prompt" ref={props.field.clone()} rows="1" lang="en" autocomplete="off" autocapitalize="off"
                autocorrect="off" spellcheck="false" enterkeyhint="send" aria-describedby="prompt-hint"
                {oninput} {onkeydown} {onpaste} />
            <button class="run" aria-label="Enter">{ glyph(glyph::ENTER) }</button>
            <p id="prompt-hint" class={classes!("hint", props.busy.then_some("busy"))}>{ hint }</p>
        </form>
    }
}

fn on_key(event: &KeyboardEvent, leaving: &std::cell::RefCell<bool>, send: &Callback<Msg>) {
    // 229: browsers that do not say `isComposing` on the key that ends a composition.
    if event.is_composing() || event.key_code() == 229 {
        return;
    }
    let field = event.target_unchecked_into::<HtmlTextAreaElement>();
    let line = browser::read_line(&field);
    let plain = !event.ctrl_key() && !event.alt_key() && !event.meta_key() && !event.shift_key();
    let control = event.ctrl_key() && !event.alt_key() && !event.meta_key() && !event.shift_key();
    let left = std::mem::replace(&mut *leaving.borrow_mut(), event.key() == "Escape");
    let msg = match event.key().as_str() {
        "Enter" if plain => Msg::Submit,
        "ArrowUp" if plain && !line.text[..line.cursor].contains('\n') => Msg::HistoryBack,
        "ArrowDown" if plain && !line.text[line.cursor..].contains('\n') => Msg::HistoryForward,
        "c" if control && !browser::anything_selected() && nothing_selected(&field) => Msg::Interrupt,
        "l" if control => Msg::ClearScreen,
        _ => return,
    };
    let _ = left;
    event.prevent_default();
    send.emit(msg);
}

fn on_paste(event: &Event, send: &Callback<Msg>) {
    let field = event.target_unchecked_into::<HtmlTextAreaElement>();
    let data = event.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data);
    let Some(text) = data.and_then(|data| data.get_data("text/plain").ok()) else { return };
    if !text.contains(['\n', '\r']) {
        return;
    }
    event.prevent_default();
    let end = browser::read_line(&field);
    let start = field.selection_start().ok().flatten().unwrap_or(0);
    let start = super::editing::Line::from_utf16(end.text.clone(), start as usize).cursor;
    send.emit(Msg::Pasted(paste(&end, start..end.cursor, &text)));
}

fn nothing_selected(field: &HtmlTextAreaElement) -> bool {
    field.selection_start() == field.selection_end()
}
