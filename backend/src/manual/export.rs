//! A platform's export as a file: found out what it is, then read row by row, as often as is needed.

use std::io::{self, BufRead, Read};

use super::decode::{self, Text, Written};
use super::entry::{Entry, Manner, Wrong};
use super::headings::{Columns, Field, Misfit, shown};
use super::lines::Lines;
use super::moment::{Order, Reading, order_of};
use super::rows::{Record, Records, Unreadable};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use encoding_rs::Encoding;

/// How much of a file is looked at to find out what it is, in bytes of text.
const HEAD: usize = 64 * 1024;
/// What keeps columns apart.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Opens the file anew, at its beginning.
pub type Open<'a> = &'a dyn Fn() -> io::Result<Box<dyn Read>>;

/// What is said about a file; the rest is found out.
#[derive(Debug, Clone)]
pub struct Said {
    /// The connector its comments belong to.
    pub connector: String,
    /// Columns by their headings.
    pub map: Vec<(Field, String)>,
    /// The zone of times that name none.
    pub zone: Tz,
    /// What stands first in `03/04/2026`.
    pub order: Option<Order>,
    /// The encoding.
    pub encoding: Option<&'static Encoding>,
    /// What keeps columns apart.
    pub delimiter: Option<u8>,
    /// The post of rows that name none.
    pub post: Option<String>,
    /// The ad of rows that name none.
    pub ad: Option<String>,
    /// Later times are refused.
    pub latest: DateTime<Utc>,
}

/// A file nothing can be made of.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// It cannot be read.
    #[error("the file cannot be read: {0}")]
    Io(#[from] io::Error),
    /// Nothing is in it.
    #[error("the file is empty")]
    Empty,
    /// `[{…}, {…}]`.
    #[error("the file is one JSON list; give one object a line (`jq -c '.[]' FILE`)")]
    JsonList,
    /// A mapping that does not fit.
    #[error("{misfit}; the columns are: {headings}")]
    Misfit {
        /// What does not fit.
        misfit: Misfit,
        /// The headings there are.
        headings: String,
    },
    /// No column seems to hold comments.
    #[error("no column looks like the text of comments; say which with --map text=HEADING; the columns are: {0}")]
    NoText(String),
    /// Not even its headings.
    #[error("{0}")]
    Unreadable(#[from] Unreadable),
}

/// What a file is made of.
#[derive(Debug, Clone)]
pub enum Form {
    /// Records with headings.
    Csv {
        /// What keeps columns apart.
        delimiter: u8,
        /// The first line says what keeps columns apart (`sep=;`), as Excel writes it.
        is_announced: bool,
        /// Which column holds what.
        columns: Columns,
        /// The headings.
        headings: Vec<String>,
        /// The heading record as text.
        opening: Vec<u8>,
    },
    /// One JSON object a line.
    JsonLines,
}

/// A file that can be read.
#[derive(Debug, Clone)]
pub struct Export {
    /// What it is made of.
    pub form: Form,
    /// What it is written in.
    pub written: Written,
    manner: Manner,
    said: Said,
}

/// A row.
#[derive(Debug)]
pub struct Row {
    /// The line it begins on, from 1.
    pub line: u64,
    /// Its text.
    pub raw: Vec<u8>,
    /// The comment, or why it is none.
    pub entry: Result<Entry, Wrong>,
}

impl Export {
    /// Finds out what a file is. Nothing of it is kept.
    ///
    /// # Errors
    /// [`Unusable`].
    pub fn look(open: Open<'_>, said: Said) -> Result<Self, Unusable> {
        let written = match said.encoding {
            Some(encoding) => Written::said(encoding),
            None => decode::look(open()?)?,
        };
        let mut head = Vec::new();
        Text::of(open()?, written.encoding)
            .take(HEAD as u64)
            .read_to_end(&mut head)?;
        let form = match head.trim_ascii_start().first() {
            None => return Err(Unusable::Empty),
            Some(b'{') => Form::JsonLines,
            Some(b'[') => return Err(Unusable::JsonList),
            Some(_) => table(&head, &said)?,
        };
        let mut export = Self {
            manner: Manner {
                reading: Reading {
                    zone: said.zone,
                    order: said.order,
                    latest: said.latest,
                },
                damaged: written.damaged,
            },
            form,
            written,
            said,
        };
        if export.said.order.is_none() {
            export.manner.reading.order = export.order(&head, open)?;
        }
        Ok(export)
    }

    /// What stands first in dates with slashes, if the rows that can be read in one way only agree on it.
    fn order(&self, head: &[u8], open: Open<'_>) -> Result<Option<Order>, Unusable> {
        let Form::Csv {
            columns,
            delimiter,
            is_announced,
            ..
        } = &self.form
        else {
            return Ok(None);
        };
        if !columns.has(Field::CreatedAt) || !head.contains(&b'/') {
            return Ok(None);
        }
        let mut records = records(open()?, self.written, *delimiter, *is_announced)?;
        let mut record = Record::default();
        let mut found = None;
        while matches!(records.next(&mut record), Ok(true)) {
            let told = order_of(columns.value(Field::CreatedAt, |at| record.get(at)));
            match (found, told) {
                (None, told) => found = told,
                (Some(a), Some(b)) if a != b => return Ok(None),
                _ => {}
            }
        }
        Ok(found)
    }

    /// Its rows, from the beginning.
    ///
    /// # Errors
    /// [`Unusable`].
    pub fn rows(&self, open: Open<'_>) -> Result<Rows<'_>, Unusable> {
        let text = open()?;
        let source = match &self.form {
            Form::Csv {
                delimiter,
                is_announced,
                ..
            } => {
                let mut records = records(text, self.written, *delimiter, *is_announced)?;
                let mut record = Record::default();
                // The headings.
                records.next(&mut record)?;
                Source::Table(Box::new(records), record)
            }
            Form::JsonLines => Source::Lines(Box::new(Lines::of(Text::of(text, self.written.encoding)))),
        };
        Ok(Rows { of: self, source })
    }

    /// What stands before rows of it wherever they stand alone: the headings.
    #[must_use]
    pub fn opening(&self) -> &[u8] {
        match &self.form {
            Form::Csv { opening, .. } => opening,
            Form::JsonLines => &[],
        }
    }

    fn finished(&self, entry: Result<Entry, Wrong>) -> Result<Entry, Wrong> {
        let mut entry = entry?;
        entry.post = entry.post.or_else(|| self.said.post.clone());
        entry.ad = entry.ad.or_else(|| self.said.ad.clone());
        Ok(entry)
    }
}

pub(super) type Bytes = Box<dyn Read>;

fn records(
    input: Bytes,
    written: Written,
    delimiter: u8,
    is_announced: bool,
) -> Result<Records<Text<Bytes>>, Unusable> {
    let mut text = Text::of(input, written.encoding);
    if is_announced {
        let mut line = Vec::new();
        (&mut text).take(16).read_until(b'\n', &mut line)?;
    }
    Ok(Records::new(text, delimiter, 1 + u64::from(is_announced)))
}

/// The delimiter that makes most of the headings, and what they mean.
fn table(head: &[u8], said: &Said) -> Result<Form, Unusable> {
    let announced = match head {
        [
            b's' | b'S',
            b'e' | b'E',
            b'p' | b'P',
            b'=',
            delimiter,
            b'\r' | b'\n',
            ..,
        ] => Some(*delimiter),
        _ => None,
    };
    let begin = announced.and_then(|_| head.iter().position(|byte| *byte == b'\n'));
    let rest = head.get(begin.map_or(0, |at| at + 1)..).unwrap_or_default();
    let tried: Vec<u8> = match said.delimiter.or(announced) {
        Some(delimiter) => vec![delimiter],
        None => DELIMITERS.to_vec(),
    };
    let mut best: Option<(usize, usize, Form)> = None;
    let mut refused = None;
    for delimiter in tried {
        let mut records = Records::new(rest, delimiter, 1);
        let mut record = Record::default();
        if let Err(error) = records.next(&mut record) {
            refused = Some(Unusable::Unreadable(error));
            continue;
        }
        let headings: Vec<String> = record.iter().map(shown).collect();
        let named = headings.join(", ");
        let columns = match Columns::of(record.iter(), &said.map) {
            Ok(columns) if columns.has(Field::Text) => columns,
            Ok(_) => {
                let widest = matches!(&refused, Some(Unusable::NoText(other)) if other.len() >= named.len());
                if !widest {
                    refused = Some(Unusable::NoText(named));
                }
                continue;
            }
            Err(misfit) => {
                refused = Some(Unusable::Misfit {
                    misfit,
                    headings: named,
                });
                continue;
            }
        };
        let rank = (columns.known(), headings.len());
        if best.as_ref().is_none_or(|(known, wide, _)| (*known, *wide) < rank) {
            let form = Form::Csv {
                delimiter,
                is_announced: announced.is_some(),
                columns,
                headings,
                opening: record.raw.clone(),
            };
            best = Some((rank.0, rank.1, form));
        }
    }
    match (best, refused) {
        (Some((_, _, form)), _) => Ok(form),
        (None, Some(refused)) => Err(refused),
        (None, None) => Err(Unusable::Empty),
    }
}

/// The rows of a file.
pub struct Rows<'a> {
    of: &'a Export,
    source: Source,
}

enum Source {
    Table(Box<Records<Text<Bytes>>>, Record),
    Lines(Box<Lines>),
}

impl Rows<'_> {
    /// The next row; none at the end.
    ///
    /// # Errors
    /// [`Unreadable`]; there is no going on after it.
    pub fn row(&mut self) -> Result<Option<Row>, Unreadable> {
        let manner = &self.of.manner;
        let (line, raw, entry) = match &mut self.source {
            Source::Table(records, record) => {
                // Spreadsheets save rows of nothing below the last.
                loop {
                    if !records.next(record)? {
                        return Ok(None);
                    }
                    if record.iter().any(|value| !value.trim().is_empty()) {
                        break;
                    }
                }
                let entry = match &self.of.form {
                    Form::Csv { columns, headings, .. } => record_entry(record, columns, headings.len(), manner),
                    Form::JsonLines => Err(Wrong::NotJson),
                };
                (record.line, record.raw.clone(), entry)
            }
            Source::Lines(lines) => {
                let Some((raw, is_whole)) = lines.next()? else {
                    return Ok(None);
                };
                let entry = if is_whole {
                    lines.entry(&raw, &self.of.said, manner)
                } else {
                    Err(Wrong::LineTooLong)
                };
                (lines.line, raw, entry)
            }
        };
        let entry = self.of.finished(entry);
        Ok(Some(Row { line, raw, entry }))
    }
}

fn record_entry(record: &Record, columns: &Columns, headings: usize, manner: &Manner) -> Result<Entry, Wrong> {
    if record.is_unclosed() {
        return Err(Wrong::Unclosed);
    }
    if (headings..record.columns()).any(|at| !record.get(at).trim().is_empty()) {
        return Err(Wrong::Columns);
    }
    Entry::of(|field| columns.value(field, |at| record.get(at)), manner)
}

#[cfg(test)]
mod tests;
