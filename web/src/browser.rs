//! The few things the page asks of the browser beyond drawing: preferences, storage, frames, the text field, what to
//! show when the program breaks. Everything that names `web_sys` outside of components is here.

use std::cell::RefCell;
use std::panic::PanicHookInfo;
use std::rc::Rc;

use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Document, Element, HtmlElement, HtmlInputElement, HtmlTextAreaElement, KeyboardEvent, MediaQueryList, MouseEvent,
    Window,
};

use swarmyard_core::collections;

use crate::model::Settings;
use crate::text::Lang;

const LANG: &str = "swarmyard.lang";
const COLOURS: &str = "swarmyard.colours";
const STOPS: &str = "swarmyard.stops";
const KEYS: &str = "swarmyard.keys";
const SESSION: &str = "swarmyard.session";

/// What the browser calls before a repaint: kept by itself, because it asks for the next one.
type Frame = RefCell<Option<Closure<dyn FnMut(f64)>>>;

/// Calls `frame` with the browser's time in milliseconds before every repaint, as long as the page lives.
pub(crate) fn each_frame(frame: impl Fn(f64) + 'static) {
    let slot: Rc<Frame> = Rc::default();
    let again = Rc::clone(&slot);
    *slot.borrow_mut() = Some(Closure::new(move |at| {
        frame(at);
        request_frame(&again);
    }));
    request_frame(&slot);
}

fn request_frame(slot: &Frame) {
    if let Some(closure) = &*slot.borrow() {
        // Fails only where there is no document to paint.
        let _ = window().request_animation_frame(closure.as_ref().unchecked_ref());
    }
}

/// What this visitor wants: from the address, from an earlier choice, from the browser.
pub(crate) fn settings() -> Settings {
    let embedded = asked("embed").is_some_and(|value| value == "1");
    let kept = |name| if embedded { None } else { kept(name) };
    let lang = asked("lang").or(kept(LANG)).or(window().navigator().language());
    Settings {
        lang: lang.and_then(|tag| Lang::of(&tag)).unwrap_or(Lang::En),
        dark: kept(COLOURS).map(|colours| colours == "dark"),
        embedded,
        keys: kept(KEYS).is_none_or(|keys| keys != "off"),
        stops: kept(STOPS).and_then(|stops| stops.parse().ok()).unwrap_or(0),
    }
}

/// How many nodes the address asks for: `?nodes=100`.
pub(crate) fn nodes_asked() -> Option<usize> {
    asked("nodes").and_then(|number| number.parse().ok()).map(|number: usize| number.clamp(1, 1_000))
}

/// The session of an earlier visit. `?fresh=1` forgets it.
pub(crate) fn kept_session(settings: Settings) -> Option<String> {
    if settings.embedded || asked("fresh").is_some() { None } else { kept(SESSION) }
}

pub(crate) fn keep_session(text: &str) {
    if let Some(storage) = window().local_storage().ok().flatten() {
        // Storage may be full or forbidden: then a reload starts over.
        let _ = storage.set_item(SESSION, text);
    }
}

/// Offers `text` as a file called `name`, of a media type.
pub(crate) fn download(name: &str, kind: &str, text: &str) {
    let Ok(link) = document().create_element("a") else { return };
    let address = ["data:", kind, ";charset=utf-8,"].concat() + &String::from(js_sys::encode_uri_component(text));
    set(&link, "href", &address);
    set(&link, "download", name);
    if let Ok(link) = link.dyn_into::<HtmlElement>() {
        link.click();
    }
}

/// Reads the file that was chosen in a field, and lets it be chosen once more.
pub(crate) fn read_file(field: &HtmlInputElement, then: impl Fn(String) + 'static) {
    if let Some(file) = field.files().and_then(|files| files.item(0)) {
        let read = Closure::once(move |text: JsValue| then(text.as_string().unwrap_or_default()));
        // Not waited for: what it leads to is a message.
        let _ = file.text().then(&read);
        read.forget();
    }
    field.set_value("");
}

/// Keeps the choices, and puts language and colours where the style sheet and readers look for them.
pub(crate) fn dress(settings: Settings) {
    let Some(root) = document().document_element() else { return };
    set(&root, "lang", settings.lang.code());
    if let Some(dark) = settings.dark {
        set(&root, "class", if dark { "dark" } else { "light" });
    }
    if !settings.embedded
        && let Some(storage) = window().local_storage().ok().flatten()
    {
        // Storage may be full or forbidden: then the choice holds for this visit.
        let _ = storage.set_item(LANG, settings.lang.code());
        let _ = storage.set_item(KEYS, if settings.keys { "on" } else { "off" });
        let _ = storage.set_item(STOPS, &settings.stops.to_string());
        if let Some(dark) = settings.dark {
            let _ = storage.set_item(COLOURS, if dark { "dark" } else { "light" });
        }
    }
}

pub(crate) fn prefers_dark() -> bool {
    matches("(prefers-color-scheme: dark)")
}

pub(crate) fn prefers_stillness() -> bool {
    matches("(prefers-reduced-motion: reduce)")
}

/// Whether fingers do the pointing: then a page that takes the focus calls up a keyboard over half of itself.
pub(crate) fn is_touched() -> bool {
    matches("(pointer: coarse)")
}

/// Where a click lies in the element that `selector` finds around it, and how wide that is drawn.
pub(crate) fn place_in(event: &MouseEvent, selector: &str) -> (i32, i32, i32) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(around) = target.and_then(|target| target.closest(selector).ok().flatten()) else { return (0, 0, 1) };
    let bounds = around.get_bounding_client_rect();
    (event.client_x() - bounds.left() as i32, event.client_y() - bounds.top() as i32, bounds.width() as i32)
}

/// What travels when it gets another place, by its name and in the order of names, with where it is now.
pub(crate) type Places = Vec<(String, f64, f64)>;

const TRAVELS: &str = "data-travels";

pub(crate) fn places() -> Places {
    if prefers_stillness() {
        return Places::new();
    }
    let place = |element: &Element| {
        let bounds = element.get_bounding_client_rect();
        Some((element.get_attribute(TRAVELS)?, bounds.left(), bounds.top()))
    };
    let mut places: Places = travellers().iter().filter_map(place).collect();
    collections::sort_by(&mut places, |one, other| one.0.cmp(&other.0));
    places
}

/// Lets everything that was elsewhere before travel to where it is now, in a picture of that size.
pub(crate) fn travel(from: &Places, zoom: f64) {
    let travellers = travellers();
    let mut moved = Vec::new();
    for element in &travellers {
        let Some(name) = element.get_attribute(TRAVELS) else { continue };
        let Ok(known) = from.binary_search_by(|known| known.0.cmp(&name)) else { continue };
        let (_, left, top) = &from[known];
        let bounds = element.get_bounding_client_rect();
        let (x, y) = ((left - bounds.left()) / zoom, (top - bounds.top()) / zoom);
        if x.abs() + y.abs() > 1.0 {
            set(element, "style", &format!("transform:translate({x}px,{y}px);animation:none"));
            moved.push(element);
        }
    }
    // Asking makes the browser lay out, so that what follows is a change.
    for element in &moved {
        element.get_bounding_client_rect();
        set(element, "style", "transition:transform .35s;animation:none");
    }
}

/// The largest of some percentages at which all of the picture is in sight, else the smallest; and brings it there.
/// Tables have no size.
pub(crate) fn fit(percents: &[u16]) -> Option<u16> {
    let found = |selector| document().query_selector(selector).ok().flatten();
    let (field, stage) = (found(".field")?, found("#stage")?);
    let fits = |percent: &&u16| {
        set(&field, "style", &format!("zoom:{percent}%"));
        field.get_bounding_client_rect().height() <= f64::from(stage.client_height())
    };
    // What is not painted has no height of its own.
    set(&field, "data-measured", "");
    let percent = percents.iter().rev().find(fits).or(percents.first()).copied();
    let _ = field.remove_attribute("data-measured");
    field.scroll_into_view();
    percent
}

fn travellers() -> Vec<Element> {
    let Ok(found) = document().query_selector_all("[data-travels]") else { return Vec::new() };
    (0..found.length()).filter_map(|index| found.item(index)?.dyn_into().ok()).collect()
}

/// What has the focus. Nothing, where what had it is gone.
pub(crate) fn focused() -> Option<HtmlElement> {
    let element = document().active_element().filter(|element| element.tag_name() != "BODY")?;
    element.dyn_into().ok()
}

/// The cell that has it, and its task.
pub(crate) fn focused_task() -> Option<(HtmlElement, String)> {
    let cell = focused()?;
    let task = cell.closest("[data-task]").ok()??.get_attribute("data-task")?;
    Some((cell, task))
}

pub(crate) fn is_there(selector: &str) -> bool {
    document().query_selector(selector).is_ok_and(|found| found.is_some())
}

/// Gives the focus to `element`, or to what `selector` finds if that is gone.
pub(crate) fn focus(element: Option<HtmlElement>, selector: &str) {
    let found = || document().query_selector(selector).ok().flatten()?.dyn_into().ok();
    if let Some(element) = element.filter(|element| element.is_connected()).or_else(found) {
        // What is not drawn cannot take it, and that is no reason to stop.
        let _ = element.focus();
    }
}

/// Whether a key was pressed in something that keys mean something to: in a field, or in what scrolls.
pub(crate) fn is_field(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let around = |element: Element| element.closest("input, textarea, select, pre, .log, .scrolls").ok().flatten();
    target.and_then(around).is_some()
}

pub(crate) fn anything_selected() -> bool {
    window().get_selection().ok().flatten().is_some_and(|selection| !selection.is_collapsed())
}

/// What stands in a text field, with its cursor in UTF-16 units.
pub(crate) fn read_line(field: &HtmlTextAreaElement) -> (String, usize) {
    let cursor = field.selection_end().ok().flatten().unwrap_or(0);
    (field.value(), cursor as usize)
}

/// Puts `text` into a text field, with the cursor in UTF-16 units.
pub(crate) fn write_line(field: &HtmlTextAreaElement, text: &str, cursor: usize) {
    field.set_value(text);
    let cursor = u32::try_from(cursor).unwrap_or(u32::MAX);
    // Fails only on fields that have no text.
    let _ = field.set_selection_range(cursor, cursor);
    field.set_scroll_top(field.scroll_height());
}

/// Shows the readable message that index.html holds ready, with what went wrong. The page is dead after it.
pub(crate) fn show_fault(why: &PanicHookInfo<'_>) {
    let Some(fault) = document().get_element_by_id("fault") else { return };
    let _ = fault.remove_attribute("hidden");
    if let Some(place) = fault.query_selector("pre").ok().flatten() {
        // With the session, so that whoever reports it can say how to come there.
        let session = kept(SESSION).unwrap_or_default();
        place.set_text_content(Some(&format!("{why}\n\n{session}")));
    }
}

/// The element that the page is drawn into.
pub(crate) fn root() -> Option<Element> {
    document().get_element_by_id("page")
}

pub(crate) fn scroll_to_end(element: &HtmlElement) {
    element.set_scroll_top(element.scroll_height());
}

/// Whether the end of what `element` holds is in sight.
pub(crate) fn shows_end(element: &HtmlElement) -> bool {
    element.scroll_top() + element.client_height() >= element.scroll_height() - 24
}

fn asked(name: &str) -> Option<String> {
    let search = window().location().search().ok()?;
    let pairs = search.strip_prefix('?')?.split('&').filter_map(|pair| pair.split_once('='));
    pairs.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}

fn kept(name: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(name).ok()?
}

/// Asked at every drawing, so that the questions are kept.
fn matches(query: &'static str) -> bool {
    thread_local! {
        static ASKED: RefCell<Vec<(&'static str, MediaQueryList)>> = const { RefCell::new(Vec::new()) };
    }
    ASKED.with_borrow_mut(|asked| {
        if let Some((_, list)) = asked.iter().find(|(known, _)| *known == query) {
            return list.matches();
        }
        let Ok(Some(list)) = window().match_media(query) else { return false };
        let matches = list.matches();
        asked.push((query, list));
        matches
    })
}

fn set(element: &Element, name: &str, value: &str) {
    // Fails only for impossible names.
    let _ = element.set_attribute(name, value);
}

fn document() -> Document {
    window().document().expect("a window has a document")
}

fn window() -> Window {
    web_sys::window().expect("the page runs in a window")
}
