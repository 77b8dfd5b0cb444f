//! Insight and reports: `pages/insight`, `pages/report`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::chart::{Lines, lines};
use super::named;
use super::shell::Shell;
use crate::domain::platform::Platform;
use crate::insight::figures::{Filter, Series};
use crate::insight::outcome::Outcome;
use crate::insight::report::{Finding, Report};
use crate::insight::span::Span;
use crate::insight::summary::Summary;
use crate::insight::table::{Cell, Table};

/// Days to choose from.
pub const DAYS: [i64; 5] = [1, 7, 30, 90, 365];
/// Pictures shown.
const PICTURES: usize = 8;
/// Shades of the table of platforms.
const SHADES: i64 = 8;

/// `pages/insight`.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Page {
    pub shell: Shell,
    pub asked: Asked,
    pub days: Vec<Choice>,
    pub narratives: Vec<Choice>,
    pub languages: Vec<Choice>,
    pub platforms: Vec<Choice>,
    pub from: i64,
    pub to: i64,
    pub findings: Vec<Finding>,
    pub in_short: Table,
    pub pictures: Vec<Picture>,
    pub points: Vec<Point>,
    pub by_hour: bool,
    pub table: Table,
    pub heat: Vec<Heat>,
    pub heat_platforms: Vec<Platform>,
    pub stories: Vec<Story>,
    pub into: Vec<Named>,
    pub can_shape: bool,
    pub templates: Option<Table>,
    pub week: String,
    pub month: String,
}

/// What the figures are narrowed to, as in the address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Asked {
    pub days: i64,
    pub narrative: String,
    pub language: String,
    pub platform: String,
}

/// One thing to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Choice {
    pub key: String,
    pub on: bool,
}

/// How many came of one narrative in one language over time.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Picture {
    pub nth: usize,
    pub narrative: String,
    pub language: String,
    pub count: i64,
    pub lines: Lines,
}

/// The figures of every picture at one place in time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Point {
    pub at: i64,
    pub counts: Vec<i64>,
}

/// One narrative on every platform.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Heat {
    pub narrative: String,
    pub cells: Vec<Warm>,
}

/// A count with how dark its cell is, 1 to 8.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Warm {
    pub count: i64,
    pub heat: i64,
}

/// A story in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Story {
    pub id: String,
    pub title: Option<String>,
    pub example: Option<String>,
    pub lang: String,
    pub size: i32,
    pub accounts: i32,
    pub last_hour: u64,
    pub first_at: i64,
    pub last_at: i64,
    pub languages: Vec<&'static str>,
    pub platforms: Vec<String>,
    pub burst: bool,
}

/// A story to merge another into.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Named {
    pub id: String,
    pub name: String,
    pub lang: String,
}

/// `pages/report`.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct ReportPage {
    pub shell: Shell,
    pub report: Report,
    pub before: String,
    pub after: String,
    pub weeks: bool,
}

impl Asked {
    /// The filter that this stands for.
    #[must_use]
    pub fn filter(&self) -> Filter {
        let word = |word: &str| (!word.is_empty()).then(|| word.to_owned());
        Filter {
            narrative: word(&self.narrative),
            language: word(&self.language),
            platform: self.platform.parse().ok(),
            lane: None,
        }
    }
}

/// Keys to choose from, with the one chosen among them also if nothing of it came.
#[must_use]
pub fn choices(keys: impl IntoIterator<Item = String>, chosen: &str) -> Vec<Choice> {
    let mut choices: Vec<Choice> = keys.into_iter().map(|key| Choice { on: key == chosen, key }).collect();
    if !chosen.is_empty() && !choices.iter().any(|choice| choice.on) {
        choices.push(Choice {
            key: chosen.to_owned(),
            on: true,
        });
    }
    choices
}

/// The pictures of the lines with most, all of one scale, and their figures. `before` is what came of each in the span
/// before: its mean is what is usual.
#[must_use]
pub fn pictures(series: &Series, before: &Series, span: Span) -> (Vec<Picture>, Vec<Point>) {
    let mut most: Vec<(&(String, String), &Vec<i64>)> = series
        .iter()
        .filter(|((narrative, _), _)| !crate::insight::figures::is_whole(narrative))
        .collect();
    most.sort_by_key(|(_, counts)| std::cmp::Reverse(counts.iter().sum::<i64>()));
    most.truncate(PICTURES);
    let top = most
        .iter()
        .flat_map(|(_, counts)| counts.iter().copied())
        .max()
        .unwrap_or(0);
    let pictures = most.iter().enumerate().map(|(nth, (key, counts))| {
        let usual = before.get(*key).map_or(0.0, |counts| mean(counts));
        Picture {
            nth,
            narrative: key.0.clone(),
            language: named(&key.1).to_owned(),
            count: counts.iter().sum(),
            lines: lines(counts, usual, top),
        }
    });
    let points = (0..span.buckets()).map(|bucket| Point {
        at: span.begins(bucket),
        counts: most
            .iter()
            .map(|(_, counts)| counts.get(bucket).copied().unwrap_or(0))
            .collect(),
    });
    (pictures.collect(), points.collect())
}

fn mean(counts: &[i64]) -> f64 {
    let float = |count: i64| f64::from(i32::try_from(count).unwrap_or(i32::MAX));
    let of = i64::try_from(counts.len()).unwrap_or(1).max(1);
    float(counts.iter().sum()) / float(of)
}

/// Narratives by platform, the busiest cell the darkest.
#[must_use]
pub fn heat(of: &Summary, platforms: &[Platform]) -> Vec<Heat> {
    let most = of.grid.values().copied().max().unwrap_or(0).max(1);
    let warm = |count: i64| Warm {
        count,
        heat: 1 + (count * (SHADES - 1) + most / 2) / most,
    };
    of.narratives
        .iter()
        .map(|line| Heat {
            narrative: line.key.clone(),
            cells: platforms
                .iter()
                .map(|platform| warm(of.grid.get(&(line.key.clone(), *platform)).copied().unwrap_or(0)))
                .collect(),
        })
        .collect()
}

/// Templates by how many answers were made of them.
#[must_use]
pub fn templates(rows: Vec<(String, i64)>, outcomes: &BTreeMap<String, Outcome>) -> Table {
    let shares = |key: &str| outcomes.get(key).and_then(|outcome| outcome.shares());
    let cell = |share: Option<f64>| share.map_or(Cell::None, Cell::Share);
    Table {
        key: "templates",
        columns: vec!["template", "times-used", "calmed", "repeated"],
        rows: rows
            .into_iter()
            .map(|(key, count)| {
                let (calmed, repeated) = shares(&key).unzip();
                vec![Cell::Name(key), Cell::Count(count), cell(calmed), cell(repeated)]
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::pictures;
    use crate::insight::figures::Series;
    use crate::insight::span::Span;

    #[test]
    fn pictures_have_one_scale_and_the_table_has_their_numbers() {
        let span = Span::last_days("2026-11-24T10:00:00Z".parse().expect("an instant"), 3);
        let key = |narrative: &str, language: &str| (narrative.to_owned(), language.to_owned());
        let series = Series::from([
            (key("", "sv"), vec![99, 99, 99]),
            (key("abuse-in-care", "sv"), vec![1, 2, 3]),
            (key("abuse-in-care", "ar"), vec![0, 10, 20]),
        ]);
        let (pictures, points) = pictures(&series, &Series::new(), span);
        let shown: Vec<(&str, i64)> = pictures.iter().map(|one| (one.language.as_str(), one.count)).collect();
        assert_eq!(shown, [("ar", 30), ("sv", 6)]);
        assert_eq!(points.len(), 3);
        assert_eq!(points[2].counts, [20, 3]);
        assert_ne!(pictures[0].lines.line, pictures[1].lines.line);
    }
}
