//! Whether a text that an editor wrote can be a template at all. Pure.

use std::collections::BTreeMap;

use serde::Serialize;

use super::fill;
use crate::domain::tag::Narrative;
use crate::pack::Slot;
use crate::tagging;

/// Longest short text when its slots are filled to their budgets: TikTok's and Snapchat's limit.
const SHORT: usize = 150;
/// Longest long text, likewise: Instagram's limit.
const LONG: usize = 2_200;

crate::words! {
    /// What is wrong with a text.
    pub enum FaultCode {
        /// Empty.
        Empty = "empty",
        /// Not slots and `if` alone.
        Malformed = "malformed",
        /// A slot the template does not have.
        UnknownSlot = "unknown-slot",
        /// Too long with its slots filled.
        TooLong = "too-long",
        /// An identity number.
        IdentityNumber = "identity-number",
        /// A word of a claim it answers.
        ClaimWord = "claim-word",
    }
}

/// One thing wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Which text: `short` or `long`.
    pub field: super::Length,
    /// What.
    pub code: FaultCode,
    /// The slot, the word, or by how many characters.
    pub detail: String,
}

impl FaultCode {
    /// Whether the text cannot be kept. A claim word is for the approver to judge.
    #[must_use]
    pub const fn blocks(self) -> bool {
        match self {
            Self::Empty | Self::Malformed | Self::UnknownSlot | Self::TooLong | Self::IdentityNumber => true,
            Self::ClaimWord => false,
        }
    }
}

/// Everything wrong with a variant's two texts.
#[must_use]
pub fn check(short: &str, long: &str, slots: &[Slot], answers: &[String]) -> Vec<Fault> {
    use super::Length::{Long, Short};
    let mut faults = Vec::new();
    for (field, text, most) in [(Short, short, SHORT), (Long, long, LONG)] {
        let mut note = |code, detail: String| faults.push(Fault { field, code, detail });
        if text.trim().is_empty() {
            note(FaultCode::Empty, String::new());
            continue;
        }
        let widest: BTreeMap<String, String> = slots
            .iter()
            .map(|slot| (slot.name.clone(), "m".repeat(slot.budget)))
            .collect();
        for name in fill::slots_of(text) {
            if !widest.contains_key(&name) {
                note(FaultCode::UnknownSlot, name);
            }
        }
        match fill::fill(text, &widest, crate::domain::template::Variant::En) {
            Err(error) => note(FaultCode::Malformed, error.to_string()),
            Ok(filled) => {
                let over = filled.chars().count().saturating_sub(most);
                if over > 0 {
                    note(FaultCode::TooLong, over.to_string());
                }
            }
        }
        if !tagging::identity::find(text).is_empty() {
            note(FaultCode::IdentityNumber, String::new());
        }
        for narrative in answers.iter().filter_map(|key| key.parse::<Narrative>().ok()) {
            for place in tagging::claim_words(narrative, text) {
                note(FaultCode::ClaimWord, text.get(place).unwrap_or_default().to_owned());
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::{FaultCode, check};
    use crate::pack::Pack;

    #[test]
    fn every_shipped_text_is_without_fault() {
        let pack = Pack::shipped().unwrap();
        for template in &pack.templates {
            let slots = pack.slots_of(template);
            for (variant, texts) in &template.variants {
                let faults = check(&texts.short, &texts.long, &slots, &template.answers);
                assert!(faults.is_empty(), "{} {variant} {faults:?}", template.key);
            }
        }
    }

    #[test]
    fn faults_are_named() {
        let codes = |short: &str| -> Vec<FaultCode> {
            check(short, "Hej.", &[], &["social-services-kidnap".to_owned()])
                .into_iter()
                .map(|fault| fault.code)
                .collect()
        };
        assert_eq!(codes(" "), [FaultCode::Empty]);
        assert_eq!(codes("Se {{plats}}"), [FaultCode::UnknownSlot]);
        assert_eq!(codes("{{#each a}}x{{/each}}"), [FaultCode::Malformed]);
        assert_eq!(codes(&"a".repeat(151)), [FaultCode::TooLong]);
        assert_eq!(codes("Nummer 640823-3234"), [FaultCode::IdentityNumber]);
        assert!(codes("Socialtjänsten kidnappar inte barn.").contains(&FaultCode::ClaimWord));
        assert!(!FaultCode::ClaimWord.blocks());
    }
}
