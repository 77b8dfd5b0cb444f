//! JSON lines: one object a comment, its members named as headings are.

use std::io::{self, BufRead, Read};

use serde_json::{Map, Value};

use super::decode::Text;
use super::entry::{Entry, Manner, Wrong};
use super::export::{Bytes, Said};
use super::headings::{Columns, Field};
use super::rows::LONGEST_ROW;

/// The lines of a file, read one at a time.
pub(super) struct Lines {
    input: Text<Bytes>,
    /// Number of the last line.
    pub(super) line: u64,
    keys: Vec<String>,
    columns: Columns,
}

impl Lines {
    pub(super) fn of(input: Text<Bytes>) -> Self {
        Self {
            input,
            line: 0,
            keys: Vec::new(),
            columns: Columns::default(),
        }
    }

    /// The next line that is not blank, and whether it is whole.
    pub(super) fn next(&mut self) -> io::Result<Option<(Vec<u8>, bool)>> {
        loop {
            let mut raw = Vec::new();
            let read = (&mut self.input).take(LONGEST_ROW as u64).read_until(b'\n', &mut raw)?;
            if read == 0 {
                return Ok(None);
            }
            self.line += 1;
            let is_whole = raw.last() == Some(&b'\n') || read < LONGEST_ROW;
            if !is_whole {
                self.input.skip_until(b'\n')?;
            }
            if !raw.trim_ascii().is_empty() {
                return Ok(Some((raw, is_whole)));
            }
        }
    }

    pub(super) fn entry(&mut self, raw: &[u8], said: &Said, manner: &Manner) -> Result<Entry, Wrong> {
        let object: Map<String, Value> = serde_json::from_slice(raw).map_err(|_| Wrong::NotJson)?;
        if let Some(Value::String(connector)) = object.get("connector")
            && *connector != said.connector
        {
            return Err(Wrong::OtherConnector);
        }
        let mut keys = Vec::new();
        let mut values = Vec::new();
        flatten("", object, &mut keys, &mut values);
        if keys != self.keys {
            // A mapping that fits no key of this row may fit those of others.
            let fitting: Vec<_> = said
                .map
                .iter()
                .filter(|(_, heading)| {
                    Columns::of(keys.iter().map(String::as_str), &[(Field::Text, heading.clone())]).is_ok()
                })
                .cloned()
                .collect();
            self.columns = Columns::of(keys.iter().map(String::as_str), &fitting).unwrap_or_default();
            self.keys = keys;
        }
        let texts: Vec<Option<String>> = values.into_iter().map(text).collect();
        for (field, at) in self.columns.list() {
            if texts.get(at).is_some_and(Option::is_none) {
                return Err(Wrong::Type(field));
            }
        }
        let get = |at: usize| texts.get(at).and_then(Option::as_deref).unwrap_or_default();
        Entry::of(|field| self.columns.value(field, get), manner)
    }
}

/// Members of members by both their names: `author.handle`.
fn flatten(before: &str, object: Map<String, Value>, keys: &mut Vec<String>, values: &mut Vec<Value>) {
    for (key, value) in object {
        match value {
            Value::Object(inner) if before.is_empty() => flatten(&format!("{key}."), inner, keys, values),
            value => {
                keys.push(format!("{before}{key}"));
                values.push(value);
            }
        }
    }
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}
