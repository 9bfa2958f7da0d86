//! The chart of time as a file of its own: an SVG that needs nothing from the page. The same layout as on the page, with
//! what the page says beside it: the versions, the marks, the times.

use std::fmt::Write;

use swarmyard_core::snapshot::{Stage, Version};
use swarmyard_core::time::Ms;

use super::chart::stage_word;
use super::lanes::{Chart, Window};
use super::marks::{Spot, mark_words};
use crate::clock::clock_text;
use crate::stage::node::hue_class;
use crate::text::{Texts, fill};

pub(crate) struct Sheet<'a> {
    pub(crate) service: &'a str,
    pub(crate) versions: &'a [Version],
    pub(crate) chart: &'a Chart,
    pub(crate) spots: &'a [Spot],
    pub(crate) window: Window,
    pub(crate) now: Ms,
}

/// In the units of the drawing.
const WIDTH: usize = 960;
const LEFT: usize = 90;
const TOP: usize = 62;
const LANE: usize = 18;
const LINE: usize = 16;

/// As many marks as are listed below.
const MARKS: usize = 24;

/// Colours of the page on white: whoever prints it, prints on paper.
const STYLE: &str = "text{font:12px system-ui,sans-serif;fill:#111a2b}.h{font-size:18px;font-weight:700}\
    .m{fill:#556177}.e{text-anchor:end}.hue0,.hue3{--v:#0072b2}.hue1,.hue4{--v:#d55e00}.hue2,.hue5{--v:#8f4e86}\
    rect{fill:var(--v)}[data-stage=coming]{fill:url(#coming);stroke:var(--v)}[data-stage=leaving]{fill-opacity:.3}\
    #coming path{stroke:#556177;stroke-width:2}.band{fill:#7d889b}.band[data-word$=paused]{fill:#855600}\
    .band[data-word=rollback_started]{fill:#b3261e}.x{fill:#b3261e;font-weight:700;text-anchor:middle}\
    .later{fill:#fff;fill-opacity:.65}.hand{stroke:#111a2b;stroke-width:1.5}.grid{stroke:#d6dce5}";

pub(crate) fn svg(sheet: &Sheet, texts: &Texts) -> String {
    let Sheet { service, versions, chart, spots, window, now } = sheet;
    let below = TOP + 10 + chart.lanes.len() * LANE;
    let listed = spots.len().min(MARKS);
    let height = below + 40 + (listed + usize::from(spots.len() > listed)) * LINE;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\">\
         <style>{STYLE}</style><defs><pattern id=\"coming\" width=\"5\" height=\"5\" patternTransform=\"rotate(45)\" \
         patternUnits=\"userSpaceOnUse\"><path d=\"M0 0V5\"/></pattern></defs>\
         <rect width=\"100%\" height=\"100%\" style=\"fill:#fff\"/>"
    );
    // Writing into a string cannot fail.
    let mut put = |text: std::fmt::Arguments| {
        let _ = out.write_fmt(text);
    };
    put(format_args!("<text class=\"h\" x=\"12\" y=\"26\">{}</text>", escaped(service)));
    let mut x = 12;
    for (hue, version) in versions.iter().enumerate() {
        put(format_args!(
            "<rect class=\"{}\" x=\"{x}\" y=\"36\" width=\"12\" height=\"12\" rx=\"3\"/><text x=\"{}\" y=\"46\">{}</text>",
            hue_class(hue),
            x + 17,
            escaped(&version.tag)
        ));
        x += 36 + version.tag.chars().count() * 8;
    }
    for quarter in 0..=4 {
        let at = window.from + (window.to - window.from) * quarter / 4;
        let x = place(quarter as f32 * 25.0);
        put(format_args!("<path class=\"grid\" d=\"M{x:.1} {TOP}V{below}\"/>"));
        put(format_args!("<text class=\"m e\" x=\"{x:.1}\" y=\"{}\">{}</text>", below + 14, clock_text(at)));
    }
    for band in &chart.band {
        let (x, width) = (place(band.left), place(band.width) - place(0.0));
        put(format_args!(
            "<rect class=\"band\" data-word=\"{}\" x=\"{x:.1}\" y=\"{TOP}\" width=\"{width:.1}\" height=\"5\"/>",
            band.word
        ));
    }
    for (row, lane) in chart.lanes.iter().enumerate() {
        let y = TOP + 10 + row * LANE;
        put(format_args!("<text class=\"m e\" x=\"{}\" y=\"{}\">{}</text>", LEFT - 8, y + 13, escaped(&lane.title)));
        for piece in &lane.pieces {
            let (x, width) = (place(piece.left), place(piece.width) - place(0.0));
            if piece.stage == Stage::Failed {
                put(format_args!("<text class=\"x\" x=\"{x:.1}\" y=\"{}\">✕</text>", y + 13));
                continue;
            }
            let (y, height) = if piece.low { (y + 9, 6) } else { (y + 2, 13) };
            put(format_args!(
                "<rect class=\"{}\" data-stage=\"{}\" x=\"{x:.1}\" y=\"{y}\" width=\"{width:.1}\" height=\"{height}\" rx=\"2\"/>",
                hue_class(piece.hue),
                stage_word(piece.stage)
            ));
        }
    }
    let (hand, end) = (place(window.percent(*now)), place(100.0));
    put(format_args!(
        "<rect class=\"later\" x=\"{hand:.1}\" y=\"{TOP}\" width=\"{:.1}\" height=\"{}\"/>\
         <path class=\"hand\" d=\"M{hand:.1} {TOP}V{below}\"/>",
        end - hand,
        below - TOP
    ));
    for (index, spot) in spots.iter().take(MARKS).enumerate() {
        let y = below + 38 + index * LINE;
        put(format_args!(
            "<text class=\"m\" x=\"12\" y=\"{y}\">{}</text><text x=\"{LEFT}\" y=\"{y}\">{}</text>",
            clock_text(spot.mark.at),
            escaped(&mark_words(&spot.mark, texts))
        ));
    }
    if spots.len() > listed {
        let more = fill(texts.more_fields, &[&(spots.len() - listed)]);
        put(format_args!("<text class=\"m\" x=\"{LEFT}\" y=\"{}\">{more}</text>", below + 38 + listed * LINE));
    }
    out + "</svg>\n"
}

/// Where a percentage of the time in sight is drawn.
fn place(percent: f32) -> f32 {
    LEFT as f32 + percent / 100.0 * (WIDTH - LEFT - 16) as f32
}

/// As XML can hold it.
fn escaped(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Lang;
    use crate::time::lanes::chart;
    use crate::time::marks::spots;
    use swarmyard_core::scenario::Scenario;
    use swarmyard_core::session::{Input, Session};
    use swarmyard_core::snapshot::Chronicle;

    #[test]
    fn the_file_holds_what_the_page_draws_and_needs_nothing_else() {
        let mut session = Session::new(&Scenario::lab(), 1);
        let mut chronicle = Chronicle::default();
        let create = "docker service create -dq --name a --label 'b=<&>' --replicas 2 masungil/my-fastapi-whoami";
        for line in [create, "docker service update -dq --image a:b a"] {
            session.input(Input::Line { shell: 0, text: line.to_owned() });
            for _ in 0..100 {
                session.advance(session.now() + 100);
                chronicle.read(session.world());
            }
        }
        let window = Window { from: 0, to: 20_000 };
        let (chart, spots, snapshot) =
            (chart(&chronicle, "a", window, 20_000), spots(&chronicle.marks, window), session.snapshot());
        let versions = &snapshot.services[0].versions;
        let sheet = Sheet { service: "a", versions, chart: &chart, spots: &spots, window, now: 10_000 };
        let file = svg(&sheet, Lang::En.texts());
        let pieces: Vec<_> = chart.lanes.iter().flat_map(|lane| &lane.pieces).collect();
        let crosses = pieces.iter().filter(|piece| piece.stage == Stage::Failed).count();
        assert!(crosses > 0 && file.matches("class=\"x\"").count() == crosses, "{file}");
        assert_eq!(file.matches(" data-stage=\"").count(), pieces.len() - crosses);
        assert_eq!(file.matches("class=\"band\"").count(), chart.band.len());
        assert_eq!(file.matches("<text x=\"90\"").count(), spots.len().min(MARKS));
        assert!(file.contains(">latest<") && file.contains(">b<"), "both versions: {file}");
        assert!(file.contains("b=&lt;&amp;&gt;") && !file.contains("href"), "{file}");
    }
}
