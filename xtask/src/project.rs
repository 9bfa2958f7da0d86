//! Where things are in this checkout, and which versions it asks for.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The folder of the workspace's `Cargo.toml`.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is a folder of the workspace").to_owned()
}

/// Where the built page goes.
pub(crate) fn dist() -> PathBuf {
    root().join("dist")
}

/// Cargo's target folder.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// Where tools are installed that were not found elsewhere.
pub(crate) fn tools() -> PathBuf {
    target().join("tools")
}

/// The cargo that runs us.
pub(crate) fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// The version of wasm-bindgen that the workspace pins. Its command line tool must have exactly this one.
pub(crate) fn wasm_bindgen_version() -> Result<String, String> {
    let path = root().join("Cargo.toml");
    let manifest = std::fs::read_to_string(&path).map_err(|why| format!("{}: {why}", path.display()))?;
    pinned(&manifest, "wasm-bindgen")
        .map(str::to_owned)
        .ok_or_else(|| format!("{}: expected a line `wasm-bindgen = \"=X.Y.Z\"`", path.display()))
}

/// The version in a manifest's line `NAME = "=VERSION"`.
fn pinned<'a>(manifest: &'a str, name: &str) -> Option<&'a str> {
    manifest.lines().find_map(|line| {
        let (key, value) = line.split_once('=')?;
        (key.trim() == name).then(|| value.trim().strip_prefix("\"=")?.strip_suffix('"'))?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pinned_version_is_read_from_its_own_line() {
        let manifest = "js-sys = \"=0.3.106\"\nwasm-bindgen-test = \"=0.3.79\"\nwasm-bindgen = \"=0.2.129\"\n";
        assert_eq!(pinned(manifest, "wasm-bindgen"), Some("0.2.129"));
        assert_eq!(pinned("wasm-bindgen = \"0.2\"", "wasm-bindgen"), None);
        assert_eq!(pinned(manifest, "serde"), None);
    }

    #[test]
    fn the_workspace_pins_wasm_bindgen() {
        assert!(wasm_bindgen_version().is_ok());
    }
}
