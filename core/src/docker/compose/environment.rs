//! What a compose file leaves to its surroundings: paths, files of variables, and variables without a value.
//!
//! Models: docker/cli cli/compose/loader/loader.go (resolveEnvironment, resolveVolumePaths) and pkg/kvfile/kvfile.go.

use super::load::sorted;
use super::schema::{SERVICE, arrange};
use super::yaml::Yaml;
use crate::collections::Map;
use crate::docker::command::Call;

/// Where paths begin that do not say where they begin.
pub(super) struct Surroundings<'c, 'w> {
    pub(super) call: &'c Call<'w>,
    pub(super) directory: String,
}

/// The value of a key that may be changed.
pub(super) fn entry<'y>(of: &'y mut Yaml, key: &str) -> Option<&'y mut Yaml> {
    let Yaml::Map(pairs) = of else { return None };
    pairs.iter_mut().find(|(had, _)| had == key).map(|(_, value)| value)
}

impl Surroundings<'_, '_> {
    /// Makes a path absolute.
    pub(super) fn absolute(&self, path: &str) -> String {
        match path {
            path if path.starts_with('/') => path.to_owned(),
            "" => self.directory.clone(),
            path => (self.call.machine.path)(&format!("{}/{path}", self.directory)),
        }
    }

    fn variable(&self, name: &str) -> Option<String> {
        (self.call.machine.variable)(name)
    }

    /// Sources of bind mounts.
    pub(super) fn mounts(&self, service: &mut Yaml) -> Result<(), String> {
        let Some(Yaml::List(volumes)) = entry(service, "volumes") else { return Ok(()) };
        for volume in volumes.iter_mut().filter(|volume| volume.str("type") == Some("bind")) {
            let Some(Yaml::Text(source)) = entry(volume, "source") else {
                return Err("invalid mount config for type \"bind\": field Source must not be empty".to_owned());
            };
            let home = source.strip_prefix('~').and_then(|rest| Some(self.variable("HOME")? + rest));
            let drive = source.starts_with(|c: char| c.is_ascii_alphabetic());
            let drive = drive && matches!(source.get(1..3), Some(":\\" | ":/"));
            *source = match home {
                Some(path) => path,
                None if drive || source.starts_with("\\\\") => continue,
                None => self.absolute(source),
            };
        }
        Ok(())
    }

    /// The variables of files, then those of the service: where they are left open, the shell's.
    pub(super) fn variables(&self, service: &mut Yaml) -> Result<(), String> {
        let mut all: Map<String, Yaml> = Map::new();
        for file in service.get("env_file").map_or(&[][..], Yaml::as_list) {
            self.file(&self.absolute(&file.printed()), &mut all)?;
        }
        let own = service.get("environment").map_or(&[][..], Yaml::as_map).to_vec();
        for (key, mut value) in own {
            self.fill(&key, &mut value);
            all.insert(key, value);
        }
        if let Yaml::Map(pairs) = service {
            pairs.retain(|(key, _)| key != "environment");
            if !all.is_empty() {
                pairs.push(("environment".to_owned(), sorted(all.into_iter().collect())));
                arrange(SERVICE, pairs);
            }
        }
        Ok(())
    }

    /// A variable without a value has the shell's.
    fn fill(&self, key: &str, value: &mut Yaml) {
        if (*value == Yaml::Null || value.as_text() == Some(""))
            && let Some(known) = self.variable(key)
        {
            *value = Yaml::Text(known);
        }
    }

    fn file(&self, path: &str, all: &mut Map<String, Yaml>) -> Result<(), String> {
        let text = self.call.text_of(path)?;
        let bad = |why: String| Err(format!("invalid env file ({path}): {why}"));
        for line in text.trim_start_matches('\u{feff}').lines().map(str::trim_start) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (key, value) = line.split_once('=').map_or((line, None), |(key, value)| (key, Some(value)));
            if key.is_empty() {
                return bad(format!("no variable name on line '{line}'"));
            }
            if key.contains([' ', '\t']) {
                return bad(format!("variable '{key}' contains whitespaces"));
            }
            let Some(value) = value.map(str::to_owned).or_else(|| self.variable(key)) else { continue };
            let mut value = Yaml::Text(value);
            self.fill(key, &mut value);
            all.insert(key.to_owned(), value);
        }
        Ok(())
    }
}
