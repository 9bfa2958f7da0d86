//! Each invariant, seen to fail on a world that was broken on purpose.
