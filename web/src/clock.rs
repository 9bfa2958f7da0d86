//! Virtual time out of the browser's frames: pause, speeds, steps. Called by the model once a frame.
//!
//! Counts in whole microseconds, so that 0.25× of a 16.7 ms frame loses nothing. Reads no clock itself.

use swarmyard_core::time::Ms;

/// How fast virtual time passes: twentieths of real time, and how the page writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Speed {
    pub(crate) twentieths: u64,
    pub(crate) text: &'static str,
}

const fn speed(twentieths: u64, text: &'static str) -> Speed {
    Speed { twentieths, text }
}

pub(crate) const SPEEDS: [Speed; 10] = [
    speed(2, "0.1"),
    speed(5, "0.25"),
    speed(10, "0.5"),
    speed(20, "1"),
    speed(40, "2"),
    speed(100, "5"),
    speed(200, "10"),
    speed(400, "20"),
    speed(1_000, "50"),
    speed(2_000, "100"),
];

/// 1×: where a page starts.
pub(crate) const REAL_TIME: usize = 3;

/// A frame never counts for more: a tab that was hidden goes on where it was.
const LONGEST_FRAME_US: u64 = 250_000;

#[derive(Clone, Debug)]
pub(crate) struct Clock {
    /// Virtual microseconds in twentieths: one real microsecond at 1× is twenty of them.
    twentieths_us: u64,
    /// When the last frame came, in real microseconds.
    last_frame_us: Option<u64>,
    /// Index into [`SPEEDS`].
    pub(crate) speed: usize,
    pub(crate) running: bool,
}

impl Clock {
    /// A running clock at 0.
    pub(crate) fn new(speed: usize) -> Clock {
        Clock { twentieths_us: 0, last_frame_us: None, speed, running: true }
    }

    pub(crate) fn now(&self) -> Ms {
        self.twentieths_us / 20_000
    }

    /// A frame at `real_ms` (the browser's own count): lets virtual time pass.
    pub(crate) fn frame(&mut self, real_ms: f64) {
        let real_us = (real_ms * 1_000.0) as u64;
        let passed = self.last_frame_us.map_or(0, |last| real_us.saturating_sub(last)).min(LONGEST_FRAME_US);
        self.last_frame_us = Some(real_us);
        if self.running {
            self.twentieths_us += passed * SPEEDS[self.speed].twentieths;
        }
    }

    /// Moves the hand to `to`.
    pub(crate) fn set(&mut self, to: Ms) {
        self.twentieths_us = to * 20_000;
    }
}

/// `00:21.4`, and `1:02:03.4` after the first hour.
pub(crate) fn clock_text(now: Ms) -> String {
    let tenths = now / 100;
    let (hours, minutes, seconds) = (tenths / 36_000, tenths / 600 % 60, tenths / 10 % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}.{}", tenths % 10)
    } else {
        format!("{minutes:02}:{seconds:02}.{}", tenths % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_of_many_short_frames_loses_nothing() {
        let mut clock = Clock::new(1);
        for frame in 0..=600 {
            clock.frame(f64::from(frame) * 16.667);
        }
        assert_eq!(clock.now(), 600 * 16_667 / 4 / 1_000);
    }

    #[test]
    fn a_hidden_tab_does_not_jump() {
        let mut clock = Clock::new(REAL_TIME);
        clock.frame(1_000.0);
        clock.frame(3_600_000.0);
        assert_eq!(clock.now(), 250);
    }

    #[test]
    fn standing_still_lets_no_time_pass_and_the_hand_can_be_set() {
        let mut clock = Clock::new(7);
        clock.running = false;
        clock.frame(0.0);
        clock.frame(100.0);
        assert_eq!(clock.now(), 0);
        clock.set(9_000);
        clock.set(5_000);
        assert_eq!(clock.now(), 5_000);
        clock.running = true;
        clock.frame(200.0);
        assert_eq!(clock.now(), 7_000);
    }

    #[test]
    fn the_hand_is_written_in_tenths() {
        assert_eq!(clock_text(0), "00:00.0");
        assert_eq!(clock_text(21_499), "00:21.4");
        assert_eq!(clock_text(3_723_450), "1:02:03.4");
    }
}
