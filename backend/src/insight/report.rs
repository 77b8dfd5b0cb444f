//! The report of a week or a month for partner agencies: findings first, figures against the period before, stories,
//! waves, what was done, and the limits of the data. No names, no texts of comments, and no counts of few.

use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use serde::Serialize;

use super::figures::Filter;
use super::read;
use super::span::Period;
use super::summary::{Change, LEAST, Summary};
use super::table::{self, Cell, Reader, Table};
use crate::clock;
use crate::domain::platform::Platform;
use crate::store::Error;
use crate::store::entity::{story, wave};

/// Stories and templates told of.
const MOST: u64 = 10;
/// Narratives among the findings.
const RISING: usize = 3;

/// A report.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// `week` or `month`.
    pub kind: &'static str,
    /// `2026-W47`, `2026-11`.
    pub name: String,
    /// When it begins and ends, in milliseconds; the end is the last instant's day.
    pub from: i64,
    /// See `from`.
    pub to: i64,
    /// When it was made, in milliseconds.
    pub made_at: i64,
    /// Whether the period is over.
    pub is_over: bool,
    /// What is to be read first.
    pub findings: Vec<Finding>,
    /// The figures.
    pub tables: Vec<Table>,
    /// What they do not tell.
    pub limits: Vec<Limit>,
}

/// One sentence of what the figures say.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
#[expect(missing_docs, reason = "fields are those of the sentences")]
pub enum Finding {
    /// Nothing came.
    Nothing,
    /// So many came, and how it compares.
    Came { count: i64, change: Cell },
    /// The share answered, and within how long half was decided.
    Answered { share: f64, half: Cell },
    /// A narrative rises or is new.
    Rises {
        narrative: String,
        count: i64,
        change: Cell,
        language: String,
        platform: Platform,
    },
    /// No narrative rises by more than chance.
    Steady,
    /// So many waves opened.
    Waves { count: i64 },
}

/// What the figures do not tell.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
#[expect(missing_docs, reason = "fields are those of the sentences")]
pub enum Limit {
    /// The period is not over.
    NotOver,
    /// A channel was blind so many times.
    Blind { connector: String, times: i64 },
    /// Languages and narratives come from a model, corrected by people.
    Tagged,
    /// A comment of two narratives counts for both.
    Several,
    /// Counts under five are covered.
    Few,
    /// Comments are counted when they reach the desk.
    Arrival,
}

/// The findings of a summary.
#[must_use]
pub fn findings(of: &Summary, waves: i64, reader: Reader) -> Vec<Finding> {
    let all = &of.all;
    if all.now.arrived == 0 {
        return vec![Finding::Nothing];
    }
    let mut found = vec![Finding::Came {
        count: all.now.arrived,
        change: table::change(all.change(of.longer)),
    }];
    if let Some(share) = all.now.answered_share().filter(|_| all.now.arrived >= LEAST) {
        found.push(Finding::Answered {
            share,
            half: table::half_within(&all.now),
        });
    }
    let rising = of.rising().into_iter().take(RISING).filter_map(|line| {
        let (language, platform) = of.mostly.get(&line.key)?.clone();
        Some(Finding::Rises {
            narrative: line.key.clone(),
            count: line.now.arrived,
            change: table::change(line.change(of.longer)),
            language,
            platform,
        })
    });
    let before = found.len();
    found.extend(rising);
    let comparable = all.change(of.longer) != Change::TooFew && all.before.arrived > 0;
    if found.len() == before && comparable {
        found.push(Finding::Steady);
    }
    if waves > 0 && reader == Reader::Partner {
        found.push(Finding::Waves { count: waves });
    }
    found
}

/// Makes the report of a period.
///
/// # Errors
/// Any [`Error`].
pub async fn make(db: &impl ConnectionTrait, period: Period, now: DateTime<Utc>) -> Result<Report, Error> {
    let (span, before) = (period.span(), period.before().span());
    let reader = Reader::Partner;
    let of = read::compared(db, span, before, &Filter::default()).await?;
    let waves = read::waves(db, span).await?;
    let many = i64::try_from(waves.len()).unwrap_or(i64::MAX);
    let longer = of.longer;
    let at = span.instants();
    let is_over = at.end <= clock::ms(now);
    let mut limits = vec![Limit::Tagged, Limit::Several, Limit::Arrival, Limit::Few];
    let mut blind = read::blind(db, span).await?;
    blind.sort();
    for times in blind.chunk_by(|a, b| a == b) {
        if let Some(connector) = times.first() {
            limits.insert(
                0,
                Limit::Blind {
                    connector: connector.clone(),
                    times: i64::try_from(times.len()).unwrap_or(i64::MAX),
                },
            );
        }
    }
    if !is_over {
        limits.insert(0, Limit::NotOver);
    }
    let platform = |key: &str| key.parse().map_or(Cell::None, Cell::Platform);
    Ok(Report {
        kind: period.kind(),
        name: period.name(),
        from: at.start,
        to: at.end - 1,
        made_at: clock::ms(now),
        is_over,
        findings: findings(&of, many, reader),
        tables: vec![
            table::in_short(&of.all, longer, reader),
            table::of_lines("narratives", "narrative", &of.narratives, longer, reader, |key| {
                Cell::Narrative(key.to_owned())
            }),
            table::of_lines("languages", "language", &of.languages, longer, reader, |key| {
                Cell::Language(key.to_owned())
            }),
            table::of_lines("platforms", "platform", &of.platforms, longer, reader, platform),
            table::grid(&of, reader).0,
            stories(read::stories(db, span, MOST).await?, reader),
            self::waves(&waves, reader),
            done(db, span, reader).await?,
            templates(read::templates(db, span, MOST).await?, reader),
        ],
        limits,
    })
}

/// Stories by what people call them; who told them and in which words stays inside.
fn stories(rows: Vec<story::Model>, reader: Reader) -> Table {
    let row = |row: story::Model| {
        let languages: std::collections::BTreeMap<String, i64> =
            serde_json::from_str(&row.languages).unwrap_or_default();
        vec![
            row.title
                .map_or_else(|| Cell::Word("story-untitled".into()), Cell::Name),
            Cell::At(row.first_at),
            reader.count(row.size.into()),
            reader.count(row.accounts.into()),
            Cell::Count(i64::try_from(languages.len()).unwrap_or(0)),
        ]
    };
    Table {
        key: "stories",
        columns: vec!["story", "first", "comments", "accounts", "languages"],
        rows: rows.into_iter().map(row).collect(),
    }
}

fn waves(rows: &[wave::Model], reader: Reader) -> Table {
    let row = |row: &wave::Model| {
        vec![
            Cell::Narrative(row.narrative.clone()),
            Cell::Lane(row.lane),
            Cell::At(row.since),
            row.closed_at.map_or(Cell::None, Cell::At),
            reader.count(row.came.into()),
            crate::wave::note::times(row).map_or(Cell::New, Cell::Times),
        ]
    };
    Table {
        key: "waves",
        columns: vec!["narrative", "lane", "since", "until", "comments", "times"],
        rows: rows.iter().map(row).collect(),
    }
}

async fn done(db: &impl ConnectionTrait, span: super::span::Span, reader: Reader) -> Result<Table, Error> {
    let mut rows: Vec<Vec<Cell>> = read::decided(db, span)
        .await?
        .into_iter()
        .map(|(kind, count)| vec![Cell::Word(format!("decision-{kind}")), reader.count(count)])
        .collect();
    rows.push(vec![
        Cell::Word("column-escalated".into()),
        reader.count(read::escalated(db, span).await?),
    ]);
    Ok(Table {
        key: "done",
        columns: vec!["act", "times-done"],
        rows,
    })
}

fn templates(rows: Vec<(String, i64)>, reader: Reader) -> Table {
    Table {
        key: "templates",
        columns: vec!["template", "times-used"],
        rows: rows
            .into_iter()
            .map(|(key, count)| vec![Cell::Name(key), reader.count(count)])
            .collect(),
    }
}
