//! The client outside the swarm: how often it asks, which version answers, and what is lost.

use swarmyard_core::snapshot::{Request, Service, Totals};
use swarmyard_core::time::Ms;
use yew::prelude::*;

use crate::clock::SPEEDS;
use crate::glyph::{self, glyph};
use crate::model::{Model, Msg};
use crate::select::Select;
use crate::stage::node::hue_class;
use crate::text::{Texts, fill};

/// Requests a second, as milliseconds from one to the next.
pub(crate) const RATES: [(Ms, &str); 7] =
    [(0, "0"), (1_000, "1"), (200, "5"), (100, "10"), (20, "50"), (10, "100"), (5, "200")];

/// How long a request takes.
pub(crate) const LENGTHS: [(Ms, &str); 5] = [(0, "0"), (100, "0.1"), (1_000, "1"), (3_000, "3"), (10_000, "10")];

/// More dots a second than this are shown as a bar.
const DOTS: u64 = 50;

/// So long a dot is on its way, in the browser's milliseconds: as the style sheet has it.
const WAY_MS: u64 = 700;

pub(crate) fn mesh_view(model: &Model, service: Option<&Service>, texts: &Texts, send: &Callback<Msg>) -> Html {
    let Some((service, (published, _))) = service.and_then(|service| Some((service, service.ports.first()?))) else {
        // The place is kept, so that nothing jumps when somebody publishes a port.
        return html! { <div class="mesh">{ texts.client }{ ": " }{ texts.client_none }</div> };
    };
    asking(model, service, published, texts, send)
}

/// What the client asks and what it is answered.
#[inline(never)]
fn asking(model: &Model, service: &Service, published: &u16, texts: &Texts, send: &Callback<Msg>) -> Html {
    let client = &model.client;
    let totals = client.totals(model.now());
    let speed = SPEEDS[model.clock.speed].twentieths;
    let a_second = (1_000 * speed / 20).checked_div(client.every_ms).unwrap_or(0);
    html! {
        <section class="mesh" aria-label={texts.client} data-lost={totals.lost().to_string()}>
            <span>{ texts.client }</span>
            { choice(&RATES, client.every_ms, texts.client_rate, "/s", "rate", send, Msg::Rate) }
            { choice(&LENGTHS, client.length_ms, texts.client_length, " s", "length", send, Msg::Length) }
            <b class="port" lang="en">{ &*client.host }{ ":" }{ published }</b>
            <span class="track" aria-hidden="true">
                if a_second <= DOTS { { for belts(&client.recent, model.now(), WAY_MS * speed / 20).iter().map(belt_view) } }
                else { { share(&totals, &client.recent) } }
            </span>
            <span class="answers">
                { for answered(&totals, service).map(|(hue, tag, count)| html! {
                    <span class="answered"><i class={classes!("swatch", hue_class(hue))} /><span lang="en">{ tag }</span>{ " " }<b style={format!("--long:{}", count.to_string().len())}>{ count }</b></span>
                }) }
            </span>
            <span class={classes!("lost", (totals.lost() > 0).then_some("some"))}>
                { fill(texts.lost, &[&totals.lost()]) }
                if totals.lost() > 0 { <small>{ fill(texts.lost_how, &[&totals.refused, &totals.cut]) }</small> }
            </span>
        </section>
    }
}

fn choice(
    of: &'static [(Ms, &'static str)],
    now: Ms,
    label: &'static str,
    unit: &'static str,
    name: &'static str,
    send: &Callback<Msg>,
    msg: fn(Ms) -> Msg,
) -> Html {
    let words: Vec<String> = of.iter().map(|(_, word)| [*word, unit].concat()).collect();
    let chosen = of.iter().position(|(ms, _)| *ms == now).unwrap_or_default();
    let choose = send.reform(move |chosen: usize| msg(of.get(chosen).map_or(0, |(ms, _)| *ms)));
    html! { <Select {name} class="button small" {label} {words} {chosen} {choose} /> }
}

/// Requests on their way that move together: each dot by itself would be a layer of its own for the browser.
#[derive(Debug, PartialEq)]
struct Belt {
    number: Ms,
    /// How far behind the first one each of them is, in hundredths of the way.
    dots: Vec<(u64, Request)>,
}

/// What is in sight of the latest requests. A belt is as long as half of the way, and takes one and a half of its times.
fn belts(recent: &[Request], now: Ms, way_ms: Ms) -> Vec<Belt> {
    let number = |request: &Request| request.at * 2 / way_ms.max(1);
    let begun = recent.partition_point(|request| request.at <= now);
    let belts = recent[..begun].chunk_by(|one, other| number(one) == number(other)).map(|belt| {
        let behind = |at: Ms| (at - belt[0].at) * 100 / way_ms.max(1);
        Belt { number: number(&belt[0]), dots: belt.iter().map(|request| (behind(request.at), *request)).collect() }
    });
    belts.filter(|belt| (belt.number + 3) * way_ms >= now * 2).collect()
}

/// Moves by itself, as the style sheet says: one that is drawn once more need not be moved.
fn belt_view(belt: &Belt) -> Html {
    html! {
        <span key={belt.number} class="belt">
            { for belt.dots.iter().map(|(behind, request)| {
                let style = format!("left:-{behind}%");
                match request.version {
                    Some(hue) => html! { <i key={request.at} class={classes!("dot", hue_class(hue))} {style} /> },
                    None => html! { <i key={request.at} class="dot bad" {style}>{ glyph(glyph::CROSS) }</i> },
                }
            }) }
        </span>
    }
}

/// Too many for dots: how the latest were answered, as parts of a bar.
fn share(totals: &Totals, recent: &[Request]) -> Html {
    let part = |version: Option<usize>| {
        recent.iter().filter(|request| request.version == version).count() * 100 / recent.len().max(1)
    };
    html! {
        <span class="share">
            { for (0..totals.answered.len()).map(|hue| html! {
                <i class={hue_class(hue)} style={format!("width:{}%", part(Some(hue)))} />
            }) }
            <i class="bad" style={format!("width:{}%", part(None))} />
        </span>
    }
}

/// Which version answered how many, of those that answered any.
fn answered<'a>(totals: &'a Totals, service: &'a Service) -> impl Iterator<Item = (usize, &'a str, u32)> {
    let counts = totals.answered.iter().enumerate().filter(|(_, count)| **count > 0);
    counts.map(|(hue, count)| (hue, service.versions.get(hue).map_or("…", |version| version.tag.as_str()), *count))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::paused;

    #[test]
    fn versions_that_answered_are_counted_by_their_tags() {
        let totals = Totals { answered: [194, 6, 0, 0, 0, 0], ..Totals::default() };
        let counted: Vec<_> =
            answered(&totals, &paused().services[0]).map(|(_, tag, count)| format!("{tag} {count}")).collect();
        assert_eq!(counted, ["latest 194", "badversion 6"]);
    }

    #[test]
    fn what_is_on_its_way_moves_in_belts() {
        let recent: Vec<Request> = [100, 900, 1_000, 1_060, 1_200].map(|at| Request { at, version: Some(0) }).into();
        let shown: Vec<_> = belts(&recent, 1_100, 700)
            .into_iter()
            .map(|belt| (belt.number, belt.dots.iter().map(|(behind, _)| *behind).collect::<Vec<_>>()))
            .collect();
        assert_eq!(shown, [(2, vec![0, 14]), (3, vec![0])], "100 has arrived, 1200 is yet to come");
        assert!(belts(&recent, 9_000, 700).is_empty());
    }
}
