//! The file of a pack, read. Knows no database.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::template::Variant;

/// The pack that comes with the desk.
const SHIPPED: &str = include_str!("../template/pack/replies.json");

/// The kind of file this desk reads.
const SCHEMA: u32 = 1;

/// A pack.
#[derive(Debug, Clone, Deserialize)]
pub struct Pack {
    schema: u32,
    template_syntax: Syntax,
    links: BTreeMap<String, BTreeMap<String, String>>,
    facts: Vec<Fact>,
    /// Its templates, in the order of the file.
    pub templates: Vec<PackTemplate>,
}

#[derive(Debug, Clone, Deserialize)]
struct Syntax {
    placeholders: BTreeMap<String, Placeholder>,
}

#[derive(Debug, Clone, Deserialize)]
struct Placeholder {
    budget: usize,
    rule: String,
    #[serde(default)]
    default: BTreeMap<String, String>,
}

/// A fact with what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// Key.
    pub id: String,
    /// Whether it was read at the source: `SOURCED` and others.
    pub status: String,
    /// The fact.
    pub statement: String,
    /// Where it was read.
    #[serde(default)]
    pub sources: Vec<String>,
}

/// One template of a pack.
#[derive(Debug, Clone, Deserialize)]
pub struct PackTemplate {
    /// Stable key.
    pub key: String,
    /// Narratives and classes it answers.
    pub answers: Vec<String>,
    /// Flags it answers.
    pub answers_flags: Vec<String>,
    /// Texts by language.
    pub variants: BTreeMap<Variant, PackVariant>,
    /// Names of its slots.
    pub placeholders: Vec<String>,
    /// Keys of the facts it rests on.
    pub facts: Vec<String>,
    /// Where these were read.
    pub sources: Vec<serde_json::Value>,
    /// `all-sourced`, `check-before-approval` or `no-fact`.
    pub fact_status: String,
    /// What an approver should know.
    #[serde(default)]
    pub note: Option<String>,
}

/// The texts of one language.
#[derive(Debug, Clone, Deserialize)]
pub struct PackVariant {
    /// At most 150 characters when its slots are filled.
    pub short: String,
    /// For every other platform.
    pub long: String,
}

/// The file is no pack of this desk.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Not the expected JSON.
    #[error("the pack cannot be read: {0}")]
    Malformed(String),
    /// Written for another version.
    #[error("the pack has schema {0}; this desk reads schema 1")]
    Schema(u32),
}

/// A slot of a template, as the desk keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// Its name.
    pub name: String,
    /// Most characters it may hold, so that the text keeps to the platforms' limits.
    pub budget: usize,
    /// What may stand in it.
    pub rule: String,
    /// What stands in it unless somebody fills it, by language.
    pub default: BTreeMap<Variant, String>,
}

impl Pack {
    /// The pack that comes with the desk.
    ///
    /// # Errors
    /// [`Unreadable`]; a test holds that it is not.
    pub fn shipped() -> Result<Self, Unreadable> {
        Self::parse(SHIPPED)
    }

    /// Reads a pack.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn parse(text: &str) -> Result<Self, Unreadable> {
        let pack: Self = serde_json::from_str(text).map_err(|error| Unreadable::Malformed(error.to_string()))?;
        if pack.schema == SCHEMA {
            Ok(pack)
        } else {
            Err(Unreadable::Schema(pack.schema))
        }
    }

    /// The facts a template rests on, in its order.
    #[must_use]
    pub fn facts_of(&self, template: &PackTemplate) -> Vec<&Fact> {
        let find = |key: &String| self.facts.iter().find(|fact| fact.id == *key);
        template.facts.iter().filter_map(find).collect()
    }

    /// A template's slots with their defaults. The link leads children to the children's pages, all others to the parents'.
    #[must_use]
    pub fn slots_of(&self, template: &PackTemplate) -> Vec<Slot> {
        let audience = if template.key.starts_with("child-asks") {
            "children"
        } else {
            "parents"
        };
        template
            .placeholders
            .iter()
            .filter_map(|name| self.template_syntax.placeholders.get_key_value(name))
            .map(|(name, placeholder)| {
                let default = if name == "link" {
                    self.links.get(audience).unwrap_or(&placeholder.default)
                } else {
                    &placeholder.default
                };
                Slot {
                    name: name.clone(),
                    budget: placeholder.budget,
                    rule: placeholder.rule.clone(),
                    // The file keeps notes beside the languages.
                    default: default
                        .iter()
                        .filter_map(|(language, text)| Some((language.parse().ok()?, text.clone())))
                        .collect(),
                }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Pack, Unreadable};
    use crate::domain::template::Variant;

    #[test]
    fn the_shipped_pack_has_49_templates_in_three_languages() {
        let pack = Pack::shipped().unwrap();
        assert_eq!(pack.templates.len(), 49);
        for template in &pack.templates {
            assert_eq!(template.variants.len(), 3, "{}", template.key);
            assert_eq!(pack.facts_of(template).len(), template.facts.len(), "{}", template.key);
            assert_eq!(
                pack.slots_of(template).len(),
                template.placeholders.len(),
                "{}",
                template.key
            );
        }
    }

    #[test]
    fn every_default_keeps_to_its_budget() {
        let pack = Pack::shipped().unwrap();
        for template in &pack.templates {
            for slot in pack.slots_of(template) {
                for (variant, text) in &slot.default {
                    assert!(
                        text.chars().count() <= slot.budget,
                        "{} {variant} {}",
                        template.key,
                        slot.name
                    );
                }
                if slot.name == "link" {
                    assert_eq!(slot.default.len(), Variant::ALL.len(), "{}", template.key);
                }
            }
        }
    }

    #[test]
    fn a_pack_of_another_schema_is_refused() {
        let other = super::SHIPPED.replacen("\"schema\": 1", "\"schema\": 2", 1);
        assert_eq!(Pack::parse(&other).unwrap_err(), Unreadable::Schema(2));
        assert!(matches!(Pack::parse("{}"), Err(Unreadable::Malformed(_))));
    }
}
