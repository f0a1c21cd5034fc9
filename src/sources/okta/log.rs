//! Okta's System Log: what went wrong with a person or a group on the way to AWS, and when somebody was
//! added to a group.
//!
//! Only bounded queries are sent (`since` and `until`): without an end Okta's log never says that it was all.
//! Event types are those of Okta's event type catalogue.

mod events;

use jiff::Timestamp;
use url::Url;

use super::{Okta, quoted};
use crate::diagnosis::facts::Gap;
use crate::diagnosis::facts::idp::{Application, IdpGroup, IdpPerson, Trouble, TroubleAbout};
use crate::sources::http::Call;
pub(super) use events::kind;
use events::{Meaning, WireEvent};

const LOGS: Call = Call::reading("okta:logs", "okta.logs.read");

/// Events a page, Okta's most (Management API, `listLogEvents`).
const PAGE: &str = "1000";

/// Whose entries of the log are asked for.
#[derive(Clone, Copy, Debug)]
pub enum LogSubject<'a> {
    Person(&'a IdpPerson),
    /// The group as a whole.
    Group(&'a IdpGroup),
    /// The group as a whole or with this member.
    Membership {
        group: &'a IdpGroup,
        member: &'a IdpPerson,
    },
}

impl Okta {
    /// `GET /api/v1/logs`: what went wrong between these moments with the person or the group on the way to
    /// the application, the newest first, if nothing newer went well.
    pub async fn troubles(
        &self,
        application: &Application,
        subject: LogSubject<'_>,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<Trouble>, Gap> {
        let filter = format!("eventType sw \"app\" and ({})", subject.condition());
        let mut events: Vec<_> = self
            .events(&filter, since, now)
            .await?
            .into_iter()
            .filter(|event| subject.is_told_of_by(event) && !event.is_of_another_app(&application.id))
            .filter_map(|event| Some((event.published()?, event.meaning()?, event)))
            .collect();
        events.sort_by_key(|(at, ..)| std::cmp::Reverse(*at));
        let unresolved = events.into_iter().map_while(|(at, meaning, event)| match meaning {
            Meaning::Failed(kind) => Some(event.trouble(subject.about(), at, kind)),
            Meaning::Delivered => None,
        });
        Ok(unresolved.collect())
    }

    /// `GET /api/v1/logs`: when the person was last added to the group between these moments; nothing where
    /// the log does not say.
    pub async fn added_at(
        &self,
        group: &IdpGroup,
        person: &IdpPerson,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, Gap> {
        const ADDED: &str = "group.user_membership.add";
        let filter = format!("eventType eq {} and target.id eq {}", quoted(ADDED), quoted(&person.id.0));
        let events = self.events(&filter, since, now).await?;
        let added = events
            .iter()
            .filter(|event| event.is(ADDED) && event.succeeded() != Some(false))
            .filter(|event| event.has_target(&person.id.0) && event.has_target(&group.id.0));
        Ok(added.filter_map(WireEvent::published).max())
    }

    async fn events(&self, filter: &str, since: Timestamp, until: Timestamp) -> Result<Vec<WireEvent>, Gap> {
        Ok(self.list(LOGS, self.log(filter, since, until)).await?)
    }

    fn log(&self, filter: &str, since: Timestamp, until: Timestamp) -> Url {
        let mut url = self.resource(&["logs"]);
        // Milliseconds are what Okta itself writes.
        url.query_pairs_mut()
            .append_pair("since", &format!("{since:.3}"))
            .append_pair("until", &format!("{until:.3}"))
            .append_pair("filter", filter)
            .append_pair("sortOrder", "DESCENDING")
            .append_pair("limit", PAGE);
        url
    }
}

impl LogSubject<'_> {
    /// The part of the filter that finds it. Okta tells of people by the id of their assignment to the
    /// application as well, and of groups by the application's own; those share only the name.
    fn condition(self) -> String {
        match self {
            Self::Person(person) => format!(
                "target.id eq {} or target.alternateId eq {}",
                quoted(&person.id.0),
                quoted(&person.user_name)
            ),
            Self::Group(group) | Self::Membership { group, .. } => {
                format!(
                    "target.id eq {} or target.displayName eq {}",
                    quoted(&group.id.0),
                    quoted(&group.name)
                )
            }
        }
    }

    /// Whether the event is about exactly this: a person's membership of a group is the group's matter, and
    /// another member's is nobody's here.
    fn is_told_of_by(self, event: &WireEvent) -> bool {
        match self {
            Self::Person(person) => event.names_person(person) && !event.names_any_group(),
            Self::Group(group) => event.names_group(group) && !event.names_any_person(),
            Self::Membership { group, member } => {
                event.names_group(group) && (event.names_person(member) || !event.names_any_person())
            }
        }
    }

    fn about(self) -> TroubleAbout {
        match self {
            Self::Person(_) => TroubleAbout::Person,
            Self::Group(group) | Self::Membership { group, .. } => TroubleAbout::Group(group.id.clone()),
        }
    }
}
