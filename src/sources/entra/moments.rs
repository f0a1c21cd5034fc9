//! How Graph writes moments and intervals, with the values that mean "none".

use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp};

/// No synchronization job has so long an interval; one that is switched off shows 10,675,199 days.
const LONGEST_INTERVAL: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A moment; none where there is none, it cannot be read, or it lies in the year 1, which is how Graph
/// writes "never".
pub(super) fn moment(text: Option<&str>) -> Option<Timestamp> {
    let moment: Timestamp = text?.parse().ok()?;
    (moment > Timestamp::UNIX_EPOCH).then_some(moment)
}

/// An ISO 8601 interval; none where it makes no sense as one.
pub(super) fn interval(text: Option<&str>) -> Option<SignedDuration> {
    let span: Span = text?.parse().ok()?;
    let interval = span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?;
    (interval.is_positive() && interval <= LONGEST_INTERVAL).then_some(interval)
}

/// As Graph's filters want a moment.
pub(super) fn filter_moment(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_year_1_and_what_is_no_moment_are_none() {
        let seven_digits = moment(Some("2026-03-04T05:06:07.1234567Z")).expect("a moment");
        assert_eq!(filter_moment(seven_digits), "2026-03-04T05:06:07Z");
        for none in
            [None, Some("0001-01-01T00:00:00Z"), Some("0001-01-01T00:00:00+00:00"), Some(""), Some("soon")]
        {
            assert_eq!(moment(none), None, "{none:?}");
        }
    }

    #[test]
    fn absurd_intervals_are_none() {
        assert_eq!(interval(Some("PT40M")), Some(SignedDuration::from_mins(40)));
        assert_eq!(interval(Some("P1DT30M")), Some(SignedDuration::from_mins(24 * 60 + 30)));
        for none in [
            None,
            Some("P10675199DT2H48M5.4775807S"),
            Some("PT0S"),
            Some("-PT40M"),
            Some("P30D"),
            Some("P1M"),
            Some("x"),
        ] {
            assert_eq!(interval(none), None, "{none:?}");
        }
    }
}
