//! One HTTP request with JSON in and out, as WebDriver needs it. Std only.

use std::io::{BufRead, BufReader, Error, ErrorKind, Read, Result, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// Longer than any WebDriver call may take: starting Chromium on a busy machine is the slowest.
const PATIENCE: Duration = Duration::from_secs(60);

/// Sends `body` to 127.0.0.1 and returns the answer's status and JSON.
///
/// # Errors
/// Nobody listens, the answer does not come in time, or it is no JSON.
pub(super) fn request(port: u16, method: &str, path: &str, body: Option<&Value>) -> Result<(u16, Value)> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let body = body.map(Value::to_string).unwrap_or_default();
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json; charset=utf-8\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )?;
    let wrong = |what: &str| Error::new(ErrorKind::InvalidData, format!("{method} {path}: {what}"));
    // Chromedriver keeps the connection open whatever it is told: the answer ends where its length says.
    let mut answer = BufReader::new(stream);
    let mut head = String::new();
    while answer.read_line(&mut head)? > 0 && !head.ends_with("\r\n\r\n") {}
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(|| wrong("no status"))?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    });
    let mut body = vec![0; length.ok_or_else(|| wrong("no length"))?];
    answer.read_exact(&mut body)?;
    let body = serde_json::from_slice(&body).map_err(|_| wrong("the answer is no JSON"))?;
    Ok((status, body))
}
