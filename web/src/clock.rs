//! Virtual time out of the browser's frames: pause, speeds, steps. Called by the model once a frame.
//!
//! Counts in whole microseconds, so that 0.25× of a 16.7 ms frame loses nothing. Reads no clock itself.

use swarmyard_core::time::Ms;

/// How fast virtual time passes: quarters of real time, and how the page writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Speed {
    pub(crate) quarters: u64,
    pub(crate) text: &'static str,
}

pub(crate) const SPEEDS: [Speed; 7] = [
    Speed { quarters: 1, text: "0.25" },
    Speed { quarters: 2, text: "0.5" },
    Speed { quarters: 4, text: "1" },
    Speed { quarters: 8, text: "2" },
    Speed { quarters: 20, text: "5" },
    Speed { quarters: 40, text: "10" },
    Speed { quarters: 80, text: "20" },
];

/// 1×: where a page starts.
pub(crate) const REAL_TIME: usize = 2;

/// A frame never counts for more: a tab that was hidden goes on where it was.
const LONGEST_FRAME_US: u64 = 250_000;

#[derive(Clone, Debug)]
pub(crate) struct Clock {
    /// Virtual microseconds in quarters: one real microsecond at 1× is four of them.
    quarters_us: u64,
    /// When the last frame came, in real microseconds.
    last_frame_us: Option<u64>,
    /// Index into [`SPEEDS`].
    pub(crate) speed: usize,
    pub(crate) running: bool,
}

impl Clock {
    /// A running clock at 0.
    pub(crate) fn new(speed: usize) -> Clock {
        Clock { quarters_us: 0, last_frame_us: None, speed, running: true }
    }

    pub(crate) fn now(&self) -> Ms {
        self.quarters_us / 4_000
    }

    /// A frame at `real_ms` (the browser's own count): lets virtual time pass.
    pub(crate) fn frame(&mut self, real_ms: f64) {
        let real_us = (real_ms * 1_000.0) as u64;
        let passed = self.last_frame_us.map_or(0, |last| real_us.saturating_sub(last)).min(LONGEST_FRAME_US);
        self.last_frame_us = Some(real_us);
        if self.running {
            self.quarters_us += passed * SPEEDS[self.speed].quarters;
        }
    }

    /// Moves the hand to `to`, never back.
    pub(crate) fn jump(&mut self, to: Ms) {
        self.quarters_us = self.quarters_us.max(to * 4_000);
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
        let mut clock = Clock::new(0);
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
    fn standing_still_lets_no_time_pass_and_a_jump_only_goes_forward() {
        let mut clock = Clock::new(6);
        clock.running = false;
        clock.frame(0.0);
        clock.frame(100.0);
        assert_eq!(clock.now(), 0);
        clock.jump(5_000);
        clock.jump(4_000);
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
