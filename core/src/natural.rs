//! The order of names in which `node-2` goes before `node-10`.
//!
//! Models: github.com/fvbommel/sortorder, which docker/cli sorts its tables with.

use std::cmp::Ordering;

/// Compares as people count: `node-2` before `node-10`. A digit goes before anything else.
pub(crate) fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    loop {
        let (Some(x), Some(y)) = (a.first(), b.first()) else { return a.len().cmp(&b.len()) };
        match (x.is_ascii_digit(), y.is_ascii_digit()) {
            (true, false) => return Ordering::Less,
            (false, true) => return Ordering::Greater,
            (false, false) => {
                if x != y {
                    return x.cmp(y);
                }
                (a, b) = (&a[1..], &b[1..]);
            }
            (true, true) => {
                let ((zeros_a, digits_a, rest_a), (zeros_b, digits_b, rest_b)) = (number(a), number(b));
                let order = digits_a.len().cmp(&digits_b.len()).then_with(|| digits_a.cmp(digits_b));
                let order = order.then_with(|| zeros_a.cmp(&zeros_b));
                if order != Ordering::Equal {
                    return order;
                }
                (a, b) = (rest_a, rest_b);
            }
        }
    }
}

/// Leading zeros, digits, and what follows them.
fn number(text: &[u8]) -> (usize, &[u8], &[u8]) {
    let zeros = text.iter().take_while(|b| **b == b'0').count();
    let end = text.iter().take_while(|b| b.is_ascii_digit()).count();
    (zeros, &text[zeros..end], &text[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_sort_as_people_count() {
        let mut names =
            ["my-app.1", "my-app2.1", "service-10-foo", "service-2-foo", "my-app.10", "my-app.9", "a01", "a1"];
        names.sort_by(|a, b| natural(a, b));
        let sorted = ["a1", "a01", "my-app2.1", "my-app.1", "my-app.9", "my-app.10", "service-2-foo", "service-10-foo"];
        assert_eq!(names, sorted);
    }
}
