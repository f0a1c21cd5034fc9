//! One company: founded, broken, asked about, and fixed as the report says.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use futures::FutureExt as _;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use sso_why::diagnosis::diagnose;
use sso_why::diagnosis::facts::{FormerName, GroupId};
use sso_why::diagnosis::question::Question;
use sso_why::gather::Freshness;
use sso_why::sandbox::company::Company;
use sso_why::words::json_v1;

use super::active_directory::ActiveDirectory;
use super::breaking::set_arn;
use super::dice::Dice;
use super::failing::Failing;
use super::fault::Fault;
use super::mess::Mess;
use super::plan::{ASKER, Plan};
use super::remedy::{Done, Remedy, finish_requests};
use super::source::Source;
use super::table::{ACCEPTED, Failure, HIDDEN, Hidden, KNOWN, OPEN, expected};
use super::tables::{Access, effective_access};
use crate::harness::{Wire, in_time};

/// How often somebody acts at most until there is access.
const ROUNDS: u32 = 2;

/// How often somebody waits at most; the last of them long enough for anything that comes by itself.
const WAITS: u32 = 4;

/// What can be said from what was read in AWS, if something else could not be.
const SEEN_IN_AWS: [&str; 7] = [
    "membership_not_synced",
    "user_disabled",
    "user_not_provisioned",
    "portal_stale",
    "permission_set_outdated",
    "dangling_assignment",
    "no_assignment",
];

/// What is said where Active Directory is the source would be wrong of it.
const ELSEWHERE: [&str; 4] = ["Entra", "Okta", "company directory", "SCIM"];

/// The optional right to read who may activate what.
const ELIGIBILITY: &str = "PrivilegedEligibilitySchedule.Read.AzureADGroup";

/// A company and its fault.
pub struct Story {
    plan: Plan,
    fault: Fault,
    failing: Option<Failing>,
    dice: Dice,
    /// What has happened so far, for whoever reads a failure.
    told: String,
    failed: Vec<Failed>,
    has_waited: bool,
    /// The operation of which a call has failed.
    has_failed: Option<&'static str>,
    /// A digest has seen the groups before the fault.
    has_digests: bool,
    former: BTreeMap<GroupId, FormerName>,
}

/// What the product gets wrong in a company.
pub struct Failed {
    /// The row of [`KNOWN`] that says so.
    pub known: Option<usize>,
    pub what: String,
    pub told: String,
}

/// Okta promises no time; nothing that comes by itself takes longer than the second wait.
fn pass(wire: &Wire, plan: &Plan, until: Timestamp, waited: u32) {
    let enough = SignedDuration::from_mins(if waited > 1 { 31 } else { 0 });
    wire.pass(until.duration_since(wire.now()).max(enough));
    finish_requests(&mut wire.sandbox.company());
    if let Some(directory) = &plan.directory {
        directory.sync(&mut wire.sandbox.company(), wire.now());
    }
}

/// What digests remember of all groups, those that are gone included.
fn names_of_groups(company: &Company, at: Timestamp) -> BTreeMap<GroupId, FormerName> {
    let name = |name: &str| FormerName { name: name.to_owned(), last_seen: at };
    let there = company.groups.iter().map(|group| (GroupId(group.id.clone()), name(&group.display_name)));
    let gone = company.group_id("gone").map(|id| (GroupId(id.to_owned()), name("Old Contractors")));
    there.chain(gone).collect()
}

impl Story {
    pub fn of(source: Source, seed: u64) -> Self {
        let mut dice = Dice::of(seed);
        let plan = Plan::of(source, &mut dice);
        let befalling: Vec<Fault> = Fault::ALL.into_iter().filter(|fault| fault.befalls(&plan)).collect();
        let fault = *dice.pick(&befalling);
        let failing = Failing::of(source.idp(), &mut dice);
        Self {
            plan,
            fault,
            failing,
            dice,
            told: String::new(),
            failed: Vec::new(),
            has_waited: false,
            has_failed: None,
            has_digests: seed.is_multiple_of(2),
            former: BTreeMap::new(),
        }
    }

    /// Tells the story to its end. Returns what the product gets wrong.
    pub async fn tell(mut self, wire: &Wire) -> Vec<Failed> {
        wire.found(&self.plan.scenario());
        self.plan.make_the_rest(&mut wire.sandbox.company(), wire.now());
        let healthy = effective_access(&wire.sandbox.company());
        assert!(healthy.contains(&self.wanted(wire)), "everything is in place: {}", self.plan.text);
        if self.has_digests {
            self.former = names_of_groups(&wire.sandbox.company(), wire.now());
        }
        self.fault.inject(&mut wire.sandbox.company(), &mut self.plan, &mut self.dice, wire.now());
        if self.plan.source == Source::ActiveDirectory {
            let behind = ActiveDirectory::behind(&wire.sandbox.company(), self.fault, &mut self.dice);
            self.plan.directory = Some(behind);
        }
        if self.plan.has(Mess::EligibilityUnread) {
            wire.sandbox.rights.take_away(ELIGIBILITY);
        }
        match self.failing.clone() {
            None => self.until_there_is_access(wire, &healthy).await,
            Some(failing) => self.with_a_call_that_fails(wire, &healthy, &failing).await,
        }
        self.failed
    }

    /// An error is never a no: what is said for certain is right all the same, and its remedy hurts nobody.
    async fn with_a_call_that_fails(&mut self, wire: &Wire, healthy: &BTreeSet<Access>, failing: &Failing) {
        let Failing { operation, fault, after } = failing.clone();
        let for_good = u32::MAX;
        wire.sandbox.faults.set_times_after(operation, after, fault, for_good);
        wire.sandbox.calls.forget();
        let report = self.ask(wire).await;
        let times = wire.sandbox.calls.counts().get(operation).copied().unwrap_or_default();
        self.note(&report);
        let failed = u64::try_from(times).is_ok_and(|times| times > u64::from(after));
        self.has_failed = failed.then_some(operation);
        if failed && report["verdict"] == "undetermined" {
            return;
        }
        self.check_verdict(&report, self.has_access(wire));
        self.check_words(&report);
        let cause = report["cause"].as_str().unwrap_or_default();
        if !(failed && SEEN_IN_AWS.contains(&cause)) {
            self.check_cause(&report);
        }
        if report["verdict"] == "blocked" {
            // Whether the remedy can be followed is no matter here.
            let _ = self.follow(wire, &report, healthy);
        }
    }

    async fn until_there_is_access(&mut self, wire: &Wire, healthy: &BTreeSet<Access>) {
        let (mut acted, mut waited) = (0, 0);
        loop {
            let report = self.ask(wire).await;
            let has_access = self.has_access(wire);
            self.note(&report);
            self.check_verdict(&report, has_access);
            self.check_words(&report);
            if acted == 0 && waited == 0 {
                self.check_cause(&report);
            }
            if has_access || report["verdict"] == "access" || self.may_be_open() {
                return;
            }
            let done = match self.follow(wire, &report, healthy) {
                Ok(done) => done,
                Err(error) => {
                    self.fails(Failure::Unclear, &error);
                    return;
                }
            };
            self.has_waited = !matches!(done, Done::Acted);
            match done {
                Done::Acted => acted += 1,
                Done::ActsAndWaits(until) => {
                    acted += 1;
                    pass(wire, &self.plan, until, waited);
                }
                Done::Waits(until) => {
                    waited += 1;
                    pass(wire, &self.plan, until, waited);
                }
            }
            if acted > ROUNDS || waited > WAITS {
                self.fails(Failure::NoAccess, "no access after all that");
                return;
            }
        }
    }

    async fn ask(&self, wire: &Wire) -> Value {
        let question = Question {
            subject: self.plan.subject.clone(),
            subject_name: None,
            further_address: None,
            profile_unread: None,
            account: self.plan.typed.clone(),
            permission_set: self.plan.permission_set.clone(),
        };
        let former = self.former.clone();
        let gather = wire.gather().with_former_names(Arc::new(move |deleted| {
            let of_these = former.iter().filter(|(id, _)| deleted.contains(id));
            let names = of_these.map(|(id, name)| (id.clone(), name.clone())).collect();
            async { names }.boxed()
        }));
        let facts = in_time(gather.facts(question, Freshness::Remembered)).await;
        json_v1::report(&diagnose(&facts))
    }

    /// The access that the asker has while nothing is broken.
    fn wanted(&self, wire: &Wire) -> Access {
        let set = set_arn(&wire.sandbox.company(), &self.plan);
        (ASKER.to_owned(), self.plan.account.clone(), set)
    }

    /// What the question is about: any access to the account, or the permission set that is asked for. A name that
    /// means no account gives none.
    fn has_access(&self, wire: &Wire) -> bool {
        let company = wire.sandbox.company();
        let is_found = match self.fault {
            Fault::Mistyped | Fault::AccountTwin => {
                let named = company.accounts.iter().filter(|one| one.name.trim() == self.plan.typed);
                named.count() == 1 || self.plan.typed == self.plan.account
            }
            _ => true,
        };
        let asked = self.plan.permission_set.as_ref().map(|name| company.permission_set_arn(name));
        is_found
            && effective_access(&company).into_iter().any(|(person, account, set)| {
                person == ASKER
                    && account == self.plan.account
                    && asked.is_none_or(|asked| asked == Some(&set))
            })
    }

    fn check_verdict(&mut self, report: &Value, has_access: bool) {
        let right = if has_access { "access" } else { "blocked" };
        match report["verdict"].as_str().unwrap_or_default() {
            verdict if verdict == right => {}
            "undetermined" if self.may_be_open() => {}
            "undetermined" => self.fails(Failure::Undetermined, &format!("undetermined, not {right}")),
            verdict => self.fails(Failure::WrongVerdict, &format!("{verdict}, not {right}")),
        }
    }

    fn may_be_open(&self) -> bool {
        OPEN.iter().any(|open| open.fault == self.fault && (open.holds)(&self.plan))
    }

    fn check_cause(&mut self, report: &Value) {
        let cause = report["cause"].as_str().unwrap_or("none");
        if report["verdict"] == "undetermined" && self.may_be_open() {
            return;
        }
        let expected = expected(self.fault, &self.plan);
        let accepted = ACCEPTED.iter().any(|accepted| {
            accepted.fault == self.fault && accepted.cause == cause && (accepted.holds)(&self.plan)
        });
        let is_hidden = |hidden: &Hidden| {
            let has_failed = self.has_failed.is_some_and(|failed| hidden.operations.contains(&failed));
            has_failed && hidden.fault == self.fault && hidden.cause == cause
        };
        if cause != expected && !accepted && !HIDDEN.iter().any(is_hidden) {
            self.fails(Failure::WrongCause, &format!("{cause}, not {expected}"));
        }
    }

    /// No advice speaks of a directory that is not there.
    fn check_words(&mut self, report: &Value) {
        let said = report.to_string();
        let absent = ELSEWHERE.iter().filter(|word| self.plan.directory.is_some() && said.contains(**word));
        let spoken: Vec<_> = absent.collect();
        if !spoken.is_empty() {
            self.fails(Failure::WrongDirectory, &format!("speaks of {spoken:?}"));
        }
    }

    /// Has the report's remedy applied and looks who has what afterwards.
    fn follow(&mut self, wire: &Wire, report: &Value, healthy: &BTreeSet<Access>) -> Result<Done, String> {
        let mut company = wire.sandbox.company();
        let before = effective_access(&company);
        let (now, has_waited) = (wire.now(), self.has_waited);
        let remedy = Remedy { report, company: &mut company, plan: &mut self.plan, now, has_waited };
        let done = remedy.follow();
        let after = effective_access(&company);
        let company_admin = company.permission_set_arn("Admin").map(str::to_owned);
        drop(company);
        let _ = writeln!(self.told, "  {done:?}");
        let lost: Vec<_> = before.difference(&after).collect();
        if !lost.is_empty() {
            self.fails(Failure::Harm, &format!("lost: {lost:?}"));
        }
        let is_admin = |set: &String| company_admin.as_ref() == Some(set) && self.plan.may_activate_admins();
        let gained = after.difference(&before).filter(|(person, _, set)| person == ASKER && !is_admin(set));
        let too_much: Vec<_> = gained.filter(|access| !healthy.contains(*access)).collect();
        let was_asked_for = matches!(self.fault, Fault::AnotherSetWanted | Fault::Unassigned);
        // What could not be read may have held the smaller way.
        if !too_much.is_empty() && !was_asked_for && self.failing.is_none() {
            self.fails(Failure::TooMuch, &format!("gained: {too_much:?}"));
        }
        done
    }

    fn note(&mut self, report: &Value) {
        let _ = writeln!(
            self.told,
            "- {} {}: {}\n  next: {}",
            report["verdict"].as_str().unwrap_or_default(),
            report["cause"].as_str().unwrap_or("none"),
            report["headline"].as_str().unwrap_or_default(),
            report["fix"]["summary"].as_str().unwrap_or_default(),
        );
    }

    fn fails(&mut self, failure: Failure, why: &str) {
        let known = KNOWN.iter().position(|known| {
            known.fault == self.fault && known.failures.contains(&failure) && (known.holds)(&self.plan)
        });
        let Plan { source, mess, subject, typed, permission_set, .. } = &self.plan;
        let failing = self.failing.as_ref().map(|failing| format!("; {failing:?}")).unwrap_or_default();
        let told = format!(
            "{:?} with {mess:?} at {source:?}{failing}; {subject} asks for {typed} {permission_set:?}\n{}  {why}",
            self.fault, self.told
        );
        let told = if self.has_digests { told + "\n  (a digest saw the groups before)" } else { told };
        let with = if self.failing.is_some() { " with a call that fails" } else { "" };
        self.failed.push(Failed { known, what: format!("{:?} {failure:?}{with}", self.fault), told });
    }
}
