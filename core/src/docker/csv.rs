//! Values that are lists: fields between commas, each of which may stand in double quotes.
//!
//! Models: Go encoding/csv reader.go, for one line.

/// The fields of a line; a quoted one may hold commas, and quotes written twice.
pub(crate) fn fields(line: &str) -> Result<Vec<String>, String> {
    if line.is_empty() {
        return Err("EOF".to_owned());
    }
    let mut fields = Vec::new();
    let mut rest = line;
    loop {
        let (field, after) = match rest.strip_prefix('"') {
            Some(inner) => quoted(line, inner)?,
            None => {
                let (field, after) = rest.split_once(',').map_or((rest, None), |(field, after)| (field, Some(after)));
                if let Some(at) = field.find('"') {
                    return Err(wrong(line, &rest[at..], "bare \" in non-quoted-field"));
                }
                (field.to_owned(), after)
            }
        };
        fields.push(field);
        match after {
            Some(after) => rest = after,
            None => return Ok(fields),
        }
    }
}

/// A field whose opening quote is read, and what follows its comma.
fn quoted<'l>(line: &str, mut rest: &'l str) -> Result<(String, Option<&'l str>), String> {
    const PROBLEM: &str = "extraneous or missing \" in quoted-field";
    let mut field = String::new();
    while let Some((part, after)) = rest.split_once('"') {
        field.push_str(part);
        match after.strip_prefix('"') {
            Some(more) => {
                field.push('"');
                rest = more;
            }
            None if after.is_empty() => return Ok((field, None)),
            None => {
                let next = after.strip_prefix(',').ok_or_else(|| wrong(line, &rest[part.len()..], PROBLEM))?;
                return Ok((field, Some(next)));
            }
        }
    }
    Err(wrong(line, "", PROBLEM))
}

fn wrong(line: &str, rest: &str, problem: &str) -> String {
    format!("parse error on line 1, column {}: {problem}", line.len() - rest.len() + 1)
}

#[cfg(test)]
mod tests {
    use super::fields;

    #[test]
    fn fields_may_be_quoted() {
        for (line, expected) in [
            ("a", Ok(vec!["a"])),
            ("a,,b", Ok(vec!["a", "", "b"])),
            ("a=b,\"c=d,e\",f", Ok(vec!["a=b", "c=d,e", "f"])),
            ("\"a\"\"b\"", Ok(vec!["a\"b"])),
            ("\"a\",", Ok(vec!["a", ""])),
            ("", Err("EOF")),
            ("a\"", Err("parse error on line 1, column 2: bare \" in non-quoted-field")),
            ("\"a\"b", Err("parse error on line 1, column 3: extraneous or missing \" in quoted-field")),
            ("x,\"a", Err("parse error on line 1, column 5: extraneous or missing \" in quoted-field")),
        ] {
            let expected = expected.map(|fields| fields.iter().map(|field| (*field).to_owned()).collect::<Vec<_>>());
            assert_eq!(fields(line), expected.map_err(str::to_owned), "{line}");
        }
    }
}
