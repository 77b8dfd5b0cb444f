//! What the desk says about a comment: language, narratives, classes, flags, each with its evidence.

use serde::{Deserialize, Serialize};

crate::words! {
    /// The seven narratives of the codebook (section 4). Keys are stable.
    pub enum Narrative {
        /// 4.1
        SocialServicesKidnap = "social-services-kidnap",
        /// 4.2
        LvuTrivialGrounds = "lvu-trivial-grounds",
        /// 4.3
        AbuseInCare = "abuse-in-care",
        /// 4.4
        TraffickingPedophiles = "trafficking-pedophiles",
        /// 4.5
        SilencedCoverup = "silenced-coverup",
        /// 4.6
        AssimilationTargeting = "assimilation-targeting",
        /// 4.7
        WestIslamophobic = "west-islamophobic",
    }
}

crate::words! {
    /// The classes that are not narratives (codebook, section 5).
    pub enum Class {
        /// Wants to know how it works.
        QuestionAboutServices = "question-about-services",
        /// Needs something.
        AsksForHelp = "asks-for-help",
        /// Tells an event.
        PersonalExperience = "personal-experience",
        /// Names a failing without a plot.
        CritiqueLegit = "critique-legit",
        /// Thanks, praise, rebuttal.
        SupportThanks = "support-thanks",
        /// Selling, phishing.
        Spam = "spam",
        /// Anything else.
        OffTopic = "off-topic",
    }
}

crate::words! {
    /// The five urgent flags (codebook, section 6).
    pub enum Flag {
        /// A specific child is harmed now or soon.
        ChildAtRisk = "child-at-risk",
        /// Violence against staff.
        ThreatToStaff = "threat-to-staff",
        /// The author or someone near wants to die.
        SelfHarm = "self-harm",
        /// Identity number, phone, address.
        PersonalData = "personal-data",
        /// May be criminal.
        HateIllegal = "hate-illegal",
    }
}

crate::words! {
    /// Who set a tag.
    pub enum TagSource {
        /// A rule of the codebook.
        Rule = "rule",
        /// A trained model.
        Model = "model",
        /// A person.
        Person = "person",
    }
}

crate::words! {
    /// How sure a narrative tag is.
    pub enum Tier {
        /// Shown as a tag.
        Auto = "auto",
        /// Shown as a suggestion.
        Suggest = "suggest",
    }
}

crate::words! {
    /// Whether somebody spreads a claim knowing better. Set by a person only, never shown outside.
    pub enum Intent {
        /// Knows better.
        Disinformation = "disinformation",
        /// Believes it.
        Misinformation = "misinformation",
        /// Cannot be told.
        Unclear = "unclear",
    }
}

/// The language of a comment as a whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LanguageTag {
    /// ISO 639 code of one of the desk's languages, `other`, or `und` when there is none to tell.
    pub code: String,
    /// ISO 15924 code: `Latn`, `Arab`, `Zyyy` (none), `mixed`, ….
    pub script: String,
    /// 0–1.
    pub confidence: f32,
    /// Who set it.
    pub source: TagSource,
    /// Version of the rules or model.
    pub version: String,
}

/// One narrative, class or flag on a comment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tag {
    /// Key of the codebook.
    pub key: String,
    /// 0–1.
    pub score: f32,
    /// For narratives: shown or only suggested.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub tier: Option<Tier>,
    /// Who set it.
    pub source: TagSource,
    /// Version of the rules, codebook or model.
    pub version: String,
}

impl Tag {
    /// Whether it is likelier right than wrong. Flags are set long before that, so that somebody looks; what takes a text
    /// out of sight, or a second person out of a decision, waits for it.
    #[must_use]
    pub fn is_likely(&self) -> bool {
        self.score >= 0.5
    }
}

/// A stretch of the stored text that caused a tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// Key of the tag it carried.
    pub key: String,
    /// Start in bytes of the stored UTF-8 text, on a character border.
    pub start: usize,
    /// End (exclusive), likewise.
    pub end: usize,
}

/// Everything the tagger or a person says of one revision of a comment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tags {
    /// Its language.
    pub language: LanguageTag,
    /// Narratives, best first.
    pub narratives: Vec<Tag>,
    /// Classes, best first.
    pub classes: Vec<Tag>,
    /// Urgent flags.
    pub flags: Vec<Tag>,
    /// The evidence, by position.
    pub spans: Vec<Span>,
    /// What a person says of the author's intent; never the machine.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub intent: Option<Intent>,
}

impl Tags {
    /// Whether any urgent flag is set.
    #[must_use]
    pub fn is_urgent(&self) -> bool {
        !self.flags.is_empty()
    }

    /// Every narrative, class and flag key, for search.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.narratives
            .iter()
            .chain(&self.classes)
            .chain(&self.flags)
            .map(|tag| tag.key.as_str())
    }
}
