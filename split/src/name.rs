//! Names of functions, as short as they stay the same: no hashes, and types by their last word.

/// `<swarmyard_core[2d1c…]::store::Store>::get::<a::B>` becomes `<Store>::get::<B>`; what is outside of angle brackets
/// keeps its path, or all functions called `run` would be one.
#[must_use]
pub fn short(name: &str) -> String {
    // Numbers that LLVM and wasm-opt give to copies differ with every change.
    let name = without_hashes(name.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '.'));
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

/// A short name without what a generic function or type was made for: `<Vec<A> as Index<B>>::index` becomes
/// `<Vec as Index>::index`.
pub(crate) fn generic(short: &str) -> String {
    let mut generic = String::new();
    // Open brackets, and within how many of them something is left out.
    let (mut depth, mut left_out) = (0_usize, 0_usize);
    let mut before = ' ';
    for letter in short.chars() {
        let opens = letter == '<';
        depth += usize::from(opens);
        if opens && (left_out > 0 || depth > 1 || before == ':') {
            left_out += 1;
        }
        if left_out == 0 {
            generic.push(letter);
        }
        if letter == '>' && before != '-' {
            depth = depth.saturating_sub(1);
            left_out = left_out.saturating_sub(1);
        }
        before = letter;
    }
    generic
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
    use super::{generic, short};

    #[test]
    fn copies_of_a_generic_function_have_one_name() {
        assert_eq!(generic("<Vec<Entry> as Index<RangeTo<usize>>>::index"), "<Vec as Index>::index");
        assert_eq!(generic("core::ptr::drop_in_place::<Vec<fn(A) -> B>>"), "core::ptr::drop_in_place::");
        assert_eq!(generic("<Store>::get"), "<Store>::get");
    }

    #[test]
    fn a_name_loses_what_changes_from_build_to_build() {
        let long = "<swarmyard_core[cf0ff6588f5f55a4]::world::World as core[c5930c85a12de822]::clone::Clone>::clone";
        assert_eq!(short(long), "<World as Clone>::clone");
        assert_eq!(short("core[c5930c85a12de822]::ptr::drop_in_place::<a::B>"), "core::ptr::drop_in_place::<B>");
        assert_eq!(short("<[u8]>::starts_with"), "<[u8]>::starts_with");
        assert_eq!(short("<[u8]>::starts_with.251.3"), "<[u8]>::starts_with");
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
