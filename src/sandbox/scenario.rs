//! What a simulated company looks like before anything happens: the typed TOML of a scenario.
//!
//! People, accounts and groups are named by short keys; real-looking ids are made when the company is
//! founded. Times are ages before that moment ([`Age`]), so that a scenario never grows old.
//!
//! Two companies: one where everybody has one cause that can be seen cleanly, and its messy sister, whose records are
//! as real ones grow to be. Their scenarios differ in the IdP that is connected: see [`outlook`].

pub mod age;
pub mod idp;
pub mod outlook;
mod references;

use serde::Deserialize;

use super::company::{AccountState, Change, Origin, RequestStatus};
pub use age::Age;
pub use idp::IdpKind;
use idp::{GroupAtIdp, PersonAtIdp};
use outlook::{Connected, Kept, Outlook};

const COMPANY: &str = include_str!("scenarios/company.toml");

/// The messy sister, a chapter for each kind of mess.
const MESSY: &str = concat!(
    include_str!("scenarios/messy/basics.toml"),
    include_str!("scenarios/messy/identity.toml"),
    include_str!("scenarios/messy/time.toml"),
    include_str!("scenarios/messy/temporary.toml"),
    include_str!("scenarios/messy/groups.toml"),
    include_str!("scenarios/messy/okta_groups.toml"),
    include_str!("scenarios/messy/leftovers.toml"),
    include_str!("scenarios/messy/kinds.toml"),
    include_str!("scenarios/messy/skips.toml"),
    include_str!("scenarios/messy/remedies.toml"),
    include_str!("scenarios/messy/several.toml"),
);

/// The same company where no IdP is: its people are kept in Identity Center itself or in Active Directory.
const MESSY_WITHOUT_AN_IDP: &str =
    concat!(include_str!("scenarios/messy/basics.toml"), include_str!("scenarios/messy/directory.toml"));

/// The scenarios that come with the program: name, text, and what is connected. The first is the default.
const BUILT_IN: [(&str, &str, Connected); 9] = [
    ("company", COMPANY, ENTRA),
    ("okta", COMPANY, OKTA),
    ("no-idp", COMPANY, ALONE),
    ("quarantine", COMPANY, Connected { quarantined: true, ..ENTRA }),
    ("messy", MESSY, ENTRA),
    ("messy-okta", MESSY, OKTA),
    ("messy-no-idp", MESSY, ALONE),
    ("messy-ad", MESSY_WITHOUT_AN_IDP, Connected { kept: Kept::InActiveDirectory, ..ALONE }),
    ("messy-identity-center", MESSY_WITHOUT_AN_IDP, Connected { kept: Kept::InIdentityCenter, ..ALONE }),
];

const ALONE: Connected = Connected { idp: None, quarantined: false, kept: Kept::AtAnIdp };
const ENTRA: Connected = Connected { idp: Some(IdpKind::Entra), ..ALONE };
const OKTA: Connected = Connected { idp: Some(IdpKind::Okta), ..ALONE };

/// A whole company: its Slack workspace, its people and its AWS organization.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// The IdP that feeds Identity Center, as far as it is to be seen. Set by [`parse`](Self::parse).
    #[serde(skip)]
    pub idp: Option<IdpKind>,
    /// Entra's synchronization job is in quarantine. Set by [`parse`](Self::parse).
    #[serde(skip)]
    pub quarantined: bool,
    /// Where people and groups are kept if no IdP is connected. Set by [`parse`](Self::parse).
    #[serde(skip)]
    pub kept: Kept,
    pub workspace: WorkspaceSpec,
    pub organization: OrganizationSpec,
    pub people: Vec<Person>,
    pub accounts: Vec<AccountSpec>,
    pub permission_sets: Vec<PermissionSetSpec>,
    pub groups: Vec<GroupSpec>,
    pub assignments: Vec<AssignmentSpec>,
    /// Only what differs from "every assignment is provisioned in its latest version".
    #[serde(default)]
    pub provisioning: Vec<ProvisioningSpec>,
    #[serde(default)]
    pub requests: Vec<RequestSpec>,
}

impl Scenario {
    /// The names of the scenarios that come with the program, the default first.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BUILT_IN.iter().map(|(name, ..)| *name)
    }

    /// The scenario of that name, or `None` where no such one comes with the program.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn named(name: &str) -> Option<Result<Self, String>> {
        let (_, text, connected) = BUILT_IN.iter().find(|(built_in, ..)| *built_in == name)?;
        Some(Self::parse(text, *connected))
    }

    /// Reads a scenario, settles what differs with the IdP that is connected, and follows every reference.
    ///
    /// # Errors
    /// A sentence that says what is wrong and where: bad TOML, an unknown field, two things of one key, or
    /// a key that nothing has.
    pub fn parse(text: &str, connected: Connected) -> Result<Self, String> {
        let mut scenario: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        scenario.settle(connected);
        references::check(&scenario)?;
        Ok(scenario)
    }

    /// The person of that key.
    pub fn person(&self, key: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.key == key)
    }
}

/// The Slack workspace.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkspaceSpec {
    pub team_id: String,
    pub team_name: String,
    pub team_domain: String,
    pub bot_user_id: String,
    /// Id of the profile field that holds a further address, `Xf…`, where the company has one and lets the bot read it.
    pub email_field: Option<String>,
    pub channels: Vec<ChannelSpec>,
}

/// A channel. The bot is a member of each.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChannelSpec {
    pub id: String,
    pub name: String,
    /// Keys of people.
    #[serde(default)]
    pub members: Vec<String>,
    /// Everybody who is in Slack is a member.
    #[serde(default)]
    pub everybody: bool,
    #[serde(default)]
    pub private: bool,
    /// Slack team id of the other organisation whose people are in it too (Slack Connect).
    pub shared_with: Option<String>,
}

/// The AWS organization and its Identity Center instance.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganizationSpec {
    /// `o-` and 10 to 32 small letters or digits.
    pub id: String,
    /// Key of the account that owns the organization and the Identity Center instance.
    pub management_account: String,
    /// Shown by `ListInstances`; letters, digits and `+=,.@-`.
    pub instance_name: String,
    /// How far Entra's logs lag behind what happens. Left out, they show everything at once.
    pub logs_lag: Option<Age>,
}

/// Somebody of the company, in Slack, in the identity store, in both or in neither.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// How the rest of the scenario names them: `dana`.
    pub key: String,
    /// Given name and family name.
    pub name: String,
    /// The e-mail address in their Slack profile; also that of their identity store user, unless `users`
    /// says otherwise.
    pub email: Option<String>,
    /// A further address, in the field of their Slack profile that is for it.
    pub further_address: Option<String>,
    /// Slack user id; left out for somebody who is not in Slack.
    pub slack: Option<String>,
    /// IANA name.
    #[serde(default = "head_office_time_zone")]
    pub time_zone: String,
    /// Left Slack.
    #[serde(default)]
    pub deleted: bool,
    /// A guest in Slack.
    #[serde(default)]
    pub guest: bool,
    /// Slack team id of the organisation that they belong to, where it is another one: they are met in shared
    /// channels only.
    pub other_team: Option<String>,
    /// One or two sentences about their situation, shown beside them on the chat page.
    pub story: String,
    /// The same as they know it themselves, to them and without the cause: what the page greets them with.
    pub opening: Option<String>,
    /// A good one to begin with among those of the same kind.
    #[serde(default)]
    pub example: bool,
    /// What to type after `/sso-why`.
    pub asks: Option<String>,
    /// What the answer to that should be.
    pub expects: Option<Expects>,
    /// What an administrator would do about it, in this order.
    #[serde(default)]
    pub mend: Vec<Change>,
    /// `mend` in a few words, for a button.
    pub mend_label: Option<String>,
    /// What the answer should be after `mend`.
    pub mended: Option<Expects>,
    /// Their records in the identity store: left out, one ordinary synced user; empty, none. The first
    /// record is the one that is in `groups`, unless a group names another.
    pub users: Option<Vec<UserSpec>>,
    /// The groups that they are in; for somebody without a user, those that they join when it is created.
    #[serde(default)]
    pub groups: Vec<MembershipSpec>,
    /// What the IdP has of them beyond their users and groups.
    pub idp: Option<PersonAtIdp>,
    /// They live in the company on this IdP only.
    only: Option<IdpKind>,
    any_idp: Option<Outlook>,
    entra: Option<Outlook>,
    okta: Option<Outlook>,
    quarantine: Option<Outlook>,
    active_directory: Option<Outlook>,
}

impl Person {
    /// Their records in the identity store, with what was left out filled in.
    pub fn user_specs(&self) -> Vec<UserSpec> {
        self.users.clone().unwrap_or_else(|| vec![UserSpec::default()])
    }
}

/// What the bot should find.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expects {
    /// `access`, `blocked` or `undetermined`.
    pub verdict: String,
    /// A cause of the JSON report; absent where nothing can be said.
    pub cause: Option<String>,
    /// Words that the report has to hold, in the terminal or in its JSON.
    #[serde(default)]
    pub says: Vec<String>,
    /// Words that it may not hold.
    #[serde(default)]
    pub never_says: Vec<String>,
}

/// One user of the identity store.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UserSpec {
    /// Left out: the person's e-mail address.
    pub user_name: Option<String>,
    /// Left out: the person's e-mail address.
    pub email: Option<String>,
    /// It has no e-mail address.
    pub no_email: bool,
    pub disabled: bool,
    pub origin: Origin,
    /// The IdP's id of the person is not on the record, though the IdP keeps it.
    pub unlinked: bool,
    pub age: Age,
}

impl Default for UserSpec {
    fn default() -> Self {
        Self {
            user_name: None,
            email: None,
            no_email: false,
            disabled: false,
            origin: Origin::Synced,
            unlinked: false,
            age: Age::days(400),
        }
    }
}

/// Being in a group.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MembershipSpec {
    pub group: String,
    #[serde(default = "long_ago")]
    pub since: Age,
    /// Which of the person's records is in it, by its place in `users`; only the first is in it at the IdP.
    #[serde(default)]
    pub record: usize,
}

/// An AWS account of the organization.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountSpec {
    /// How the scenario names it; left out, its name.
    key: Option<String>,
    pub id: String,
    /// AWS does not ask that it be unique.
    pub name: String,
    #[serde(default)]
    pub state: AccountState,
}

impl AccountSpec {
    /// How the scenario names it.
    pub fn key(&self) -> &str {
        self.key.as_deref().unwrap_or(&self.name)
    }
}

/// A permission set. Its name is unique and names it in the scenario.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PermissionSetSpec {
    pub name: String,
    pub description: String,
}

/// A group of the identity store.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupSpec {
    /// How the scenario names it; left out, its display name.
    key: Option<String>,
    pub name: String,
    #[serde(default)]
    pub origin: Origin,
    #[serde(default = "long_ago")]
    pub age: Age,
    /// It existed once and assignments still point to it.
    #[serde(default)]
    pub deleted: bool,
    /// The identity store has no such group.
    #[serde(default)]
    pub only_at_idp: bool,
    /// What the IdP has of it beyond the ordinary; for a group made by hand, the IdP's group of that name.
    pub idp: Option<GroupAtIdp>,
}

impl GroupSpec {
    /// How the scenario names it.
    pub fn key(&self) -> &str {
        self.key.as_deref().unwrap_or(&self.name)
    }
}

/// A permission set assigned to each of some groups and people on each of some accounts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssignmentSpec {
    pub permission_set: String,
    pub accounts: Vec<String>,
    #[serde(default)]
    pub groups: Vec<String>,
    #[serde(default)]
    pub people: Vec<String>,
    /// People for whom it was assigned when AWS had another record of them, which is deleted since.
    #[serde(default)]
    pub former_records: Vec<String>,
    /// AWS provisions what it assigns; `false` for where that did not happen.
    #[serde(default = "as_aws_does")]
    pub provisioned: bool,
}

/// A permission set that is on an account without an assignment, or there in an older version.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProvisioningSpec {
    pub account: String,
    pub permission_set: String,
    #[serde(default)]
    pub outdated: bool,
}

/// A request to create an assignment, or to delete one, as Identity Center remembers it. While a creation is in
/// progress or failed the assignment does not exist; a deletion that succeeded leaves the request alone.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestSpec {
    pub key: String,
    pub account: String,
    pub permission_set: String,
    pub principal: PrincipalKey,
    pub status: RequestStatus,
    pub failure_reason: Option<String>,
    /// It deletes the assignment.
    #[serde(default)]
    pub deletes: bool,
    pub age: Age,
}

/// Whom an assignment is for, by key.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrincipalKey {
    Group(String),
    Person(String),
}

fn head_office_time_zone() -> String {
    "Europe/London".to_owned()
}

impl GroupSpec {
    /// The group as the IdP has it, if it does.
    pub fn at_idp(&self) -> Option<GroupAtIdp> {
        let synced = self.origin == Origin::Synced && !self.deleted;
        self.idp.clone().or_else(|| synced.then(GroupAtIdp::default))
    }
}

/// Old enough that no rule about "recent" applies.
fn long_ago() -> Age {
    Age::days(200)
}

fn as_aws_does() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_scenario_is_sound() {
        for name in Scenario::names() {
            if let Some(Err(error)) = Scenario::named(name) {
                panic!("{name}: {error}");
            }
        }
        assert!(Scenario::named("no-such-company").is_none());
    }

    #[test]
    fn somebody_of_one_idp_is_in_that_company_only() {
        for (name, is_there) in [("company", false), ("okta", true), ("no-idp", false)] {
            let scenario = Scenario::named(name).unwrap().unwrap();
            assert_eq!(scenario.person("ayo").is_some(), is_there, "{name}");
            let general = &scenario.workspace.channels[0];
            assert_eq!(general.members.iter().any(|member| member == "ayo"), is_there, "{name}");
        }
    }

    #[test]
    fn the_nearest_telling_wins_field_by_field() {
        let dana = |name: &str| Scenario::named(name).unwrap().unwrap().person("dana").unwrap().clone();
        let quarantine = dana("quarantine");
        assert_eq!(quarantine.expects.unwrap().cause.as_deref(), Some("sync_stopped"));
        assert_eq!(quarantine.mend, [Change::EndQuarantine, Change::RunSync]);
        assert_eq!(quarantine.mended, dana("no-idp").mended);
        assert_eq!(dana("company").mend, [Change::RunSync]);
    }

    #[test]
    fn an_unknown_field_is_refused_by_name() {
        let text = COMPANY.replacen("key = \"dana\"", "key = \"dana\"\nfavourite_colour = \"green\"", 1);
        let error = Scenario::parse(&text, ENTRA).unwrap_err();
        assert!(error.contains("unknown field `favourite_colour`"), "{error}");
    }

    #[test]
    fn an_unknown_field_of_a_change_is_refused() {
        let change: Result<Change, _> =
            toml::from_str("change = \"add_member\"\ngroup = \"g\"\nperson = \"p\"\nforce = true");
        assert!(change.unwrap_err().to_string().contains("unknown field `force`"));
    }
}
