//! The files an operator starts from are true.

use std::path::Path;

use klarsvar::config::Config;

fn file(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy").join(name)
}

fn text(config: &Config) -> serde_json::Value {
    serde_json::to_value(config).expect("settings are plain")
}

#[test]
fn the_example_configuration_is_the_defaults() {
    let path = file("klarsvar.toml");
    let example = Config::load(Some(&path)).expect("the example is read");
    assert_eq!(text(&example), text(&Config::default()));
}

#[test]
fn the_example_configuration_names_every_setting() {
    let example = std::fs::read_to_string(file("klarsvar.toml")).expect("the example");
    let defaults = text(&Config::default());
    for (section, settings) in defaults.as_object().expect("sections") {
        let from = example
            .find(&format!("\n[{section}]\n"))
            .unwrap_or_else(|| panic!("[{section}] is missing"));
        let rest = &example[from + 2..];
        let body = &rest[..rest.find("\n[").unwrap_or(rest.len())];
        for key in settings.as_object().expect("settings").keys() {
            assert!(
                body.lines().any(|line| line.starts_with(&format!("{key} = "))),
                "{section}.{key} is missing"
            );
        }
    }
}

#[test]
fn an_unknown_key_is_refused_by_its_name() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("wrong.toml");
    std::fs::write(&path, "[lane]\nlease_sec = 5\n").expect("a file");
    let refused = Config::load(Some(&path)).expect_err("it is refused").to_string();
    assert!(refused.contains("lease_sec"), "{refused}");
}
