//! Serves the files of one folder on 127.0.0.1: for `cargo xtask serve` and for the end-to-end tests.
//!
//! Small by hand, because only the built page has to be served: GET and HEAD, one request per connection, no ranges. What
//! lies compressed beside a file (`page.css.br`) is sent in its place to browsers that take brotli.

use std::io::{BufRead, BufReader, Read, Result, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// A server that answers until the program ends.
pub struct Server {
    address: SocketAddr,
    accepting: JoinHandle<()>,
}

impl Server {
    /// Serves `folder` from now on. Port 0 takes any free one. The folder need not be there yet.
    ///
    /// # Errors
    /// The port is taken, or may not be used.
    pub fn start(folder: impl Into<PathBuf>, port: u16) -> Result<Server> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let address = listener.local_addr()?;
        let folder: Arc<Path> = folder.into().into();
        let accepting = thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let folder = Arc::clone(&folder);
                // A browser that goes away in the middle of an answer is no error of ours.
                thread::spawn(move || answer(stream, &folder).ok());
            }
        });
        Ok(Server { address, accepting })
    }

    /// `http://127.0.0.1:PORT`, without a slash at its end.
    pub fn address(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Serves until the program is ended from outside.
    pub fn wait(self) {
        self.accepting.join().expect("accepting connections does not panic");
    }
}

/// Longest head of a request that is read, in bytes. Browsers send about 1,000.
const LONGEST_HEAD: u64 = 16_384;

fn answer(stream: TcpStream, folder: &Path) -> Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut lines = BufReader::new(&stream).take(LONGEST_HEAD).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    let mut brotli = false;
    // The whole request must be read before the connection is closed, or the answer may be lost with it.
    for line in lines {
        let line = line?.to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        brotli |= line.strip_prefix("accept-encoding:").is_some_and(|kinds| kinds.split(',').any(|k| k.trim() == "br"));
    }
    let mut words = request.split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let file = file_of(folder, target);
    let packed = file.as_ref().filter(|_| brotli).and_then(|file| std::fs::read(beside(file)).ok());
    let encoding = if packed.is_some() { "Content-Encoding: br\r\n" } else { "" };
    let (status, kind, body) = match (method, file) {
        ("GET" | "HEAD", Some(file)) => match packed.map_or_else(|| std::fs::read(&file), Ok) {
            Ok(body) => ("200 OK", kind_of(&file), body),
            Err(_) => ("404 Not Found", "text/plain", b"not found\n".to_vec()),
        },
        ("GET" | "HEAD", None) => ("404 Not Found", "text/plain", b"not found\n".to_vec()),
        _ => ("405 Method Not Allowed", "text/plain", b"only GET and HEAD\n".to_vec()),
    };
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n{encoding}Cache-Control: no-cache\r\n\
         Connection: close\r\n\r\n"
    );
    let mut stream = &stream;
    stream.write_all(head.as_bytes())?;
    if method != "HEAD" {
        stream.write_all(&body)?;
    }
    stream.flush()
}

/// The file that a request's target means; `None` where it points out of the folder.
fn file_of(folder: &Path, target: &str) -> Option<PathBuf> {
    let path = target.split(['?', '#']).next()?.strip_prefix('/')?;
    let file = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
    let inside = Path::new(&file).components().all(|part| matches!(part, Component::Normal(_)));
    inside.then(|| folder.join(file))
}

/// Where the same file is, brotli-compressed, if it is.
fn beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".br");
    name.into()
}

fn kind_of(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(server: &Server, request: &str) -> String {
        let mut stream = TcpStream::connect(server.address).expect("the server listens");
        write!(stream, "{request} HTTP/1.1\r\nHost: x\r\n\r\n").expect("the request is taken");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the answer is text");
        answer
    }

    #[test]
    fn it_serves_the_files_of_its_folder_and_nothing_else() {
        let server = Server::start(concat!(env!("CARGO_MANIFEST_DIR"), "/src"), 0).expect("some port is free");
        let found = ask(&server, "GET /server.rs?now");
        assert!(found.starts_with("HTTP/1.1 200 OK") && found.contains("Serves the files"), "{found}");
        let head = ask(&server, "HEAD /server.rs");
        assert!(head.starts_with("HTTP/1.1 200 OK") && !head.contains("Serves the files"), "{head}");
        for outside in ["/../Cargo.toml", "/..%2fCargo.toml", "/nothing", "/", "//etc/passwd", "Cargo.toml"] {
            assert!(ask(&server, &format!("GET {outside}")).starts_with("HTTP/1.1 404"), "{outside}");
        }
        assert!(ask(&server, "POST /server.rs").starts_with("HTTP/1.1 405"));
    }

    #[test]
    fn what_lies_compressed_beside_a_file_is_sent_to_who_takes_it() {
        let folder = std::env::temp_dir().join(format!("swarmyard-server-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("temporary files can be made");
        std::fs::write(folder.join("a.css"), "plain").expect("it can be written");
        std::fs::write(folder.join("a.css.br"), "packed").expect("it can be written");
        let server = Server::start(folder.clone(), 0).expect("some port is free");
        let asked = |kinds: &str| ask(&server, &format!("GET /a.css HTTP/1.1\r\nAccept-Encoding: {kinds}\r\nX:"));
        let packed = asked("gzip, br");
        assert!(packed.contains("Content-Encoding: br") && packed.ends_with("packed"), "{packed}");
        assert!(packed.contains("Content-Type: text/css"), "{packed}");
        let plain = asked("gzip");
        assert!(!plain.contains("Encoding") && plain.ends_with("plain"), "{plain}");
        std::fs::remove_dir_all(folder).expect("it was made here");
    }

    #[test]
    fn wasm_is_served_as_such_because_browsers_compile_only_that_while_it_loads() {
        assert_eq!(kind_of(Path::new("page_bg.wasm")), "application/wasm");
        assert_eq!(file_of(Path::new("dist"), "/"), Some("dist/index.html".into()));
    }
}
