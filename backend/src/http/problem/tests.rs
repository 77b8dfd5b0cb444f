//! Every refusal has a sentence in every language of the desk.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::decision::guard::GuardCode;
use crate::view::{LocaleKey, Views};

/// Where the code is a value: its words are found by [`NAMED`].
const BY_VALUE: [&str; 3] = ["http/api/outbox.rs", "http/api/session.rs", "http/api/shifts.rs"];
/// What stands before the word of a code that no `Problem::new(` shows.
const NAMED: [&str; 6] = [
    "conflict(",
    "unusable(",
    "code: ",
    "Fault::of(",
    "Unfit::Short => ",
    "Unfit::Same => ",
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

/// The string that a text begins with.
fn literal(text: &str) -> Option<&str> {
    text.trim_start().strip_prefix('"')?.split('"').next()
}

/// The codes of a source, and whether one of its problems takes its code from a value.
fn codes(source: &str) -> (Vec<String>, bool) {
    let (mut codes, mut by_value) = (Vec::new(), false);
    for call in ["Problem::new(", "Self::new("] {
        for after in source.split(call).skip(1) {
            let Some((status, rest)) = after.split_once(',') else {
                continue;
            };
            if !status.trim_start().to_lowercase().starts_with("status") {
                continue;
            }
            match literal(rest) {
                Some(code) => codes.push(code.to_owned()),
                None => by_value = true,
            }
        }
    }
    for named in NAMED {
        let words = source.split(named).skip(1).filter_map(literal);
        codes.extend(words.map(str::to_owned));
    }
    (codes, by_value)
}

#[test]
fn every_refusal_has_its_sentence_in_every_language() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root.join("http"), &mut files);
    let (mut all, mut by_value) = (BTreeSet::from(["password-unfit".to_owned()]), BTreeSet::new());
    for file in files.iter().filter(|file| !file.ends_with("tests.rs")) {
        let source = std::fs::read_to_string(file).expect("a source");
        let (found, is_by_value) = codes(&source);
        all.extend(found.into_iter().map(|code| code.replace('_', "-")));
        if is_by_value {
            by_value.insert(file.strip_prefix(&root).expect("inside").display().to_string());
        }
    }
    assert!(all.len() > 30, "{all:?}");
    assert_eq!(
        by_value,
        BY_VALUE.map(str::to_owned).into(),
        "name what stands before the words"
    );
    let views = Views::embedded().expect("the pages");
    for key in LocaleKey::ALL {
        for code in &all {
            assert!(
                views.locales().has(*key, &format!("error-{code}")),
                "{key}: error-{code}"
            );
        }
        for code in GuardCode::ALL {
            assert!(views.locales().has(*key, &format!("guard-{code}")), "{key}: guard-{code}");
        }
    }
}
