//! Ids and message timestamps: unique, in order, and shaped like Slack's.

use jiff::Timestamp;

/// What was numbered so far.
#[derive(Default)]
pub(super) struct Ids {
    issued: u64,
    last_microsecond: i64,
}

impl Ids {
    /// A new id that starts with `prefix`, as `V0SANDBOX0001`.
    pub(super) fn next(&mut self, prefix: &str) -> String {
        self.issued += 1;
        format!("{prefix}0SANDBOX{:04X}", self.issued)
    }

    /// A new timestamp, as `1700000000.000100`: the given moment, or one microsecond after the last one
    /// where the clock stands still, because a channel's messages are told apart by it.
    pub(super) fn next_ts(&mut self, now: Timestamp) -> String {
        self.last_microsecond = now.as_microsecond().max(self.last_microsecond + 1);
        let (seconds, microseconds) = (self.last_microsecond / 1_000_000, self.last_microsecond % 1_000_000);
        format!("{seconds}.{microseconds:06}")
    }

    /// The clock was set back: the next timestamp is the clock's, not one after the last.
    pub(super) fn follow_clock_back(&mut self) {
        self.last_microsecond = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_stay_unique_while_the_clock_stands_still() {
        let mut ids = Ids::default();
        let noon = Timestamp::from_second(1_700_000_000).unwrap();
        assert_eq!(ids.next_ts(noon), "1700000000.000000");
        assert_eq!(ids.next_ts(noon), "1700000000.000001");
        assert_ne!(ids.next("V"), ids.next("V"));
    }
}
