//! What a button carries, and what is kept behind it.
//!
//! A button carries its whole question, so that it still works when what was kept is gone: after a restart
//! there is nothing to compare with, but the question is answered.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;
use serde::{Deserialize, Serialize};

use super::sealed::Sealed;
use crate::diagnosis::Diagnosis;
use crate::diagnosis::question::Question;

/// The form of what buttons carry; a button of another form is from another version.
const FORM: u8 = 1;

/// Slack's limit for a button's value, in characters of up to four bytes.
const LONGEST: usize = 4 * 2_000;

/// How long a report is kept to compare with: a day, the time in which somebody comes back to it.
const REPORT_LIVES: Duration = Duration::from_secs(24 * 60 * 60);
/// Reports and forms kept at most; a report is a few kilobytes.
const KEPT: u64 = 10_000;

/// What a report's buttons carry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Handle {
    #[serde(rename = "v")]
    form: u8,
    /// What a person quotes.
    #[serde(rename = "r")]
    pub(super) reference: String,
    /// Slack's id of the person whom it is about.
    #[serde(rename = "u")]
    pub(super) about: String,
    /// The account as it is to be asked for: its number where it is known.
    #[serde(rename = "a")]
    pub(super) account: String,
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub(super) permission_set: Option<String>,
    #[serde(rename = "s", default)]
    pub(super) steps_shown: bool,
    /// How often the report has been told, so that a press on the new one is no double click on the old.
    #[serde(rename = "n", default)]
    pub(super) turn: u16,
    /// Whether everybody in a channel reads the report.
    #[serde(rename = "c", default)]
    pub(super) in_channel: bool,
}

impl Handle {
    pub(super) fn new(
        reference: String,
        about: String,
        account: String,
        permission_set: Option<String>,
    ) -> Self {
        Self {
            form: FORM,
            reference,
            about,
            account,
            permission_set,
            steps_shown: false,
            turn: 0,
            in_channel: false,
        }
    }

    /// Reads what a button carried; nothing where it is not ours or of another form.
    pub(super) fn read(value: &str) -> Option<Self> {
        if value.len() > LONGEST {
            return None;
        }
        serde_json::from_str(value).ok().filter(|handle: &Self| handle.form == FORM)
    }

    /// What the button is to carry.
    pub(super) fn write(&self) -> String {
        // A struct of strings always serializes; an empty value reads back as a button too old.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The same question, answered for everybody in the channel.
    pub(super) fn for_everybody(self) -> Self {
        Self { in_channel: true, ..self }
    }

    /// The same question about another account.
    pub(super) fn about_account(&self, account: String) -> Self {
        Self { account, ..self.clone() }
    }
}

/// A question as work that waits keeps it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct KeptQuestion {
    subject: String,
    subject_name: Option<String>,
    /// Absent from what was kept before there were any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    further_address: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    profile_unread: Option<String>,
    account: String,
    permission_set: Option<String>,
}

impl KeptQuestion {
    pub(super) fn of(question: &Question) -> Self {
        let Question { subject, subject_name, further_address, profile_unread, account, permission_set } =
            question.clone();
        Self { subject, subject_name, further_address, profile_unread, account, permission_set }
    }

    pub(super) fn question(&self) -> Question {
        let Self { subject, subject_name, further_address, profile_unread, account, permission_set } =
            self.clone();
        Question { subject, subject_name, further_address, profile_unread, account, permission_set }
    }
}

/// A report as it was told.
#[derive(Clone)]
pub(super) struct Report {
    /// Slack's id of the person whom it is about.
    pub(super) about: String,
    pub(super) diagnosis: Diagnosis,
    pub(super) channel: Option<String>,
    /// Slack's ids of people to ask, by e-mail address.
    pub(super) mentions: BTreeMap<String, String>,
}

/// Where a form was opened, so that its answer goes there. The form itself carries it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Origin {
    pub(super) response_url: Option<Sealed>,
    pub(super) channel: Option<String>,
    /// The report that the form is about; nothing for the form that asks.
    pub(super) handle: Option<Handle>,
    /// Opened on the Home tab, which is published anew after the answer.
    #[serde(default)]
    pub(super) at_home: bool,
    /// The message whose thread the answer goes into, of the channel above.
    #[serde(default)]
    pub(super) thread_ts: Option<String>,
}

impl Origin {
    /// Reads what a form carried; nothing where it is not ours.
    pub(super) fn read(metadata: &str) -> Option<Self> {
        serde_json::from_str(metadata).ok()
    }

    /// What the form is to carry: at most some 2,000 characters, of the 3,000 that Slack allows.
    pub(super) fn write(&self) -> String {
        // Structs of strings always serialize; an empty value reads back as none.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// What is kept for a while.
pub(super) struct Kept {
    pub(super) reports: Cache<String, Arc<Report>>,
}

impl Kept {
    pub(super) fn new() -> Self {
        Self { reports: Cache::builder().max_capacity(KEPT).time_to_live(REPORT_LIVES).build() }
    }
}

impl Kept {
    /// The report behind a handle, if it is about the same person: a reference alone opens nothing.
    pub(super) async fn report(&self, handle: &Handle) -> Option<Arc<Report>> {
        self.reports.get(&handle.reference).await.filter(|report| report.about == handle.about)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_question_keeps_all_of_it_and_what_was_kept_before_there_were_further_addresses_is_understood() {
        let question = Question {
            subject: "dana@example.com".to_owned(),
            subject_name: Some("Dana".to_owned()),
            further_address: Some("dana@corp.example".to_owned()),
            profile_unread: None,
            account: "Payments-Prod".to_owned(),
            permission_set: None,
        };
        let kept = serde_json::to_string(&KeptQuestion::of(&question)).unwrap();
        let read: KeptQuestion = serde_json::from_str(&kept).unwrap();
        assert_eq!(read.question(), question);
        let before = r#"{"subject":"dana@example.com","subject_name":"Dana","account":"Payments-Prod","permission_set":null}"#;
        let read: KeptQuestion = serde_json::from_str(before).unwrap();
        assert_eq!(read.question(), Question { further_address: None, ..question });
    }
}
