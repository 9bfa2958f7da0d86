//! The image workshop: how a program behaves is what its image says, and here an image is told to say something else.

use swarmyard_core::action::KEYS;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::model::Msg;
use crate::select::Select;
use crate::text::Lang;

/// The reasons to roll back, each as what makes an image show it.
const PRESETS: [&str; 8] = [
    "exit-after=0s exit-code=1",
    "exit-after=8s exit-code=1",
    "start=20s",
    "answer=3s",
    "health=failing",
    "sigterm=ignored",
    "missing=yes",
    "exit-after=never health=none start=1s answer=0s sigterm=heeded missing=no",
];

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) lang: Lang,
    pub(crate) images: Vec<String>,
    /// What the last try was refused for.
    pub(crate) refused: Option<String>,
    pub(crate) send: Callback<Msg>,
}

#[function_component(Workshop)]
pub(crate) fn workshop(props: &Props) -> Html {
    let texts = props.lang.texts();
    let image = use_state(|| props.images.first().cloned().unwrap_or_default());
    let said = use_state(|| vec![String::new(); KEYS.len()]);
    let command = command(&image, &said);
    let chosen = props.images.iter().position(|each| *each == *image).unwrap_or_default();
    let choose = {
        let (image, images) = (image.clone(), props.images.clone());
        Callback::from(move |chosen: usize| image.set(images.get(chosen).cloned().unwrap_or_default()))
    };
    let say = |at: usize| {
        let said = said.clone();
        Callback::from(move |event: InputEvent| {
            let mut all = (*said).clone();
            all[at] = event.target_unchecked_into::<HtmlInputElement>().value();
            said.set(all);
        })
    };
    let preset = |words: &'static str| {
        let said = said.clone();
        Callback::from(move |_: MouseEvent| said.set(filled(words)))
    };
    let act = {
        let words = command.clone();
        props.send.reform(move |event: SubmitEvent| {
            event.prevent_default();
            Msg::Act(words.clone())
        })
    };
    html! {
        <form class="workshop" onsubmit={act}>
            <label>{ texts.image }{ " " }
                <Select name="image" class="button small" english=true words={props.images.clone()} {chosen} {choose} />
            </label>
            <div class="presets" role="group" aria-label={texts.presets}>
                { for PRESETS.iter().zip(texts.preset_words.split('|')).map(|(words, word)| html! {
                    <button type="button" class="button small" data-preset={*words} onclick={preset(words)}>{ word }</button>
                }) }
            </div>
            <div class="keys" lang="en">
                { for KEYS.iter().enumerate().map(|(at, (_, name, values, about))| html! {
                    <label title={*about}><span>{ *name }</span>
                        <input name={*name} placeholder={*values} value={said[at].clone()} oninput={say(at)} autocomplete="off" />
                    </label>
                }) }
            </div>
            <p><code lang="en" class="preview">{ "world " }{ &command }</code></p>
            if let Some(why) = &props.refused { <p class="why" role="alert" lang="en">{ why }</p> }
            <button class="button" data-apply="">{ texts.apply }</button>
        </form>
    }
}

/// The action as it is written.
fn command(image: &str, said: &[String]) -> String {
    let mut words = ["image ", image].concat();
    for ((_, name, ..), value) in KEYS.iter().zip(said) {
        if !value.trim().is_empty() {
            words.push_str(&[" ", name, "=", value.trim()].concat());
        }
    }
    words
}

/// What stands in the fields for `KEY=VALUE …`.
fn filled(words: &str) -> Vec<String> {
    let value = |name: &str| words.split(' ').filter_map(|word| word.split_once('=')).find(|(key, _)| *key == name);
    KEYS.iter().map(|(_, name, ..)| value(name).map_or(String::new(), |(_, value)| value.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use swarmyard_core::action::Action;

    #[test]
    fn every_preset_fills_fields_whose_command_can_be_read() {
        for words in PRESETS {
            let command = command("a/b:c", &filled(words));
            assert_eq!(command.split(' ').count(), words.split(' ').count() + 2, "{command}");
            assert!(Action::read(&command).is_ok(), "{command}");
        }
    }
}
