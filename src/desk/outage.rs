//! Outage sense: when one cause of the synchronization hits several people, the admins get one notice and the
//! help desk no heap of tickets.
//!
//! It begins with the third person within an hour, and ends when nobody has been hit for an hour or somebody who
//! was hit is seen with access. Nobody is told that the admins know before the notice stands in their channel.

use jiff::{SignedDuration, Timestamp};

use super::Desk;
use super::answer::Ask;
use super::work::{After, Performed, Work};
use crate::diagnosis::causes::Cause;
use crate::diagnosis::{Diagnosis, Verdict};
use crate::store::{Outage, StoreError};
use crate::words::slack::Message;
use crate::words::slack::outage::{self, State, Told};

/// So many different people within the hour are no coincidence any more, and few enough that the fourth does
/// not open a ticket.
const SEVERAL: i64 = 3;
/// The time in which they are counted; after as long without another one it counts as over.
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// An outage of which the admins have been told.
pub(super) struct Known {
    pub(super) people: i64,
    pub(super) since: Timestamp,
}

impl Desk {
    /// Looks, after each answer, whether its cause hits several people, or whether what hit them is over.
    pub(super) async fn sense(&self, ask: &Ask, diagnosis: &Diagnosis) -> Result<(), StoreError> {
        if self.settings.admin_channel.is_none() {
            return Ok(());
        }
        if diagnosis.verdict == Verdict::Access {
            return self.has_access(&ask.about, diagnosis).await;
        }
        let Some(cause) = fault_of_the_sync(diagnosis) else {
            return Ok(());
        };
        let now = self.gather.now();
        self.store.note_sync_fault(&ask.id).await?;
        // One whose hour is over is not prolonged, although nobody has come to note its end.
        self.store.end_quiet_outages(now, now - HOUR).await?;
        let lasts = self.store.outage_of(cause.name()).await?;
        let counted_since = lasts.as_ref().map_or(now - HOUR, |outage| outage.began_at);
        let hit = self.store.people_hit(cause.name(), counted_since).await?;
        if hit.people < SEVERAL && lasts.is_none() {
            return Ok(());
        }
        let began_at = hit.first_at.unwrap_or(now);
        let id = self.store.note_outage(cause.name(), began_at, now, hit.people).await?;
        tracing::warn!(cause = cause.name(), people = hit.people, reference = ask.reference, "an outage");
        // The first keeps the notice up to date to its end; each number of people is told once beside it.
        self.order(Work::Outage(id.clone()).order(format!("outage:{id}")).batch()).await?;
        let grown = Work::OutageChanged(id.clone()).order(format!("outage:{id}:{}", hit.people));
        self.order(grown.batch()).await?;
        Ok(())
    }

    /// Ends the outages that kept this person from this account until now.
    pub(super) async fn has_access(&self, about: &str, diagnosis: &Diagnosis) -> Result<(), StoreError> {
        let Some(account) = &diagnosis.account else {
            return Ok(());
        };
        for id in self.store.end_cleared_outages(about, &account.id, self.gather.now()).await? {
            tracing::info!(reference = id, "an outage is over");
            let over = Work::OutageChanged(id.clone()).order(format!("outage:{id}:over"));
            self.order(over.batch()).await?;
        }
        Ok(())
    }

    /// The outage that explains this, if one lasts that the admins know of: then no ticket is needed.
    pub(super) async fn known_outage(&self, diagnosis: &Diagnosis) -> Result<Option<Known>, StoreError> {
        let Some(cause) = fault_of_the_sync(diagnosis) else {
            return Ok(None);
        };
        let lasts = self.store.outage_of(cause.name()).await?;
        Ok(lasts.and_then(|outage| Some(Known { people: outage.people, since: outage.told_at? })))
    }

    /// Tells the admins, and ends the outage once nobody has been hit for an hour.
    pub(super) async fn outage(&self, id: &str) -> Performed {
        let now = self.gather.now();
        self.store.end_quiet_outages(now, now - HOUR).await?;
        if let Some(outage) = self.lasting(id).await?
            && let Some(channel) = self.settings.admin_channel.as_deref()
            && self.post_once(&notice_of(id), channel, None, &told(&outage)).await?.is_some()
        {
            self.store.note_outage_told(id, now).await?;
        }
        // Read anew: it may have changed while it was posted.
        self.bring_up_to_date(id).await?;
        Ok(self.lasting(id).await?.map_or(After::Done, |outage| After::Later(outage.last_at + HOUR)))
    }

    /// Only edits: what is not posted yet tells the newest as soon as it is.
    pub(super) async fn bring_up_to_date(&self, id: &str) -> Performed {
        let outage = self.store.outage(id).await?;
        let stands = self.store.stands(&notice_of(id)).await?;
        if let (Some(outage), Some((channel, ts))) = (outage, stands) {
            self.update(&channel, &ts, &told(&outage)).await?;
        }
        Ok(After::Done)
    }

    async fn lasting(&self, id: &str) -> Result<Option<Outage>, StoreError> {
        Ok(self.store.outage(id).await?.filter(|outage| outage.over_at.is_none()))
    }
}

fn notice_of(id: &str) -> String {
    format!("outage:{id}")
}

fn told(outage: &Outage) -> Message {
    let state = match outage.over_at {
        None => State::Lasts,
        Some(at) if outage.is_cleared => State::Cleared { at },
        Some(since) => State::Quiet { since },
    };
    outage::notice(&Told {
        cause: Cause::named(&outage.cause),
        people: outage.people,
        began_at: outage.began_at,
        last_at: outage.last_at,
        state,
    })
}

/// The cause, if it is the synchronization that is at fault.
fn fault_of_the_sync(diagnosis: &Diagnosis) -> Option<Cause> {
    let finding = diagnosis.finding()?;
    finding.is_fault_of_the_sync(diagnosis.checked_at).then(|| finding.cause())
}
