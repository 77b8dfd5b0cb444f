//! Figures of a span, summed by the database from the counts by day and hour.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement, Value};

use super::span::{Bucket, Part, Span};
use crate::domain::lane::Lane;
use crate::domain::platform::Platform;
use crate::hourly::daily::{COUNTED, day_of};
use crate::hourly::{ALL, Counts};
use crate::store::Error;

/// What figures are narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// A narrative's key; [`ALL`] counts every comment once.
    pub narrative: Option<String>,
    /// A language's code.
    pub language: Option<String>,
    /// A platform.
    pub platform: Option<Platform>,
    /// A lane.
    pub lane: Option<Lane>,
}

/// What came of one narrative in one language on one platform, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sum {
    /// The narrative; [`ALL`] for every comment once.
    pub narrative: String,
    /// The language's code.
    pub language: String,
    /// The platform.
    pub platform: Platform,
    /// How many.
    pub counts: Counts,
}

/// How many came of a narrative in a language, bucket by bucket of a span.
pub type Series = BTreeMap<(String, String), Vec<i64>>;

#[derive(Debug, FromQueryResult)]
struct Group {
    narrative: String,
    language: String,
    platform: Platform,
    arrived: i64,
    urgent: i64,
    answered: i64,
    hidden: i64,
    let_be: i64,
    withdrawn: i64,
    in_5: i64,
    in_15: i64,
    in_30: i64,
    in_60: i64,
    in_120: i64,
    in_240: i64,
    in_480: i64,
    in_1440: i64,
    in_more: i64,
}

#[derive(Debug, FromQueryResult)]
struct Point {
    bucket: i64,
    narrative: String,
    language: String,
    arrived: i64,
}

/// A condition in the making, with its values bound.
struct Where {
    backend: DbBackend,
    text: String,
    values: Vec<Value>,
}

impl Where {
    fn of(backend: DbBackend, part: &Part, filter: &Filter) -> Self {
        let mut made = Self {
            backend,
            text: String::from("1 = 1"),
            values: Vec::new(),
        };
        let (column, range) = match part {
            Part::Days(days) => ("day", days),
            Part::Hours(hours) => ("hour", hours),
        };
        made.and(&format!("{column} >="), range.start);
        made.and(&format!("{column} <"), range.end);
        let words = [
            ("narrative =", filter.narrative.as_deref()),
            ("language =", filter.language.as_deref()),
            ("platform =", filter.platform.map(Platform::as_str)),
            ("lane =", filter.lane.map(Lane::as_str)),
        ];
        for (column, word) in words {
            if let Some(word) = word {
                made.and(column, word);
            }
        }
        made
    }

    fn and(&mut self, column: &str, value: impl Into<Value>) {
        self.values.push(value.into());
        let place = match self.backend {
            DbBackend::Sqlite => "?".to_owned(),
            _ => format!("${}", self.values.len()),
        };
        self.text = format!("{} AND {column} {place}", self.text);
    }
}

const fn table(part: &Part) -> &'static str {
    match part {
        Part::Days(_) => "daily",
        Part::Hours(_) => "hourly",
    }
}

/// What came in a span, by narrative, language and platform, and what became of it.
///
/// # Errors
/// Any [`Error`].
pub async fn sums(db: &impl ConnectionTrait, span: Span, filter: &Filter) -> Result<Vec<Sum>, Error> {
    let backend = db.get_database_backend();
    let counted = COUNTED
        .map(|name| format!("CAST(SUM({name}) AS BIGINT) AS {name}"))
        .join(", ");
    let mut sums: BTreeMap<(String, String, Platform), Counts> = BTreeMap::new();
    for part in span.parts() {
        let on = Where::of(backend, &part, filter);
        let sql = format!(
            "SELECT narrative, language, platform, {counted} FROM {} WHERE {} GROUP BY narrative, language, platform",
            table(&part),
            on.text
        );
        let groups = Group::find_by_statement(Statement::from_sql_and_values(backend, sql, on.values));
        for group in groups.all(db).await? {
            let counts = Counts::from(&group);
            let sum = sums
                .entry((group.narrative, group.language, group.platform))
                .or_default();
            *sum = sum.plus(&counts);
        }
    }
    let sum = |((narrative, language, platform), counts)| Sum {
        narrative,
        language,
        platform,
        counts,
    };
    Ok(sums.into_iter().map(sum).collect())
}

/// How many came of each narrative in each language, bucket by bucket.
///
/// # Errors
/// Any [`Error`].
pub async fn series(db: &impl ConnectionTrait, span: Span, filter: &Filter) -> Result<Series, Error> {
    let backend = db.get_database_backend();
    let first = day_of(span.from);
    let mut series = Series::new();
    for part in span.parts() {
        let bucket = match (span.bucket(), &part) {
            (Bucket::Hour, _) => format!("hour - {}", span.from),
            (Bucket::Days(days), Part::Days(_)) => format!("(day - {first}) / {days}"),
            (Bucket::Days(days), Part::Hours(hours)) => ((day_of(hours.start) - first) / days).to_string(),
        };
        let on = Where::of(backend, &part, filter);
        let sql = format!(
            "SELECT CAST({bucket} AS BIGINT) AS bucket, narrative, language, CAST(SUM(arrived) AS BIGINT) AS arrived \
             FROM {} WHERE {} GROUP BY 1, 2, 3",
            table(&part),
            on.text
        );
        let points = Point::find_by_statement(Statement::from_sql_and_values(backend, sql, on.values));
        for point in points.all(db).await? {
            let line = series
                .entry((point.narrative, point.language))
                .or_insert_with(|| vec![0; span.buckets()]);
            if let Some(count) = usize::try_from(point.bucket).ok().and_then(|at| line.get_mut(at)) {
                *count += point.arrived;
            }
        }
    }
    Ok(series)
}

/// Whether a row counts every comment once.
#[must_use]
pub fn is_whole(narrative: &str) -> bool {
    narrative == ALL
}

impl From<&Group> for Counts {
    fn from(group: &Group) -> Self {
        Self {
            arrived: group.arrived,
            urgent: group.urgent,
            answered: group.answered,
            hidden: group.hidden,
            let_be: group.let_be,
            withdrawn: group.withdrawn,
            within: [
                group.in_5,
                group.in_15,
                group.in_30,
                group.in_60,
                group.in_120,
                group.in_240,
                group.in_480,
                group.in_1440,
                group.in_more,
            ],
        }
    }
}
