//! A list to choose one from. What is chosen is the model's: the list shows that, whatever was done to it in the browser.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

#[derive(Properties)]
pub(crate) struct Props {
    /// What is chosen here, for whoever looks for it in the page.
    pub(crate) name: &'static str,
    /// For who cannot see what stands beside it.
    #[prop_or_default]
    pub(crate) label: Option<&'static str>,
    pub(crate) words: Vec<String>,
    /// The words are not of the page's language.
    #[prop_or_default]
    pub(crate) english: bool,
    /// The place of what is chosen.
    pub(crate) chosen: usize,
    #[prop_or_default]
    pub(crate) disabled: bool,
    pub(crate) class: &'static str,
    /// Depends on nothing that may change but the words.
    pub(crate) choose: Callback<usize>,
}

/// A callback is another one each time it is made: if that counted, every list would be drawn in every frame.
impl PartialEq for Props {
    fn eq(&self, other: &Props) -> bool {
        (self.name, self.label, &self.words, self.chosen) == (other.name, other.label, &other.words, other.chosen)
            && (self.english, self.disabled, self.class) == (other.english, other.disabled, other.class)
    }
}

#[function_component(Select)]
pub(crate) fn select(props: &Props) -> Html {
    let list = use_node_ref();
    let chosen = props.chosen as i32;
    let show = move |list: &HtmlSelectElement| {
        if list.selected_index() != chosen {
            list.set_selected_index(chosen);
        }
    };
    // The attribute of an option counts only until somebody has chosen.
    use_effect_with((list.clone(), chosen), move |(list, _)| {
        if let Some(list) = list.cast() {
            show(&list);
        }
    });
    let onchange = props.choose.reform(move |event: Event| {
        let list = event.target_unchecked_into::<HtmlSelectElement>();
        let asked = list.selected_index();
        // It may be what is chosen already, under another name: as large as fits.
        show(&list);
        usize::try_from(asked).unwrap_or_default()
    });
    let words = props.words.iter().map(|word| html! { <option>{ word }</option> });
    html! {
        <select ref={list} class={props.class} lang={props.english.then_some("en")} aria-label={props.label} title={props.label}
            data-choice={props.name} data-chosen={props.words.get(props.chosen).cloned()} disabled={props.disabled} {onchange}>
            { for words }
        </select>
    }
}
