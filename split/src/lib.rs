//! Cuts the page's WebAssembly in two: what shows the first picture and takes the first key, and the rest, which the
//! page fetches as soon as it is quiet. The cut goes between functions; sources know nothing of it.
//!
//! Which functions are of the first part says a list of names (`web/first.txt`). It is learnt, not written: a page whose
//! functions leave a [mark] when they run is opened as readers open it. A name that is missing there costs nobody an
//! answer: who calls a function of the rest before the rest has come waits for it, and then goes on.

pub mod cut;
mod data;
pub mod mark;
pub mod name;
