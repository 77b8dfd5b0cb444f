//! Rules that no compiler holds: who uses whom, how long a file gets, and what has no place in this project.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the project")
        .to_owned()
}

/// Every Rust file below, as path from the project and text.
fn sources(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                if !path.ends_with("node_modules") {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                let name = path.strip_prefix(root()).expect("inside").display().to_string();
                found.push((name, std::fs::read_to_string(&path).expect("text")));
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "{folder}");
    found
}

fn all() -> Vec<(String, String)> {
    ["backend/src", "migrations/src", "tests"]
        .into_iter()
        .flat_map(sources)
        .collect()
}

/// The steps, and the other steps each uses. A new arrow is a change here.
const STEPS: [(&str, &[&str]); 8] = [
    ("delivery", &["tagging", "lane"]),
    ("story", &["lane", "tagging"]),
    ("tagging", &[]),
    ("lane", &["tagging"]),
    ("decision", &["tagging", "lane", "outbox"]),
    ("escalation", &["decision", "lane"]),
    ("outbox", &["tagging", "lane", "decision"]),
    ("wire", &["lane", "escalation"]),
];
/// The outside, used by nobody.
const OUTSIDE: [&str; 3] = ["http", "jobs", "cli"];

/// The modules of the crate that a file names.
fn used(text: &str) -> BTreeSet<&str> {
    let mut modules = BTreeSet::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        let end = rest
            .find(|c: char| !c.is_ascii_lowercase() && c != '_')
            .unwrap_or(rest.len());
        modules.insert(&rest[..end]);
    }
    modules
}

/// Without the unit tests at its end and without comments.
fn code(text: &str) -> String {
    let end = text.find("#[cfg(test)]").unwrap_or(text.len());
    let lines = text[..end].lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn modules_use_only_those_they_may() {
    let mut wrong = Vec::new();
    for (name, text) in sources("backend/src") {
        let inside = name.trim_start_matches("backend/src/");
        let module = inside.split(['/', '.']).next().expect("a name");
        if name.contains("/tests") {
            continue;
        }
        let code = code(&text);
        for other in used(&code) {
            let refused = match (module, other) {
                (a, b) if a == b => false,
                ("domain", "words") => false,
                ("domain", _) => true,
                // What writes or shows nothing of its own asks for nothing of the outside.
                (a, b) if OUTSIDE.contains(&b) => !OUTSIDE.contains(&a) && a != "main",
                (a, "standin") => a != "cli",
                ("standin", b) => !matches!(b, "domain" | "connector" | "socket"),
                ("socket", _) => true,
                ("store", b) => !matches!(b, "domain" | "store"),
                ("connector", b) => !matches!(b, "domain" | "store"),
                _ => false,
            };
            if refused {
                wrong.push(format!("{name} uses {other}"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn steps_use_only_the_steps_of_the_table() {
    let mut wrong = Vec::new();
    for (name, text) in sources("backend/src") {
        let module = name
            .trim_start_matches("backend/src/")
            .split(['/', '.'])
            .next()
            .expect("a name");
        let Some((_, may)) = STEPS.iter().find(|(step, _)| *step == module) else {
            continue;
        };
        for other in used(&code(&text)) {
            let is_step = STEPS.iter().any(|(step, _)| *step == other);
            if is_step && other != module && !may.contains(&other) && !name.contains("/tests") {
                wrong.push(format!("{name} uses {other}"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn only_one_file_asks_for_each_foreign_thing() {
    let mut wrong = Vec::new();
    for (name, text) in sources("backend/src") {
        let code = code(&text);
        let mut only = |word: &str, files: &[&str]| {
            if code.contains(word) && !files.iter().any(|file| name.starts_with(file)) {
                wrong.push(format!("{name} uses {word}"));
            }
        };
        only("Utc::now", &["backend/src/clock.rs"]);
        only("std::env::var", &["backend/src/config"]);
        only("handlebars::", &["backend/src/view"]);
        only("println!", &["backend/src/cli"]);
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn every_module_says_what_it_is_for() {
    let silent: Vec<String> = all()
        .into_iter()
        .filter(|(name, text)| !text.starts_with("//!") && !name.ends_with("tests.rs"))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(silent, Vec::<String>::new());
}

#[test]
fn no_file_grows_past_four_hundred_and_fifty_lines() {
    let long: Vec<String> = all()
        .into_iter()
        .map(|(name, text)| (name, text.lines().count()))
        .filter(|(_, lines)| *lines > 450)
        .map(|(name, lines)| format!("{name}: {lines}"))
        .collect();
    assert_eq!(long, Vec::<String>::new());
}

#[test]
fn tests_neither_wait_for_a_time_nor_are_passed_over() {
    let sleep = ["sle", "ep("].concat();
    let passed_over = ["#[ig", "nore"].concat();
    let mut wrong = Vec::new();
    for (name, text) in all() {
        let is_test = name.starts_with("tests/") && name != "tests/support/eventually.rs";
        if is_test && text.contains(&sleep) {
            wrong.push(format!("{name} sleeps"));
        }
        if text.contains(&passed_over) {
            wrong.push(format!("{name} passes over a test"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// Whether a mark is there as a word of its own: a platform's name may hold one.
fn stands_alone(text: &str, mark: &str) -> bool {
    text.match_indices(mark)
        .any(|(at, _)| !text[..at].ends_with(|before: char| before.is_alphanumeric()))
}

#[test]
fn nothing_is_left_for_later() {
    let marks = [
        ["TO", "DO"].concat(),
        ["FIX", "ME"].concat(),
        ["to", "do!("].concat(),
        ["unimpl", "emented!("].concat(),
    ];
    let mut wrong = Vec::new();
    for (name, text) in all() {
        wrong.extend(
            marks
                .iter()
                .filter(|mark| stands_alone(&text, mark))
                .map(|mark| format!("{name}: {mark}")),
        );
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn no_template_writes_a_value_unescaped() {
    let mut folders = vec![root().join("frontend-assets")];
    let (mut wrong, mut seen) = (Vec::new(), 0);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kind == "hbs") {
                seen += 1;
                let text = std::fs::read_to_string(&path).expect("text");
                if text.contains("{{{") || text.contains("{{&") {
                    wrong.push(path.display().to_string());
                }
            }
        }
    }
    assert!(seen > 0, "no templates were found");
    assert_eq!(wrong, Vec::<String>::new());
}
