//! The page as a whole: holds the model, turns its state into plain data for the components, and does what the model
//! leaves to the browser.

use swarmyard_core::scenario::Scenario;
use swarmyard_core::snapshot::Snapshot;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::browser;
use crate::header::{Header, header};
use crate::model::{Model, Msg, Pane, Todo};
use crate::rollout::panel::panel;
use crate::rollout::panel_view;
use crate::stage::field;
use crate::stage::picture::picture;
use crate::terminal::guide::{Guide, guide, palette};
use crate::terminal::log::{Log, Shown};
use crate::terminal::prompt::Prompt;

/// The seed of every fresh session: the same page for everybody.
const SEED: u64 = 1;

pub(crate) struct App {
    model: Model,
    prompt: NodeRef,
    follow: u32,
}

impl Component for App {
    type Message = Msg;
    type Properties = ();

    fn create(ctx: &Context<App>) -> App {
        let link = ctx.link().clone();
        browser::each_frame(move |at| link.send_message(Msg::Frame(at)));
        let settings = browser::settings();
        browser::dress(settings);
        App { model: Model::new(Scenario::playground(), SEED, settings), prompt: NodeRef::default(), follow: 0 }
    }

    fn update(&mut self, _ctx: &Context<App>, msg: Msg) -> bool {
        let Todo { draw, prompt, follow, settings } = self.model.update(msg);
        self.follow += u32::from(follow);
        if prompt && let Some(field) = self.prompt.cast::<HtmlTextAreaElement>() {
            let editor = &self.model.shown_shell().editor;
            browser::write_line(&field, editor.text(), editor.cursor_utf16());
        }
        if settings {
            browser::dress(self.model.settings);
        }
        draw
    }

    fn rendered(&mut self, _ctx: &Context<App>, first: bool) {
        let settings = self.model.settings;
        if first
            && !settings.embedded
            && !browser::is_touched()
            && let Some(field) = self.prompt.cast::<HtmlTextAreaElement>()
        {
            // A field that cannot take the focus is no reason to stop.
            let _ = field.focus();
        }
    }

    fn view(&self, ctx: &Context<App>) -> Html {
        let send = ctx.link().callback(|msg: Msg| msg);
        let model = &self.model;
        let lang = model.settings.lang;
        let texts = lang.texts();
        let pane = if model.pane == Pane::Terminal { "terminal" } else { "cluster" };
        html! {
            <div class={classes!("page", model.settings.embedded.then_some("embedded"), (!model.clock.running).then_some("stopped"))}
                data-pane={pane}>
                <a class="skip" href="#prompt">{ texts.skip }</a>
                { header(&Header {
                    lang,
                    dark: model.settings.dark.unwrap_or_else(browser::prefers_dark),
                    now: model.clock.now(),
                    running: model.clock.running,
                    speed: model.clock.speed,
                    send: send.clone(),
                }) }
                <main>
                    { self.terminal(&send) }
                    { self.stage(&send, &model.snapshot) }
                </main>
                <nav class="panes">
                    { for [(Pane::Terminal, texts.tab_terminal), (Pane::Cluster, texts.tab_cluster)].map(|(pane, title)| html! {
                        <button aria-pressed={(model.pane == pane).to_string()}
                            onclick={send.reform(move |_: MouseEvent| Msg::Pane(pane))}>{ title }</button>
                    }) }
                </nav>
            </div>
        }
    }
}

impl App {
    fn terminal(&self, send: &Callback<Msg>) -> Html {
        let model = &self.model;
        let lang = model.settings.lang;
        let texts = lang.texts();
        let shell = model.shown_shell();
        let busy = model.busy();
        html! {
            <section class="terminal" aria-label={texts.terminal}>
                <div class="shells" role="group" aria-label={texts.shells}>
                    { for model.snapshot.nodes.iter().map(|node| {
                        let name = node.hostname.clone();
                        html! {
                            <button lang="en" aria-pressed={(node.hostname == shell.node).to_string()}
                                onclick={send.reform(move |_: MouseEvent| Msg::Shell(name.clone()))}>{ &node.hostname }</button>
                        }
                    }) }
                </div>
                <Log {lang} node={shell.node.clone()} blocks={shell.blocks.iter().cloned().map(Shown).collect::<Vec<_>>()}
                    pending={model.pending().to_owned()} waiting={model.waiting()} follow={self.follow} />
                <Prompt {lang} node={shell.node.clone()} field={self.prompt.clone()} {busy} continued={!model.pending().is_empty()}
                    search={shell.editor.search_prompt()} candidates={shell.candidates.clone()}
                    stopped={!model.clock.running} send={send.clone()} />
                { palette(lang, send) }
                { guide(&Guide { lang, walk: &model.walk, busy, typing: model.typing.is_some(), send: send.clone() }) }
            </section>
        }
    }

    fn stage(&self, send: &Callback<Msg>, snapshot: &Snapshot) -> Html {
        let model = &self.model;
        let lang = model.settings.lang;
        let texts = lang.texts();
        let now = model.clock.now();
        let shown = model.shown_service();
        html! {
            <section class="stage" aria-label={texts.cluster}>
                if snapshot.services.len() > 1 {
                    <div class="services" role="group" aria-label={texts.services}>
                        { for snapshot.services.iter().map(|service| {
                            let name = service.name.clone();
                            html! {
                                <button class="button" lang="en" aria-pressed={(Some(service.name.as_str()) == shown).to_string()}
                                    onclick={send.reform(move |_: MouseEvent| Msg::Service(name.clone()))}>{ &service.name }</button>
                            }
                        }) }
                    </div>
                }
                if let Some(panel) = shown.and_then(|name| panel(snapshot, &model.rollouts, name, now)) {
                    { panel_view(texts, &panel) }
                } else {
                    <div class="rollout"><div class="card empty">
                        <h2>{ texts.no_service }</h2><p>{ texts.no_service_hint }</p>
                    </div></div>
                }
                { field(lang, picture(snapshot, now)) }
            </section>
        }
    }
}
