//! Generated companies: consistent ones, with the mess of real ones and one fault each, asked over the wire.
//!
//! The bot has to name the fault. Then somebody does what its report says, time passes where it says so, and after two
//! rounds at most there has to be access, and nobody else may have lost any. What a fault may be called as well, and what
//! the product is known to get wrong, stands with its reason in [`table`].
//!
//! A failure prints the line that runs its company again. `SSO_WHY_COMPANIES` is how many there are in all,
//! `SSO_WHY_SEED` the first one's seed; `tests/nightly` runs ten thousand.
//!
//! Reading order: [`plan`] is a company in which everything is in place, whose people come from a [`source`], with its
//! [`mess`]; a [`fault`] is one thing that is wrong; [`breaking`] makes it so in the [`tables`] of the [`asker`] and
//! everybody else, and [`active_directory`] is what nobody sees; [`failing`] is a call that fails, [`remedy`] is the
//! administrator, [`story`] all of it for one seed.

mod dice;
mod source;
mod active_directory;
mod plan;
mod mess;
mod tables;
mod asker;
mod fault;
mod breaking;
mod failing;
mod remedy;
mod table;
mod story;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Mutex;
use std::time::Instant;

use crate::harness::Wire;
use dice::Dice;
use plan::Plan;
use source::Source;
use story::Story;
use table::KNOWN;

/// A few seconds. Each of the four tests has a quarter of them.
const COMPANIES: u64 = 300;

/// As many meet everything that is known to be wrong.
const MANY: u64 = 6_000;

#[tokio::test]
async fn companies_at_entra() {
    every_company(Source::Entra, "companies_at_entra").await;
}

#[tokio::test]
async fn companies_at_okta() {
    every_company(Source::Okta, "companies_at_okta").await;
}

#[tokio::test]
async fn companies_without_an_idp() {
    every_company(Source::Unseen, "companies_without_an_idp").await;
}

#[tokio::test]
async fn companies_of_active_directory() {
    every_company(Source::ActiveDirectory, "companies_of_active_directory").await;
}

/// All are tried before any failure is told, so that one run shows everything that is wrong.
async fn every_company(source: Source, test: &str) {
    let first = number("SSO_WHY_SEED").unwrap_or(1);
    let in_all = number("SSO_WHY_COMPANIES").unwrap_or(COMPANIES);
    let count = in_all.div_ceil(4);
    let wire = Wire::of(Plan::of(source, &mut Dice::of(first)).scenario()).await;
    let mut failed: BTreeMap<String, Vec<(u64, String)>> = BTreeMap::new();
    let mut known = BTreeSet::new();
    let progress = Progress::of(test, count);
    for seed in first..first + count {
        for failure in Story::of(source, seed).tell(&wire).await {
            match failure.known {
                Some(row) => drop(known.insert(row)),
                None => {
                    progress.fails(&failure.what, seed);
                    failed.entry(failure.what).or_default().push((seed, failure.told));
                }
            }
        }
        progress.reaches(seed - first + 1, failed.values().map(Vec::len).sum());
    }
    let mut told = String::new();
    for (what, companies) in &failed {
        let seeds: Vec<u64> = companies.iter().map(|(seed, _)| *seed).take(8).collect();
        let _ = writeln!(told, "\n{what}: {} companies, seeds {seeds:?}", companies.len());
        let (seed, story) = &companies[0];
        let _ = writeln!(told, "{}\n{story}", again(test, *seed));
    }
    assert!(failed.is_empty(), "of {count} companies\n{told}");
    if in_all >= MANY {
        no_row_is_out_of_date(known);
    }
}

/// The line that runs this company again.
fn again(test: &str, seed: u64) -> String {
    format!("SSO_WHY_SEED={seed} SSO_WHY_COMPANIES=1 cargo test --test it generated::{test}")
}

/// How far a long run is, for those who wait for it: `cargo test` shows it with `--nocapture`.
struct Progress<'t> {
    test: &'t str,
    count: u64,
    began: Instant,
}

#[expect(clippy::print_stdout, reason = "whoever runs thousands of companies reads how far they are")]
impl<'t> Progress<'t> {
    /// Companies between two lines.
    const EACH: u64 = 100;

    fn of(test: &'t str, count: u64) -> Self {
        Self { test, count, began: Instant::now() }
    }

    fn reaches(&self, companies: u64, failures: usize) {
        if companies.is_multiple_of(Self::EACH) || companies == self.count {
            let (test, count, seconds) = (self.test, self.count, self.began.elapsed().as_secs());
            println!("{test}: {companies} of {count} companies, {failures} failures, {seconds} s");
        }
    }

    fn fails(&self, what: &str, seed: u64) {
        println!("{what}: {}", again(self.test, seed));
    }
}

/// What is known to be wrong is still wrong. The last of the four looks, if all of them ran.
fn no_row_is_out_of_date(known: BTreeSet<usize>) {
    static MET: Mutex<(usize, BTreeSet<usize>)> = Mutex::new((0, BTreeSet::new()));
    let mut met = MET.lock().expect("nobody broke off");
    met.0 += 1;
    met.1.extend(known);
    if met.0 == 4 {
        let rows = KNOWN.iter().enumerate().filter(|(row, _)| !met.1.contains(row));
        let fixed: Vec<_> = rows.map(|(_, known)| format!("{:?}: {}", known.fault, known.reason)).collect();
        assert!(fixed.is_empty(), "no longer wrong, so that the row can go: {fixed:?}");
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}
