//! How tries are understood beside each other, and how far a clock may be off.

use super::*;
use crate::diagnosis::facts::GapKind;

const TOKEN: &str = "okta:token";

fn stands(tries: &[Tried]) -> Outcome {
    credential(tries.iter(), TOKEN)
}

fn unread(operation: &str) -> Tried {
    let (operation, detail) = (operation.to_owned(), "no answer in time".to_owned());
    Tried::Unread(Gap { kind: GapKind::Timeout, operation, detail })
}

#[test]
fn a_right_that_is_missing_says_nothing_against_the_token() {
    let denied = Tried::Denied(Denial { code: "invalid_scope".to_owned(), kind: DenialKind::Right });
    assert!(stands(&[denied, unread("okta:logs")]).is_ok());
    assert!(stands(&[]).is_ok());
}

#[test]
fn a_token_that_was_refused_or_never_came_is_what_is_wrong() {
    let refused = Tried::NotTaken("invalid_client".to_owned());
    assert_eq!(stands(&[unread(TOKEN), refused]), Outcome::Failed(Fault::NotTaken("invalid_client".into())));
    assert!(matches!(stands(&[Tried::Allowed, unread(TOKEN)]), Outcome::Failed(Fault::Unread(_))));
}

#[test]
fn a_token_that_is_taken_elsewhere_lacks_a_right() {
    let refused = || Tried::NotTaken("Unauthorized".to_owned());
    let denied = Tried::Denied(Denial { code: "Unauthorized".to_owned(), kind: DenialKind::Right });
    let tries = beside_each_other(vec![(1, Tried::Allowed), (2, refused())]);
    assert_eq!(tries, [(1, Tried::Allowed), (2, denied)]);
    assert_eq!(beside_each_other(vec![(1, refused()), (2, refused())])[0].1, refused());
}

#[test]
fn a_clock_may_be_a_minute_off() {
    assert!(clock(-60).is_ok() && clock(60).is_ok());
    assert_eq!(clock(-61), Outcome::Failed(Fault::ClockOff { seconds: -61 }));
}
