//! Tables of figures as CSV: one figure a row, for machines, and for the spreadsheets that people have. UTF-8 with a byte
//! order mark; fields are parted by what a spreadsheet of the language expects.

use csv_core::{Terminator, WriteResult, Writer, WriterBuilder};

use super::locale::LocaleKey;
use super::message::Locales;
use super::time;
use crate::insight::table::{Cell, Table};

/// Writes every figure as table, row, column and value.
#[must_use]
pub fn csv(locales: &Locales, locale: LocaleKey, tables: &[Table]) -> Vec<u8> {
    let mut sheet = Sheet::new(if locale == LocaleKey::En { b',' } else { b';' });
    let text = |key: &str| text(locales, locale, key);
    sheet.row(["table", "row", "column", "value"].map(|word| text(&format!("csv-{word}"))));
    for table in tables {
        let caption = text(&format!("table-{}", table.key));
        for cells in &table.rows {
            let mut cells = cells.iter();
            let head = cells
                .next()
                .map(|cell| plain(locales, locale, cell))
                .unwrap_or_default();
            for (column, cell) in table.columns.iter().skip(1).zip(cells) {
                let column = text(&column_key(column));
                sheet.row([caption.clone(), head.clone(), column, plain(locales, locale, cell)]);
            }
        }
    }
    sheet.bytes
}

/// The key of a column's name.
#[must_use]
pub fn column_key(column: &str) -> String {
    if column.parse::<crate::domain::platform::Platform>().is_ok() {
        format!("platform-{column}")
    } else {
        format!("column-{column}")
    }
}

fn text(locales: &Locales, locale: LocaleKey, key: &str) -> String {
    let found = locales.message(locale, key, None, true);
    found.map_or_else(|_| key.to_owned(), std::borrow::Cow::into_owned)
}

/// A cell without markup. Shares are percent; instants are local times with their offset.
fn plain(locales: &Locales, locale: LocaleKey, cell: &Cell) -> String {
    let text = |key: String| text(locales, locale, &key);
    // Only Swedish spreadsheets write a comma; Arabic digits would be no numbers to a machine.
    let decimal = |value: f64| {
        let written = format!("{value:.1}");
        if locale == LocaleKey::Sv {
            written.replace('.', ",")
        } else {
            written
        }
    };
    match cell {
        Cell::Narrative(key) => text(format!("narrative-{key}")),
        Cell::Language(code) => text(format!("language-{}", super::model::named(code))),
        Cell::Platform(platform) => text(format!("platform-{platform}")),
        Cell::Lane(lane) => text(format!("lane-{lane}")),
        Cell::Word(key) => text(key.clone()),
        Cell::Name(name) => name.clone(),
        Cell::Count(count) | Cell::Within(count) => count.to_string(),
        Cell::Few => "< 5".to_owned(),
        Cell::Share(share) | Cell::Change(share) => decimal(share * 100.0),
        Cell::Times(times) => decimal(*times),
        Cell::New => text("change-new".to_owned()),
        Cell::Later => text("within-later".to_owned()),
        Cell::At(ms) => time::local(*ms).map(|at| time::machine(&at)).unwrap_or_default(),
        Cell::None => String::new(),
    }
}

struct Sheet {
    writer: Writer,
    bytes: Vec<u8>,
}

impl Sheet {
    fn new(delimiter: u8) -> Self {
        let writer = WriterBuilder::new()
            .delimiter(delimiter)
            .terminator(Terminator::CRLF)
            .build();
        Self {
            writer,
            bytes: "\u{feff}".into(),
        }
    }

    fn row<const N: usize>(&mut self, fields: [String; N]) {
        for (nth, field) in fields.iter().enumerate() {
            if nth > 0 {
                self.put(
                    |writer, _, out| {
                        let (result, wrote) = writer.delimiter(out);
                        (result, 0, wrote)
                    },
                    "",
                );
            }
            self.put(Writer::field, &harmless(field));
        }
        self.put(
            |writer, _, out| {
                let (result, wrote) = writer.terminator(out);
                (result, 0, wrote)
            },
            "",
        );
    }

    fn put(
        &mut self,
        mut write: impl FnMut(&mut Writer, &[u8], &mut [u8]) -> (WriteResult, usize, usize),
        field: &str,
    ) {
        let mut rest = field.as_bytes();
        loop {
            let mut out = [0; 512];
            let (result, read, wrote) = write(&mut self.writer, rest, &mut out);
            self.bytes.extend_from_slice(out.get(..wrote).unwrap_or_default());
            rest = rest.get(read..).unwrap_or_default();
            if result == WriteResult::InputEmpty {
                return;
            }
        }
    }
}

/// What a spreadsheet would run as a formula is shown as text (OWASP, "CSV Injection"). A number below zero is a number.
fn harmless(field: &str) -> std::borrow::Cow<'_, str> {
    let number = field
        .strip_prefix('-')
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    if field.starts_with(['=', '+', '-', '@', '\t', '\r']) && !number {
        format!("'{field}").into()
    } else {
        field.into()
    }
}
