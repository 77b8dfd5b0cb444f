//! What a person pastes: comments with blank lines between them, or a table out of a spreadsheet.

use std::io::{self, Cursor, Read};

use super::entry::{Entry, Manner, Wrong};
use super::export::{Export, Said};
use super::headings::{Columns, Field};

/// Most comments of one paste. More are a file.
pub const MOST_PASTED: usize = 100;

/// What is said of everything pasted.
#[derive(Debug, Clone, Default)]
pub struct Common {
    /// Who wrote it.
    pub handle: String,
    /// When.
    pub at: String,
    /// Where it can be seen.
    pub link: String,
}

/// A comment, or why there is none, with the line it begins on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pasted {
    /// From 1.
    pub line: u64,
    /// The comment.
    pub entry: Result<Entry, Wrong>,
}

/// Takes what was pasted apart, at most one comment more than [`MOST_PASTED`]. What a comment does not say of itself is
/// taken from what is said of all; a block may begin with a line that is only `@handle`.
#[must_use]
pub fn pasted(text: &str, common: &Common, manner: &Manner, said: &Said) -> Vec<Pasted> {
    let mut all = table(text, said).unwrap_or_else(|| blocks(text, common, manner));
    all.truncate(MOST_PASTED + 1);
    for Pasted { entry, .. } in &mut all {
        let Ok(found) = entry else { continue };
        // Checked the same as the row's own.
        let rest = Entry::of(|field| of_all(common, field, "-"), manner);
        match rest {
            Ok(rest) => {
                if found.handle.is_none() && found.author.is_none() {
                    found.handle = rest.handle;
                }
                found.link = found.link.take().or(rest.link);
                found.written_at = found.written_at.or(rest.written_at);
            }
            Err(wrong) => *entry = Err(wrong),
        }
    }
    all
}

fn of_all<'a>(common: &'a Common, field: Field, text: &'a str) -> &'a str {
    match field {
        Field::Text => text,
        Field::Handle => common.handle.trim().trim_start_matches('@'),
        Field::CreatedAt => &common.at,
        Field::Link => &common.link,
        _ => "",
    }
}

/// The rows of a table: its first line has tabs and names the column of the texts.
fn table(text: &str, said: &Said) -> Option<Vec<Pasted>> {
    let first = text.trim_start_matches(['\r', '\n']).lines().next()?;
    if !first.contains('\t') || !Columns::of(first.split('\t'), &[]).is_ok_and(|columns| columns.has(Field::Text)) {
        return None;
    }
    let open = || -> io::Result<Box<dyn Read>> { Ok(Box::new(Cursor::new(text.as_bytes().to_vec()))) };
    let said = Said {
        delimiter: Some(b'\t'),
        encoding: Some(encoding_rs::UTF_8),
        ..said.clone()
    };
    let export = Export::look(&open, said).ok()?;
    let mut rows = export.rows(&open).ok()?;
    let mut all = Vec::new();
    while all.len() <= MOST_PASTED {
        let Some(row) = rows.row().ok()? else { break };
        all.push(Pasted {
            line: row.line,
            entry: row.entry,
        });
    }
    Some(all)
}

fn blocks(text: &str, common: &Common, manner: &Manner) -> Vec<Pasted> {
    let mut all = Vec::new();
    let mut block: Vec<&str> = Vec::new();
    let mut begin = 1;
    let lines = text.lines().chain(std::iter::once(""));
    for (number, line) in (1..).zip(lines) {
        if !line.trim().is_empty() {
            if block.is_empty() {
                begin = number;
            }
            block.push(line);
        } else if !block.is_empty() {
            all.push(Pasted {
                line: begin,
                entry: of_block(&block, common, manner),
            });
            block.clear();
            if all.len() > MOST_PASTED {
                break;
            }
        }
    }
    all
}

fn of_block(block: &[&str], common: &Common, manner: &Manner) -> Result<Entry, Wrong> {
    let handle = |line: &str| {
        let name = line.trim().strip_prefix('@')?;
        (!name.is_empty() && !name.contains(char::is_whitespace)).then(|| name.to_owned())
    };
    let (own, lines) = match block {
        [first, rest @ ..] if !rest.is_empty() => match handle(first) {
            Some(handle) => (Some(handle), rest),
            None => (None, block),
        },
        _ => (None, block),
    };
    let text = lines.join("\n");
    Entry::of(
        |field| match (field, &own) {
            (Field::Handle, Some(own)) => own,
            (field, _) => of_all(common, field, &text),
        },
        manner,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manual::moment::Reading;

    fn paste(text: &str, common: &Common) -> Vec<Pasted> {
        let reading = Reading {
            zone: chrono_tz::Europe::Stockholm,
            order: None,
            latest: "2026-12-01T00:00:00Z".parse().expect("an instant"),
        };
        let said = Said {
            connector: "snapchat".to_owned(),
            map: Vec::new(),
            zone: reading.zone,
            order: None,
            encoding: None,
            delimiter: None,
            post: None,
            ad: None,
            latest: reading.latest,
        };
        let manner = Manner {
            reading,
            damaged: false,
        };
        pasted(text, common, &manner, &said)
    }

    fn texts(all: &[Pasted]) -> Vec<(u64, Option<&str>, &str)> {
        all.iter()
            .map(|one| {
                let entry = one.entry.as_ref().expect("a comment");
                (one.line, entry.handle.as_deref(), entry.text.as_str())
            })
            .collect()
    }

    #[test]
    fn blank_lines_keep_comments_apart_and_a_handle_may_stand_above() {
        let common = Common {
            handle: "@kim".to_owned(),
            at: "2026-11-23T14:05".to_owned(),
            link: "https://example.se/1".to_owned(),
        };
        let all = paste("\nHej,\nhur går det?\r\n \t\n@sam.x\nبخير\n\n\n@tack\n", &common);
        assert_eq!(
            texts(&all),
            [
                (2, Some("kim"), "Hej,\nhur går det?"),
                (5, Some("sam.x"), "بخير"),
                (9, Some("kim"), "@tack")
            ]
        );
        let first = all[0].entry.as_ref().expect("a comment");
        assert_eq!(first.link.as_deref(), Some("https://example.se/1"));
        assert_eq!(first.written_at, "2026-11-23T13:05:00Z".parse().ok());
        assert!(paste(" \n\n", &common).is_empty());
    }

    #[test]
    fn a_table_out_of_a_spreadsheet_is_read_by_its_headings() {
        let common = Common {
            handle: "kim".to_owned(),
            ..Common::default()
        };
        let table = "Datum\tNamn\tKommentar\n2026-11-23 14:05\t\tHej, du\n\t\t\n2031-01-01\tSam\tSen\n2026-11-23\tSam\t\"två\n\nrader\"\n";
        let all = paste(table, &common);
        assert_eq!(all.len(), 3);
        let entry = all[0].entry.as_ref().expect("a comment");
        assert_eq!((entry.text.as_str(), entry.handle.as_deref()), ("Hej, du", Some("kim")));
        assert!(all[1].entry.is_err());
        let entry = all[2].entry.as_ref().expect("a comment");
        assert_eq!((entry.text.as_str(), entry.handle.as_deref()), ("två\n\nrader", None));
        let words = paste("Hej\tdu\n\noch du", &Common::default());
        assert_eq!(texts(&words).len(), 2, "a tab alone makes no table");
    }

    #[test]
    fn a_wrong_time_or_name_for_all_is_wrong_for_each_and_too_many_are_seen() {
        let at = |at: &str| Common {
            at: at.to_owned(),
            ..Common::default()
        };
        assert!(
            paste("a\n\nb", &at("2031-01-01T10:00"))
                .iter()
                .all(|one| one.entry.is_err())
        );
        let long = Common {
            link: "x".repeat(600),
            ..Common::default()
        };
        assert_eq!(paste("a", &long)[0].entry, Err(Wrong::WordTooLong(Field::Link)));
        assert_eq!(paste(&"a\n\n".repeat(5_000), &Common::default()).len(), MOST_PASTED + 1);
    }
}
