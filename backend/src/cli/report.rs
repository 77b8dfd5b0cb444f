//! `klarsvar report`: the figures of a week or a month as CSV, or the whole report as JSON.

use std::io::Write as _;
use std::path::PathBuf;

use super::Failed;
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::insight::report::make;
use crate::insight::span::Period;
use crate::store::Db;
use crate::teaching::narrative::Published;
use crate::view::csv::csv;
use crate::view::{LocaleKey, Views};

/// Which report, and where to.
#[derive(Debug, Clone, clap::Args)]
pub struct Report {
    /// week or month
    #[arg(value_parser = ["week", "month"])]
    kind: String,
    /// Which one: 2026-W47 or 2026-11. Without it, the last that is over
    name: Option<String>,
    /// Language of the words: sv, ar or en
    #[arg(long, default_value = "sv", value_parser = ["sv", "ar", "en"])]
    lang: String,
    /// Write to this file instead of to standard output
    #[arg(long)]
    out: Option<PathBuf>,
}

/// Writes the report.
///
/// # Errors
/// [`Failed::Input`] for a period that is none.
pub async fn run(config: Config, ask: Report, as_json: bool) -> Result<(), Failed> {
    let now = SystemClock.now();
    let period = match &ask.name {
        Some(name) => Period::named(&ask.kind, name),
        None => Period::last(&ask.kind, now),
    };
    let period = period.ok_or_else(|| {
        Failed::Input(format!(
            "'{}' is no {}: write a week as 2026-W47 and a month as 2026-11",
            ask.name.as_deref().unwrap_or_default(),
            ask.kind
        ))
    })?;
    let db = Db::open(&config.database.url).await?;
    let report = make(db.reader(), period, now).await?;
    let bytes = if as_json {
        let mut line = serde_json::to_vec(&report).map_err(|error| Failed::Work(error.to_string()))?;
        line.push(b'\n');
        line
    } else {
        let views = Views::embedded().map_err(|error| Failed::Work(error.to_string()))?;
        let taught = Published::read(db.reader()).await?;
        views.locales().name_narratives(taught.titles());
        csv(
            views.locales(),
            ask.lang.parse().unwrap_or(LocaleKey::Sv),
            &report.tables,
        )
    };
    db.close().await;
    match ask.out {
        Some(file) => std::fs::write(file, bytes)?,
        None => std::io::stdout().lock().write_all(&bytes)?,
    }
    Ok(())
}
