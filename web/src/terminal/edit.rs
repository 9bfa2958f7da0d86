//! The editor that `edit FILE` asks for: a text field in the place of the prompt.

use swarmyard_core::shell::{Editing, Key};
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::model::Msg;
use crate::press::on;
use crate::text::Lang;

const GIVE_UP: Msg = Msg::Key(Key::Ctrl('c'));

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) lang: Lang,
    pub(crate) editing: Editing,
    pub(crate) send: Callback<Msg>,
}

#[function_component(Edit)]
pub(crate) fn edit(props: &Props) -> Html {
    let texts = props.lang.texts();
    let field = use_node_ref();
    use_effect_with((field.clone(), props.editing.clone()), |(field, editing)| {
        if let Some(field) = field.cast::<HtmlTextAreaElement>() {
            field.set_value(&editing.text);
            // A field that cannot take the focus is no reason to stop.
            let _ = field.focus();
        }
    });
    let save = Callback::from({
        let (field, send) = (field.clone(), props.send.clone());
        move |()| {
            if let Some(field) = field.cast::<HtmlTextAreaElement>() {
                send.emit(Msg::Save(field.value()));
            }
        }
    });
    let onsubmit = save.reform(|event: SubmitEvent| event.prevent_default());
    let onkeydown = Callback::from({
        let send = props.send.clone();
        move |event: KeyboardEvent| match (event.key().as_str(), event.ctrl_key() || event.meta_key()) {
            ("s" | "S" | "Enter", true) => {
                event.prevent_default();
                save.emit(());
            }
            ("Escape", _) if !event.is_composing() => {
                event.stop_propagation();
                send.emit(GIVE_UP);
            }
            _ => {}
        }
    });
    html! {
        <form class="editor" {onsubmit}>
            <label for="file" lang="en">{ &*props.editing.path }</label>
            <textarea id="file" ref={field} lang="en" autocomplete="off" autocapitalize="off" autocorrect="off"
                spellcheck="false" {onkeydown} />
            <span class="dim">{ texts.edit_keys }</span>
            <button class="button" type="button" onclick={on(&props.send, GIVE_UP)}>{ texts.discard }</button>
            <button class="button primary">{ texts.save }</button>
        </form>
    }
}
