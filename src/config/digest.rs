//! `[digest]`: when duplicate groups are told.

use jiff::tz::TimeZone;

use super::ConfigError;
use super::file::{Sections, wrong};
use crate::digest::schedule::{NoSchedule, Schedule};

/// Working days at nine: admins read it before the day's questions come.
const SCHEDULE: &str = "0 9 * * 1-5";

/// `[digest]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Digest {
    /// Nothing where it is switched off, since something else runs `sso-why digest --post`.
    pub schedule: Option<Schedule>,
    /// Whose days they are.
    pub time_zone: TimeZone,
    /// Whether one quiet line is posted where there is nothing to report.
    pub says_nothing_found: bool,
}

impl Default for Digest {
    fn default() -> Self {
        Self {
            schedule: Schedule::read(SCHEDULE, TimeZone::UTC).ok(),
            time_zone: TimeZone::UTC,
            says_nothing_found: true,
        }
    }
}

pub(super) fn digest(sections: Sections) -> Result<Digest, ConfigError> {
    let mut digest = Digest::default();
    if let Some((place, name)) = sections.text("digest", "time_zone")? {
        digest.time_zone =
            TimeZone::get(name).map_err(|_| wrong(&place, "an IANA time zone, like Europe/London", name))?;
    }
    digest.schedule = match sections.text("digest", "schedule")? {
        Some((_, "off")) => None,
        Some((place, cron)) => {
            let schedule = Schedule::read(cron, digest.time_zone.clone());
            Some(schedule.map_err(|refused| wrong(&place, expected(refused), cron))?)
        }
        None => Schedule::read(SCHEDULE, digest.time_zone.clone()).ok(),
    };
    match sections.text("digest", "when_nothing")? {
        None | Some((_, "say")) => {}
        Some((_, "silent")) => digest.says_nothing_found = false,
        Some((place, other)) => return Err(wrong(&place, "\"say\" or \"silent\"", other)),
    }
    Ok(digest)
}

fn expected(refused: NoSchedule) -> &'static str {
    match refused {
        NoSchedule::NotCron => {
            "a cron expression of five fields (minute, hour, day, month, weekday), like \"0 9 * * 1-5\", or \"off\""
        }
        NoSchedule::TooOften => {
            "due once a day at most, so with one minute and one hour, like \"0 9 * * 1-5\""
        }
        NoSchedule::Never => "due on some day, like \"0 9 * * 1-5\", or \"off\"",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::file::parse;

    fn read(text: &str) -> Result<Digest, String> {
        let text = format!("[digest]\n{text}");
        parse("sso-why.toml", &text, &|_| None).map(|config| config.digest).map_err(|error| error.to_string())
    }

    #[test]
    fn it_is_due_on_working_days_at_nine_unless_something_else_is_said() {
        let london = TimeZone::get("Europe/London").expect("is there");
        let digest = read("time_zone = \"Europe/London\"").expect("is read");
        assert_eq!(digest.schedule, Schedule::read("0 9 * * 1-5", london.clone()).ok());
        assert_eq!((digest.time_zone, digest.says_nothing_found), (london, true));
        let digest = read("schedule = \"30 7 * * *\"\nwhen_nothing = \"silent\"").expect("is read");
        assert_eq!(digest.schedule, Schedule::read("30 7 * * *", TimeZone::UTC).ok());
        assert!(!digest.says_nothing_found);
        assert_eq!(read("schedule = \"off\"").expect("is read").schedule, None);
    }

    #[test]
    fn what_is_wrong_is_said_with_how_to_mend_it() {
        for (text, sentence) in [
            (
                "schedule = \"at nine\"",
                "sso-why.toml, line 2: [digest] schedule cannot be at nine; it must be a cron expression of five fields (minute, hour, day, month, weekday), like \"0 9 * * 1-5\", or \"off\"",
            ),
            (
                "schedule = \"0 9,15 * * *\"",
                "sso-why.toml, line 2: [digest] schedule cannot be 0 9,15 * * *; it must be due once a day at most, so with one minute and one hour, like \"0 9 * * 1-5\"",
            ),
            (
                "schedule = \"0 9 30 2 *\"",
                "sso-why.toml, line 2: [digest] schedule cannot be 0 9 30 2 *; it must be due on some day, like \"0 9 * * 1-5\", or \"off\"",
            ),
            (
                "time_zone = \"London\"",
                "sso-why.toml, line 2: [digest] time_zone cannot be London; it must be an IANA time zone, like Europe/London",
            ),
            (
                "when_nothing = \"quiet\"",
                "sso-why.toml, line 2: [digest] when_nothing cannot be quiet; it must be \"say\" or \"silent\"",
            ),
            (
                "shedule = \"0 9 * * *\"",
                "sso-why.toml, line 2 has [digest] shedule, which is no setting; did you mean schedule?",
            ),
        ] {
            assert_eq!(read(text), Err(sentence.to_owned()));
        }
    }
}
