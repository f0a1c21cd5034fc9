//! What a check-up saw, in few words.

use super::remedy;
use crate::checkup::{Because, Check, Checkup, DenialKind, Fault, Id, Known, Outcome, Seen};
use crate::diagnosis::facts::{GapKind, IdentitySource};
use crate::words::gaps::kind_in_words;
use crate::words::idp::state_in_words;

/// How it stands, in a word of the frozen format.
pub fn status(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Ok(_) => "ok",
        Outcome::Failed(_) => "failed",
        Outcome::Skipped(_) => "skipped",
    }
}

/// What was seen, without a full stop.
pub fn seen(check: &Check, known: &Known) -> String {
    match &check.outcome {
        Outcome::Ok(seen) => well(seen, known),
        Outcome::Failed(fault) => wrong(fault, known),
        Outcome::Skipped(because) => untried(because),
    }
}

/// How many checks there were, and how they went.
pub fn in_sum(checkup: &Checkup) -> String {
    let count =
        |status_of: &str| checkup.checks.iter().filter(|check| status(&check.outcome) == status_of).count();
    let (all, failed, skipped) = (checkup.checks.len(), count("failed"), count("skipped"));
    let not_tried = match skipped {
        0 => String::new(),
        skipped => format!(", {skipped} could not be tried"),
    };
    match failed {
        0 if skipped == 0 => format!("All {all} checks are well."),
        0 => format!("Nothing is wrong: {} of {all} checks are well{not_tried}.", all - skipped),
        failed => format!("{failed} of {all} checks failed{not_tried}."),
    }
}

fn well(seen: &Seen, known: &Known) -> String {
    match seen {
        Seen::Configured => match &known.config_file {
            Some(file) => format!("read from {file}"),
            None => "no file, all by default".to_owned(),
        },
        Seen::Store(schema) if schema.has == schema.wanted => format!("writable, schema {}", schema.has),
        Seen::Store(schema) if schema.has == 0 => "writable, still empty".to_owned(),
        Seen::Store(schema) => {
            format!("writable; the bot's next start brings schema {} to {}", schema.has, schema.wanted)
        }
        Seen::StoreToBeMade => "made by the bot's first start".to_owned(),
        Seen::SignedInToSlack { bot, workspace } => format!("{bot} in {workspace}"),
        Seen::Granted => "granted".to_owned(),
        Seen::InChannel { name } => format!("in #{name}"),
        Seen::HelpDesk { members: 1 } => "one person".to_owned(),
        Seen::HelpDesk { members } => format!("{members} people"),
        Seen::Arrived { count } => format!("{count} since the bot's start"),
        Seen::Caller { arn } => match known.delegated_account() {
            Some(_) => format!("{}, a member account", caller(arn)),
            None => caller(arn),
        },
        Seen::PrimaryRegion { region, told: true } => format!("{region}, primary"),
        Seen::PrimaryRegion { region, told: false } => region.clone(),
        Seen::Instance { arn, listed: 1, .. } => short_instance(arn).to_owned(),
        Seen::Instance { arn, listed, rivals: 0 } => {
            format!("{}, of {listed} that are listed", short_instance(arn))
        }
        Seen::Instance { arn, rivals, .. } => {
            format!(
                "{}, one of {} that may be meant; set [aws] instance_arn",
                short_instance(arn),
                rivals + 1
            )
        }
        Seen::IdentitySource { source, is_configured } => {
            let by = if *is_configured { "as configured" } else { "by the groups' issuers" };
            format!("{}, {by}", source_in_few_words(*source))
        }
        Seen::Allowed => "allowed".to_owned(),
        Seen::TokenTaken => "taken".to_owned(),
        Seen::NotUsed => "not used over HTTP".to_owned(),
        Seen::SyncJob { application, state, other_jobs, others } => {
            let jobs = match other_jobs {
                0 => String::new(),
                others => format!(", one of {} jobs", others + 1),
            };
            let state = state_in_words(state);
            format!("{application}: {state}{jobs}{}", beside(others, "[entra] service_principal_id"))
        }
        Seen::Application { name, state, others } => {
            format!("{name}: {}{}", state_in_words(state), beside(others, "[okta] app_id"))
        }
        Seen::OnTime { seconds: 0 } => "in step with Slack".to_owned(),
        Seen::OnTime { seconds } => format!("{} s off Slack's", seconds.abs()),
    }
}

fn source_in_few_words(source: IdentitySource) -> &'static str {
    match source {
        IdentitySource::External => "an external IdP",
        IdentitySource::ActiveDirectory => "Active Directory",
        IdentitySource::IdentityCenter => "Identity Center itself",
    }
}

/// Other applications that may be meant, and what settles it.
fn beside(others: &[String], setting: &str) -> String {
    match others {
        [] => String::new(),
        [other] => format!("; {other} may be meant too, set {setting}"),
        several => format!("; {} others may be meant too, set {setting}", several.len()),
    }
}

/// What tells one instance from another.
fn short_instance(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}

/// The account, and the role or user without what stands before every one of them.
fn caller(arn: &str) -> String {
    let mut parts = arn.splitn(6, ':').skip(4);
    let (Some(account), Some(who)) = (parts.next(), parts.next()) else { return arn.to_owned() };
    let who = who.strip_prefix("assumed-role/").or_else(|| who.strip_prefix("user/")).unwrap_or(who);
    format!("{account}, {who}")
}

fn wrong(fault: &Fault, known: &Known) -> String {
    match fault {
        Fault::Said(sentences) => remedy::wrongs(sentences),
        Fault::LaterSchema(schema) => format!(
            "it has schema {}, of a later version than this one, which works with {}",
            schema.has, schema.wanted
        ),
        Fault::NotTaken(code) => format!("not taken ({code})"),
        Fault::NoSignatureFits { count } => {
            format!("{count} since the bot's start, none signed with SLACK_SIGNING_SECRET")
        }
        Fault::SocketModeOff => "Socket Mode is off in the app's settings".to_owned(),
        Fault::SocketModeOn => "the app has Socket Mode on, and [server] mode is \"http\"".to_owned(),
        Fault::Denied(denial) => match denial.kind {
            DenialKind::Right => format!("refused ({})", denial.code),
            DenialKind::ExplicitDeny => format!("refused by an explicit deny ({})", denial.code),
            DenialKind::Key => format!("the key that encrypts it refused ({})", denial.code),
            DenialKind::Licence => format!("the tenant has no licence for it ({})", denial.code),
            DenialKind::AdminRole => {
                format!("granted, but the app's admin role does not allow it ({})", denial.code)
            }
        },
        Fault::Unread(gap) => {
            let kind = kind_in_words(gap.kind);
            match gap.kind {
                GapKind::Timeout => format!("{kind} ({})", gap.operation),
                _ => format!("{kind} ({}: {})", gap.operation, gap.detail),
            }
        }
        Fault::NotGranted => "not granted".to_owned(),
        Fault::NoSuchChannel => "no such channel, or a private one without the bot".to_owned(),
        Fault::NotInChannel { name } => format!("the bot is not in #{name}"),
        Fault::ChannelArchived { name } => format!("#{name} is archived"),
        Fault::NoSuchUserGroup(id) => format!("no user group {id}, or it is disabled"),
        Fault::EmptyUserGroup(id) => format!("nobody is in the user group {id}, or it is disabled"),
        Fault::NoRegion => "there is no AWS Region".to_owned(),
        Fault::OtherRegion { primary } => {
            let here = known.region.as_deref().unwrap_or("this Region");
            match primary {
                Some(primary) => format!("{here}, and Identity Center lives in {primary}"),
                None => format!("no IAM Identity Center in {here}"),
            }
        }
        Fault::NoSuchInstance(_) => "AWS does not list the configured instance".to_owned(),
        Fault::AccountInstance(_) => "the bot would ask an account's own instance".to_owned(),
        Fault::NoApplication => "the application for AWS is not found".to_owned(),
        Fault::NoSyncJob { application } => format!("{application} has no synchronization job"),
        Fault::ClockOff { seconds } => {
            let which = if *seconds > 0 { "fast" } else { "slow" };
            format!("{} s {which} against Slack's", seconds.abs())
        }
    }
}

fn untried(because: &Because) -> String {
    match because {
        Because::Of(id) => format!("not tried: {} first", id.name()),
        Because::ManagementAccountOnly => "only the management account may".to_owned(),
        Because::NoDigest => "only for the digest, which is off".to_owned(),
        Because::NothingShows => "nothing shows it; [identity_source] kind would say".to_owned(),
        Because::Optional => "optional, and not granted".to_owned(),
        Because::TriedWith(id) => format!("tried with {}", id.name()),
    }
}

/// What more there is to say of a check that did not fail.
pub fn limit(check: &Check) -> Option<&'static str> {
    match check.outcome {
        Outcome::Skipped(Because::ManagementAccountOnly) => Some(
            "AWS answers this in the management account alone, not in a delegated administrator's. The bot does \
             without it, and does not see an assignment whose permission set is not on the account, nor how many \
             accounts a group opens.",
        ),
        Outcome::Skipped(Because::Optional) if matches!(check.id, Id::AwsAction(_)) => Some(
            "With it, the bot can tell somebody who asks for an application, such as Amazon Managed Grafana, that it is \
             one and no account.",
        ),
        Outcome::Skipped(Because::Optional) => Some(
            "The bot does without it: who may activate a group in Privileged Identity Management is not seen, and \
             reports say so. Without PIM for Groups nothing is missing.",
        ),
        Outcome::Ok(Seen::NotUsed) => Some(
            "[server] mode is \"http\", so that the bot waits for Slack's requests and SLACK_APP_TOKEN is of no use. \
             Take it out; or, to have the bot connect to Slack, set [server] mode = \"socket\" or \
             SSO_WHY_MODE=socket.",
        ),
        _ => None,
    }
}

/// What nothing but time can show, where all the rest is well.
pub fn unproven(checkup: &Checkup) -> Option<&'static str> {
    (checkup.has_to_be_proven && checkup.is_well()).then_some(
        "That Slack's requests arrive only Slack can prove: start the bot and say /sso-why help in Slack. Where no \
         answer comes, look at the bot's log. If it says that a signature does not fit, SLACK_SIGNING_SECRET is \
         another app's; if it says nothing, the URLs in the app's manifest do not lead to the bot, or the app has \
         Socket Mode on.",
    )
}

/// Where what was checked is, where that depends on the folder in which the command is run.
pub fn place<'k>(check: &Check, known: &'k Known) -> Option<&'k str> {
    known.store_file.as_deref().filter(|_| check.id == Id::Store)
}
