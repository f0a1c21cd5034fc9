//! What was not looked at though it might matter: the rest of a list that was cut short, or the others of several
//! where nothing settles which one is meant. Whoever cuts a list gets one of these, which is a gap like any other.

use super::fact::{Gap, GapKind};
use crate::diagnosis::step::Step;

/// Something that was not looked at, and the step that it belongs to.
#[derive(Clone, Debug, PartialEq)]
pub struct LeftOut {
    pub step: Step,
    pub gap: Gap,
}

/// How much of a list is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    pub at_most: usize,
    /// The step at which the rest might matter.
    pub step: Step,
    /// The entries in the plural, to end "10 of 13 …" with.
    pub what: &'static str,
}

impl Limit {
    /// Cuts the list, and returns what that left out; `None` if all of it is looked at.
    #[must_use = "what is left out has to be said"]
    pub fn cut<T>(self, list: &mut Vec<T>, operation: &str) -> Option<LeftOut> {
        let all = list.len();
        list.truncate(self.at_most);
        self.looked_at(list.len(), all, operation)
    }

    /// What is left out of a list by looking at so many of all; `None` if nothing is.
    #[must_use = "what is left out has to be said"]
    pub fn looked_at(self, looked_at: usize, all: usize, operation: &str) -> Option<LeftOut> {
        let left = all.checked_sub(looked_at).filter(|left| *left > 0)?;
        let were = if left == 1 { "was" } else { "were" };
        let detail = format!("{looked_at} of {all} {} were looked at, {left} {were} not", self.what);
        Some(LeftOut::at(self.step, operation, detail))
    }
}

impl LeftOut {
    /// What this sentence says was not looked at.
    pub fn at(step: Step, operation: &str, detail: String) -> Self {
        Self { step, gap: Gap { kind: GapKind::LeftOut, operation: operation.to_owned(), detail } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: Limit = Limit { at_most: 2, step: Step::Assignment, what: "requests" };

    #[test]
    fn a_list_that_is_cut_says_how_many_were_not_looked_at() {
        let mut list = vec![1, 2, 3, 4, 5];
        let left_out = TWO.cut(&mut list, "sso:List").expect("it was cut");
        assert_eq!(list, [1, 2]);
        assert_eq!(left_out.gap.detail, "2 of 5 requests were looked at, 3 were not");
        assert_eq!((left_out.step, left_out.gap.kind), (Step::Assignment, GapKind::LeftOut));
    }

    #[test]
    fn a_list_that_fits_leaves_nothing_out() {
        let mut list = vec![1, 2];
        assert_eq!(TWO.cut(&mut list, "sso:List"), None);
        assert_eq!(list, [1, 2]);
    }
}
