//! How long before the company's founding something happened, written `12m`, `4h` or `300d`.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

/// A length of time, to be counted back from the founding moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Age(SignedDuration);

impl Age {
    pub const fn days(days: i64) -> Self {
        Self(SignedDuration::from_hours(24 * days))
    }

    /// The moment that lies this long before `now`.
    pub fn before(self, now: Timestamp) -> Timestamp {
        now.checked_sub(self.0).unwrap_or(Timestamp::MIN)
    }
}

impl TryFrom<String> for Age {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at(digits);
        // Six digits are 2,700 years of days: enough for every story, and no product of them overflows.
        let number = match number.parse::<u32>() {
            Ok(number) if number < 1_000_000 => i64::from(number),
            _ => return Err(not_an_age(&text)),
        };
        match unit {
            "m" => Ok(Self(SignedDuration::from_mins(number))),
            "h" => Ok(Self(SignedDuration::from_hours(number))),
            "d" => Ok(Self::days(number)),
            _ => Err(not_an_age(&text)),
        }
    }
}

fn not_an_age(text: &str) -> String {
    format!("`{text}` is not an age; write a whole number and m, h or d, such as 12m, 4h or 300d")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn age(text: &str) -> Result<Age, String> {
        Age::try_from(text.to_owned())
    }

    #[test]
    fn ages_count_back_from_the_founding_moment() {
        let now: Timestamp = "2026-11-23T14:12:00Z".parse().unwrap();
        let moment = |text: &str| age(text).unwrap().before(now).to_string();
        assert_eq!(moment("12m"), "2026-11-23T14:00:00Z");
        assert_eq!(moment("26h"), "2026-11-22T12:12:00Z");
        assert_eq!(moment("300d"), "2026-01-27T14:12:00Z");
        assert_eq!(age("999999d").unwrap().before(Timestamp::MIN), Timestamp::MIN);
    }

    #[test]
    fn anything_else_is_refused_with_an_example() {
        for text in ["", "d", "12", "12 m", "-3d", "1w", "1000000d", "12µ"] {
            assert!(age(text).unwrap_err().contains("such as 12m"), "{text}");
        }
    }
}
