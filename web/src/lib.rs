//! Swarmyard's page: terminal left, cluster right, a clock above.
//!
//! One state ([`model::Model`]), messages that say what happened, thin components that get plain data and callbacks.
//! Layout, progress and words are pure functions beside the components, tested natively. Of the simulation the page
//! knows `session`, `snapshot`, `shell`, `scenario`, `why` and `action`, and nothing deeper.

mod app;
mod browser;
mod clock;
mod detail;
mod faults;
mod focus;
mod glyph;
mod header;
mod inspect;
mod keep;
mod model;
mod press;
mod rollout;
#[cfg(test)]
mod sample;
mod select;
mod settings;
mod stage;
mod terminal;
mod text;
mod time;
mod twin;
mod walkthrough;

/// Draws the page and lets it live.
pub fn run() {
    yew::set_custom_panic_hook(Box::new(browser::show_fault));
    if let Some(root) = browser::root() {
        yew::Renderer::<app::App>::with_root(root).render();
    }
}
