//! What is wrong with an outgoing text: what blocks it, what a person must confirm, what is only worth a note. Pure;
//! the desk's pages mirror it, but this decides.

use std::ops::Range;

use serde::Serialize;

use super::likeness::changed;
use crate::domain::tag::Narrative;
use crate::domain::template::Variant;
use crate::pack::Slot;
use crate::tagging;
use crate::template::Limit;
use crate::template::fill::{self, Slots};

crate::words! {
    /// How serious a finding is.
    pub enum Level {
        /// Nothing leaves.
        Block = "block",
        /// A person confirms it first.
        Confirm = "confirm",
        /// For information.
        Note = "note",
    }
}

crate::words! {
    /// What was found.
    pub enum GuardCode {
        /// A slot's token is still in the text.
        UnfilledSlot = "unfilled-slot",
        /// There is no text.
        Empty = "empty",
        /// Longer than the platform takes.
        TooLong = "too-long",
        /// An identity number.
        IdentityNumber = "identity-number",
        /// The template is no longer approved.
        WithdrawnTemplate = "withdrawn-template",
        /// Not from an approved text.
        UnapprovedText = "unapproved-text",
        /// Somebody else has the comment, or nobody.
        ClaimLost = "claim-lost",
        /// Needs a second person.
        TwoPerson = "two-person",
        /// A word of the claim it answers.
        ClaimWord = "claim-word",
        /// Another language than the comment's.
        OtherLanguage = "other-language",
        /// The same reply stands three times in the thread.
        SameReplyThrice = "same-reply-thrice",
        /// The approved text was changed.
        EditedTemplate = "edited-template",
        /// Others wrote in the thread since the draft was begun.
        ThreadChanged = "thread-changed",
        /// Much is in capitals.
        Capitals = "capitals",
        /// A sentence is long.
        LongSentence = "long-sentence",
    }
}

impl GuardCode {
    /// How serious it is.
    #[must_use]
    pub const fn level(self) -> Level {
        match self {
            Self::UnfilledSlot
            | Self::Empty
            | Self::TooLong
            | Self::IdentityNumber
            | Self::WithdrawnTemplate
            | Self::UnapprovedText
            | Self::ClaimLost
            | Self::TwoPerson => Level::Block,
            Self::ClaimWord
            | Self::OtherLanguage
            | Self::SameReplyThrice
            | Self::EditedTemplate
            | Self::ThreadChanged => Level::Confirm,
            Self::Capitals | Self::LongSentence => Level::Note,
        }
    }
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How serious.
    pub level: Level,
    /// What.
    pub code: GuardCode,
    /// A number that belongs to it: characters too many, words, per cent changed.
    #[serde(skip_serializing_if = "is_zero")]
    pub n: usize,
    /// The word or slot concerned; never an identity number.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub word: String,
    /// Where in the text, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<Range<usize>>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_zero(n: &usize) -> bool {
    *n == 0
}

impl Finding {
    /// A finding without particulars.
    #[must_use]
    pub const fn new(code: GuardCode) -> Self {
        Self {
            level: code.level(),
            code,
            n: 0,
            word: String::new(),
            range: None,
        }
    }

    const fn n(mut self, n: usize) -> Self {
        self.n = n;
        self
    }

    fn word(mut self, word: &str) -> Self {
        word.clone_into(&mut self.word);
        self
    }

    const fn at(mut self, range: Range<usize>) -> Self {
        self.range = Some(range);
        self
    }
}

/// Where a text comes from.
#[derive(Debug, Clone, Copy)]
pub enum Source<'a> {
    /// From an approved version.
    Approved {
        /// The version's language.
        variant: Variant,
        /// Its text with the slots filled.
        text: &'a str,
        /// Its slots.
        slots: &'a [Slot],
        /// What was put into them.
        filled: &'a Slots,
    },
    /// From a version that is not approved any more.
    Withdrawn,
    /// From nowhere: typed.
    Typed,
    /// Typed, and approved by a second person with this decision.
    Seconded,
}

/// A text about to leave, and what is known around it.
#[derive(Debug, Clone)]
pub struct Outgoing<'a> {
    /// The text.
    pub text: &'a str,
    /// Where it comes from.
    pub source: Source<'a>,
    /// The longest the platform takes.
    pub limit: Limit,
    /// The language the comment is answered in.
    pub variant: Variant,
    /// The narratives of the comment.
    pub narratives: &'a [Narrative],
    /// How often the same reply stands under the same post.
    pub same_in_thread: usize,
    /// Somebody wrote in the thread since the draft was begun.
    pub thread_changed: bool,
}

/// Largest share of an approved text that may be changed.
const MOST_CHANGED: f64 = 0.3;
/// From this many times on, one more of the same is asked about.
const SAME: usize = 3;
/// Words of a sentence from which it is long.
const LONG_SENTENCE: usize = 30;
/// Letters with case from which capitals are looked at, so that LVU and the like pass.
const FEWEST_LETTERS: usize = 20;

/// Everything to say of an outgoing text, the serious first.
#[must_use]
pub fn check(out: &Outgoing<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    if out.text.trim().is_empty() {
        found.push(Finding::new(GuardCode::Empty));
        return found;
    }
    slots(out, &mut found);
    let over = out.limit.over(out.text);
    if over > 0 {
        found.push(Finding::new(GuardCode::TooLong).n(over));
    }
    for place in tagging::identity::find(out.text) {
        found.push(Finding::new(GuardCode::IdentityNumber).at(place));
    }
    let from_template = source(out, &mut found);
    for narrative in out.narratives {
        for place in tagging::claim_words(*narrative, out.text) {
            let word = out.text.get(place.clone()).unwrap_or_default();
            if !found.iter().any(|known| known.range.as_ref() == Some(&place)) {
                found.push(Finding::new(GuardCode::ClaimWord).word(word).at(place));
            }
        }
    }
    if from_template
        .or_else(|| language(out.text))
        .is_some_and(|own| own != out.variant)
    {
        found.push(Finding::new(GuardCode::OtherLanguage));
    }
    if out.same_in_thread >= SAME {
        found.push(Finding::new(GuardCode::SameReplyThrice).n(out.same_in_thread));
    }
    if out.thread_changed {
        found.push(Finding::new(GuardCode::ThreadChanged));
    }
    style(out.text, &mut found);
    found.sort_by_key(|finding| finding.level);
    found
}

/// What keeps a text from leaving, given what a person has confirmed.
#[must_use]
pub fn holds_back(findings: &[Finding], confirmed: &[GuardCode]) -> bool {
    findings.iter().any(|finding| match finding.level {
        Level::Block => true,
        Level::Confirm => !confirmed.contains(&finding.code),
        Level::Note => false,
    })
}

fn slots(out: &Outgoing<'_>, found: &mut Vec<Finding>) {
    if let Some(start) = out.text.find("{{") {
        found.push(Finding::new(GuardCode::UnfilledSlot).word("{{…}}").at(start..start + 2));
    }
    let known: Vec<&str> = match out.source {
        Source::Approved { slots, .. } => slots.iter().map(|slot| slot.name.as_str()).collect(),
        Source::Withdrawn | Source::Typed | Source::Seconded => vec!["author_first_name", "link", "municipality"],
    };
    for variant in Variant::ALL {
        for name in &known {
            let token = fill::token(*variant, name);
            let already = found.iter().any(|finding| finding.word == token);
            if let Some(start) = out.text.find(&token).filter(|_| !already) {
                let place = start..start + token.len();
                found.push(Finding::new(GuardCode::UnfilledSlot).word(&token).at(place));
            }
        }
    }
}

/// Judges where the text comes from; its language, if the template vouches for it.
fn source(out: &Outgoing<'_>, found: &mut Vec<Finding>) -> Option<Variant> {
    match out.source {
        Source::Approved {
            variant,
            text,
            slots,
            filled,
        } => {
            let share = changed(text, out.text);
            let too_wide = filled.iter().find(|(name, value)| {
                let budget = slots
                    .iter()
                    .find(|slot| slot.name == **name)
                    .map_or(0, |slot| slot.budget);
                value.chars().count() > budget || value.contains(['\n', '\r'])
            });
            if let Some((name, _)) = too_wide {
                // A slot is for a name or an address; a sentence in it would be a text nobody approved.
                found.push(Finding::new(GuardCode::UnapprovedText).word(name));
            } else if share > MOST_CHANGED {
                found.push(Finding::new(GuardCode::UnapprovedText).n(per_cent(share)));
            } else if share > 0.0 || other_link(slots, filled, variant) {
                found.push(Finding::new(GuardCode::EditedTemplate).n(per_cent(share)));
            }
            (share <= MOST_CHANGED).then_some(variant)
        }
        Source::Withdrawn => {
            found.push(Finding::new(GuardCode::WithdrawnTemplate));
            None
        }
        Source::Typed => {
            found.push(Finding::new(GuardCode::UnapprovedText));
            None
        }
        Source::Seconded => None,
    }
}

/// Whether a link other than the approved one was put in.
fn other_link(slots: &[Slot], filled: &Slots, variant: Variant) -> bool {
    let approved = slots
        .iter()
        .find(|slot| slot.name == "link")
        .and_then(|slot| slot.default.get(&variant));
    match (filled.get("link"), approved) {
        (Some(link), Some(approved)) => !link.trim().is_empty() && link != approved,
        (Some(_) | None, _) => false,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share between 0 and 1"
)]
fn per_cent(share: f64) -> usize {
    (share * 100.0).ceil() as usize
}

/// The language of a typed text, if it can be told.
fn language(text: &str) -> Option<Variant> {
    let language = tagging::tag(text, &tagging::Context::default()).language;
    (language.confidence >= 0.5)
        .then(|| language.code.parse().ok())
        .flatten()
}

fn style(text: &str, found: &mut Vec<Finding>) {
    let (mut upper, mut cased) = (0_usize, 0_usize);
    for c in text.chars() {
        upper += usize::from(c.is_uppercase());
        cased += usize::from(c.is_uppercase() || c.is_lowercase());
    }
    if cased >= FEWEST_LETTERS && upper * 2 > cased {
        found.push(Finding::new(GuardCode::Capitals));
    }
    let longest = text
        .split(['.', '!', '?', '؟', '\n'])
        .map(|sentence| sentence.split_whitespace().count())
        .max()
        .unwrap_or(0);
    if longest > LONG_SENTENCE {
        found.push(Finding::new(GuardCode::LongSentence).n(longest));
    }
}

#[cfg(test)]
mod tests;
