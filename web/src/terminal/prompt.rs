//! The prompt: a real text field. The browser edits, so that every keyboard, input method and reader works; only the
//! keys of a shell are taken, and none while a letter is being composed.

use std::cell::RefCell;

use swarmyard_core::docker::Hint;
use swarmyard_core::shell::{Candidate, Key};
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, HtmlTextAreaElement};
use yew::prelude::*;

use crate::browser;
use crate::glyph::{self, glyph};
use crate::model::Msg;
use crate::text::{Lang, Texts, fill};

/// As many candidates as fit into two lines.
const SHOWN: usize = 24;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) lang: Lang,
    pub(crate) node: String,
    pub(crate) field: NodeRef,
    /// Whether a command holds the prompt.
    pub(crate) busy: bool,
    /// Whether the shell waits for the rest of a command.
    pub(crate) continued: bool,
    /// What stands for the prompt while Ctrl-R searches.
    pub(crate) search: Option<String>,
    pub(crate) candidates: Vec<Candidate>,
    /// What the flag at the cursor does.
    pub(crate) flag: Option<Hint>,
    /// Whether the clock stands still.
    pub(crate) stopped: bool,
    pub(crate) send: Callback<Msg>,
}

#[function_component(Prompt)]
pub(crate) fn prompt(props: &Props) -> Html {
    let texts = props.lang.texts();
    let leaving = use_mut_ref(|| false);
    let oninput = props.send.reform(|event: InputEvent| edited(&event.target_unchecked_into()));
    let onkeydown = Callback::from({
        let (send, searching) = (props.send.clone(), props.search.is_some());
        move |event: KeyboardEvent| on_key(&event, &leaving, searching, &send)
    });
    // The cursor may have moved, without anything being typed.
    let onpointerup = props.send.reform(|event: PointerEvent| edited(&event.target_unchecked_into()));
    let onkeyup = Callback::from({
        let send = props.send.clone();
        move |event: KeyboardEvent| {
            if !event.is_composing() {
                send.emit(edited(&event.target_unchecked_into()));
            }
        }
    });
    let onpaste = Callback::from({
        let send = props.send.clone();
        move |event: Event| on_paste(&event, &send)
    });
    let onsubmit = props.send.reform(|event: SubmitEvent| {
        event.prevent_default();
        Msg::Key(Key::Enter)
    });
    let sign = match (&props.search, props.continued) {
        (Some(search), _) => search.clone(),
        (None, true) => ">".to_owned(),
        (None, false) => format!("{} $", props.node),
    };
    let hint = match (props.busy, props.stopped) {
        (true, true) => texts.stopped,
        (true, false) => texts.busy,
        (false, _) => texts.keys,
    };
    html! {
        <form class="prompt" {onsubmit}>
            <label class="sign" for="prompt">
                <span aria-hidden="true" lang="en">{ sign }</span>
                <span class="unseen">{ fill(texts.prompt, &[&props.node]) }</span>
            </label>
            <textarea id="prompt" ref={props.field.clone()} rows="1" lang="en" autocomplete="off" autocapitalize="off"
                autocorrect="off" spellcheck="false" enterkeyhint="send" aria-describedby="prompt-hint"
                {oninput} {onkeydown} {onkeyup} {onpointerup} {onpaste} />
            <button class="run" lang="en" aria-label="Enter">{ glyph(glyph::ENTER) }</button>
            if let Some(flag) = props.flag.as_ref().filter(|_| props.candidates.is_empty()) {
                <p id="prompt-hint" class="hint flag">{ told(flag, texts) }</p>
            } else if props.candidates.is_empty() {
                <p id="prompt-hint" class={classes!("hint", props.busy.then_some("busy"))}>{ hint }</p>
            } else {
                <p id="prompt-hint" class="hint candidates" role="status" lang="en">
                    { for props.candidates.iter().take(SHOWN).map(|found| html! { <code title={found.description.clone()}>{ &found.text }</code> }) }
                    if props.candidates.len() > SHOWN { { "…" } }
                </p>
            }
        </form>
    }
}

/// What a flag does, what it is where it is not given, and what it changes now.
fn told(hint: &Hint, texts: &Texts) -> Html {
    let note = |text: String| html! { <span>{ text }</span> };
    let effect = hint.effect.as_ref().map(|effect| {
        let replaced = effect.replaced.map(|count| note(fill(texts.hint_replaced, &[&count])));
        html! {
            <>
                { for effect.fields.iter().take(FIELDS).map(|(name, old, new)| html! {
                    <span lang="en"><code>{ name }</code>{ format!(" {old} → {new}") }</span>
                }) }
                if effect.fields.is_empty() { <span>{ texts.hint_nothing }</span> }
                { replaced }
            </>
        }
    });
    html! {
        <>
            <code lang="en">{ &hint.flag }</code>
            <span>{ &hint.about }</span>
            if !hint.default.is_empty() { { note(fill(texts.hint_default, &[&hint.default])) } }
            { effect }
        </>
    }
}

/// How many changed fields are shown.
const FIELDS: usize = 3;

fn edited(field: &HtmlTextAreaElement) -> Msg {
    let (text, cursor) = browser::read_line(field);
    Msg::Edited { text, cursor }
}

fn on_key(event: &KeyboardEvent, leaving: &RefCell<bool>, searching: bool, send: &Callback<Msg>) {
    // 229: browsers that do not say `isComposing` on the key that ends a composition.
    if event.is_composing() || event.key_code() == 229 {
        return;
    }
    let field: HtmlTextAreaElement = event.target_unchecked_into();
    let left = leaving.replace(event.key() == "Escape");
    let pressed = Pressed {
        key: &event.key(),
        control: event.ctrl_key(),
        shift: event.shift_key(),
        other: event.alt_key() || event.meta_key(),
    };
    let selected = browser::anything_selected() || field.selection_start() != field.selection_end();
    let (text, cursor) = browser::read_line(&field);
    if let Some(key) = shell_key(&pressed, &text, cursor, selected, left, searching) {
        event.prevent_default();
        if !searching {
            send.emit(Msg::Edited { text, cursor });
        }
        send.emit(Msg::Key(key));
    }
}

struct Pressed<'a> {
    /// The browser's name of the key.
    key: &'a str,
    control: bool,
    shift: bool,
    /// Alt or Meta: the browser's and the system's own.
    other: bool,
}

/// The key that the shell takes; `None` where it is the browser's: all typing and moving, selecting, leaving with Tab.
fn shell_key(
    pressed: &Pressed,
    text: &str,
    cursor: usize,
    selected: bool,
    leaving: bool,
    searching: bool,
) -> Option<Key> {
    if pressed.other {
        return None;
    }
    let single = Some(pressed.key).filter(|key| key.chars().count() == 1).and_then(|key| key.chars().next());
    if pressed.control {
        let letter = single?.to_ascii_lowercase();
        let taken = !pressed.shift && matches!(letter, 'a' | 'd' | 'e' | 'k' | 'l' | 'n' | 'p' | 'r' | 'u' | 'w' | 'y');
        // Without a shell of its own, Ctrl-C copies what is selected.
        return (taken || (letter == 'c' && !pressed.shift && !selected)).then_some(Key::Ctrl(letter));
    }
    let lines_before = || text.chars().take(cursor).any(|character| character == '\n');
    let lines_after = || text.chars().skip(cursor).any(|character| character == '\n');
    match pressed.key {
        "Enter" if !pressed.shift => Some(Key::Enter),
        "Tab" if !pressed.shift && !leaving && !text.is_empty() => Some(Key::Tab),
        "ArrowUp" if !pressed.shift && !lines_before() => Some(Key::Up),
        "ArrowDown" if !pressed.shift && !lines_after() => Some(Key::Down),
        "Escape" => Some(Key::Escape),
        "Backspace" if searching => Some(Key::Backspace),
        "ArrowLeft" if searching => Some(Key::Left),
        "ArrowRight" if searching => Some(Key::Right),
        _ if searching => single.map(Key::Char),
        _ => None,
    }
}

fn on_paste(event: &Event, send: &Callback<Msg>) {
    let data = event.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data);
    let Some(text) = data.and_then(|data| data.get_data("text/plain").ok()) else { return };
    if !text.contains(['\n', '\r']) {
        return;
    }
    event.prevent_default();
    let field: HtmlTextAreaElement = event.target_unchecked_into();
    // What was selected gives way; fails only on fields that have no text.
    let _ = field.set_range_text("");
    send.emit(edited(&field));
    send.emit(Msg::Key(Key::Paste(text)));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str, control: bool, shift: bool) -> Pressed<'_> {
        Pressed { key: name, control, shift, other: false }
    }

    #[test]
    fn typing_and_moving_are_the_browsers() {
        for name in ["a", "가", "ArrowLeft", "Backspace", "Home", "F5"] {
            assert_eq!(shell_key(&key(name, false, false), "docker", 3, false, false, false), None, "{name}");
        }
        let all = Pressed { other: true, ..key("a", true, false) };
        assert_eq!(shell_key(&all, "docker", 3, false, false, false), None);
    }

    #[test]
    fn nobody_is_trapped_in_the_prompt() {
        let tab = key("Tab", false, false);
        assert_eq!(shell_key(&tab, "docker", 6, false, false, false), Some(Key::Tab));
        assert_eq!(shell_key(&tab, "docker", 6, false, true, false), None, "after Escape");
        assert_eq!(shell_key(&tab, "", 0, false, false, false), None, "nothing to complete");
        assert_eq!(shell_key(&key("Tab", false, true), "docker", 6, false, false, false), None, "backwards");
    }

    #[test]
    fn what_is_selected_can_be_copied() {
        let copy = key("c", true, false);
        assert_eq!(shell_key(&copy, "", 0, true, false, false), None);
        assert_eq!(shell_key(&copy, "", 0, false, false, false), Some(Key::Ctrl('c')));
    }

    #[test]
    fn arrows_leave_a_text_of_several_lines_only_at_its_ends() {
        let (up, down) = (key("ArrowUp", false, false), key("ArrowDown", false, false));
        assert_eq!(shell_key(&up, "a\nb", 3, false, false, false), None);
        assert_eq!(shell_key(&up, "a\nb", 1, false, false, false), Some(Key::Up));
        assert_eq!(shell_key(&down, "a\nb", 1, false, false, false), None);
        assert_eq!(shell_key(&down, "a\nb", 3, false, false, false), Some(Key::Down));
        assert_eq!(shell_key(&key("Enter", false, true), "a", 1, false, false, false), None, "one more line");
    }

    #[test]
    fn a_search_takes_what_is_typed() {
        let (letter, back) = (key("p", false, false), key("Backspace", false, false));
        assert_eq!(shell_key(&letter, "", 0, false, false, true), Some(Key::Char('p')));
        assert_eq!(shell_key(&back, "", 0, false, false, true), Some(Key::Backspace));
    }
}
