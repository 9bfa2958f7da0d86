//! Whether a text can name an image.
//!
//! Models: distribution/reference reference.go (ParseAnyReference) and normalize.go.

fn is_hex(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// Why a text cannot name an image, if it cannot.
pub(crate) fn refusal(image: &str) -> Option<String> {
    let id = image.strip_prefix("sha256:").unwrap_or(image);
    if id.len() == 64 && is_hex(id) {
        return None;
    }
    let bad = Some("invalid reference format".to_owned());
    let (domain, path) = match image.split_once('/') {
        Some((first, rest)) if is_domain(first) => (Some(first), rest),
        _ => (None, image),
    };
    let name = path.split(':').next().unwrap_or("");
    if name != name.to_lowercase() {
        return Some(format!(
            "invalid reference format: repository name ({}{name}) must be lowercase",
            library(name, domain)
        ));
    }
    let (rest, digest) = path.split_once('@').map_or((path, None), |(rest, digest)| (rest, Some(digest)));
    let (name, tag) = rest.split_once(':').map_or((rest, None), |(name, tag)| (name, Some(tag)));
    let fine = name.split('/').all(is_component)
        && domain.is_none_or(is_host)
        && tag.is_none_or(is_tag)
        && digest.is_none_or(is_digest);
    if fine { None } else { bad }
}

/// What Docker puts before a name without a slash.
fn library(name: &str, domain: Option<&str>) -> &'static str {
    if domain.is_none() && !name.contains('/') { "library/" } else { "" }
}

/// Whether the first part of a name is a registry.
fn is_domain(first: &str) -> bool {
    first.contains(['.', ':']) || first == "localhost" || first != first.to_lowercase()
}

fn is_host(domain: &str) -> bool {
    let (host, port) = match domain.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (domain, None),
    };
    let label = |label: &str| {
        let fine = label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        fine && !label.is_empty() && !label.starts_with('-') && !label.ends_with('-')
    };
    let six = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let digits = |port: &str| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
    let host =
        six.map_or_else(|| host.split('.').all(label), |six| six.bytes().all(|b| b.is_ascii_hexdigit() || b == b':'));
    host && port.is_none_or(digits)
}

/// Small letters and digits, with a point, one or two underlines, or dashes between them.
fn is_component(part: &str) -> bool {
    let mut between = String::new();
    let mut any = false;
    for c in part.chars() {
        if c.is_ascii_lowercase() || c.is_ascii_digit() {
            let fine = ["", ".", "_", "__"].contains(&between.as_str()) || between.bytes().all(|b| b == b'-');
            if !fine || (!any && !between.is_empty()) {
                return false;
            }
            between.clear();
            any = true;
        } else {
            between.push(c);
        }
    }
    any && between.is_empty()
}

fn is_tag(tag: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    tag.len() <= 128 && tag.starts_with(word) && tag.chars().all(|c| word(c) || c == '.' || c == '-')
}

fn is_digest(digest: &str) -> bool {
    digest.split_once(':').is_some_and(|(name, hex)| {
        let fine = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_+.".contains(&b));
        fine && name.starts_with(|c: char| c.is_ascii_alphabetic()) && hex.len() >= 32 && is_hex(hex)
    })
}
