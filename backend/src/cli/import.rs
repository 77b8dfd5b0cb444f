//! `klarsvar import`: a platform's export into the desk. The whole file is read and checked before anything is stored;
//! then its good rows go in, a few hundred in each commit. The same file again adds nothing.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use chrono::TimeDelta;
use serde_json::{Map, Value, json};

use crate::app::App;
use crate::change::Actor;
use crate::cli::{Failed, serve};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::connector::registry::Connected;
use crate::manual::bring::{Brought, bring, known};
use crate::manual::entry::Wrong;
use crate::manual::export::{Export, Form, Said, Unusable};
use crate::manual::headings::{Field, shown};

/// Rows stored in one commit.
const GROUP: usize = 200;
/// Bytes of rows stored in one commit.
const GROUP_BYTES: usize = 512 * 1024;
/// Bad rows told one by one.
const MOST_TOLD: u64 = 100;

/// What to import, and how it is to be read.
#[derive(Debug, clap::Args)]
pub struct Import {
    /// The connector the comments belong to
    #[arg(long, value_name = "NAME")]
    connector: String,
    /// Which column holds what, for example text=Kommentar; more than once
    #[arg(long = "map", value_name = "FIELD=HEADING")]
    map: Vec<String>,
    /// Check the file and store nothing
    #[arg(long)]
    dry_run: bool,
    /// Zone of times that name none
    #[arg(long, default_value = "Europe/Stockholm")]
    zone: String,
    /// What stands first in 03/04/2026: day-first or month-first
    #[arg(long, value_name = "ORDER")]
    dates: Option<String>,
    /// Encoding, for example windows-1256; else it is found out
    #[arg(long)]
    encoding: Option<String>,
    /// What keeps columns apart: a character, or tab; else it is found out
    #[arg(long)]
    delimiter: Option<String>,
    /// The post of rows that name none
    #[arg(long, value_name = "ID")]
    post: Option<String>,
    /// The ad of rows that name none
    #[arg(long, value_name = "ID")]
    ad: Option<String>,
    /// CSV with headings, or one JSON object a line
    file: PathBuf,
}

/// What came of a file.
#[derive(Debug, Default)]
struct Count {
    rows: u64,
    good: u64,
    new: u64,
    refused: u64,
    told: Vec<Value>,
}

pub async fn run(config: Config, import: Import, json: bool) -> Result<(), Failed> {
    let clock = SystemClock;
    let said = said(&import, &clock)?;
    let path = import.file.clone();
    let open = move || -> io::Result<Box<dyn Read>> { Ok(Box::new(File::open(&path)?)) };
    let unusable = |error: Unusable| Failed::Input(format!("{}: {error}", import.file.display()));
    let export = Export::look(&open, said).map_err(unusable)?;
    let app = App::start(config, Arc::new(clock)).await.map_err(serve::started)?;
    let Some(connector) = app.connectors.find(&import.connector) else {
        let mut names: Vec<String> = app.connectors.list().iter().map(|one| one.name.to_string()).collect();
        names.sort_unstable();
        let name = shown(&import.connector);
        let others = match names.as_slice() {
            [] => "an administrator adds one with POST /api/v1/connectors".to_owned(),
            names => format!("there are: {}", names.join(", ")),
        };
        return Err(Failed::Input(format!("there is no connector '{name}'; {others}")));
    };
    if !json {
        describe(&import, &export);
    }
    // The dry run: every row, before any is stored.
    let mut count = Count::default();
    let mut rows = export.rows(&open).map_err(unusable)?;
    let mut group = Group::new(&export);
    while let Some(row) = rows.row().map_err(|error| unusable(error.into()))? {
        count.rows += 1;
        match row.entry {
            Ok(entry) => {
                count.good += 1;
                if import.dry_run {
                    group.add(&[], entry, &import.connector);
                    if group.is_full() {
                        count.new += group.unknown(&app, &import.connector).await?;
                    }
                }
            }
            Err(wrong) => count.refuse(row.line, wrong, json),
        }
    }
    if import.dry_run {
        count.new += group.unknown(&app, &import.connector).await?;
    } else if count.good > 0 {
        let mut rows = export.rows(&open).map_err(unusable)?;
        let mut group = Group::new(&export);
        while let Some(row) = rows.row().map_err(|error| unusable(error.into()))? {
            if let Ok(entry) = row.entry {
                group.add(&row.raw, entry, &import.connector);
                if group.is_full() {
                    count.new += group.store(&app, &connector).await?;
                }
            }
        }
        count.new += group.store(&app, &connector).await?;
    }
    app.stop().await;
    count.tell(&import, &export, json)
}

fn said(import: &Import, clock: &SystemClock) -> Result<Said, Failed> {
    let fields = || {
        Field::ALL
            .iter()
            .map(|field| field.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let map = import
        .map
        .iter()
        .map(|said| {
            let (field, heading) = said
                .split_once('=')
                .ok_or_else(|| Failed::Input(format!("--map {}: give FIELD=HEADING", shown(said))))?;
            let field = field.trim().parse::<Field>().map_err(|_| {
                Failed::Input(format!(
                    "--map {}: there is no such field; there are: {}",
                    shown(said),
                    fields()
                ))
            })?;
            Ok((field, heading.to_owned()))
        })
        .collect::<Result<Vec<_>, Failed>>()?;
    let zone = import.zone.parse().map_err(|_| {
        Failed::Input(format!(
            "--zone {}: not a zone; Europe/Stockholm and UTC are",
            shown(&import.zone)
        ))
    })?;
    let order = import.dates.as_deref().map(str::parse).transpose();
    let order = order.map_err(|_| Failed::Input("--dates: day-first or month-first".to_owned()))?;
    let encoding = match import.encoding.as_deref() {
        Some(label) => Some(encoding_rs::Encoding::for_label(label.as_bytes()).ok_or_else(|| {
            Failed::Input(format!(
                "--encoding {}: not known; utf-8, windows-1252 and windows-1256 are",
                shown(label)
            ))
        })?),
        None => None,
    };
    let delimiter = match import.delimiter.as_deref() {
        None => None,
        Some("tab" | "\\t") => Some(b'\t'),
        Some(word) => match word.as_bytes() {
            [one] if *one != b'"' => Some(*one),
            _ => return Err(Failed::Input("--delimiter: one character, or tab".to_owned())),
        },
    };
    Ok(Said {
        connector: import.connector.clone(),
        map,
        zone,
        order,
        encoding,
        delimiter,
        post: import.post.clone(),
        ad: import.ad.clone(),
        // A platform's clock may be ahead of ours.
        latest: clock.now() + TimeDelta::days(1),
    })
}

/// Rows gathered for one commit.
struct Group<'a> {
    export: &'a Export,
    raw: Vec<u8>,
    entries: Vec<Brought>,
}

impl<'a> Group<'a> {
    fn new(export: &'a Export) -> Self {
        Self {
            export,
            raw: Vec::new(),
            entries: Vec::new(),
        }
    }

    fn add(&mut self, raw: &[u8], entry: crate::manual::entry::Entry, connector: &str) {
        if self.entries.is_empty() {
            self.raw.extend_from_slice(self.export.opening());
        }
        self.raw.extend_from_slice(raw);
        self.entries.push(Brought {
            external_id: entry.key(connector),
            entry,
            screenshot: None,
        });
    }

    fn is_full(&self) -> bool {
        self.entries.len() >= GROUP || self.raw.len() >= GROUP_BYTES
    }

    /// Stores it; how many were new. A group of known rows alone leaves no trace.
    async fn store(&mut self, app: &App, connector: &Connected) -> Result<u64, Failed> {
        let raw = std::mem::take(&mut self.raw);
        let entries = std::mem::take(&mut self.entries);
        let ids: Vec<&str> = entries.iter().map(|entry| entry.external_id.as_str()).collect();
        let there = known(app, &connector.name, &ids).await?;
        if ids.iter().all(|id| there.contains(*id)) {
            return Ok(0);
        }
        let stored = bring(app, connector, Bytes::from(raw), entries, Actor::Desk).await?;
        Ok(stored.iter().map(|stored| u64::from(!stored.known)).sum())
    }

    /// Forgets it; how many of it the desk does not know.
    async fn unknown(&mut self, app: &App, connector: &str) -> Result<u64, Failed> {
        self.raw.clear();
        let entries = std::mem::take(&mut self.entries);
        let mut ids: Vec<&str> = entries.iter().map(|entry| entry.external_id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        let there = known(app, connector, &ids).await?;
        Ok(ids.iter().map(|id| u64::from(!there.contains(*id))).sum())
    }
}

#[expect(clippy::print_stderr, clippy::print_stdout, reason = "the command's result")]
impl Count {
    fn refuse(&mut self, line: u64, wrong: Wrong, json: bool) {
        self.refused += 1;
        if self.refused > MOST_TOLD {
            return;
        }
        if json {
            self.told
                .push(json!({ "line": line, "code": wrong.code(), "sentence": wrong.to_string() }));
        } else {
            eprintln!("line {line}: {wrong}");
        }
    }

    fn tell(self, import: &Import, export: &Export, json: bool) -> Result<(), Failed> {
        let known = self.good - self.new;
        if json {
            let line = json!({
                "file": import.file.display().to_string(), "dry_run": import.dry_run,
                "encoding": export.written.encoding.name(), "columns": columns(export),
                "rows": self.rows, "comments": self.good, "new": self.new, "known": known,
                "refused": self.refused, "errors": self.told,
            });
            println!("{line}");
        } else {
            if self.refused > MOST_TOLD {
                eprintln!("and {} more", self.refused - MOST_TOLD);
            }
            let what = if import.dry_run { "would be new" } else { "new" };
            println!(
                "{} rows: {} comments ({} {what}, {known} known), {} refused",
                self.rows, self.good, self.new, self.refused
            );
        }
        match (self.good, self.refused) {
            (0, 0) => Err(Failed::Input("the file has no rows".to_owned())),
            (0, _) => Err(Failed::Input("no row of the file could be read".to_owned())),
            (_, 0) => Ok(()),
            (_, 1) => Err(Failed::Work("1 row was not taken".to_owned())),
            (_, refused) => Err(Failed::Work(format!("{refused} rows were not taken"))),
        }
    }
}

#[expect(clippy::print_stderr, reason = "how the file is understood")]
fn describe(import: &Import, export: &Export) {
    let encoding = export.written.encoding.name();
    match &export.form {
        Form::Csv { columns, headings, .. } => {
            let named: Vec<String> = columns
                .list()
                .filter_map(|(field, at)| headings.get(at).map(|heading| format!("{field} = {heading}")))
                .collect();
            eprintln!("{}: CSV, {encoding}; {}", import.file.display(), named.join(", "));
        }
        Form::JsonLines => eprintln!("{}: JSON lines, {encoding}", import.file.display()),
    }
}

fn columns(export: &Export) -> Value {
    match &export.form {
        Form::Csv { columns, headings, .. } => columns
            .list()
            .filter_map(|(field, at)| Some((field.to_string(), json!(headings.get(at)?))))
            .collect::<Map<_, _>>()
            .into(),
        Form::JsonLines => Value::Null,
    }
}
