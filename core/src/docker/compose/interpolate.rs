//! `${NAME}` and its kin in the values of a compose file.
//!
//! Models: docker/cli cli/compose/template/template.go.

/// The value of a variable, if it is set.
pub(super) type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Why a text cannot be filled in.
pub(super) enum Bad {
    /// Its form is no good.
    Form,
    /// A variable that must be there is not: the sentence says which.
    Required(String),
}

/// Fills in the variables of a text. One that is not set is empty.
pub(super) fn fill(text: &str, variable: Lookup) -> Result<String, Bad> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some(place) = rest.find('$') {
        filled += &rest[..place];
        rest = &rest[place + 1..];
        if let Some(after) = rest.strip_prefix('$') {
            filled.push('$');
            rest = after;
            continue;
        }
        let braced = rest.strip_prefix('{');
        let from = braced.unwrap_or(rest);
        let end = from.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(from.len());
        let (name, after) = from.split_at(end);
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(Bad::Form);
        }
        let value = variable(name);
        if braced.is_none() {
            filled += value.as_deref().unwrap_or("");
            rest = after;
            continue;
        }
        let operator = [":-", ":?", "-", "?"].into_iter().find(|operator| after.starts_with(operator)).unwrap_or("");
        let after = &after[operator.len()..];
        let close = closing(after).ok_or(Bad::Form)?;
        let word = &after[..close];
        rest = &after[close + 1..];
        let value = value.filter(|value| !(operator.starts_with(':') && value.is_empty()));
        match (operator, value) {
            ("", value) if word.is_empty() => filled += value.as_deref().unwrap_or(""),
            ("", _) => return Err(Bad::Form),
            (_, Some(value)) => filled += &value,
            (":-" | "-", None) => filled += &fill(word, variable)?,
            (_, None) => {
                return Err(Bad::Required(format!("required variable {name} is missing a value: {word}")));
            }
        }
    }
    Ok(filled + rest)
}

/// Where the brace that is open closes.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (place, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return Some(place),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_filled_in() {
        let variable = |name: &str| match name {
            "A" => Some("x".to_owned()),
            "E" => Some(String::new()),
            _ => None,
        };
        for (text, filled) in [
            ("plain", Some("plain")),
            ("$A-${A}-$N-${N}", Some("x-x--")),
            ("${A:-d}${E:-d}${N:-d}${E-d}${N-d}", Some("xddd")),
            ("${N:-${A}}", Some("x")),
            ("$$A ${N:-a:b}", Some("$A a:b")),
            ("${A?no}", Some("x")),
            ("${", None),
            ("$", None),
            ("$1", None),
            ("${A!}", None),
            ("${N:?gone}", None),
        ] {
            assert_eq!(fill(text, &variable).ok().as_deref(), filled, "{text}");
        }
        let required = |text: &str| match fill(text, &variable) {
            Err(Bad::Required(why)) => why,
            _ => String::new(),
        };
        assert_eq!(required("${E:?set E}"), "required variable E is missing a value: set E");
        assert_eq!(required("${E?set E}"), "");
    }
}
