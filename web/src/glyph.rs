//! The signs of the page, drawn: system fonts lack some of them. Strokes in the colour of the text around them.

use yew::{Html, html};

use crate::stage::look::Look;

pub(crate) const TICK: &str = "M3 8.5 6.5 12 13 4.5";
pub(crate) const PLUG: &str = "M6 1.5v3M10 1.5v3M4 5h8v2a4 4 0 0 1-8 0zM8 11v3.5";
pub(crate) const CROSS: &str = "M3.5 3.5l9 9M12.5 3.5l-9 9";
pub(crate) const BARRED: &str = "M8 1.5a6.5 6.5 0 1 0 .01 0M3.5 12.5l9-9";
pub(crate) const CLOCK: &str = "M8 1.5a6.5 6.5 0 1 0 .01 0M8 4.5V8l2.5 1.5";
pub(crate) const DOWN: &str = "M8 2v8M4.5 7 8 10.5 11.5 7M3 13.5h10";
pub(crate) const PAUSE: &str = "M5 3v10M11 3v10";
pub(crate) const PLAY: &str = "M5 3l8 5-8 5z";
pub(crate) const STEP: &str = "M3.5 3l6.5 5-6.5 5zM12.5 3v10";
pub(crate) const DECIDE: &str = "M2 3l5 5-5 5zM8 3l5 5-5 5z";
pub(crate) const PREVIOUS: &str = "M10.5 3l-5 5 5 5";
pub(crate) const NEXT: &str = "M5.5 3l5 5-5 5";
pub(crate) const TO_COMMAND: &str = "M12.5 3L6 8l6.5 5zM3.5 3v10";
pub(crate) const FORK: &str = "M4 14V2M4 10c5 0 7-2 7-6M8.5 5.5 11 3l2.5 2.5";
pub(crate) const NODE: &str = "M2.5 4h11v8h-11zM5 15h6";
pub(crate) const HOURGLASS: &str = "M4 2h8M4 14h8M5 2c0 3 6 9 6 12M11 2c0 3-6 9-6 12";
pub(crate) const GEAR: &str = "M8 5.5a2.5 2.5 0 1 0 .01 0M8 1.5v2M8 12.5v2M1.5 8h2M12.5 8h2M3.4 3.4l1.4 1.4M11.2 11.2l1.4 1.4M12.6 3.4l-1.4 1.4M4.8 11.2l-1.4 1.4";
pub(crate) const AGAIN: &str = "M3 8.5a5 5 0 1 0 1.6-4.2L3 5.5M3 2v3.5h3.5";
pub(crate) const BACK: &str = "M7 3 3 7l4 4M3 7h6a4 4 0 0 1 0 7H6";
pub(crate) const STOP: &str = "M4 4h8v8H4z";
pub(crate) const WHAT: &str = "M5.5 6a2.5 2.5 0 1 1 3.6 2.2C8.3 8.6 8 9 8 10M8 13v.1";
pub(crate) const CROWN: &str = "M3 13h10M2.5 4.5 5.5 8 8 3l2.5 5 3-3.5-1 6h-9z";
pub(crate) const MOON: &str = "M13 9.5A5.5 5.5 0 1 1 6.5 3 4.5 4.5 0 0 0 13 9.5z";
pub(crate) const SUN: &str =
    "M8 5a3 3 0 1 0 .01 0M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1";
pub(crate) const ARROW: &str = "M2.5 8h11M9.5 4l4 4-4 4";
pub(crate) const ENTER: &str = "M13 3v5H4M7 4.5 3.5 8 7 11.5";

/// One sign, as an SVG of the size of the text.
pub(crate) fn glyph(path: &'static str) -> Html {
    html! { <svg class="glyph" viewBox="0 0 16 16" aria-hidden="true"><path d={path} /></svg> }
}

/// The sign of a state.
pub(crate) fn of_look(look: Look) -> &'static str {
    match look {
        Look::Waiting => CLOCK,
        Look::Preparing => DOWN,
        Look::Ready => PAUSE,
        Look::Starting => PLAY,
        Look::Running | Look::Serving | Look::Complete => TICK,
        Look::Stopping | Look::Shutdown => STOP,
        Look::Failed => CROSS,
        Look::Rejected => BARRED,
        Look::Orphaned => WHAT,
    }
}
