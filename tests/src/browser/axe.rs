//! What axe-core has against a page: rules of WCAG 2.2 AA that a program can see.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::{Page, workspace};

/// The rules of WCAG up to 2.2 AA, and those that axe-core's authors add from experience.
const RULES: [&str; 6] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/// Where `cargo xtask test` has put it; `None` where there is no npm.
fn script() -> Option<PathBuf> {
    let shared = std::env::var_os("SWARMYARD_TOOLS").map(PathBuf::from);
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    let roots = shared.into_iter().chain([workspace().join(target).join("tools")]);
    roots.map(|root| root.join("axe/node_modules/axe-core/axe.min.js")).find(|file| file.is_file())
}

impl Page {
    /// What is wrong with the page as it is: the rule, and where. Nothing, and a word of it, where there is no axe-core.
    ///
    /// # Panics
    /// It cannot be run.
    pub fn complaints(&self) -> Vec<String> {
        let Some(file) = script() else {
            eprintln!("axe-core is not here (npm brings it: cargo xtask test): the page is not held against its rules");
            return Vec::new();
        };
        if self.script("return !window.axe", json!([])) == json!(true) {
            let text = std::fs::read_to_string(&file).expect("axe-core can be read");
            self.script(&format!("{text}\nwindow.axe = axe"), json!([]));
        }
        // Where the system's colours are forced, it still sees those of the page, which nobody else does.
        let run = "const rules = {'color-contrast': {enabled: !matchMedia('(forced-colors: active)').matches}};
            return axe.run(document, {runOnly: arguments[0], rules, resultTypes: ['violations']}).then(r =>
            r.violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.target.join(' ')} (${n.any.concat(n.all, n.none)
                .map(c => c.message).join('; ')})`)))";
        let said = self.script(run, json!([RULES]));
        said.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    }
}
