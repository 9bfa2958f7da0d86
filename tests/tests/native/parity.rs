//! The parity page names what exists, and is up to date.
//!
//! `UPDATE_PARITY=1 cargo test -p swarmyard-tests --test native parity` writes it anew.

use swarmyard_tests::parity::{Claims, page, root, rules, wrong};

#[test]
fn the_parity_page_is_up_to_date() {
    let read = |path: &str| std::fs::read_to_string(root().join(path)).unwrap_or_default();
    let claims = Claims::read();
    let rules = rules(&read("tests/parity/rules.txt")).unwrap_or_else(|why| panic!("tests/parity/rules.txt: {why}"));
    let wrong = wrong(&rules, &claims);
    assert!(wrong.is_empty(), "tests/parity/rules.txt:\n{}", wrong.join("\n"));
    let new = page(&rules, &read("tests/parity/upstream.txt"), &claims);
    if std::env::var_os("UPDATE_PARITY").is_some() {
        std::fs::write(root().join("docs/parity.md"), &new).expect("the page can be written");
        return;
    }
    let old = read("docs/parity.md");
    let differs = old.lines().zip(new.lines()).position(|(old, new)| old != new);
    let line = differs.or((old.len() != new.len()).then(|| old.lines().count().min(new.lines().count())));
    assert!(
        line.is_none(),
        "docs/parity.md is not up to date from line {} on; write it anew: UPDATE_PARITY=1 cargo test -p swarmyard-tests \
         --test native parity",
        line.unwrap_or_default() + 1
    );
}
