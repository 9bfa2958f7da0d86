//! The languages: the switch covers everything that is the page's own, whatever is open.

use serde_json::{Value, json};
use swarmyard_tests::browser::{Page, Settings, visit};

/// Texts and names without a Korean letter where Korean is spoken: more than single letters and signs. Pictures speak by
/// their own name alone.
const FOREIGN: &str = r"
    const found = new Set();
    const see = (text, of) => {
        const korean = of.closest('[lang]').lang === 'ko' && !of.closest('[aria-hidden=true], svg');
        // What was typed is quoted as it was.
        const quoted = of.matches('.what') && text.startsWith('$ ');
        if (korean && !quoted && /[A-Za-z]{2}/.test(text) && !/[가-힣]/.test(text)) found.add(text.trim());
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const of = walker.currentNode.parentElement;
        if (!of.closest('script, style, noscript, #fault')) see(walker.currentNode.data, of);
    }
    for (const of of document.querySelectorAll('[aria-label], [title], [placeholder]'))
        for (const name of ['aria-label', 'title', 'placeholder']) see(of.getAttribute(name) ?? '', of);
    return [...found]";

/// What stands on the page while Korean is spoken, and is neither Korean nor a name.
fn foreign(page: &Page) -> Vec<Value> {
    let names = ["Swarmyard", "manager", "node1", "node2", "my-app"];
    let found = page.script(FOREIGN, json!([]));
    let found = found.as_array().expect("a list");
    found.iter().filter(|text| !names.contains(&text.as_str().unwrap_or_default())).cloned().collect()
}

#[test]
fn no_english_sentence_is_left_in_korean() {
    visit(&Settings { width: 1440, height: 900, locale: "ko-KR", ..Settings::default() }, |page| {
        page.wait_until("there is a prompt", || page.count("#prompt") == 1);
        let own: [Value; 0] = [];
        assert_eq!(foreign(page), own, "at first");
        let create = "0 line 0 docker service create -dq --name my-app --publish 8000:8000 --replicas 3 masungil/my-fastapi-whoami";
        page.go_on(
            3,
            20_000,
            &[create, "10000 line 0 docker service update --image masungil/my-fastapi-whoami:badversion my-app"],
        );
        page.wait_until("a task is rejected", || page.count("[data-state=rejected] .face") == 1);
        page.click("[data-play=true]");
        assert_eq!(foreign(page), own, "paused");
        page.click("[data-state=rejected] .face");
        page.wait_for_text(".detail", "No such image");
        assert_eq!(foreign(page), own, "what is told of a task");
        page.click("[data-menu=faults]");
        page.click("[data-inspect]");
        assert_eq!(foreign(page), own, "faults, and all that there is");
        page.click("[data-menu=stops]");
        page.click("[data-view='2']");
        assert_eq!(foreign(page), own, "tables");
        page.click("[data-go=command]");
        page.line("docker node ls");
        page.wait_until("there is a branch", || page.count("[data-branches='2']") == 1);
        page.click("[data-menu=branches]");
        page.click("[data-view='1']");
        assert_eq!(foreign(page), own, "branches, and slots");
        page.click("[data-lang]");
        page.wait_until("it speaks English", || page.text("[data-lang]") == "한국어");
        let hangul = "return [...document.querySelectorAll('body *:not([lang=ko])')].filter(e =>
            !e.closest('[lang=ko], #fault, noscript, script') && [...e.childNodes].some(n => n.nodeType === 3 && /[가-힣]/.test(n.data))
            ).map(e => e.textContent)";
        assert_eq!(page.script(hangul, json!([])), json!([]), "Korean that is left in English");
    });
}
