//! A browser for the end-to-end tests: [`visit`] serves a folder, opens it in Chromium and hands a [`Page`] to a test.
//!
//! WebDriver is spoken by hand ([`http`], [`chromedriver`]): the dozen calls that are needed are quickly written, tests
//! stay plain functions, and no async client has to be compiled (thirtyfour: 130 crates, four CPU minutes with clippy).

mod axe;
mod chromedriver;
pub mod heap;
mod http;
mod page;
mod person;
mod stage;
pub mod trace;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};

use xtask::server::Server;

use chromedriver::Chromedriver;
pub use chromedriver::Settings;
pub use page::{Key, Page};
pub use stage::TaskCell;

/// The addresses by which people come in first: a visit, a visit that forgets those before, a page that holds this one.
pub const DOORS: [&str; 3] = ["/", "/?fresh=1", "/?embed=1"];

/// Opens the built page and runs `test` on it.
///
/// # Panics
/// `test` does, or has left something on the console; a picture of the page is then in `target/screens`.
pub fn visit(settings: &Settings, test: impl FnOnce(&Page)) {
    let dist = workspace().join("dist");
    assert!(dist.join("index.html").exists(), "there is no built page: run `cargo xtask build`");
    visit_folder(&dist, settings, test);
}

/// As [`visit`], with the pages of another folder.
///
/// # Panics
/// As [`visit`] does.
pub fn visit_folder(folder: &Path, settings: &Settings, test: impl FnOnce(&Page)) {
    let server = Server::start(folder, 0).expect("some port is free");
    let driver = Chromedriver::start();
    let page = Page::new(driver.session(settings), server.address());
    let ended = catch_unwind(AssertUnwindSafe(|| {
        page.apply(settings);
        page.go("/");
        test(&page);
        let console = page.console();
        assert!(console.is_empty(), "the console is to stay quiet, and says:\n{}", console.join("\n"));
    }));
    if let Err(panic) = ended {
        let name = std::thread::current().name().unwrap_or("test").replace("::", "-");
        page.try_screenshot(&format!("FAILED-{name}"));
        resume_unwind(panic);
    }
}

/// Where pictures are put.
pub fn screens() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    workspace().join(target).join("screens")
}

fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests is a folder of the workspace")
}
