//! Fills the reply texts that staff wrote. Unescaped, strict, nothing but slots and `if`.
//!
//! Never shares a registry with page templates: what is safe here (no escaping) would be a hole there, and what pages can
//! do (parts, helpers) staff texts must not.

use handlebars::Template;
use handlebars::template::{HelperTemplate, Parameter, TemplateElement};
use handlebars::{Handlebars, no_escape};
use std::collections::BTreeMap;

/// Slots that a text needs and that hold nothing, in the order of the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("these slots are not filled: {}", .0.join(", "))]
pub struct UnfilledSlots(pub Vec<String>);

/// Why a reply cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplyError {
    /// Something must be filled in first.
    #[error(transparent)]
    Unfilled(#[from] UnfilledSlots),
    /// The text is no reply text: it does not parse or uses more than `{{slot}}` and `{{#if slot}}`.
    #[error("the reply text cannot be read: {0}")]
    Malformed(String),
}

/// The registry of reply texts. Holds no text: each is parsed when used.
#[derive(Debug)]
pub struct ReplyTemplates(Handlebars<'static>);

impl Default for ReplyTemplates {
    fn default() -> Self {
        let mut registry = Handlebars::new();
        registry.set_strict_mode(true);
        registry.register_escape_fn(no_escape);
        for name in [
            "unless", "each", "with", "lookup", "raw", "log", "eq", "ne", "gt", "gte", "lt", "lte", "and", "or", "not",
            "len",
        ] {
            registry.unregister_helper(name);
        }
        Self(registry)
    }
}

impl ReplyTemplates {
    /// The text with its slots filled. A slot that holds only spaces is not filled.
    ///
    /// # Errors
    /// A slot that is shown and holds nothing; a text that is malformed.
    pub fn render_reply(&self, text: &str, slots: &BTreeMap<String, String>) -> Result<String, ReplyError> {
        let template = parse(text)?;
        let filled: BTreeMap<&str, &str> = slots
            .iter()
            .filter(|(_, value)| !value.trim().is_empty())
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let mut unfilled = Vec::new();
        walk(&template, &|name| filled.contains_key(name), &mut |name, shown| {
            if shown && !filled.contains_key(name) && !unfilled.iter().any(|known| known == name) {
                unfilled.push(name.to_owned());
            }
        })?;
        if !unfilled.is_empty() {
            return Err(UnfilledSlots(unfilled).into());
        }
        self.0
            .render_template(text, &filled)
            .map_err(|error| ReplyError::Malformed(error.to_string()))
    }

    /// Every slot a text names, those inside `if` too, each once, in order. A text that is malformed has none.
    #[must_use]
    pub fn slots_of(&self, text: &str) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        let Ok(template) = parse(text) else {
            return names;
        };
        let mut note = |name: &str, _shown: bool| {
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        };
        // Both branches: once as if every slot were filled, once as if none were.
        let whole = walk(&template, &|_| true, &mut note).and_then(|()| walk(&template, &|_| false, &mut note));
        if whole.is_err() {
            names.clear();
        }
        names
    }
}

fn parse(text: &str) -> Result<Template, ReplyError> {
    Template::compile(text).map_err(|error| ReplyError::Malformed(error.to_string()))
}

/// Calls `note` with each slot met: `shown` when it is written, not only asked about.
fn walk(
    template: &Template,
    filled: &dyn Fn(&str) -> bool,
    note: &mut dyn FnMut(&str, bool),
) -> Result<(), ReplyError> {
    for element in &template.elements {
        match element {
            TemplateElement::RawString(_) | TemplateElement::Comment(_) => {}
            TemplateElement::Expression(slot) if slot.params.is_empty() && slot.hash.is_empty() => {
                note(plain_name(&slot.name)?, true);
            }
            TemplateElement::HelperBlock(block) => {
                let name = condition(block)?;
                note(name, false);
                let branch = if filled(name) { &block.template } else { &block.inverse };
                if let Some(branch) = branch {
                    walk(branch, filled, note)?;
                }
            }
            _ => {
                return Err(ReplyError::Malformed(
                    "only {{slot}} and {{#if slot}} are allowed".to_owned(),
                ));
            }
        }
    }
    Ok(())
}

fn condition(block: &HelperTemplate) -> Result<&str, ReplyError> {
    match (block.name.as_name(), block.params.as_slice()) {
        (Some("if"), [slot]) if block.hash.is_empty() => plain_name(slot),
        _ => Err(ReplyError::Malformed("the only block is {{#if slot}}".to_owned())),
    }
}

fn plain_name(parameter: &Parameter) -> Result<&str, ReplyError> {
    let name = parameter.as_name().unwrap_or_default();
    let plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    if plain {
        Ok(name)
    } else {
        Err(ReplyError::Malformed(format!("'{name}' is no slot")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "{{#if author_first_name}}Hej {{author_first_name}}! {{/if}}Läs mer: {{link}}";

    fn slots(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn slots_are_filled_as_they_are_and_a_greeting_without_name_disappears() {
        let replies = ReplyTemplates::default();
        let filled = slots(&[
            ("author_first_name", "Åsa <3 & {{link}}"),
            ("link", "https://a.se/?a=1&b=2"),
        ]);
        assert_eq!(
            replies.render_reply(TEXT, &filled).unwrap(),
            "Hej Åsa <3 & {{link}}! Läs mer: https://a.se/?a=1&b=2"
        );
        assert_eq!(
            replies.render_reply(TEXT, &slots(&[("link", "x")])).unwrap(),
            "Läs mer: x"
        );
    }

    #[test]
    fn an_unfilled_slot_is_named_also_when_it_holds_only_spaces() {
        let replies = ReplyTemplates::default();
        let unfilled = ReplyError::Unfilled(UnfilledSlots(vec!["link".to_owned()]));
        assert_eq!(replies.render_reply(TEXT, &slots(&[])).unwrap_err(), unfilled);
        assert_eq!(
            replies.render_reply(TEXT, &slots(&[("link", "  ")])).unwrap_err(),
            unfilled
        );
    }

    #[test]
    fn every_slot_is_listed_once_also_inside_conditions() {
        let replies = ReplyTemplates::default();
        assert_eq!(replies.slots_of(TEXT), ["author_first_name", "link"]);
        assert_eq!(
            replies.slots_of("{{#if a}}{{b}}{{else}}{{c}}{{/if}}{{b}}"),
            ["a", "b", "c"]
        );
        assert!(replies.slots_of("{{#if").is_empty());
    }

    #[test]
    fn nothing_but_slots_and_if_is_taken() {
        let replies = ReplyTemplates::default();
        let filled = slots(&[("a", "1"), ("link", "x")]);
        for text in [
            "{{#each a}}x{{/each}}",
            "{{{a}}}",
            "{{&a}}",
            "{{a.b}}",
            "{{../a}}",
            "{{@root}}",
            "{{lookup a 'b'}}",
            "{{> pages/desk}}",
            "{{t 'key'}}",
            "{{#if (eq a a)}}x{{/if}}",
            "{{#unless a}}x{{/unless}}",
            "{{#*inline 'x'}}{{/inline}}",
            "{{a",
            "{{#if a}}",
        ] {
            assert!(
                matches!(replies.render_reply(text, &filled), Err(ReplyError::Malformed(_))),
                "{text}"
            );
        }
    }
}
