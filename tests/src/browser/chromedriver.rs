//! Chromedriver as a child process, and sessions of Chromium in it.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::http::request;

/// What the browser pretends of itself and of the person before it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Of the page, in CSS pixels.
    pub width: u32,
    pub height: u32,
    pub dark: bool,
    pub reduced_motion: bool,
    /// The system's own few colours instead of the page's.
    pub forced_colors: bool,
    pub more_contrast: bool,
    /// `en-US`, `ko-KR`.
    pub locale: &'static str,
    /// Whether it keeps a trace of what it does.
    pub traced: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            width: 1280,
            height: 800,
            dark: false,
            reduced_motion: false,
            forced_colors: false,
            more_contrast: false,
            locale: "en-US",
            traced: false,
        }
    }
}

/// How often a driver is started until one stays.
const TRIES: usize = 5;

/// A running chromedriver. Dropping it ends it and its browsers.
pub(super) struct Chromedriver {
    process: Child,
    port: u16,
    /// Chromium leaves sockets and locks in its temporary folder, so it gets one of its own.
    folder: PathBuf,
}

impl Chromedriver {
    pub(super) fn start() -> Chromedriver {
        // Two that start at once may choose the same port, and one of them ends.
        let started = (0..TRIES).find_map(|_| Chromedriver::try_start());
        started.expect("chromedriver says on which port it listens")
    }

    fn try_start() -> Option<Chromedriver> {
        static STARTED: AtomicUsize = AtomicUsize::new(0);
        // Not in `target`: a socket's path may have 107 characters at most.
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("swarmyard-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("temporary files can be made");
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .env("TMPDIR", &folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is on PATH: `cargo xtask test` installs it, or says how");
        let output = process.stdout.take().expect("its output is piped");
        // It chooses a free port and says which. What it says later may be lost.
        let said = BufReader::new(output).lines().map_while(Result::ok).find_map(|line| port_in(&line));
        if said.is_none() {
            process.wait().ok();
            std::fs::remove_dir_all(&folder).ok();
        }
        said.map(|port| Chromedriver { process, port, folder })
    }

    pub(super) fn session(&self, settings: &Settings) -> Session {
        let mut args = vec![
            "--headless".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--disable-quic".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-sync".to_owned(),
            "--hide-scrollbars".to_owned(),
            format!("--window-size={},{}", settings.width, settings.height),
        ];
        if is_root() {
            // Chromium refuses to sandbox itself as root. It opens nothing but our own pages here.
            args.push("--no-sandbox".to_owned());
        }
        let mut capabilities = json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": {"args": args},
            "goog:loggingPrefs": {"browser": "ALL"},
            "timeouts": {"script": 50_000, "pageLoad": 30_000},
        }}});
        if settings.traced {
            let wants = &mut capabilities["capabilities"]["alwaysMatch"];
            wants["goog:loggingPrefs"]["performance"] = json!("ALL");
            wants["goog:chromeOptions"]["perfLoggingPrefs"] =
                json!({"enableNetwork": false, "enablePage": false, "traceCategories": "devtools.timeline"});
        }
        let session = call(self.port, "POST", "/session", Some(&capabilities)).expect("Chromium starts");
        let id = session["sessionId"].as_str().expect("a session has an id").to_owned();
        Session { port: self.port, id }
    }
}

impl Drop for Chromedriver {
    fn drop(&mut self) {
        // Asked to, it ends its browsers too; killed, it would leave them behind.
        request(self.port, "GET", "/shutdown", None).ok();
        let asked = Instant::now();
        while matches!(self.process.try_wait(), Ok(None)) && asked.elapsed() < Duration::from_secs(10) {
            std::thread::sleep(Duration::from_millis(20));
        }
        self.process.kill().ok();
        self.process.wait().ok();
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

/// One Chromium with one window. Dropping it closes it, and removes its profile.
pub(super) struct Session {
    port: u16,
    id: String,
}

impl Session {
    /// A WebDriver command of this session: `POST` with a body, `GET` without. `path` begins with a slash.
    ///
    /// # Errors
    /// WebDriver's error and its message.
    pub(super) fn call(&self, path: &str, body: Option<Value>) -> Result<Value, String> {
        let method = if body.is_some() { "POST" } else { "GET" };
        call(self.port, method, &format!("/session/{}{path}", self.id), body.as_ref())
    }

    /// A command of the Chrome DevTools protocol.
    ///
    /// # Errors
    /// As `call`.
    pub(super) fn devtools(&self, command: &str, params: Value) -> Result<Value, String> {
        self.call("/goog/cdp/execute", Some(json!({"cmd": command, "params": params})))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        request(self.port, "DELETE", &format!("/session/{}", self.id), None).ok();
    }
}

/// The `value` of WebDriver's answer.
fn call(port: u16, method: &str, path: &str, body: Option<&Value>) -> Result<Value, String> {
    let (status, mut answer) = request(port, method, path, body).map_err(|why| why.to_string())?;
    let value = answer["value"].take();
    if status == 200 { Ok(value) } else { Err(format!("{}: {}", value["error"], value["message"])) }
}

fn port_in(line: &str) -> Option<u16> {
    line.strip_prefix("ChromeDriver was started successfully on port ")?.trim_end_matches('.').parse().ok()
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
