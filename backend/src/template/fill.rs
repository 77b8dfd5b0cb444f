//! A template's slots: what stands in them by default, and the text with them filled.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::first_name::first_name;
use crate::domain::template::Variant;
use crate::pack::Slot;
use crate::view::{ReplyError, ReplyTemplates};

static REPLIES: LazyLock<ReplyTemplates> = LazyLock::new(ReplyTemplates::default);

/// What stands in the slots of a text, by name.
pub type Slots = BTreeMap<String, String>;

/// The slot for the author's name. The greeting falls away when it is empty.
const NAME: &str = "author_first_name";

/// What stands in the slots unless somebody fills them.
#[must_use]
pub fn defaults(slots: &[Slot], variant: Variant, author: Option<&str>) -> Slots {
    let mut filled = Slots::new();
    for slot in slots {
        if let Some(text) = slot.default.get(&variant) {
            filled.insert(slot.name.clone(), text.clone());
        } else if slot.name == NAME
            && let Some(name) = author.and_then(first_name)
        {
            filled.insert(slot.name.clone(), name.to_owned());
        }
    }
    filled
}

/// The names of the slots in a text.
#[must_use]
pub fn slots_of(text: &str) -> Vec<String> {
    REPLIES.slots_of(text)
}

/// What an empty slot shows until it is filled; sending is blocked while one is in the text.
#[must_use]
pub fn token(variant: Variant, slot: &str) -> String {
    let word = match (slot, variant) {
        ("link", Variant::Sv) => "länk",
        ("link", Variant::Ar) => "رابط",
        ("municipality", Variant::Sv) => "kommun",
        ("municipality", Variant::Ar) => "بلدية",
        (NAME, Variant::Sv) => "förnamn",
        (NAME, Variant::Ar) => "الاسم",
        (NAME, Variant::En) => "first name",
        (other, _) => other,
    };
    format!("[{word}]")
}

/// The text with its slots filled, and the tokens of those that are not.
///
/// # Errors
/// [`ReplyError::Malformed`].
pub fn fill(text: &str, slots: &Slots, variant: Variant) -> Result<String, ReplyError> {
    match REPLIES.render_reply(text, slots) {
        Err(ReplyError::Unfilled(unfilled)) => {
            let mut shown = slots.clone();
            shown.extend(unfilled.0.into_iter().map(|name| {
                let token = token(variant, &name);
                (name, token)
            }));
            REPLIES.render_reply(text, &shown)
        }
        filled => filled,
    }
}

/// A text that somebody worked on, with the tokens of filled slots replaced by what fills them.
#[must_use]
pub fn fill_tokens(text: &str, slots: &Slots, variant: Variant) -> String {
    let mut filled = text.to_owned();
    for (name, value) in slots.iter().filter(|(_, value)| !value.trim().is_empty()) {
        filled = filled.replace(&token(variant, name), value);
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::{Slots, defaults, fill, fill_tokens};
    use crate::domain::template::Variant;
    use crate::pack::Pack;

    const TEXT: &str = "{{#if author_first_name}}Hej {{author_first_name}}! {{/if}}Läs mer: {{link}}";

    #[test]
    fn an_unfilled_slot_shows_its_token_and_an_unused_greeting_nothing() {
        assert_eq!(fill(TEXT, &Slots::new(), Variant::Sv).unwrap(), "Läs mer: [länk]");
        assert_eq!(fill(TEXT, &Slots::new(), Variant::Ar).unwrap(), "Läs mer: [رابط]");
    }

    #[test]
    fn tokens_are_replaced_by_what_fills_them() {
        let slots = Slots::from([("link".to_owned(), "a.se".to_owned())]);
        assert_eq!(fill_tokens("Läs [länk] nu", &slots, Variant::Sv), "Läs a.se nu");
        let empty = Slots::from([("link".to_owned(), " ".to_owned())]);
        assert_eq!(fill_tokens("Läs [länk] nu", &empty, Variant::Sv), "Läs [länk] nu");
    }

    #[test]
    fn every_shipped_text_is_whole_with_its_defaults() {
        let pack = Pack::shipped().unwrap();
        for template in &pack.templates {
            let slots = pack.slots_of(template);
            for (variant, texts) in &template.variants {
                for author in [None, Some("Fatima")] {
                    let filled = defaults(&slots, *variant, author);
                    for text in [&texts.short, &texts.long] {
                        let text = fill(text, &filled, *variant).unwrap();
                        assert!(!text.contains(['[', '{', '}']), "{} {variant} {text}", template.key);
                    }
                }
            }
        }
    }
}
