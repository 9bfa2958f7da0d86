//! Virtual time. The engine counts milliseconds since the session began; nothing here reads a clock.
//!
//! Docker's own specs carry nanoseconds, because people may write `--update-delay 54321ns`: [`Nanos`].

/// Milliseconds since the session began.
pub type Ms = u64;

/// A duration as Docker's specs keep it: nanoseconds, signed as in Go.
pub type Nanos = i64;

pub const SECOND: Ms = 1_000;
pub const MINUTE: Ms = 60 * SECOND;
pub const HOUR: Ms = 60 * MINUTE;

/// Nanoseconds in one second, as Docker's specs count.
pub const NANOS_PER_SECOND: Nanos = 1_000_000_000;

/// A spec's duration in engine time: rounded up to whole milliseconds, so that a tiny delay is still a delay.
/// Negative durations count as zero.
pub fn nanos_to_ms(nanos: Nanos) -> Ms {
    u64::try_from(nanos).unwrap_or(0).div_ceil(1_000_000)
}
