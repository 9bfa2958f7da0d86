//! What the terminal does beside running commands: it says what a flag does, and edits files.

use serde_json::json;
use swarmyard_tests::browser::{Key, Page, Settings, visit};

use super::page::CREATE;

const HINT: &str = "#prompt-hint";

fn opened(settings: &Settings, test: impl FnOnce(&Page)) {
    visit(settings, |page| {
        page.wait_until("there is a prompt", || page.count("#prompt") == 1);
        test(page);
    });
}

#[test]
fn the_flag_at_the_cursor_says_what_it_would_change_now() {
    opened(&Settings { width: 1440, height: 900, ..Settings::default() }, |page| {
        assert_eq!(page.run(CREATE), 0);
        page.wait_for_live(3, "running", "latest");
        page.write("#prompt", "docker service update my-app --update-parallelism 2");
        page.wait_for_text(HINT, "--update-parallelism uint");
        page.wait_for_text(HINT, "UpdateConfig.Parallelism 1 → 2");
        page.wait_for_text(HINT, "running tasks replaced: 0");
        page.write("#prompt", " --image masungil/my-fastapi-whoami:v2");
        page.wait_for_text(HINT, "running tasks replaced: 3");
        page.screenshot("hint");
        // Back over the image and the flag's own name, to the first flag.
        let back = "const field = document.querySelector('#prompt');
            const at = field.value.indexOf('--update');
            field.setSelectionRange(at + 5, at + 5);
            field.dispatchEvent(new PointerEvent('pointerup', {bubbles: true}))";
        page.script(back, json!([]));
        page.wait_for_text(HINT, "--update-parallelism uint");
        page.press("#prompt", Key::Control('u'));
        page.write("#prompt", "docker service ps my-app");
        page.wait_for_text(HINT, "Enter runs");
        assert_eq!(page.horizontal_overflow(), 0);
    });
    let settings = Settings { width: 360, height: 740, locale: "ko-KR", ..Settings::default() };
    opened(&settings, |page| {
        page.write("#prompt", "docker service create --replicas-max-per-node 2");
        page.wait_for_text(HINT, "--replicas-max-per-node uint");
        assert_eq!(page.horizontal_overflow(), 0);
        page.screenshot("hint-360-ko");
    });
}

#[test]
fn a_file_is_edited_in_the_place_of_the_prompt() {
    opened(&Settings::default(), |page| {
        page.line("edit stack.yml");
        page.wait_until("there is an editor", || page.count("#file") == 1);
        assert_eq!(page.count("#prompt"), 0);
        page.wait_for_text(".editor", "/root/stack.yml");
        page.write("#file", "services:\n  web: {image: demo/healthy}\n");
        page.screenshot("edit");
        assert_eq!(page.horizontal_overflow(), 0);
        page.press("#file", Key::Control('s'));
        page.wait_until("the prompt is back", || page.count("#prompt") == 1);
        assert_eq!(page.run("cat stack.yml"), 0);
        page.wait_for_text("[role=log]", "web: {image: demo/healthy}");
        // What is given up changes nothing.
        page.line("edit stack.yml");
        page.wait_until("there is an editor", || page.count("#file") == 1);
        assert_eq!(
            page.script("return document.querySelector('#file').value.split('\\n').length", json!([])),
            json!(3)
        );
        page.write("#file", "garbage");
        page.click(".editor [type=button]");
        page.wait_until("the prompt is back", || page.count("#prompt") == 1);
        assert_eq!(page.run("grep -c garbage stack.yml"), 1);
    });
}
