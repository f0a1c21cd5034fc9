//! The pages behind the causes: what each means, how it is detected, how it is fixed.

use super::causes::texts;
use crate::diagnosis::causes::Cause;

/// The page of this cause, in Markdown that reads well in a terminal.
pub fn page(cause: Cause) -> &'static str {
    texts(cause).page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_about_its_cause_and_fits_a_terminal() {
        for cause in Cause::ALL {
            let page = page(*cause);
            assert!(page.starts_with(&format!("# {}: ", cause.name())), "{}", cause.name());
            assert!(page.lines().all(|line| line.chars().count() <= 80), "{}", cause.name());
        }
    }
}
