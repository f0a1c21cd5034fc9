//! A group's record: its name, and how people get into it.

use serde::Deserialize;

use super::moments::moment;
use crate::diagnosis::facts::idp::{Filled, GroupTraits, IdpGroup, MembershipRule};
use crate::diagnosis::facts::{Gap, GapKind};
use crate::sources::http::Call;
use crate::sources::incomplete;

/// What is read of a group. Source: Microsoft Graph, "group resource type".
pub(super) const SELECT: &str = "id,displayName,createdDateTime,groupTypes,membershipRule,\
     membershipRuleProcessingState,onPremisesSyncEnabled";

/// In `groupTypes`: a rule alone decides who is in it.
const DYNAMIC: &str = "DynamicMembership";

/// `membershipRuleProcessingState` of a rule that is evaluated; the other is `Paused`.
const ON: &str = "On";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Group {
    pub(super) id: Option<String>,
    pub(super) display_name: Option<String>,
    created_date_time: Option<String>,
    group_types: Option<Vec<String>>,
    membership_rule: Option<String>,
    membership_rule_processing_state: Option<String>,
    on_premises_sync_enabled: Option<bool>,
}

impl Group {
    pub(super) fn known(self, call: Call) -> Result<IdpGroup, Gap> {
        let traits = self.traits();
        let id = self.id.ok_or_else(|| incomplete(call.operation))?;
        // Graph names no object that the app may not read; without a name no group could be told from another.
        let name = self.display_name.ok_or_else(|| Gap {
            kind: GapKind::Forbidden,
            operation: call.operation.to_owned(),
            detail: format!("a group came without its name; it needs {}", call.needs),
        })?;
        Ok(IdpGroup { traits, ..IdpGroup::new(id, name) })
    }

    fn traits(&self) -> GroupTraits {
        let is_dynamic = self.group_types.iter().flatten().any(|kind| kind.eq_ignore_ascii_case(DYNAMIC));
        let filled = match (is_dynamic, self.on_premises_sync_enabled) {
            (true, _) => Filled::ByRule(MembershipRule {
                name: None,
                text: self.membership_rule.clone(),
                is_paused: self
                    .membership_rule_processing_state
                    .as_deref()
                    .is_some_and(|state| !state.eq_ignore_ascii_case(ON)),
            }),
            (false, Some(true)) => Filled::FromActiveDirectory,
            (false, _) => Filled::ByHand,
        };
        let created_at = moment(self.created_date_time.as_deref());
        GroupTraits { created_at, members_changed_at: None, filled }
    }
}
