//! One company, several scenarios: what a person may expect depends on the IdP that is connected.
//!
//! The company file tells the story without an IdP first. What is another story with one is told beside it:
//! `any_idp` for both, `entra` and `okta` for one of them, `quarantine` for Entra while its job is in
//! quarantine, `active_directory` where that is the identity source. The nearest that says something wins, field by field.

use serde::Deserialize;

use super::{Expects, IdpKind, Person, Scenario};
use crate::sandbox::company::Change;

/// Which of the company's scenarios it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connected {
    /// The IdP that feeds Identity Center, as far as it is to be seen.
    pub idp: Option<IdpKind>,
    /// Entra's synchronization job is in quarantine.
    pub quarantined: bool,
    /// Where people and groups are kept if no IdP is connected.
    pub kept: Kept,
}

/// Where people and groups are kept: what AWS calls the identity source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kept {
    /// At an IdP, connected or not.
    #[default]
    AtAnIdp,
    /// In Active Directory, by AWS Directory Service.
    InActiveDirectory,
    /// In Identity Center itself.
    InIdentityCenter,
}

/// How a person's story differs in some of the scenarios.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Outlook {
    pub story: Option<String>,
    verdict: Option<String>,
    cause: Option<String>,
    says: Vec<String>,
    never_says: Vec<String>,
    pub mend: Option<Vec<Change>>,
    pub mend_label: Option<String>,
    pub mended: Option<Expects>,
}

impl Scenario {
    /// Keeps of everybody's story what holds with this IdP, and of the people those who are there.
    pub(super) fn settle(&mut self, connected: Connected) {
        self.idp = connected.idp;
        self.quarantined = connected.quarantined;
        self.kept = connected.kept;
        let gone: Vec<String> = self
            .people
            .iter()
            .filter(|person| !person.is_there(connected))
            .map(|person| person.key.clone())
            .collect();
        self.people.retain(|person| !gone.contains(&person.key));
        for channel in &mut self.workspace.channels {
            channel.members.retain(|member| !gone.contains(member));
            if channel.everybody {
                let in_slack = self.people.iter().filter(|person| person.slack.is_some() && !person.deleted);
                channel.members = in_slack.map(|person| person.key.clone()).collect();
            }
        }
        self.people.iter_mut().for_each(|person| person.settle(connected));
    }
}

impl Person {
    /// Somebody who lives in one IdP's company only is in the company without an IdP where the file says
    /// what they may expect there.
    fn is_there(&self, connected: Connected) -> bool {
        match (self.only, connected.idp) {
            (None, _) => true,
            (Some(_), None) => self.expects.is_some(),
            (Some(only), Some(idp)) => only == idp,
        }
    }

    fn settle(&mut self, connected: Connected) {
        let [any_idp, entra, okta, quarantine, active_directory] = [
            &mut self.any_idp,
            &mut self.entra,
            &mut self.okta,
            &mut self.quarantine,
            &mut self.active_directory,
        ]
        .map(Option::take);
        let nearest_last = match connected.idp {
            None if connected.kept == Kept::InActiveDirectory => vec![active_directory],
            None => Vec::new(),
            Some(IdpKind::Okta) => vec![any_idp, okta],
            Some(IdpKind::Entra) if connected.quarantined => vec![any_idp, entra, quarantine],
            Some(IdpKind::Entra) => vec![any_idp, entra],
        };
        nearest_last.into_iter().flatten().for_each(|outlook| self.take_over(outlook));
        if connected.quarantined {
            self.end_the_quarantine_first();
        }
    }

    fn take_over(&mut self, outlook: Outlook) {
        self.story = outlook.story.unwrap_or_else(|| std::mem::take(&mut self.story));
        if let Some(verdict) = outlook.verdict {
            let Outlook { cause, says, never_says, .. } = outlook;
            self.expects = Some(Expects { verdict, cause, says, never_says });
        }
        self.mend = outlook.mend.unwrap_or_else(|| std::mem::take(&mut self.mend));
        self.mend_label = outlook.mend_label.or_else(|| self.mend_label.take());
        self.mended = outlook.mended.or_else(|| self.mended.take());
    }

    /// Nothing reaches AWS before the job is out of quarantine.
    fn end_the_quarantine_first(&mut self) {
        let sends = |change: &Change| matches!(change, Change::RunSync | Change::ProvisionOnDemand { .. });
        if let Some(first) = self.mend.iter().position(sends)
            && !self.mend.contains(&Change::EndQuarantine)
        {
            self.mend.insert(first, Change::EndQuarantine);
        }
    }
}
