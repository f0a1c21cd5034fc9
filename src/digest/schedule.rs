//! When the digest is due: a cron expression in a time zone, at most once a local day.
//!
//! The expression is read by the clock on the wall. What happens when that changes is the rule of RFC 5545 (3.3.5):
//! a time that does not exist is taken later by as much as the clock is put forward, and one that comes twice is
//! taken the first time. Where later would be the next day, which has a digest of its own, it is taken earlier.

use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// How many times in a row are looked at to see that no two are on one day: more than two years of a daily one,
/// so that weekdays, days of the month and clock changes all come by.
const LOOKED_AT: usize = 800;

/// Longer than any clock is put forward or back.
const A_DAY: SignedDuration = SignedDuration::from_hours(24);

/// When the digest is due.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    cron: Cron,
    zone: TimeZone,
}

/// Why it is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoSchedule {
    #[error("is no cron expression of five fields")]
    NotCron,
    #[error("is due more than once a day")]
    TooOften,
    #[error("is never due")]
    Never,
}

impl Schedule {
    /// The schedule that these five fields (minute, hour, day of the month, month, day of the week) are in this
    /// zone.
    ///
    /// # Errors
    /// See [`NoSchedule`].
    pub fn read(cron: &str, zone: TimeZone) -> Result<Self, NoSchedule> {
        let parser = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build();
        let cron = parser.parse(cron).map_err(|_| NoSchedule::NotCron)?;
        // Any moment does, as long as the times after it can be counted: the epoch is as good as another.
        let start = Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC);
        let days: Vec<Date> = cron.iter_after(start).take(LOOKED_AT).map(|at| at.date()).collect();
        if days.is_empty() {
            return Err(NoSchedule::Never);
        }
        if days.windows(2).any(|pair| matches!(pair, [one, other] if one == other)) {
            return Err(NoSchedule::TooOften);
        }
        Ok(Self { cron, zone })
    }

    /// The first time after this moment at which it is due.
    pub fn next_after(&self, now: Timestamp) -> Option<Timestamp> {
        // A time on the wall may be over while the moment that it is taken at is still to come.
        let before = (now - A_DAY).to_zoned(self.zone.clone()).datetime();
        let on_the_wall = before.to_zoned(TimeZone::UTC).ok()?;
        let times = self.cron.iter_after(on_the_wall).map(|time| self.moment_of(time.datetime()));
        times.take(LOOKED_AT).find_map(|moment| moment.filter(|moment| *moment > now))
    }

    /// When the clock on the wall shows this, or would.
    fn moment_of(&self, time: DateTime) -> Option<Timestamp> {
        let ambiguous = self.zone.to_ambiguous_zoned(time);
        let later = ambiguous.clone().compatible().ok()?;
        let moment = if later.date() == time.date() { later } else { ambiguous.earlier().ok()? };
        Some(moment.timestamp())
    }

    /// As it was written.
    pub fn as_written(&self) -> String {
        let zone = self.zone.iana_name().unwrap_or_default();
        format!("{} {zone}", self.cron.as_str())
    }
}

#[cfg(test)]
mod tests {
    use jiff::Zoned;

    use super::*;

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).expect("is in the database")
    }

    fn schedule(cron: &str, zone_name: &str) -> Schedule {
        Schedule::read(cron, zone(zone_name)).expect("is a schedule")
    }

    fn at(time: &str) -> Timestamp {
        time.parse().expect("a moment")
    }

    /// The times at which it is due in the week after this day's noon, as the clocks there show them.
    fn week(schedule: &Schedule, noon: &str) -> Vec<String> {
        let start = at(&format!("{noon}T12:00:00Z"));
        let due = |after: &Timestamp| schedule.next_after(*after);
        let times = std::iter::successors(due(&start), due).take(7);
        times.map(|at| shown(&at.to_zoned(schedule.zone.clone()))).collect()
    }

    fn shown(at: &Zoned) -> String {
        at.strftime("%d %H:%M %Z").to_string()
    }

    #[test]
    fn nine_o_clock_stays_nine_o_clock_when_london_changes_its_clocks() {
        let nine = schedule("0 9 * * *", "Europe/London");
        assert_eq!(
            week(&nine, "2027-03-26"),
            [
                "27 09:00 GMT",
                "28 09:00 BST",
                "29 09:00 BST",
                "30 09:00 BST",
                "31 09:00 BST",
                "01 09:00 BST",
                "02 09:00 BST"
            ]
        );
        assert_eq!(
            week(&nine, "2026-10-23"),
            [
                "24 09:00 BST",
                "25 09:00 GMT",
                "26 09:00 GMT",
                "27 09:00 GMT",
                "28 09:00 GMT",
                "29 09:00 GMT",
                "30 09:00 GMT"
            ]
        );
    }

    #[test]
    fn a_time_that_does_not_exist_is_taken_later_and_never_on_the_next_day() {
        let in_the_gap = schedule("30 1 * * *", "Europe/London");
        assert_eq!(week(&in_the_gap, "2027-03-26")[..3], ["27 01:30 GMT", "28 02:30 BST", "29 01:30 BST"]);
        let in_the_gap = schedule("30 2 * * *", "America/New_York");
        assert_eq!(week(&in_the_gap, "2027-03-12")[..3], ["13 02:30 EST", "14 03:30 EDT", "15 02:30 EDT"]);
    }

    #[test]
    fn where_the_missing_hour_ends_at_midnight_and_where_it_is_half_an_hour() {
        let before_midnight = schedule("30 23 * * *", "America/Nuuk");
        assert_eq!(
            week(&before_midnight, "2027-03-25")[..4],
            ["25 23:30 -02", "26 23:30 -02", "27 22:30 -02", "28 23:30 -01"]
        );
        let half_an_hour = schedule("10 2 * * *", "Australia/Lord_Howe");
        assert_eq!(
            week(&half_an_hour, "2026-10-02")[..3],
            ["03 02:10 +1030", "04 02:40 +11", "05 02:10 +11"]
        );
    }

    #[test]
    fn a_time_that_comes_twice_is_taken_the_first_time() {
        let twice = schedule("30 1 * * *", "Europe/London");
        assert_eq!(week(&twice, "2026-10-23")[..3], ["24 01:30 BST", "25 01:30 BST", "26 01:30 GMT"]);
        let twice = schedule("30 1 * * *", "America/New_York");
        assert_eq!(week(&twice, "2026-10-30")[..3], ["31 01:30 EDT", "01 01:30 EDT", "02 01:30 EST"]);
    }

    #[test]
    fn it_is_due_once_on_every_local_day_whenever_it_is_asked() {
        let zones = [
            "Europe/London",
            "America/New_York",
            // The missing hour ends at midnight, and begins there, and is half an hour.
            "America/Nuuk",
            "Africa/Cairo",
            "Australia/Lord_Howe",
        ];
        for zone_name in zones {
            for cron in ["0 9 * * *", "30 1 * * *", "10 2 * * *", "30 2 * * *", "30 0 * * *", "30 23 * * *"] {
                let schedule = schedule(cron, zone_name);
                for noon in [
                    "2026-03-26",
                    "2026-04-22",
                    "2026-10-01",
                    "2026-10-22",
                    "2026-10-29",
                    "2027-03-10",
                    "2027-03-25",
                ] {
                    let start = at(&format!("{noon}T12:00:00Z"));
                    let mut due = Vec::new();
                    // Every seven minutes of a week, as a process that starts again and again would ask.
                    for step in 0..(7 * 24 * 60 / 7) {
                        let next = schedule.next_after(start + SignedDuration::from_mins(7 * step));
                        due.push(next.expect("is due again"));
                    }
                    due.dedup();
                    assert!(due.is_sorted(), "{cron} in {zone_name}: {due:?}");
                    let days: Vec<Date> =
                        due.iter().map(|at| at.to_zoned(schedule.zone.clone()).date()).collect();
                    let each_once = days.windows(2).all(|pair| pair[0].tomorrow().ok() == Some(pair[1]));
                    assert!(each_once, "{cron} in {zone_name} about {noon}: {days:?}");
                }
            }
        }
    }

    #[test]
    fn working_days_are_monday_to_friday() {
        let working_days = schedule("0 9 * * 1-5", "Europe/London");
        let friday = at("2026-11-27T09:00:00Z");
        assert_eq!(working_days.next_after(friday), Some(at("2026-11-30T09:00:00Z")));
    }

    #[test]
    fn what_is_due_twice_a_day_or_never_is_refused() {
        let refused = |cron: &str| Schedule::read(cron, TimeZone::UTC).expect_err("is refused");
        assert_eq!(refused("0 9,15 * * *"), NoSchedule::TooOften);
        assert_eq!(refused("*/5 * * * *"), NoSchedule::TooOften);
        assert_eq!(refused("* * * * *"), NoSchedule::TooOften);
        assert_eq!(refused("0 9 30 2 *"), NoSchedule::Never);
        assert_eq!(refused("0 0 9 * * *"), NoSchedule::NotCron, "with seconds");
        assert_eq!(refused("at nine"), NoSchedule::NotCron);
        assert_eq!(refused(""), NoSchedule::NotCron);
    }
}
