//! Image references: name, tag, digest.

/// The parts of `name[:tag][@digest]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reference<'a> {
    pub(crate) name: &'a str,
    pub(crate) tag: Option<&'a str>,
    pub(crate) digest: Option<&'a str>,
}

impl<'a> Reference<'a> {
    pub(crate) fn parse(text: &'a str) -> Reference<'a> {
        let (rest, digest) = text.split_once('@').map_or((text, None), |(rest, digest)| (rest, Some(digest)));
        // A colon before the last slash belongs to a registry's port.
        let (name, tag) = match rest.rsplit_once(':') {
            Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
            _ => (rest, None),
        };
        Reference { name, tag, digest }
    }

    /// `name:tag` without digest; `latest` where no tag is given.
    pub(crate) fn tagged(&self) -> String {
        format!("{}:{}", familiar(self.name), self.tag.unwrap_or("latest"))
    }
}

/// The short form that Docker shows: Docker Hub and its library go without saying.
pub(crate) fn familiar(name: &str) -> &str {
    let name = name.strip_prefix("docker.io/").or_else(|| name.strip_prefix("index.docker.io/")).unwrap_or(name);
    name.strip_prefix("library/").unwrap_or(name)
}

/// A reference without its digest, as tables show it.
pub(crate) fn without_digest(text: &str) -> &str {
    match text.split_once('@') {
        // A reference of a digest alone is shown whole.
        Some((rest, _)) if Reference::parse(rest).tag.is_some() => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_fall_into_their_parts() {
        let parts = |text| {
            let reference = Reference::parse(text);
            (reference.name, reference.tag, reference.digest)
        };
        assert_eq!(parts("nginx"), ("nginx", None, None));
        assert_eq!(parts("a/b:c@sha256:d"), ("a/b", Some("c"), Some("sha256:d")));
        assert_eq!(parts("localhost:5000/x"), ("localhost:5000/x", None, None));
        assert_eq!(Reference::parse("docker.io/library/nginx").tagged(), "nginx:latest");
        assert_eq!(without_digest("a:b@sha256:c"), "a:b");
        assert_eq!(without_digest("a@sha256:c"), "a@sha256:c");
    }
}
