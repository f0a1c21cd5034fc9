//! Privileged Identity Management for Groups: who may activate which membership.
//!
//! Source: Microsoft Graph, "List eligibilityScheduleInstances" and "privilegedAccessGroupEligibilityScheduleInstance".
//! A list has to be filtered by a group or by a person.

use serde_json::{Value, json};

use super::call::Call;
use super::filter::{LetterCase, Operator, Property, ValueType};
use super::list::{Entity, Kind, Rules, list};
use super::refusal::Refusal;
use super::{Tenant, written};
use crate::sandbox::company::ids;

const PROPERTIES: &[&str] = &[
    "accessId",
    "eligibilityScheduleId",
    "endDateTime",
    "groupId",
    "id",
    "memberType",
    "principalId",
    "startDateTime",
];

const INSTANCE: Kind = Kind {
    name: "privilegedAccessGroupEligibilityScheduleInstance",
    properties: PROPERTIES,
    by_default: PROPERTIES,
};

const fn id(path: &'static str, pointer: &'static str) -> Property {
    Property { path, pointer, value: ValueType::Text, operators: &[Operator::Equal] }
}

const INSTANCES: Rules = Rules {
    set: "identityGovernance/privilegedAccess/group/eligibilityScheduleInstances",
    kinds: &[&INSTANCE],
    options: &["$select", "$filter", "$top", "$count", "$skiptoken"],
    filters: &[id("principalId", "/principalId"), id("groupId", "/groupId")],
    letter_case: LetterCase::Ignored,
    is_filter_advanced: false,
    order_by: &[],
};

pub(super) fn answer(tenant: &Tenant, call: &Call) -> Result<Value, Refusal> {
    if call.options.filter.is_none() {
        return Err(Refusal::bad("A filter on 'principalId' or 'groupId' is required."));
    }
    let mut instances = Vec::new();
    for group in &tenant.idp.groups {
        for person in group.eligible.iter().filter_map(|key| tenant.idp.person(key)) {
            let key = format!("{} in {}", person.key, group.key);
            let schedule = ids::uuid("entra eligibility schedule", &key);
            let record = json!({
                "accessId": "member",
                "eligibilityScheduleId": schedule,
                "endDateTime": null,
                "groupId": group.object_id,
                "id": schedule,
                "memberType": "direct",
                "principalId": person.object_id,
                "startDateTime": written(group.created_at),
            });
            instances.push(Entity { kind: &INSTANCE, record });
        }
    }
    list(call, &INSTANCES, instances)
}
