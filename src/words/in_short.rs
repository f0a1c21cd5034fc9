//! A cause in half a sentence to the person, for lists of questions.

use super::causes::texts;
use crate::diagnosis::causes::Cause;

/// The cause, to end "Payments-Prod: …" with.
pub fn in_short(cause: Cause) -> &'static str {
    texts(cause).in_short
}
