//! Every template that the desk has, rendered from its sample in every locale; and what holds for all of them.
//! A sample is `tests/data/view/NAME.json` for the template NAME, further ones `NAME~CASE.json`. A template without a
//! sample fails, and so does a sample without a template.

use super::*;
use std::path::PathBuf;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// None while there is no `frontend-assets` folder at all.
fn sources(folder: &str) -> Option<Vec<Source>> {
    let assets = root().join("frontend-assets");
    if !assets.exists() {
        return None;
    }
    let mut found = Vec::new();
    read_folder(&assets.join(folder), "", &mut found).unwrap();
    assert!(!found.is_empty(), "frontend-assets/{folder} is empty");
    found.sort();
    Some(found)
}

/// Every sample: the template it is for, its own name, its content.
fn samples() -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    walk(&root().join("tests/data/view"), "", &mut found);
    found.sort();
    found
}

fn walk(folder: &Path, inside: &str, into: &mut Vec<(String, String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        let path = if inside.is_empty() {
            name
        } else {
            format!("{inside}/{name}")
        };
        if entry.path().is_dir() {
            walk(&entry.path(), &path, into);
        } else if let Some(name) = path.strip_suffix(".json") {
            let template = name.split('~').next().unwrap().to_owned();
            into.push((
                template,
                name.to_owned(),
                std::fs::read_to_string(entry.path()).unwrap(),
            ));
        }
    }
}

#[test]
fn every_template_renders_from_its_samples_in_every_locale() {
    let (Some(templates), Some(texts)) = (sources("templates"), sources("locales")) else {
        return;
    };
    let views = Views::from_sources(&templates, &texts, true).unwrap();
    let samples = samples();
    let mut faults = Vec::new();
    for name in templates.iter().filter_map(|(path, _)| path.strip_suffix(".hbs")) {
        // A layout is rendered by every page that stands in it.
        if !name.starts_with("layouts/") && !samples.iter().any(|(template, _, _)| template == name) {
            faults.push(format!("{name} has no sample"));
        }
    }
    for (template, name, content) in &samples {
        if !views.has(template) {
            faults.push(format!("the sample {name} is for no template"));
            continue;
        }
        let data: serde_json::Value = match serde_json::from_str(content) {
            Ok(data) => data,
            Err(error) => {
                faults.push(format!("the sample {name} is no JSON: {error}"));
                continue;
            }
        };
        for locale in LocaleKey::ALL {
            match views.render(*locale, template, &data) {
                Ok(html) if html.trim().is_empty() => faults.push(format!("{name} in {locale} is empty")),
                Ok(_) => {}
                Err(error) => {
                    faults.push(format!(
                        "{name} in {locale}: {}",
                        std::error::Error::source(&error).unwrap()
                    ));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_template_writes_anything_unescaped() {
    for (path, text) in sources("templates").unwrap_or_default() {
        assert!(
            !text.contains("{{{") && !text.contains("{{&"),
            "{path} has a triple brace"
        );
    }
}

#[test]
fn every_locale_has_the_same_texts() {
    let Some(texts) = sources("locales") else {
        return;
    };
    let locales = Locales::load(&texts, true).unwrap();
    let keys = |locale| locales.keys(locale).collect::<std::collections::BTreeSet<_>>();
    let swedish = keys(LocaleKey::Sv);
    let mut faults = Vec::new();
    for locale in [LocaleKey::Ar, LocaleKey::En] {
        faults.extend(
            swedish
                .difference(&keys(locale))
                .map(|key| format!("{locale} lacks {key}")),
        );
        faults.extend(
            keys(locale)
                .difference(&swedish)
                .map(|key| format!("{locale} has {key}, Swedish has not")),
        );
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    for number in 1..=12 {
        assert!(swedish.contains(format!("month-{number}").as_str()), "month-{number}");
    }
    for number in 1..=7 {
        assert!(
            swedish.contains(format!("weekday-{number}").as_str()),
            "weekday-{number}"
        );
    }
}

#[test]
fn the_view_in_the_binary_can_be_built() {
    let views = Views::embedded().unwrap();
    assert_eq!(
        views.has("pages/desk"),
        sources("templates").is_some_and(|all| all.iter().any(|(path, _)| path == "pages/desk.hbs"))
    );
}

#[test]
fn every_icon_named_in_a_template_is_in_the_sprite() {
    let Some(templates) = sources("templates") else {
        return;
    };
    let sprite = std::fs::read_to_string(root().join("frontend-assets/icons/icons.svg")).unwrap();
    let mut faults = Vec::new();
    for (path, text) in templates {
        for part in text.split("icon \"").skip(1) {
            let name = part.split('"').next().unwrap_or_default();
            if !sprite.contains(&format!("id=\"i-{name}\"")) {
                faults.push(format!("{path} names {name}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
