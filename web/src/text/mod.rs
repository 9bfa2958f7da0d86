//! What the page says, one file per language. What the shell says is Docker's and never translated; neither are
//! Docker's words for states, so that the picture and the tables speak of the same thing.
//!
//! A language is a value of [`Texts`]: a missing text does not compile. `{0}`, `{1}` … are filled by [`fill`].

mod en;
mod ko;

use std::fmt::Display;

use crate::walkthrough::{CHAPTERS, STEPS};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lang {
    Ko,
    En,
}

impl Lang {
    pub(crate) const ALL: [Lang; 2] = [Lang::Ko, Lang::En];

    /// The code for `<html lang>`, for storage and for `?lang=`.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Lang::Ko => "ko",
            Lang::En => "en",
        }
    }

    /// What a login sets `LANG` to.
    pub(crate) fn locale(self) -> &'static str {
        match self {
            Lang::Ko => "ko_KR.UTF-8",
            Lang::En => "en_US.UTF-8",
        }
    }

    /// The language of a browser's tag (`ko-KR`), if the page speaks it.
    pub(crate) fn of(tag: &str) -> Option<Lang> {
        let primary = tag.split('-').next().unwrap_or_default();
        Lang::ALL.into_iter().find(|lang| primary.eq_ignore_ascii_case(lang.code()))
    }

    /// As the core names it.
    pub(crate) fn core(self) -> swarmyard_core::why::Lang {
        match self {
            Lang::Ko => swarmyard_core::why::Lang::Ko,
            Lang::En => swarmyard_core::why::Lang::En,
        }
    }

    /// The language that the switch offers.
    pub(crate) fn other(self) -> Lang {
        match self {
            Lang::Ko => Lang::En,
            Lang::En => Lang::Ko,
        }
    }

    pub(crate) fn texts(self) -> &'static Texts {
        match self {
            Lang::Ko => &ko::TEXTS,
            Lang::En => &en::TEXTS,
        }
    }
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        /// Every text of the page in one language.
        #[derive(Debug)]
        pub(crate) struct Texts {
            $($(#[$doc])* pub(crate) $name: &'static str,)*
            /// Headings of the walk-through's chapters.
            pub(crate) chapters: [&'static str; CHAPTERS],
            /// What the page says to each command of the walk-through.
            pub(crate) steps: [&'static str; STEPS.len()],
            /// Where the page differs from a real swarm.
            pub(crate) differences: &'static [&'static str],
        }

        #[cfg(test)]
        impl Texts {
            fn all(&self) -> Vec<(&'static str, &'static str)> {
                let mut all = vec![$((stringify!($name), self.$name)),*];
                all.extend(self.chapters.iter().map(|text| ("chapters", *text)));
                all.extend(self.steps.iter().map(|text| ("steps", *text)));
                all.extend(self.differences.iter().map(|text| ("differences", *text)));
                all
            }
        }
    };
}

texts! {
    title,
    tagline,
    skip,
    skip_cluster,
    // The header.
    clock,
    pause,
    play,
    step,
    to_decision,
    speed,
    reset,
    /// The switch to the other language, in that language.
    other_language,
    to_dark,
    to_light,
    about,
    about_title,
    about_models,
    close,
    settings,
    keys_alone,
    keys_list,
    session,
    session_kept,
    export,
    export_chart,
    import,
    /// {0}: the number of the line.
    unreadable,
    // The bar of time.
    time,
    scrub,
    to_command,
    to_previous,
    to_next,
    to_end,
    /// {0}: the mark.
    halted,
    /// {0}: the end of what was played.
    in_the_past,
    /// {0}: slot.
    mark_lane,
    stops,
    stop_command,
    stop_update,
    stop_lane,
    stop_failure,
    stop_node,
    /// {0} of {1}.
    branches,
    first_branch,
    compare,
    /// {0}: the number of the branch.
    compared,
    vary,
    vary_hint,
    /// {0}: service, {1}: moment.
    differences_since,
    columns_branches,
    span,
    span_all,
    /// {0}: how many.
    span_minutes,
    chart,
    slots,
    // The client outside.
    client,
    /// Where no service publishes a port.
    client_none,
    client_rate,
    client_length,
    /// {0}: how many.
    lost,
    /// {0}: refused, {1}: cut.
    lost_how,
    // What can be broken; words with a bar between them.
    faults,
    faults_hint,
    faults_on,
    faults_node,
    faults_drain,
    faults_active,
    faults_all,
    faults_crash,
    workshop,
    image,
    presets,
    preset_words,
    apply,
    // What is told of what was chosen.
    detail,
    inspect,
    docker_says,
    type_it,
    why,
    why_nothing,
    /// {0}: how many.
    why_more,
    // The terminal.
    terminal,
    shells,
    log,
    welcome,
    /// {0}: host name.
    prompt,
    keys,
    busy,
    stopped,
    /// {0}: the value.
    hint_default,
    hint_nothing,
    /// {0}: how many.
    hint_replaced,
    edit_keys,
    discard,
    save,
    /// {0}: how many lines.
    waiting_lines,
    commands,
    interrupt,
    // The walk-through.
    walkthrough,
    /// {0} of {1}.
    walk_step,
    walk_next,
    walk_waits,
    walk_done,
    walk_again,
    // The stage.
    cluster,
    no_service,
    no_service_hint,
    no_task,
    unplaced,
    off,
    /// {0}: seconds.
    retry_in,
    view,
    rows,
    rows_back,
    rows_on,
    zoom,
    zoom_fit,
    view_nodes,
    view_slots,
    view_tables,
    /// {0}: how many, {1}: of which kinds.
    crowd,
    // The tables; columns with a bar between them.
    table_nodes,
    table_tasks,
    columns_nodes,
    columns_services,
    columns_tasks,
    /// {0}: how many.
    narrator_more,
    // History of a slot; {0}: how many.
    rejected,
    failed,
    shut_down,
    completed,
    orphaned,
    // What the shapes mean.
    legend,
    legend_colour,
    look_waiting,
    look_preparing,
    look_ready,
    look_starting,
    look_running,
    look_serving,
    look_stopping,
    look_failed,
    look_rejected,
    ring_grace,
    ring_retry,
    ring_monitor,
    ring_unproven,
    // The rollout panel.
    services,
    /// {0} of {1}.
    in_service,
    /// {0}: published, {1}: target port.
    port,
    /// The image a rollout comes from, and goes to.
    from,
    to,
    failures,
    rules,
    /// {0}: Docker's word for the action.
    gauge_over,
    gauge_under,
    spec,
    previous,
    previous_none,
    /// {0}: how many.
    more_fields,
    lanes,
    lane_idle,
    /// {0}: slot.
    lane_starting,
    /// {0}: slot, {1}: seconds.
    lane_delay,
    // What happens next.
    next_idle,
    /// {0}: how many.
    next_starting,
    /// {0}: tag.
    next_pick,
    /// {0}: slots, {1}: tag.
    next_replacing,
    /// {0}: how many.
    next_left,
    /// {0}: seconds.
    next_watch,
    /// {0}: seconds.
    next_delay,
    next_paused,
    /// {0}: slot, {1}: tag.
    next_retry,
    /// {0}: slot, {1}: tag, {2}: seconds.
    next_retry_in,
    next_rolling_back,
    next_rollback_paused,
    next_removed,
    tab_terminal,
    tab_cluster,
    tab_time,
}

/// Puts `values` in the places of `{0}`, `{1}` … of `template`.
pub(crate) fn fill(template: &str, values: &[&dyn Display]) -> String {
    let mut text = template.to_owned();
    for (index, value) in values.iter().enumerate() {
        text = text.replace(&format!("{{{index}}}"), &value.to_string());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_say_everything_with_the_same_places() {
        let places = |text: &str| (0..4).filter(|index| text.contains(&format!("{{{index}}}"))).collect::<Vec<_>>();
        let (ko, en) = (Lang::Ko.texts().all(), Lang::En.texts().all());
        assert_eq!(ko.len(), en.len());
        for ((name, ko), (_, en)) in ko.into_iter().zip(en) {
            assert!(!ko.is_empty() && !en.is_empty(), "{name} is empty");
            assert_eq!(places(ko), places(en), "{name}: places differ");
        }
    }

    #[test]
    fn each_language_is_written_in_its_own_letters() {
        let hangul = |text: &str| text.chars().any(|letter| ('가'..='힣').contains(&letter));
        for (name, text) in Lang::En.texts().all() {
            assert_eq!(hangul(text), name == "other_language", "{name}: {text}");
        }
        let latin: Vec<_> = Lang::Ko.texts().all().into_iter().filter(|(_, text)| !hangul(text)).collect();
        let names: Vec<_> = latin.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["title", "other_language", "walk_step"], "untranslated: {latin:?}");
    }

    #[test]
    fn the_browsers_language_is_understood() {
        assert_eq!(Lang::of("ko-KR"), Some(Lang::Ko));
        assert_eq!(Lang::of("EN"), Some(Lang::En));
        assert_eq!(Lang::of("kok"), None);
    }

    #[test]
    fn values_fill_their_places() {
        assert_eq!(fill("{1} of {0}, {1}", &[&3, &"a"]), "a of 3, a");
    }
}
