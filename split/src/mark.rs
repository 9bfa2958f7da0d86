//! A module whose functions leave a mark when they run: how `web/first.txt` is learnt.

use walrus::ir::{MemArg, StoreKind, Value};
use walrus::{FunctionId, Module};

use crate::name;

/// Bytes of one page of memory.
const PAGE: u64 = 65_536;

/// A marked module, and where its marks are.
pub struct Marked {
    pub wasm: Vec<u8>,
    /// The address of the first mark: one byte for each function, 1 once it has run.
    pub address: u64,
    /// The functions, in the order of their marks.
    pub names: Vec<String>,
}

/// Puts a mark at the beginning of every function of `wasm`.
///
/// # Errors
/// `wasm` is no module, or has no memory of its own.
pub fn mark(wasm: &[u8]) -> walrus::Result<Marked> {
    let mut module = Module::from_buffer(wasm)?;
    let functions: Vec<FunctionId> = module.funcs.iter_local().map(|(id, _)| id).collect();
    // Behind all that the program knows of: its allocator asks for more memory and gets what comes after.
    let memory = module.get_memory_id()?;
    let address = module.memories.get(memory).initial * PAGE;
    module.memories.get_mut(memory).initial += (functions.len() as u64).div_ceil(PAGE);
    let mut names = Vec::new();
    for (number, id) in functions.into_iter().enumerate() {
        let function = module.funcs.get_mut(id);
        names.push(name::short(function.name.as_deref().unwrap_or_default()));
        let place = MemArg { align: 1, offset: address + number as u64 };
        let mut body = function.kind.unwrap_local_mut().builder_mut().func_body();
        body.const_at(0, Value::I32(0)).const_at(1, Value::I32(1));
        body.store_at(2, memory, StoreKind::I32_8 { atomic: false }, place);
    }
    Ok(Marked { wasm: module.emit_wasm(), address, names })
}

#[cfg(test)]
mod tests {
    use super::*;
    use walrus::FunctionBuilder;

    #[test]
    fn marks_lie_behind_the_memory_that_the_program_knows() {
        let mut module = Module::default();
        module.memories.add_local(false, false, 3, None, None);
        for name in ["a[0123456789abcdef]::f", "a[0123456789abcdef]::g"] {
            let mut builder = FunctionBuilder::new(&mut module.types, &[], &[]);
            builder.name(name.to_owned());
            let function = builder.finish(vec![], &mut module.funcs);
            module.exports.add(name, function);
        }
        let marked = mark(&module.emit_wasm()).expect("it can be marked");
        assert_eq!(marked.address, 3 * PAGE);
        assert_eq!(marked.names, ["a::f", "a::g"]);
        let module = Module::from_buffer(&marked.wasm).expect("what was written is a module");
        assert_eq!(module.memories.iter().next().map(|memory| memory.initial), Some(4));
        assert!(module.funcs.iter_local().all(|(_, function)| function.size() == 3), "a mark is three instructions");
    }
}
