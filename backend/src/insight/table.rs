//! Tables of figures whose cells know what they are, so that a page, a print and a file show the same.

use serde::Serialize;

use super::summary::{Change, Line};
use crate::domain::lane::Lane;
use crate::domain::platform::Platform;
use crate::hourly::Counts;

/// Counts below this are not told to those outside: few could be somebody.
const LEAST_SHOWN: i64 = 5;

/// One cell.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "is", content = "of", rename_all = "kebab-case")]
pub enum Cell {
    /// A narrative's key.
    Narrative(String),
    /// A language's code.
    Language(String),
    /// A platform.
    Platform(Platform),
    /// A lane.
    Lane(Lane),
    /// A word of the desk's texts, by its key.
    Word(String),
    /// What people or platforms call something.
    Name(String),
    /// How many.
    Count(i64),
    /// More than none, and too few to be told.
    Few,
    /// A share from 0 to 1.
    Share(f64),
    /// By which share it is more, or less, than before.
    Change(f64),
    /// There was none before.
    New,
    /// So many times what is usual.
    Times(f64),
    /// Within so many minutes.
    Within(i64),
    /// Not within a day.
    Later,
    /// An instant in milliseconds.
    At(i64),
    /// Nothing to tell.
    None,
}

/// Who a table is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// People of the desk.
    Desk,
    /// Partners: small counts are covered.
    Partner,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Table {
    /// What it is of; its caption's key is `table-` and this.
    pub key: &'static str,
    /// What its columns are; their keys are `column-` and this.
    pub columns: Vec<&'static str>,
    /// Its rows. The first cell is the row's head.
    pub rows: Vec<Vec<Cell>>,
}

impl Reader {
    /// A count as this reader may see it.
    #[must_use]
    pub const fn count(self, count: i64) -> Cell {
        match self {
            Self::Partner if count > 0 && count < LEAST_SHOWN => Cell::Few,
            Self::Desk | Self::Partner => Cell::Count(count),
        }
    }

    /// A share of a count.
    fn share(self, share: Option<f64>, of: i64) -> Cell {
        match share {
            Some(share) if self == Self::Desk || of >= LEAST_SHOWN => Cell::Share(share),
            _ => Cell::None,
        }
    }
}

/// A change as a cell.
#[must_use]
pub const fn change(change: Change) -> Cell {
    match change {
        Change::TooFew => Cell::None,
        Change::New => Cell::New,
        Change::Share(share) => Cell::Change(share),
    }
}

/// Within how long half was decided.
#[must_use]
pub fn half_within(counts: &Counts) -> Cell {
    match counts.half_within_min() {
        None => Cell::None,
        Some(i64::MAX) => Cell::Later,
        Some(minutes) => Cell::Within(minutes),
    }
}

/// A table of lines: what came, before, the change, and what became of it.
#[must_use]
pub fn of_lines(
    key: &'static str,
    first: &'static str,
    lines: &[Line],
    longer: f64,
    reader: Reader,
    head: impl Fn(&str) -> Cell,
) -> Table {
    let row = |line: &Line| {
        vec![
            head(&line.key),
            reader.count(line.now.arrived),
            reader.count(line.before.arrived),
            change(line.change(longer)),
            reader.share(line.now.answered_share(), line.now.arrived),
            half_within(&line.now),
            reader.count(line.now.hidden),
        ]
    };
    Table {
        key,
        columns: vec![
            first,
            "arrived",
            "before",
            "change",
            "answered-share",
            "half-within",
            "hidden",
        ],
        rows: lines.iter().map(row).collect(),
    }
}

/// The whole in a few rows: each figure now and before.
#[must_use]
pub fn in_short(line: &Line, longer: f64, reader: Reader) -> Table {
    let count = |word: &str, of: fn(&Counts) -> i64| {
        let alone = |counts: &Counts| Counts {
            arrived: of(counts),
            ..Counts::default()
        };
        let only = Line {
            key: String::new(),
            now: alone(&line.now),
            before: alone(&line.before),
        };
        vec![
            Cell::Word(format!("column-{word}")),
            reader.count(of(&line.now)),
            reader.count(of(&line.before)),
            change(only.change(longer)),
        ]
    };
    let share = |counts: &Counts| reader.share(counts.answered_share(), counts.arrived);
    Table {
        key: "in-short",
        columns: vec!["figure", "now", "before", "change"],
        rows: vec![
            count("arrived", |counts| counts.arrived),
            count("urgent", |counts| counts.urgent),
            count("answered", |counts| counts.answered),
            count("hidden", |counts| counts.hidden),
            count("let-be", |counts| counts.let_be),
            count("withdrawn", |counts| counts.withdrawn),
            vec![
                Cell::Word("column-answered-share".into()),
                share(&line.now),
                share(&line.before),
                Cell::None,
            ],
            vec![
                Cell::Word("column-half-within".into()),
                half_within(&line.now),
                half_within(&line.before),
                Cell::None,
            ],
        ],
    }
}

/// How many of each narrative on each platform that has any.
#[must_use]
pub fn grid(of: &super::summary::Summary, reader: Reader) -> (Table, Vec<Platform>) {
    let platforms: Vec<Platform> = of.platforms.iter().filter_map(|line| line.key.parse().ok()).collect();
    let row = |line: &Line| {
        let cells = platforms.iter().map(|platform| {
            let count = of.grid.get(&(line.key.clone(), *platform)).copied().unwrap_or(0);
            reader.count(count)
        });
        std::iter::once(Cell::Narrative(line.key.clone()))
            .chain(cells)
            .collect()
    };
    let table = Table {
        key: "grid",
        columns: std::iter::once("narrative")
            .chain(platforms.iter().map(|platform| platform.as_str()))
            .collect(),
        rows: of.narratives.iter().map(row).collect(),
    };
    (table, platforms)
}

#[cfg(test)]
mod tests {
    use super::{Cell, Reader, in_short};
    use crate::hourly::Counts;
    use crate::insight::summary::Line;

    #[test]
    fn partners_are_not_told_of_few() {
        let told: Vec<Cell> = [0, 1, 4, 5].map(|count| Reader::Partner.count(count)).into();
        assert_eq!(told, [Cell::Count(0), Cell::Few, Cell::Few, Cell::Count(5)]);
        assert_eq!(Reader::Desk.count(1), Cell::Count(1));
        let line = Line {
            key: String::new(),
            now: Counts {
                arrived: 4,
                answered: 1,
                ..Counts::default()
            },
            before: Counts::default(),
        };
        let table = in_short(&line, 1.0, Reader::Partner);
        assert!(
            !table
                .rows
                .iter()
                .flatten()
                .any(|cell| matches!(cell, Cell::Share(_) | Cell::Count(1..5)))
        );
    }
}
