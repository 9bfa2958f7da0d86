//! Names of functions, as short as they stay the same: no hashes, and types by their last word.

/// `<swarmyard_core[2d1c…]::store::Store>::get::<a::B>` becomes `<Store>::get::<B>`; what is outside of angle brackets
/// keeps its path, or all functions called `run` would be one.
#[must_use]
pub fn short(name: &str) -> String {
    let name = without_hashes(name);
    let mut short = String::new();
    let mut depth = 0_usize;
    // Where the path that is being written began, within brackets only.
    let mut path = 0;
    let mut before = ' ';
    for letter in name.chars() {
        short.push(letter);
        match letter {
            '<' => depth += 1,
            '>' if before != '-' => depth = depth.saturating_sub(1),
            ':' if before == ':' && depth > 0 => short.truncate(path),
            _ => {}
        }
        if !letter.is_alphanumeric() && letter != '_' && letter != ':' || depth == 0 {
            path = short.len();
        }
        before = letter;
    }
    short
}

/// What rustc writes in brackets behind the name of a crate.
fn without_hashes(name: &str) -> String {
    let mut rest = name;
    let mut clean = String::new();
    while let Some(open) = rest.find('[') {
        clean.push_str(&rest[..open]);
        let hash: String = rest[open + 1..].chars().take_while(char::is_ascii_hexdigit).collect();
        let end = open + 1 + hash.len();
        if hash.len() > 8 && rest[end..].starts_with(']') {
            rest = &rest[end + 1..];
        } else {
            clean.push('[');
            rest = &rest[open + 1..];
        }
    }
    clean + rest
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn a_name_loses_what_changes_from_build_to_build() {
        let long = "<swarmyard_core[cf0ff6588f5f55a4]::world::World as core[c5930c85a12de822]::clone::Clone>::clone";
        assert_eq!(short(long), "<World as Clone>::clone");
        assert_eq!(short("core[c5930c85a12de822]::ptr::drop_in_place::<a::B>"), "core::ptr::drop_in_place::<B>");
        assert_eq!(short("<[u8]>::starts_with"), "<[u8]>::starts_with");
    }

    #[test]
    fn functions_of_one_name_in_two_modules_stay_two() {
        let of = |module| short(&format!("swarmyard_core[cf0ff6588f5f55a4]::docker::{module}::run"));
        assert_eq!(of("ps"), "swarmyard_core::docker::ps::run");
        assert_ne!(of("ps"), of("info"));
    }

    #[test]
    fn an_arrow_closes_no_bracket() {
        assert_eq!(short("<fn(a::B) -> c::D as e::F>::call::<g::H>"), "<fn(B) -> D as F>::call::<H>");
    }
}
