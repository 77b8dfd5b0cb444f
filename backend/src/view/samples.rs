//! Every template that the desk has, rendered from its sample in every locale; and what holds for all of them.
//! A sample is `tests/data/view/NAME.json` for the template NAME; a template without one fails.

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

#[test]
fn every_template_renders_from_its_sample_in_every_locale() {
    let (Some(templates), Some(texts)) = (sources("templates"), sources("locales")) else {
        return;
    };
    let views = Views::from_sources(&templates, &texts, true).unwrap();
    let mut faults = Vec::new();
    for name in templates.iter().filter_map(|(path, _)| path.strip_suffix(".hbs")) {
        // A layout is rendered by every page that stands in it.
        if name.starts_with("layouts/") {
            continue;
        }
        let file = root().join("tests/data/view").join(format!("{name}.json"));
        let Ok(sample) = std::fs::read_to_string(&file) else {
            faults.push(format!("{name} has no sample"));
            continue;
        };
        let data: serde_json::Value = match serde_json::from_str(&sample) {
            Ok(data) => data,
            Err(error) => {
                faults.push(format!("the sample of {name} is no JSON: {error}"));
                continue;
            }
        };
        for locale in LocaleKey::ALL {
            match views.render(*locale, name, &data) {
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
