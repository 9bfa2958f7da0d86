//! `seq`. Models: GNU coreutils, seq.c. Differs: at most 100 000 numbers.

use super::options::options;
use super::{Builtin, Call, Flow, fail, nothing};
use crate::shell::number::Number;

pub(super) const SEQ: Builtin = Builtin {
    name: "seq",
    usage: "seq [-w] [-s TEXT] [FIRST [STEP]] LAST",
    about: "print numbers in a row",
    run,
    complete: nothing,
};

const MOST: usize = 100_000;

fn run(call: &mut Call) -> Flow {
    // What looks like an option may be a negative number.
    let numbers = call.args.iter().any(|arg| arg.starts_with('-') && Number::exactly(arg).is_some());
    let (words, between, equal) = if numbers {
        (call.args.to_vec(), "\n".to_owned(), false)
    } else {
        match options(call, "seq", "+ws:f:", &[("equal-width", 'w'), ("separator", 's')]) {
            Ok(options) => {
                let between = options.value('s').unwrap_or("\n").to_owned();
                let equal = options.has('w');
                (options.words, between, equal)
            }
            Err(flow) => return flow,
        }
    };
    let mut values = Vec::new();
    for word in &words {
        match Number::exactly(word) {
            Some(value) => values.push(value),
            None => return fail(call, "seq", &format!("invalid floating point argument: ‘{word}’"), 1),
        }
    }
    let one = Number::new(1);
    let (first, step, last) = match values.as_slice() {
        [] => return fail(call, "seq", "missing operand", 1),
        [last] => (one, one, *last),
        [first, last] => (*first, one, *last),
        [first, step, last] => (*first, *step, *last),
        _ => return fail(call, "seq", &format!("extra operand ‘{}’", words[3]), 1),
    };
    if step.is_zero() {
        return fail(call, "seq", "invalid Zero increment value: ‘0’", 1);
    }
    let places = words.iter().map(|word| word.split_once('.').map_or(0, |(_, places)| places.len())).max().unwrap_or(0);
    let width = if equal { first.fixed(places).len().max(last.fixed(places).len()) } else { 0 };
    let (mut text, mut value) = (String::new(), first);
    for count in 0..MOST {
        if if step > Number::default() { value > last } else { value < last } {
            break;
        }
        if count > 0 {
            text += &between;
        }
        if places == 0 && width == 0 {
            text += &value.whole().to_string();
        } else {
            text += &format!("{:0>width$}", value.fixed(places));
        }
        value = value.plus(step);
    }
    if !text.is_empty() {
        text.push('\n');
    }
    call.host.spend((text.len() / 100) as u32);
    call.output.out(text);
    Flow::Exit(0)
}
