//! What a test does with a page, and sees of it. Everything waits for a while and then panics with what the page shows.

use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::chromedriver::{Session, Settings};
use super::heap::Heap;
use super::screens;

/// How long something that should happen may take.
const PATIENCE: Duration = Duration::from_secs(15);
const STEP: Duration = Duration::from_millis(40);

/// A page in a browser.
pub struct Page {
    session: Session,
    address: String,
}

/// Keys without a character, as WebDriver writes them.
#[derive(Clone, Copy, Debug)]
pub enum Key {
    Enter,
    Tab,
    Escape,
    Up,
    Down,
    Left,
    Right,
    /// Backwards.
    ShiftTab,
    /// Control together with a letter.
    Control(char),
    /// As it is.
    Text(&'static str),
}

const SHIFT: char = '\u{e008}';
const CONTROL: char = '\u{e009}';
/// Lets all keys go.
const ALL_UP: char = '\u{e000}';

impl Key {
    fn text(self) -> String {
        match self {
            Key::Enter => "\u{e007}".to_owned(),
            Key::Tab => "\u{e004}".to_owned(),
            Key::Escape => "\u{e00c}".to_owned(),
            Key::Up => "\u{e013}".to_owned(),
            Key::Down => "\u{e015}".to_owned(),
            Key::Left => "\u{e012}".to_owned(),
            Key::Right => "\u{e014}".to_owned(),
            Key::ShiftTab => format!("{SHIFT}\u{e004}{ALL_UP}"),
            Key::Text(text) => text.to_owned(),
            Key::Control(letter) => format!("{CONTROL}{letter}{ALL_UP}"),
        }
    }
}

impl Page {
    pub(super) fn new(session: Session, address: String) -> Page {
        Page { session, address }
    }

    /// Opens `path` of the served folder and waits until it is loaded.
    pub fn go(&self, path: &str) {
        let url = format!("{}{path}", self.address);
        self.call("/url", json!({ "url": url }));
    }

    /// Changes size, colours, motion and language from now on. A page that reads its language once must be opened anew.
    pub fn apply(&self, settings: &Settings) {
        let Settings { width, height, dark, reduced_motion, forced_colors, more_contrast, locale, .. } = settings;
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", size);
        let features = json!({"features": [
            {"name": "prefers-color-scheme", "value": if *dark { "dark" } else { "light" }},
            {"name": "prefers-reduced-motion", "value": if *reduced_motion { "reduce" } else { "no-preference" }},
            {"name": "forced-colors", "value": if *forced_colors { "active" } else { "none" }},
            {"name": "prefers-contrast", "value": if *more_contrast { "more" } else { "no-preference" }},
        ]});
        self.devtools("Emulation.setEmulatedMedia", features);
        let agent = self.devtools("Browser.getVersion", json!({}))["userAgent"].take();
        self.devtools("Emulation.setUserAgentOverride", json!({"userAgent": agent, "acceptLanguage": locale}));
    }

    /// Opens the page with a session that it kept: `end` milliseconds of `lines`, each with its time before it.
    pub fn go_on(&self, nodes: usize, end: u64, lines: &[&str]) {
        let session = format!("swarmyard session 1\nnodes {nodes}\nseed 1\nend {end}\n{}\n", lines.join("\n"));
        self.script("localStorage.setItem('swarmyard.session', arguments[0])", json!([session]));
        self.go("/");
        self.wait_until("there is a prompt", || self.count("#prompt") == 1);
    }

    /// Types one line at the prompt and presses Enter.
    pub fn line(&self, text: &str) {
        self.write("#prompt", text);
        self.press("#prompt", Key::Enter);
    }

    /// Types `text` into the first element that `selector` finds.
    pub fn write(&self, selector: &str, text: &str) {
        let element = self.element(selector);
        self.call(&format!("/element/{element}/value"), json!({ "text": text }));
    }

    pub fn press(&self, selector: &str, key: Key) {
        self.write(selector, &key.text());
    }

    /// Presses keys one after the other, wherever the focus is: as a person who has a keyboard alone.
    pub fn keys(&self, keys: &[Key]) {
        let mut held = Vec::new();
        let mut actions = Vec::new();
        for letter in keys.iter().flat_map(|key| key.text().chars().collect::<Vec<_>>()) {
            let mut act = |what: &str, letter: char| actions.push(json!({"type": what, "value": letter.to_string()}));
            match letter {
                SHIFT | CONTROL => {
                    act("keyDown", letter);
                    held.push(letter);
                }
                ALL_UP => held.drain(..).for_each(|letter| act("keyUp", letter)),
                letter => {
                    act("keyDown", letter);
                    act("keyUp", letter);
                }
            }
        }
        self.call("/actions", json!({"actions": [{"type": "key", "id": "keyboard", "actions": actions}]}));
    }

    /// Pastes `text` into the first element that `selector` finds: the event that a browser sends, and, unless the page
    /// takes it, the text at the cursor. All browsers of this machine would share the true clipboard.
    pub fn paste(&self, selector: &str, text: &str) {
        let paste = "const [selector, text] = arguments;
            const field = document.querySelector(selector);
            field.focus();
            const clipboardData = new DataTransfer();
            clipboardData.setData('text/plain', text);
            const event = new ClipboardEvent('paste', {clipboardData, bubbles: true, cancelable: true});
            if (field.dispatchEvent(event)) document.execCommand('insertText', false, text)";
        self.script(paste, json!([selector, text]));
    }

    pub fn click(&self, selector: &str) {
        let element = self.element(selector);
        self.call(&format!("/element/{element}/click"), json!({}));
    }

    /// Chooses from a list, by place.
    pub fn choose(&self, selector: &str, place: usize) {
        let script = "const list = document.querySelector(arguments[0]);
            list.selectedIndex = arguments[1]; list.dispatchEvent(new Event('change', {bubbles: true}))";
        self.script(script, json!([selector, place]));
    }

    /// What the elements that `selector` finds show, one below the other.
    pub fn text(&self, selector: &str) -> String {
        let script = "return [...document.querySelectorAll(arguments[0])].map(e => e.innerText).join('\\n')";
        self.script(script, json!([selector])).as_str().unwrap_or_default().to_owned()
    }

    pub fn count(&self, selector: &str) -> usize {
        let count = self.script("return document.querySelectorAll(arguments[0]).length", json!([selector]));
        count.as_u64().unwrap_or_default() as usize
    }

    /// Runs `script` as the body of a function with `arguments` and returns what it returns.
    pub fn script(&self, script: &str, arguments: Value) -> Value {
        self.call("/execute/sync", json!({"script": script, "args": arguments}))
    }

    /// How many CSS pixels of the page lie beside the window.
    pub fn horizontal_overflow(&self) -> i64 {
        let script = "const e = document.documentElement; return e.scrollWidth - e.clientWidth";
        self.script(script, json!([])).as_i64().expect("widths are whole numbers")
    }

    /// The addresses of everything that the page has loaded.
    pub fn loaded(&self) -> Vec<String> {
        let script = "return ['navigation', 'resource'].flatMap(k => performance.getEntriesByType(k)).map(e => e.name)";
        let names = self.script(script, json!([]));
        names.as_array().into_iter().flatten().filter_map(|name| name.as_str().map(str::to_owned)).collect()
    }

    /// Waits until the elements that `selector` finds show `text`.
    #[track_caller]
    pub fn wait_for_text(&self, selector: &str, text: &str) {
        self.wait_until(&format!("`{selector}` shows `{text}`"), || self.text(selector).contains(text));
    }

    /// Waits until `holds`.
    ///
    /// # Panics
    /// It does not hold in time: `what`, and what the page shows instead.
    #[track_caller]
    pub fn wait_until(&self, what: &str, holds: impl Fn() -> bool) {
        let begun = Instant::now();
        while !holds() {
            let shown = || self.text("body");
            assert!(begun.elapsed() < PATIENCE, "waited in vain until {what}. The page shows:\n{}", shown());
            std::thread::sleep(STEP);
        }
    }

    /// What has come onto the console since the last call: messages, uncaught errors, requests that failed.
    pub fn console(&self) -> Vec<String> {
        let entries = self.call("/se/log", json!({"type": "browser"}));
        let line = |entry: &Value| format!("{}: {}", entry["level"], entry["message"]);
        entries.as_array().into_iter().flatten().map(line).collect()
    }

    /// What a traced browser has done since it began, as events of Chromium's trace format. Chromedriver tells it once.
    pub fn trace(&self) -> Vec<Value> {
        let entries = self.call("/se/log", json!({"type": "performance"}));
        let event = |entry: &Value| {
            let message: Value = serde_json::from_str(entry["message"].as_str()?).ok()?;
            let mut message = message["message"].clone();
            (message["method"] == "Tracing.dataCollected").then(|| message["params"].take())
        };
        entries.as_array().into_iter().flatten().filter_map(event).collect()
    }

    /// Puts a picture of what the window shows into `target/screens/NAME.png`.
    pub fn screenshot(&self, name: &str) {
        self.save_screenshot(name).unwrap_or_else(|why| panic!("no picture of {name}: {why}"));
    }

    /// As `screenshot`, where a failure is no further trouble.
    pub(super) fn try_screenshot(&self, name: &str) {
        match self.save_screenshot(name) {
            Ok(()) => eprintln!("target/screens/{name}.png shows the page"),
            Err(why) => eprintln!("no picture of the page: {why}"),
        }
    }

    fn save_screenshot(&self, name: &str) -> Result<(), String> {
        let picture = self.session.call("/screenshot", None)?;
        let bytes = BASE64_STANDARD.decode(picture.as_str().unwrap_or_default()).map_err(|why| why.to_string())?;
        std::fs::create_dir_all(screens()).map_err(|why| why.to_string())?;
        std::fs::write(screens().join(format!("{name}.png")), bytes).map_err(|why| why.to_string())
    }

    /// WebDriver's name for the first element that `selector` finds, once there is one.
    fn element(&self, selector: &str) -> String {
        self.wait_until(&format!("there is a `{selector}`"), || self.count(selector) > 0);
        let found = self.call("/element", json!({"using": "css selector", "value": selector}));
        let name = found.as_object().and_then(|fields| fields.values().next()?.as_str());
        name.expect("an element has a name").to_owned()
    }

    fn call(&self, path: &str, body: Value) -> Value {
        self.session.call(path, Some(body)).unwrap_or_else(|why| panic!("{path}: {why}"))
    }

    /// A command of the Chrome DevTools protocol, and what it answers.
    pub fn devtools(&self, command: &str, params: Value) -> Value {
        self.session.devtools(command, params).unwrap_or_else(|why| panic!("{command}: {why}"))
    }

    /// What is on the heap, after a collection of garbage.
    pub fn heap(&self) -> Heap {
        let snapshot = self.session.call("/chromium/heap_snapshot", None).unwrap_or_else(|why| panic!("{why}"));
        let text = snapshot.as_str().expect("a snapshot is a text");
        Heap::of(&serde_json::from_str(text).expect("it is JSON"))
    }
}
