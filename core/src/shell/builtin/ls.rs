//! `ls`. Models: GNU coreutils, ls.c. Differs: without a terminal's colours; owners and permissions are always the same.

use super::options::options;
use super::{Builtin, Call, Flow};
use crate::date::whole;
use crate::shell::complete::files;
use crate::shell::files::Files;

pub(super) const LS: Builtin =
    Builtin { name: "ls", usage: "ls [-la1R] [FILE …]", about: "list files", run, complete: files };

struct Style {
    long: bool,
    all: bool,
    /// Columns of the terminal, where names stand side by side.
    columns: Option<usize>,
}

fn run(call: &mut Call) -> Flow {
    let longs = [("all", 'a'), ("human-readable", 'h'), ("color", 'G'), ("recursive", 'R'), ("directory", 'd')];
    let options = match options(call, "ls", "laA1htrRdFSGp", &longs) {
        Ok(options) => options,
        Err(flow) => return flow,
    };
    let columns = call.output.terminal.map(usize::from).filter(|_| !options.has('1'));
    let style = Style { long: options.has('l'), all: options.has('a') || options.has('A'), columns };
    let mut names = options.words.clone();
    if names.is_empty() {
        names.push(".".to_owned());
    }
    let (mut single, mut directories, mut status) = (Vec::new(), Vec::new(), 0);
    for name in &names {
        let path = Files::resolve(&call.env.directory, name);
        if !call.host.files.exists(&path) {
            let why = call.host.files.missing(&path);
            call.output.err(format!("ls: cannot access '{name}': {why}\n"));
            status = 2;
        } else if call.host.files.is_directory(&path) && !options.has('d') {
            directories.push((name.clone(), path));
        } else {
            single.push((name.clone(), path));
        }
    }
    let mut text = list(call.host.files, &single, &style);
    let titled = names.len() > 1 || options.has('R');
    let mut at = 0;
    while let Some((name, path)) = directories.get(at).cloned() {
        at += 1;
        if titled {
            text += &[if text.is_empty() { "" } else { "\n" }, &name, ":\n"].concat();
        }
        let entries = call.host.files.entries(&path);
        let shown = entries.iter().filter(|(name, _)| style.all || !name.starts_with('.'));
        let rows: Vec<(String, String)> = shown.map(|(name, _)| (name.clone(), Files::resolve(&path, name))).collect();
        if style.long {
            text += &format!("total {}\n", rows.len() * 4);
        }
        text += &list(call.host.files, &rows, &style);
        if options.has('R') {
            let below = entries.iter().filter(|(_, directory)| *directory);
            let below =
                below.map(|(entry, _)| (format!("{}/{entry}", name.trim_end_matches('/')), format!("{path}/{entry}")));
            directories.splice(at..at, below);
        }
    }
    call.output.out(text);
    Flow::Exit(status)
}

fn list(files: &Files, rows: &[(String, String)], style: &Style) -> String {
    if style.long {
        let sizes: Vec<usize> =
            rows.iter().map(|(_, path)| files.read(path).map_or(4_096, |text| text.len())).collect();
        let width = sizes.iter().max().map_or(1, |size| size.to_string().len());
        let lines = rows.iter().zip(sizes).map(|((name, path), size)| {
            let mode = match files.runs(path) {
                None => "drwxr-xr-x 2",
                Some(true) => "-rwxr-xr-x 1",
                Some(false) if files.read_only() => "-r--r--r-- 1",
                Some(false) => "-rw-r--r-- 1",
            };
            format!("{mode} root root {size:width$} {} {name}\n", when(files.written(path)))
        });
        return lines.collect();
    }
    let names: Vec<&str> = rows.iter().map(|(name, _)| name.as_str()).collect();
    match style.columns {
        Some(columns) if !names.is_empty() => side_by_side(&names, columns),
        _ => names.iter().map(|name| format!("{name}\n")).collect(),
    }
}

/// `Nov 25 09:04`
fn when(unix_ms: u64) -> String {
    let text = whole(unix_ms, ' ');
    let month = text[5..7].parse::<usize>().unwrap_or(1);
    let day = text[8..10].trim_start_matches('0');
    format!("{} {day:>2} {}", super::date::MONTHS[(month - 1) % 12], &text[11..16])
}

/// Names in columns, top to bottom, as few lines as fit.
fn side_by_side(names: &[&str], columns: usize) -> String {
    for rows in 1..=names.len() {
        let widths: Vec<usize> = names
            .chunks(rows)
            .map(|column| column.iter().map(|name| name.chars().count()).max().unwrap_or(0))
            .collect();
        if rows < names.len() && widths.iter().sum::<usize>() + 2 * (widths.len() - 1) > columns {
            continue;
        }
        let mut text = String::new();
        for row in 0..rows {
            let line = widths
                .iter()
                .enumerate()
                .filter_map(|(column, width)| names.get(column * rows + row).map(|name| format!("{name:width$}")));
            text += line.collect::<Vec<_>>().join("  ").trim_end();
            text.push('\n');
        }
        return text;
    }
    String::new()
}
