//! The causes in words: a file for each, which holds all that is said of it.

use super::explanation::{Explain, Texts};
use crate::diagnosis::causes::{Cause, Finding, for_each_cause};

macro_rules! speak {
    ($($file:ident: $Evidence:ident),+ $(,)?) => {
        $(mod $file;)+

        /// The words for this finding.
        pub(super) fn explain(finding: &Finding) -> &dyn Explain {
            match finding {$(Finding::$Evidence(found) => found),+}
        }

        /// What is said of this cause whatever its evidence.
        pub(super) fn texts(cause: Cause) -> &'static Texts {
            match cause {$(Cause::$Evidence => &$file::TEXTS),+}
        }
    };
}
for_each_cause!(speak);
