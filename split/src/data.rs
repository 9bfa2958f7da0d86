//! Which constant data belongs to which part: texts and tables that only functions of the rest name go with them.
//!
//! The linker leaves every constant in a segment of its own (`--no-merge-data-segments`). One belongs to the first part
//! if the address of one of its bytes stands in a function of that part, or in data that does. A number that merely
//! looks like such an address keeps a constant, which costs some bytes and breaks nothing. What can be written stays.

use std::collections::BTreeSet;

use walrus::ir::{Const, Load, Store, Value, Visitor, dfs_in_order};
use walrus::{ConstExpr, DataKind, MemoryId, Module};

/// Bytes between two constants that are rather filled than told apart: what a new segment costs.
const GAP: u32 = 8;

/// A constant: where it lies, and its number among all segments.
#[derive(Clone, Copy)]
struct Constant {
    start: u32,
    end: u32,
    number: usize,
}

/// The numbers of the segments that go with the rest.
pub(crate) fn of_rest(module: &Module, rest: &BTreeSet<usize>) -> BTreeSet<usize> {
    let mut constants: Vec<Constant> = module.data.iter().filter_map(constant).collect();
    constants.sort_unstable_by_key(|constant| constant.start);
    let mut addresses = Addresses(Vec::new());
    for (id, function) in module.funcs.iter_local() {
        if !rest.contains(&id.index()) {
            dfs_in_order(&mut addresses, function, function.entry_block());
        }
    }
    for data in module.data.iter().filter(|data| constant(data).is_none()) {
        addresses.0.extend(words(&data.value, start(data).unwrap_or_default()));
    }
    let segments: Vec<&walrus::Data> = module.data.iter().collect();
    let mut left: BTreeSet<usize> = constants.iter().map(|constant| constant.number).collect();
    while let Some(address) = addresses.0.pop() {
        let before = constants.partition_point(|constant| constant.start <= address);
        let Some(found) = before.checked_sub(1).map(|index| constants[index]) else { continue };
        if address < found.end && left.remove(&found.number) {
            let segment = segments.iter().find(|data| data.id().index() == found.number);
            addresses.0.extend(segment.into_iter().flat_map(|data| words(&data.value, found.start)));
        }
    }
    left
}

fn start(data: &walrus::Data) -> Option<u32> {
    match data.kind {
        DataKind::Active { offset: ConstExpr::Value(Value::I32(start)), .. } => Some(start as u32),
        _ => None,
    }
}

fn constant(data: &walrus::Data) -> Option<Constant> {
    let start = start(data)?;
    let fixed = data.name.as_deref().is_some_and(|name| name.starts_with(".rodata"));
    fixed.then_some(Constant { start, end: start + data.value.len() as u32, number: data.id().index() })
}

/// The words that lie where a word may lie.
fn words(bytes: &[u8], start: u32) -> impl Iterator<Item = u32> {
    let (words, _) = bytes[(start.wrapping_neg() as usize % 4).min(bytes.len())..].as_chunks::<4>();
    words.iter().map(|word| u32::from_le_bytes(*word))
}

/// Leaves a module the segments that `keep` chooses by their numbers, neighbours in one.
pub(crate) fn retain(module: &mut Module, memory: MemoryId, keep: impl Fn(usize) -> bool) {
    let mut kept: Vec<(u32, Vec<u8>)> = Vec::new();
    let mut all: Vec<(u32, usize, Vec<u8>)> = Vec::new();
    for data in module.data.iter() {
        all.extend(start(data).map(|start| (start, data.id().index(), data.value.clone())));
    }
    all.sort_unstable_by_key(|(start, ..)| *start);
    let mut neighbours = false;
    for (start, number, bytes) in all {
        if !keep(number) {
            neighbours = false;
            continue;
        }
        match kept.last_mut() {
            Some((first, run)) if neighbours && start - (*first + run.len() as u32) <= GAP => {
                run.resize((start - *first) as usize, 0);
                run.extend(bytes);
            }
            _ => kept.push((start, bytes)),
        }
        neighbours = true;
    }
    let old: Vec<_> = module.data.iter().map(walrus::Data::id).collect();
    old.into_iter().for_each(|id| module.data.delete(id));
    module.memories.get_mut(memory).data_segments.clear();
    for (start, bytes) in kept {
        let offset = ConstExpr::Value(Value::I32(start as i32));
        let id = module.data.add(DataKind::Active { memory, offset }, bytes);
        module.memories.get_mut(memory).data_segments.insert(id);
    }
}

/// Everything in a function that may be an address.
struct Addresses(Vec<u32>);

impl<'a> Visitor<'a> for Addresses {
    fn visit_const(&mut self, instruction: &Const) {
        match instruction.value {
            Value::I32(number) => self.0.push(number as u32),
            // An address and a length that are written at once.
            Value::I64(number) => self.0.extend([number as u32, (number >> 32) as u32]),
            Value::V128(number) => self.0.extend([0, 32, 64, 96].map(|bits| (number >> bits) as u32)),
            Value::F32(_) | Value::F64(_) => {}
        }
    }

    fn visit_load(&mut self, load: &Load) {
        self.0.push(load.arg.offset as u32);
    }

    fn visit_store(&mut self, store: &Store) {
        self.0.push(store.arg.offset as u32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use walrus::{FunctionBuilder, FunctionId};

    fn named(module: &mut Module, memory: MemoryId, name: &str, start: i32, bytes: &[u8]) -> usize {
        let kind = DataKind::Active { memory, offset: ConstExpr::Value(Value::I32(start)) };
        let id = module.data.add(kind, bytes.to_vec());
        module.data.get_mut(id).name = Some(name.to_owned());
        module.memories.get_mut(memory).data_segments.insert(id);
        id.index()
    }

    fn naming(module: &mut Module, address: i32) -> FunctionId {
        let mut builder = FunctionBuilder::new(&mut module.types, &[], &[]);
        builder.func_body().i32_const(address).drop();
        builder.finish(vec![], &mut module.funcs)
    }

    #[test]
    fn constants_go_with_the_functions_that_name_them_and_what_they_point_to_too() {
        let mut module = Module::default();
        let memory = module.memories.add_local(false, false, 1, None, None);
        let table = named(&mut module, memory, ".rodata.table", 16, &48_u32.to_le_bytes());
        let late = named(&mut module, memory, ".rodata.late", 32, b"late");
        let text = named(&mut module, memory, ".rodata.text", 48, b"text");
        let state = named(&mut module, memory, ".data.state", 64, b"data");
        naming(&mut module, 17);
        let of_rest_only = naming(&mut module, 33);
        let rest = BTreeSet::from([of_rest_only.index()]);
        assert_eq!(of_rest(&module, &rest), BTreeSet::from([late]));
        assert_eq!(of_rest(&module, &BTreeSet::new()), BTreeSet::new(), "all are named by somebody");
        let all = module.funcs.iter_local().map(|(id, _)| id.index()).collect();
        assert_eq!(of_rest(&module, &all), BTreeSet::from([table, late, text]), "{state} can be written");
    }

    #[test]
    fn an_address_may_be_half_of_a_number() {
        let mut module = Module::default();
        let memory = module.memories.add_local(false, false, 1, None, None);
        named(&mut module, memory, ".rodata.low", 16, b"low!");
        named(&mut module, memory, ".rodata.high", 32, b"high");
        let mut builder = FunctionBuilder::new(&mut module.types, &[], &[]);
        builder.func_body().const_(Value::I64(32 << 32 | 16)).drop();
        builder.finish(vec![], &mut module.funcs);
        assert_eq!(of_rest(&module, &BTreeSet::new()), BTreeSet::new());
    }

    #[test]
    fn neighbours_become_one_segment_and_never_cover_what_lies_between() {
        let mut module = Module::default();
        let memory = module.memories.add_local(false, false, 1, None, None);
        for (start, bytes) in [(16, "ab"), (20, "c"), (21, "gone"), (25, "d"), (99, "e")] {
            named(&mut module, memory, ".rodata", start, bytes.as_bytes());
        }
        retain(&mut module, memory, |number| number != 2);
        let left: Vec<&[u8]> = module.data.iter().map(|data| data.value.as_slice()).collect();
        assert_eq!(left, [&b"ab\0\0c"[..], b"d", b"e"]);
    }
}
