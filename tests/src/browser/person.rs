//! What a person without a pointer needs of a page: that the focus goes everywhere, is seen, and comes back. And what
//! everybody needs of it: that nothing jumps.

use serde_json::{Value, json};

use super::{Key, Page};

/// More stops than any page has between two things.
const STOPS: usize = 90;

/// `null` where what has the focus is marked and in sight, else what it is.
const UNSEEN: &str = "
    const e = document.activeElement;
    if (!e || e === document.body) return null;
    const outlined = of => {
        const s = of && getComputedStyle(of);
        return s && s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2;
    };
    const marked = outlined(e) || (e.type === 'file' && outlined(e.closest('label')))
        || (e.id === 'prompt' && getComputedStyle(e.closest('.prompt')).boxShadow !== 'none');
    const r = (e.type === 'file' ? e.closest('label') : e).getBoundingClientRect();
    const inSight = r.bottom > 0 && r.right > 0 && r.top < innerHeight && r.left < innerWidth;
    return marked && inSight ? null : `${marked ? 'out of sight' : 'not marked'}: ${e.outerHTML.slice(0, 200)}`";

/// Remembers what moves without having been asked to.
const WATCH: &str = "
    window.shifts = [];
    new PerformanceObserver(list => {
        for (const shift of list.getEntries()) if (!shift.hadRecentInput) shifts.push(shift);
    }).observe({type: 'layout-shift', buffered: true});";

impl Page {
    /// Tabs on, or back, until what `selector` finds has the focus. At each stop the focus must be seen.
    ///
    /// # Panics
    /// It does not come there, or is not seen on the way.
    #[track_caller]
    pub fn tab_to(&self, selector: &str, key: Key) {
        for _ in 0..STOPS {
            if self.has_focus(selector) {
                return;
            }
            self.keys(&[key]);
            let unseen = self.script(UNSEEN, json!([]));
            assert!(unseen.is_null(), "the focus is {unseen}");
        }
        panic!("{key:?} never comes to `{selector}`");
    }

    pub fn has_focus(&self, selector: &str) -> bool {
        self.script("return document.activeElement.matches(arguments[0])", json!([selector])) == json!(true)
    }

    /// From now on, and from the first moment of each page that is opened, keeps what moves.
    pub fn watch_shifts(&self) {
        self.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WATCH }));
    }

    /// How much has moved by itself, as browsers count it, and what.
    pub fn shifts(&self) -> (f64, Vec<String>) {
        let script = "return shifts.map(s => [s.value, s.sources.map(({node, previousRect: a, currentRect: b}) =>
            `${node?.className || node?.nodeName} ${[a.x, a.y, a.width, a.height]} > ${[b.x, b.y, b.width, b.height]}`
            ).join('; ')])";
        let shifts = self.script(script, json!([]));
        let shifts: Vec<&Value> = shifts.as_array().into_iter().flatten().collect();
        let total = shifts.iter().filter_map(|shift| shift[0].as_f64()).sum();
        let line = |shift: &&&Value| format!("{:.5} {}", shift[0].as_f64().unwrap_or(0.0), shift[1]);
        let worst = shifts.iter().filter(|shift| shift[0].as_f64().is_some_and(|value| value > 0.000_1));
        (total, worst.map(|shift| line(&shift)).collect())
    }
}
