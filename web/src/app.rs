//! The page as a whole: holds the model, turns its state into plain data for the components, and does what the model
//! leaves to the browser.

use std::rc::Rc;

use swarmyard_core::snapshot::{Node, Snapshot};
use web_sys::{HtmlElement, HtmlTextAreaElement};
use yew::prelude::*;

use crate::browser;
use crate::detail::detail_view;
use crate::faults::faults_view;
use crate::focus::Followed;
use crate::header::{Header, header};
use crate::keep::Kept;
use crate::model::{Export, Menu, Model, Msg, Pane, To, Todo, ZOOMS, cluster};
use crate::press::on;
use crate::rollout::panel::panel;
use crate::rollout::panel_view;
use crate::select::Select;
use crate::settings::settings_view;
use crate::stage::mesh::mesh_view;
use crate::stage::picture::{Picture, Pictures, View};
use crate::stage::{field, views};
use crate::terminal::edit::Edit;
use crate::terminal::guide::{Guide, guide, palette};
use crate::terminal::log::{Log, Shown};
use crate::terminal::prompt::Prompt;
use crate::time::{chart_file, time_view};
use crate::twin::twin_view;

/// The seed of every fresh session: the same page for everybody.
const SEED: u64 = 1;

/// As many nodes as it has, unless the address says otherwise.
const NODES: usize = 3;

/// With more nodes than this, shells are chosen from a list.
const TABS: usize = 8;

pub(crate) struct App {
    model: Model,
    /// Always the same, so that what was drawn with it need not be drawn anew.
    send: Callback<Msg>,
    pictures: Pictures,
    picture: Rc<Picture>,
    prompt: NodeRef,
    follow: u32,
    /// Where everything was before it began to travel.
    places: browser::Places,
    /// What had the focus before something opened, and where it is to go when that is drawn.
    opener: Option<HtmlElement>,
    focus: Option<Focus>,
    followed: Followed,
    /// What is drawn next is to fit.
    fit: bool,
}

enum Focus {
    /// Into what is told.
    Told,
    /// To where it was, if it is lost.
    Back,
}

impl Component for App {
    type Message = Msg;
    type Properties = ();

    fn create(ctx: &Context<App>) -> App {
        let link = ctx.link().clone();
        browser::each_frame(move |at| link.send_message(Msg::Frame(at)));
        let settings = browser::settings();
        browser::dress(settings);
        let send = ctx.link().callback(|msg: Msg| msg);
        let asked = browser::nodes_asked();
        let mut model = Model::new(cluster(asked.unwrap_or(NODES)), SEED, settings);
        if let Some(kept) = browser::kept_session(settings).and_then(|text| Kept::read(&text).ok())
            && asked.is_none_or(|asked| asked == kept.nodes)
        {
            model.restore(&kept);
        }
        let mut pictures = Pictures::default();
        App {
            send,
            picture: pictures.next(&model.snapshot, model.now(), model.view),
            pictures,
            model,
            prompt: NodeRef::default(),
            follow: 0,
            places: Default::default(),
            opener: None,
            focus: None,
            followed: Followed::default(),
            fit: false,
        }
    }

    fn update(&mut self, _ctx: &Context<App>, msg: Msg) -> bool {
        self.followed.note(&self.model.snapshot);
        let (open, told) = (self.model.opened(), self.model.told.is_some());
        let Todo { draw, prompt, follow, settings, travel, keep, fit, export } = self.model.update(msg);
        self.fit |= fit;
        if draw && self.model.view != View::Tables {
            self.picture = self.pictures.next(&self.model.snapshot, self.model.now(), self.model.view);
        }
        if travel {
            // Where they are drawn still.
            self.places = browser::places();
        }
        if self.model.opened() > open {
            self.opener = browser::focused();
            self.focus = (self.model.told.is_some() && !told).then_some(Focus::Told);
        } else if self.model.opened() < open {
            self.focus = Some(Focus::Back);
        }
        self.follow += u32::from(follow);
        if prompt && let Some(field) = self.prompt.cast::<HtmlTextAreaElement>() {
            let editor = &self.model.shown_shell().editor;
            browser::write_line(&field, editor.text(), editor.cursor_utf16());
        }
        if settings {
            browser::dress(self.model.settings);
        }
        if keep {
            browser::keep_session(&self.model.kept().write());
        }
        match export {
            Some(Export::Session) => {
                browser::download("swarmyard-session.txt", "text/plain", &self.model.kept().write())
            }
            Some(Export::Chart) => {
                let file = chart_file(&self.model).unwrap_or_default();
                browser::download("swarmyard-timeline.svg", "image/svg+xml", &file);
            }
            None => {}
        }
        draw
    }

    fn rendered(&mut self, ctx: &Context<App>, first: bool) {
        if std::mem::take(&mut self.fit)
            && let Some(percent) = browser::fit(&ZOOMS[1..])
        {
            ctx.link().send_message(Msg::Fitted(percent));
        }
        if !self.places.is_empty() {
            browser::travel(&std::mem::take(&mut self.places), f64::from(self.model.zoom) / 100.0);
        }
        match self.focus.take() {
            Some(Focus::Told) => browser::focus(None, ".detail"),
            Some(Focus::Back) if browser::focused().is_none() => browser::focus(self.opener.take(), "#stage"),
            _ => self.followed.pass_on(&self.model.snapshot),
        }
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
        let send = self.send.clone();
        let model = &self.model;
        let lang = model.settings.lang;
        let texts = lang.texts();
        let pane = match model.pane {
            Pane::Terminal => "terminal",
            Pane::Cluster => "cluster",
            Pane::Time => "time",
        };
        let keys = model.settings.keys;
        let onkeydown = ctx.link().batch_callback(move |event| on_key(event, keys));
        html! {
            <div class={classes!("page", model.settings.embedded.then_some("embedded"), (!model.clock.running).then_some("stopped"))}
                data-pane={pane} {onkeydown}>
                <a class="skip" href="#prompt">{ texts.skip }</a>
                <a class="skip" href="#stage">{ texts.skip_cluster }</a>
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
                    { time_view(model, lang, &send) }
                </main>
                { settings_view(model, texts, &send) }
                <nav class="panes">
                    { for [(Pane::Terminal, texts.tab_terminal), (Pane::Cluster, texts.tab_cluster), (Pane::Time, texts.tab_time)].map(|(pane, title)| html! {
                        <button aria-pressed={(model.pane == pane).to_string()}
                            onclick={on(&send, Msg::Pane(pane))}>{ title }</button>
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
                    if model.snapshot.nodes.len() > TABS {
                        <ShellChoice nodes={model.snapshot.nodes.clone()} shown={shell.node.to_string()} label={texts.shells} send={send.clone()} />
                    } else {
                    <>{ for model.snapshot.nodes.iter().map(|node| {
                        let name = node.hostname.clone();
                        html! {
                            <button lang="en" aria-pressed={(node.hostname == shell.node).to_string()}
                                onclick={on(send, Msg::Shell(name.clone()))}>{ &node.hostname }</button>
                        }
                    }) }</> }
                </div>
                <Log {lang} node={shell.node.clone()} blocks={shell.blocks.iter().cloned().map(Shown).collect::<Vec<_>>()}
                    pending={model.pending().to_owned()} waiting={model.waiting()} follow={self.follow} send={send.clone()} />
                if let Some(editing) = model.editing() { <Edit {lang} {editing} send={send.clone()} /> } else {
                <Prompt {lang} node={shell.node.clone()} field={self.prompt.clone()} {busy} continued={!model.pending().is_empty()}
                    search={shell.editor.search_prompt()} candidates={shell.candidates.clone()}
                    flag={shell.hint.clone()} stopped={!model.clock.running} send={send.clone()} /> }
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
            <section class="stage" id="stage" tabindex="-1" aria-label={texts.cluster}>
                if snapshot.services.len() > 1 {
                    <div class="services" role="group" aria-label={texts.services}>
                        { for snapshot.services.iter().map(|service| {
                            let name = service.name.clone();
                            html! {
                                <button class="button" lang="en" aria-pressed={(Some(service.name.as_str()) == shown).to_string()}
                                    onclick={on(send, Msg::Service(name.clone()))}>{ &service.name }</button>
                            }
                        }) }
                    </div>
                }
                if let Some(panel) = shown.and_then(|name| panel(snapshot, &model.chronicle, name, now)) {
                    { panel_view(texts, &panel, send) }
                } else {
                    <div class="rollout"><div class="card empty">
                        <h2>{ texts.no_service }</h2><p>{ texts.no_service_hint }</p>
                    </div></div>
                }
                { mesh_view(model, snapshot.services.iter().find(|service| Some(service.name.as_str()) == shown), texts, send) }
                { views(model, texts, send) }
                if model.open == Some(Menu::Faults) { { faults_view(model, texts, send) } }
                <p class={if model.view == View::Tables { "narration" } else { "unseen" }} role="status">{ &model.narrator.says }</p>
                <div class={classes!("scene", model.told.is_some().then_some("told"))}>
                    if model.view == View::Tables { { twin_view(snapshot, model.rows, texts, send) } }
                    else { { field(model, &self.picture, send) } }
                    if let Some(told) = &model.told { { detail_view(model, told, texts, send) } }
                </div>
            </section>
        }
    }
}

#[derive(Properties, PartialEq)]
struct ShellChoiceProps {
    nodes: Vec<Rc<Node>>,
    shown: String,
    label: &'static str,
    send: Callback<Msg>,
}

/// The shells of many nodes, to choose one from.
#[function_component(ShellChoice)]
fn shell_choice(props: &ShellChoiceProps) -> Html {
    let words: Vec<String> = props.nodes.iter().map(|node| node.hostname.clone()).collect();
    let chosen = words.iter().position(|name| *name == props.shown).unwrap_or_default();
    let choose = {
        let names = words.clone();
        props.send.reform(move |chosen: usize| Msg::Shell(names.get(chosen).cloned().unwrap_or_default()))
    };
    html! { <Select name="shell" class="" label={props.label} english=true {words} {chosen} {choose} /> }
}

/// The keys of the whole page: with Alt everywhere, by themselves where nothing is typed.
fn on_key(event: KeyboardEvent, alone: bool) -> Option<Msg> {
    let typing = browser::is_field(&event);
    // Escape closes whether single keys are wanted or not.
    let allowed = event.alt_key() || (!typing && (alone || event.key() == "Escape"));
    if event.ctrl_key() || event.meta_key() || !allowed {
        return None;
    }
    let msg = match event.code().as_str() {
        "BracketLeft" => Msg::Go(To::PreviousMark),
        "BracketRight" => Msg::Go(To::NextMark),
        "Home" => Msg::Go(To::LastCommand),
        "End" => Msg::Go(To::End),
        "Period" => Msg::Go(To::NextEvent),
        "Escape" => Msg::Close,
        "KeyP" => Msg::PlayOrPause,
        "Minus" => Msg::Nearer(false),
        "Equal" => Msg::Nearer(true),
        "Digit0" => Msg::Zoom(0),
        _ => return None,
    };
    // What the browser itself has opened, it closes.
    if msg != Msg::Close {
        event.prevent_default();
    }
    Some(msg)
}
