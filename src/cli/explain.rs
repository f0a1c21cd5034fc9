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
        let hint = nearest(named, names(), 1).first().map(|near| format!("; did you mean {near}?")).unwrap_or_default();
        let all = names().collect::<Vec<_>>().join(", ");
        let shown: String = named.chars().take(60).collect();
        return Err(anyhow!("there is no cause {shown}{hint} The causes are: {all}"));
    };
    print(page(cause))?;
    Ok(ExitCode::SUCCESS)
}
