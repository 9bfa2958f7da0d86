//! The cut itself: one module becomes two that share memory, tables and globals.
//!
//! In the first module a function of the rest is a stub: it asks for the rest unless that is there, then calls through
//! the table, where the rest puts its functions when it comes.

use std::collections::{BTreeMap, BTreeSet};

use walrus::ir::{Call, UnaryOp, Value, Visitor, dfs_in_order};
use walrus::{
    ConstExpr, ElementItems, ElementKind, ExportItem, FunctionBuilder, FunctionId, FunctionKind, GlobalId, GlobalKind,
    ImportedFunction, Module, ModuleConfig, TableId, ValType,
};

use crate::{data, name};

/// A function of no more instructions costs less than its stub.
const SMALL: u64 = 8;
/// Copies of one generic function that are no longer are often merged, under the name of any: all of them stay where
/// one does.
const COPY: u64 = 32;
/// Names that the two modules and `web/rest.js` agree on: where the rest imports from, what the first module imports
/// to ask for it, and the global that says that it is there.
const OF_FIRST: &str = "first";
const ASK: (&str, &str) = ("rest", "need");
const THERE: &str = "rest_is_there";

/// The two modules.
pub struct Parts {
    pub first: Vec<u8>,
    pub rest: Vec<u8>,
}

/// Cuts `wasm`: functions whose short names are in `first` stay, with all small ones.
///
/// # Errors
/// `wasm` is no module, or none that rustc and wasm-bindgen make: with one table of functions.
pub fn cut(wasm: &[u8], first: &BTreeSet<&str>) -> walrus::Result<Parts> {
    let mut module = parse(wasm)?;
    let plan = Plan::of(&module, first)?;
    let mut rest = parse(wasm)?;
    let wanted = plan.make_rest(&mut rest)?;
    plan.make_first(&mut module, &wanted)?;
    Ok(Parts { first: module.emit_wasm(), rest: rest.emit_wasm() })
}

fn parse(wasm: &[u8]) -> walrus::Result<Module> {
    let mut config = ModuleConfig::new();
    config.generate_name_section(false).generate_producers_section(false);
    let mut module = config.parse(wasm)?;
    let sections: Vec<_> = module.customs.iter().map(|(id, _)| id).collect();
    sections.into_iter().for_each(|id| drop(module.customs.delete(id)));
    Ok(module)
}

/// A function's or a segment's number: the same in every parse of the same bytes.
type Number = usize;

/// What goes where.
struct Plan {
    /// Functions of the rest.
    rest: BTreeSet<Number>,
    /// Those that are called from the first part too, and the places of the table where they will be found.
    slots: BTreeMap<Number, Vec<u64>>,
    /// Entries of the table, with the new ones.
    entries: u64,
    /// Segments of data that go with the rest.
    data: BTreeSet<Number>,
}

impl Plan {
    fn of(module: &Module, first: &BTreeSet<&str>) -> walrus::Result<Plan> {
        let generic: BTreeSet<String> = first.iter().map(|name| name::generic(name)).collect();
        let stays = |name: &str, size: u64| {
            let name = name::short(name);
            size <= SMALL || first.contains(name.as_str()) || size <= COPY && generic.contains(&name::generic(&name))
        };
        let rest = module.funcs.iter_local().filter(|(id, function)| {
            let name = module.funcs.get(*id).name.as_deref().unwrap_or_default();
            !stays(name, function.size())
        });
        let rest = rest.map(|(id, _)| id.index()).collect();
        let data = data::of_rest(module, &rest);
        let entries = module.tables.get(table(module)?).initial;
        let mut plan = Plan { rest, slots: BTreeMap::new(), entries, data };
        plan.find_slots(module);
        for function in called_from_first(module, &plan.rest) {
            if !plan.slots.contains_key(&function) {
                plan.slots.insert(function, vec![plan.entries]);
                plan.entries += 1;
            }
        }
        Ok(plan)
    }

    /// Functions of the rest that the table has already.
    fn find_slots(&mut self, module: &Module) {
        for element in module.elements.iter() {
            let ElementKind::Active { offset: ConstExpr::Value(Value::I32(offset)), .. } = element.kind else {
                continue;
            };
            let ElementItems::Functions(functions) = &element.items else { continue };
            for (function, slot) in functions.iter().zip(offset as u64..) {
                if self.rest.contains(&function.index()) {
                    self.slots.entry(function.index()).or_default().push(slot);
                }
            }
        }
    }

    /// Makes of the whole module the rest. Returns what it takes from the first part.
    fn make_rest(&self, module: &mut Module) -> walrus::Result<BTreeSet<String>> {
        let table = table(module)?;
        module.start = None;
        let exports: Vec<_> = module.exports.iter().map(|export| export.id()).collect();
        exports.into_iter().for_each(|id| module.exports.delete(id));
        data::retain(module, module.get_memory_id()?, |number| self.data.contains(&number));
        let elements: Vec<_> = module.elements.iter().map(|element| element.id()).collect();
        elements.into_iter().for_each(|id| module.elements.delete(id));
        module.tables.iter_mut().for_each(|table| table.elem_segments.clear());
        self.import_all(module, table);
        let functions = functions(module);
        for (slot, run) in self.runs() {
            let kind = ElementKind::Active { table, offset: ConstExpr::Value(Value::I32(slot as i32)) };
            let run = run.iter().map(|number| functions[number]).collect();
            let element = module.elements.add(kind, ElementItems::Functions(run));
            module.tables.get_mut(table).elem_segments.insert(element);
        }
        walrus::passes::gc::run(module);
        Ok(module.imports.iter().map(|import| import.name.clone()).collect())
    }

    /// Whatever is not of the rest is taken from the first part.
    fn import_all(&self, module: &mut Module, table: TableId) {
        let old: Vec<_> = module.imports.iter().map(|import| import.id()).collect();
        old.into_iter().for_each(|id| module.imports.delete(id));
        for (name, item) in everything(module) {
            match item {
                ExportItem::Function(id) if self.rest.contains(&id.index()) => {}
                ExportItem::Function(id) => {
                    let import = module.imports.add(OF_FIRST, &name, id);
                    let ty = module.funcs.get(id).ty();
                    module.funcs.get_mut(id).kind = FunctionKind::Import(ImportedFunction { import, ty });
                }
                ExportItem::Memory(id) => {
                    module.memories.get_mut(id).import = Some(module.imports.add(OF_FIRST, &name, id));
                }
                ExportItem::Table(id) => {
                    module.tables.get_mut(id).import = Some(module.imports.add(OF_FIRST, &name, id));
                }
                ExportItem::Global(id) => {
                    module.globals.get_mut(id).kind = GlobalKind::Import(module.imports.add(OF_FIRST, &name, id));
                }
                ExportItem::Tag(_) => {}
            }
        }
        self.widen(module, table);
    }

    /// The functions that the rest puts into the table: runs of neighbours.
    fn runs(&self) -> Vec<(u64, Vec<Number>)> {
        let mut slots: Vec<(u64, Number)> =
            self.slots.iter().flat_map(|(function, slots)| slots.iter().map(|slot| (*slot, *function))).collect();
        slots.sort_unstable();
        let mut runs: Vec<(u64, Vec<Number>)> = Vec::new();
        for (slot, function) in slots {
            match runs.last_mut() {
                Some((start, run)) if *start + run.len() as u64 == slot => run.push(function),
                _ => runs.push((slot, vec![function])),
            }
        }
        runs
    }

    /// The new entries of the table have their places in both modules.
    fn widen(&self, module: &mut Module, table: TableId) {
        let table = module.tables.get_mut(table);
        table.initial = self.entries;
        table.maximum = table.maximum.map(|_| self.entries);
    }

    /// Makes of the whole module the first part, which gives the rest what it wants.
    fn make_first(&self, module: &mut Module, wanted: &BTreeSet<String>) -> walrus::Result<()> {
        let table = table(module)?;
        data::retain(module, module.get_memory_id()?, |number| !self.data.contains(&number));
        let functions = functions(module);
        let there = module.globals.add_local(ValType::I32, true, false, ConstExpr::Value(Value::I32(0)));
        let nothing = module.types.add(&[], &[]);
        let (ask, _) = module.add_import_func(ASK.0, ASK.1, nothing);
        for (number, slots) in &self.slots {
            make_stub(module, functions[number], (table, slots[0]), (there, ask));
        }
        self.widen(module, table);
        module.exports.add(THERE, there);
        for (name, item) in everything(module) {
            if wanted.contains(&name) {
                module.exports.add(&name, item);
            }
        }
        walrus::passes::gc::run(module);
        Ok(())
    }
}

fn make_stub(
    module: &mut Module,
    function: FunctionId,
    (table, slot): (TableId, u64),
    (there, ask): (GlobalId, FunctionId),
) {
    let ty = module.funcs.get(function).ty();
    let (params, results) = module.types.params_results(ty);
    let (params, results) = (params.to_vec(), results.to_vec());
    let locals: Vec<_> = params.iter().map(|ty| module.locals.add(*ty)).collect();
    let mut builder = FunctionBuilder::new(&mut module.types, &params, &results);
    let mut body = builder.func_body();
    body.global_get(there).unop(UnaryOp::I32Eqz).if_else(
        None,
        |then| {
            then.call(ask);
        },
        |_| {},
    );
    for local in &locals {
        body.local_get(*local);
    }
    body.i32_const(slot as i32).call_indirect(ty, table);
    module.funcs.get_mut(function).kind = FunctionKind::Local(builder.local_func(locals));
}

/// All that one module can give another, each under a name that is the same in every parse of the same bytes.
fn everything(module: &Module) -> Vec<(String, ExportItem)> {
    let functions = module.funcs.iter().map(|it| (format!("f{}", it.id().index()), ExportItem::Function(it.id())));
    let memories = module.memories.iter().map(|it| (format!("m{}", it.id().index()), ExportItem::Memory(it.id())));
    let tables = module.tables.iter().map(|it| (format!("t{}", it.id().index()), ExportItem::Table(it.id())));
    let globals = module.globals.iter().map(|it| (format!("g{}", it.id().index()), ExportItem::Global(it.id())));
    functions.chain(memories).chain(tables).chain(globals).collect()
}

fn table(module: &Module) -> walrus::Result<TableId> {
    let table = module.tables.main_function_table()?;
    table.ok_or_else(|| std::io::Error::other("the module has no table of functions").into())
}

fn functions(module: &Module) -> BTreeMap<Number, FunctionId> {
    module.funcs.iter().map(|function| (function.id().index(), function.id())).collect()
}

/// Functions of the rest that the first part calls by name, exports or starts with.
fn called_from_first(module: &Module, rest: &BTreeSet<Number>) -> BTreeSet<Number> {
    let mut calls = Calls(BTreeSet::new());
    for (id, function) in module.funcs.iter_local() {
        if !rest.contains(&id.index()) {
            dfs_in_order(&mut calls, function, function.entry_block());
        }
    }
    for export in module.exports.iter() {
        if let ExportItem::Function(function) = export.item {
            calls.0.insert(function.index());
        }
    }
    calls.0.extend(module.start.map(|start| start.index()));
    calls.0.intersection(rest).copied().collect()
}

struct Calls(BTreeSet<Number>);

impl<'a> Visitor<'a> for Calls {
    fn visit_call(&mut self, call: &Call) {
        self.0.insert(call.func.index());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A module that exports `shown`, which calls `asked`, and has `listed` in its table. Each is long enough to go.
    fn module() -> Vec<u8> {
        let mut module = Module::default();
        let table = module.tables.add_local(false, 2, None, walrus::RefType::FUNCREF);
        let memory = module.memories.add_local(false, false, 1, None, None);
        let data = ElementKind::Active { table, offset: ConstExpr::Value(Value::I32(1)) };
        let asked = function(&mut module, "asked", None);
        let listed = function(&mut module, "listed", Some(asked));
        let shown = function(&mut module, "a[0123456789abcdef]::shown", Some(asked));
        let element = module.elements.add(data, ElementItems::Functions(vec![listed]));
        module.tables.get_mut(table).elem_segments.insert(element);
        module.exports.add("shown", shown);
        module.exports.add("memory", memory);
        module.emit_wasm()
    }

    fn function(module: &mut Module, name: &str, calls: Option<FunctionId>) -> FunctionId {
        let mut builder = FunctionBuilder::new(&mut module.types, &[ValType::I32], &[]);
        let number = module.locals.add(ValType::I32);
        let mut body = builder.name(name.to_owned()).func_body();
        for _ in 0..=SMALL {
            body.local_get(number).drop();
        }
        if let Some(function) = calls {
            body.local_get(number).call(function);
        }
        builder.finish(vec![number], &mut module.funcs)
    }

    fn cut_at(first: &[&str]) -> (Module, Module) {
        let parts = cut(&module(), &first.iter().copied().collect()).expect("it can be cut");
        let parse = |wasm: &[u8]| Module::from_buffer(wasm).expect("what was written is a module");
        (parse(&parts.first), parse(&parts.rest))
    }

    #[test]
    fn what_is_not_listed_goes_and_is_called_through_the_table() {
        let (first, rest) = cut_at(&["a::shown"]);
        assert_eq!(rest.funcs.iter_local().count(), 2, "asked, listed");
        assert_eq!(first.funcs.iter_local().count(), 3, "shown, and a stub for each of the others");
        let (old, new) = (first.tables.iter().next(), rest.tables.iter().next());
        assert_eq!(old.map(|table| table.initial), Some(3), "one more entry, for what was only called by name");
        assert_eq!(new.map(|table| table.initial), Some(3));
        assert!(first.imports.find("rest", "need").is_some());
        assert!(first.exports.iter().any(|export| export.name == "rest_is_there"));
        let slots: usize = rest.elements.iter().map(|element| filled(&element.items)).sum();
        assert_eq!(slots, 2, "both are put into the table");
        for import in rest.imports.iter() {
            assert_eq!(import.module, OF_FIRST);
            assert!(first.exports.iter().any(|export| export.name == import.name), "{} is not exported", import.name);
        }
    }

    #[test]
    fn what_the_rest_calls_of_the_first_part_is_exported_and_not_repeated() {
        let (first, rest) = cut_at(&["asked"]);
        assert!(rest.funcs.iter_local().count() == 2 && rest.imports.iter().any(|import| import.name.starts_with('f')));
        assert!(first.exports.iter().any(|export| export.name == "shown"), "what was exported is exported");
    }

    fn filled(items: &ElementItems) -> usize {
        match items {
            ElementItems::Functions(functions) => functions.len(),
            ElementItems::Expressions(_, expressions) => expressions.len(),
        }
    }
}
