//! `sso-why explain`: the page behind a cause.

use std::process::ExitCode;

use anyhow::anyhow;

use super::print;
use crate::diagnosis::causes::Cause;
use crate::diagnosis::names::nearest;
use crate::words::explain::page;

pub(super) fn run(named: &str) -> anyhow::Result<ExitCode> {
    let Some(cause) = Cause::named(named) else {
        let names = || Cause::ALL.iter().map(|cause| cause.name());
        let near = nearest(named, names(), 1);
        let hint = near.first().map(|near| format!(" Did you mean {near}?")).unwrap_or_default();
        let all = names().collect::<Vec<_>>().join(", ");
        let shown: String = named.chars().take(60).collect();
        return Err(anyhow!("there is no cause {shown}.{hint} The causes are: {all}"));
    };
    print(page(cause))?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_cause_gets_the_nearest_and_the_list() {
        let near = run("duplicate_grup").expect_err("is no cause").to_string();
        assert!(
            near.starts_with(
                "there is no cause duplicate_grup. Did you mean duplicate_group? The causes are: "
            )
        );
        let far = run("zebra").expect_err("is no cause").to_string();
        assert!(far.starts_with("there is no cause zebra. The causes are: account_not_found, "), "{far}");
    }
}
