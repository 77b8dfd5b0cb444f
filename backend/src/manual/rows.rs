//! Records of a CSV file, one at a time, each with the line it begins on and the text it was made of.
//!
//! A record is never longer than [`LONGEST_ROW`]: a quotation mark that is not closed would else swallow the file.

use std::io::{self, BufRead};

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

/// Longest record in bytes, many times what any platform lets people write.
pub const LONGEST_ROW: usize = 256 * 1024;
/// Most columns of a record.
pub const MOST_COLUMNS: usize = 1_000;

/// A record that cannot be told from what follows it.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// Longer than [`LONGEST_ROW`] or wider than [`MOST_COLUMNS`].
    #[error(
        "the row that begins on line {line} does not end within 256 KiB or 1000 columns; is a quotation mark missing?"
    )]
    Endless {
        /// Where it begins.
        line: u64,
    },
    /// The file could not be read on.
    #[error("the file cannot be read: {0}")]
    Io(#[from] io::Error),
}

/// A record.
#[derive(Debug, Default)]
pub struct Record {
    /// The line it begins on, from 1.
    pub line: u64,
    /// The text it was made of, with the ends of lines before it.
    pub raw: Vec<u8>,
    values: Vec<u8>,
    ends: Vec<usize>,
}

impl Record {
    /// Number of columns.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.ends.len()
    }

    /// A column's value; nothing where the record is shorter.
    #[must_use]
    pub fn get(&self, column: usize) -> &str {
        let Some(end) = self.ends.get(column).copied() else {
            return "";
        };
        let begin = column.checked_sub(1).and_then(|before| self.ends.get(before)).copied();
        let value = self.values.get(begin.unwrap_or(0)..end).unwrap_or_default();
        std::str::from_utf8(value).unwrap_or_default()
    }

    /// Every value.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.columns()).map(|column| self.get(column))
    }

    /// A quotation mark was opened and never closed: what follows it, up to the end of the file, is in its last column.
    #[must_use]
    pub fn is_unclosed(&self) -> bool {
        let marks = self.raw.iter().filter(|byte| **byte == b'"').count();
        marks % 2 == 1 && self.raw.trim_ascii().contains(&b'\n')
    }
}

/// The records of a text.
pub struct Records<R> {
    input: R,
    reader: Reader,
    values: Vec<u8>,
    ends: Vec<usize>,
    line: u64,
    after_cr: bool,
    done: bool,
}

impl<R: BufRead> Records<R> {
    /// Records of `input`, which is UTF-8, with columns kept apart by `delimiter`; its first line has this number.
    pub fn new(input: R, delimiter: u8, first_line: u64) -> Self {
        Self {
            input,
            reader: ReaderBuilder::new().delimiter(delimiter).build(),
            values: vec![0; 1024],
            ends: vec![0; 32],
            line: first_line,
            after_cr: false,
            done: false,
        }
    }

    /// The next record, in `into`. False at the end.
    ///
    /// # Errors
    /// [`Unreadable`]; there is no going on after it.
    pub fn next(&mut self, into: &mut Record) -> Result<bool, Unreadable> {
        into.raw.clear();
        let (mut written, mut ended) = (0, 0);
        let is_one = loop {
            if self.done {
                break false;
            }
            let text = self.input.fill_buf()?;
            let (result, read, values, ends) =
                self.reader
                    .read_record(text, &mut self.values[written..], &mut self.ends[ended..]);
            into.raw.extend_from_slice(&text[..read]);
            self.input.consume(read);
            written += values;
            ended += ends;
            let endless = into.raw.len() > LONGEST_ROW || ended > MOST_COLUMNS;
            match result {
                _ if endless => {
                    into.line = self.begin(&into.raw);
                    self.done = true;
                    return Err(Unreadable::Endless { line: into.line });
                }
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.values.resize(self.values.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record => break true,
                ReadRecordResult::End => {
                    self.done = true;
                    break false;
                }
            }
        };
        into.line = self.begin(&into.raw);
        into.values.clear();
        into.values.extend_from_slice(&self.values[..written]);
        into.ends.clear();
        into.ends.extend_from_slice(&self.ends[..ended]);
        Ok(is_one)
    }

    /// The line a record begins on; counts the lines of it.
    fn begin(&mut self, raw: &[u8]) -> u64 {
        let mut begin = None;
        for byte in raw {
            self.line += u64::from(*byte == b'\n' || self.after_cr);
            self.after_cr = *byte == b'\r';
            if begin.is_none() && !matches!(byte, b'\r' | b'\n') {
                begin = Some(self.line);
            }
        }
        begin.unwrap_or(self.line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str, delimiter: u8) -> Vec<(u64, Vec<String>)> {
        let mut records = Records::new(text.as_bytes(), delimiter, 1);
        let mut record = Record::default();
        let mut found = Vec::new();
        let mut raw = Vec::new();
        while records.next(&mut record).expect("a record") {
            found.push((record.line, record.iter().map(str::to_owned).collect()));
            raw.extend_from_slice(&record.raw);
        }
        raw.extend_from_slice(&record.raw);
        assert_eq!(String::from_utf8_lossy(&raw), text, "nothing of the text is lost");
        found
    }

    #[test]
    fn a_record_knows_its_line_whatever_ends_lines() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["a,b", "", "1,\"two", "lines\"", "", "", "3,\"say \"\"hi\"\"\"", ""].join(end);
            let found = all(&text, b',');
            let lines: Vec<u64> = found.iter().map(|(line, _)| *line).collect();
            assert_eq!(lines, [1, 3, 7], "{end:?}");
            assert_eq!(found[1].1, ["1".to_owned(), format!("two{end}lines")]);
            assert_eq!(found[2].1[1], "say \"hi\"");
        }
    }

    #[test]
    fn an_open_quotation_mark_ends_the_reading_and_names_its_line() {
        let text = format!("a,b\n1,ok\n2,\"open\n{}", "3,more words\n".repeat(40_000));
        let mut records = Records::new(text.as_bytes(), b',', 1);
        let mut record = Record::default();
        assert!(records.next(&mut record).expect("headings"));
        assert!(records.next(&mut record).expect("a record"));
        let refused = records.next(&mut record).expect_err("endless");
        assert!(matches!(refused, Unreadable::Endless { line: 3 }), "{refused}");
        assert!(record.raw.len() < LONGEST_ROW + 64 * 1024 + 1_000_000);
        assert!(!records.next(&mut record).expect("nothing follows"));
    }

    #[test]
    fn a_quotation_mark_open_at_the_end_of_the_file_is_seen() {
        let mut records = Records::new("a,b\n1,\"open\n2,x\n".as_bytes(), b',', 1);
        let mut record = Record::default();
        assert!(records.next(&mut record).expect("headings") && !record.is_unclosed());
        assert!(records.next(&mut record).expect("a record") && record.is_unclosed());
    }
}
