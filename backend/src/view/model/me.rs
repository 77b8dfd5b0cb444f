//! What a person sets for their own pages: `pages/me`.

use serde::{Deserialize, Serialize};

use super::composer::Fault;
use super::shell::{Prefs, Shell};
use super::{Choice, choices};

/// The page.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Page {
    pub shell: Shell,
    pub email: String,
    pub errors: Vec<Fault>,
    pub choices: Vec<Setting>,
    /// Since when the person has an address for their calendar.
    pub calendar_since: Option<i64>,
    /// The new address, shown once.
    pub address: Option<String>,
}

/// One setting and what there is to choose.
#[derive(Debug, Clone, Serialize)]
pub struct Setting {
    /// Its name.
    pub name: &'static str,
    /// What there is.
    pub options: Vec<Choice>,
}

/// Every setting with its words; the first is what holds until somebody chooses.
pub const SETTINGS: &[(&str, &[&str])] = &[
    ("theme", &["auto", "light", "dark"]),
    ("density", &["comfortable", "compact"]),
    ("keys", &["on", "alt", "off"]),
    ("say", &["minute", "never", "direct"]),
    ("digits", &["latn", "arab"]),
];

/// What is kept of a person's settings: those of the pages, and the digits of Arabic.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Kept {
    /// Of the pages.
    #[serde(flatten)]
    pub prefs: Prefs,
    /// `latn` or `arab`.
    pub digits: String,
}

impl Kept {
    /// The value of a setting; its first word for anything it does not know.
    #[must_use]
    pub fn value(&self, name: &str) -> &str {
        let kept = match name {
            "theme" => &self.prefs.theme,
            "density" => &self.prefs.density,
            "keys" => &self.prefs.keys,
            "say" => &self.prefs.say,
            _ => &self.digits,
        };
        let words = words(name);
        words
            .iter()
            .find(|word| *word == kept)
            .or(words.first())
            .copied()
            .unwrap_or_default()
    }

    /// Sets one. False for a setting or word there is not.
    pub fn set(&mut self, name: &str, value: &str) -> bool {
        let Some(word) = words(name).iter().find(|word| **word == value) else {
            return false;
        };
        let place = match name {
            "theme" => &mut self.prefs.theme,
            "density" => &mut self.prefs.density,
            "keys" => &mut self.prefs.keys,
            "say" => &mut self.prefs.say,
            _ => &mut self.digits,
        };
        (*word).clone_into(place);
        true
    }
}

fn words(name: &str) -> &'static [&'static str] {
    SETTINGS
        .iter()
        .find(|(known, _)| *known == name)
        .map_or(&[], |(_, words)| words)
}

/// Every setting with what is chosen.
#[must_use]
pub fn settings(kept: &Kept) -> Vec<Setting> {
    SETTINGS
        .iter()
        .map(|(name, words)| {
            let value = kept.value(name);
            Setting {
                name,
                options: choices(words.iter().copied(), |word| word == value),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Kept, settings};

    #[test]
    fn a_setting_takes_its_own_words_only() {
        let mut kept = Kept::default();
        assert!(kept.set("theme", "dark"));
        assert!(!kept.set("theme", "on\"><script>"));
        assert!(!kept.set("nothing", "dark"));
        assert_eq!(kept.value("theme"), "dark");
    }

    #[test]
    fn settings_from_an_older_desk_are_read_and_each_has_one_choice() {
        let kept: Kept = serde_json::from_str(r#"{"theme":"sepia","keys":"off","gone":1}"#).unwrap();
        assert_eq!((kept.value("theme"), kept.value("keys")), ("auto", "off"));
        for setting in settings(&kept) {
            let on = setting.options.iter().filter(|option| option.on).count();
            assert_eq!(on, 1, "{}", setting.name);
        }
    }
}
