//! From what somebody asks for to what would leave: the text written, and everything the guard says of it. Writes
//! nothing; previews use it too.

use chrono::NaiveDate;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};

use super::guard::{self, Finding, GuardCode, Outgoing, Source};
use super::rule::{self, Second};
use super::{Refused, draft, thread};
use crate::app::App;
use crate::campaign::material::pointed_to;
use crate::domain::comment::CommentState;
use crate::domain::decision::{DecisionKind, Ground};
use crate::domain::escalation::{EscalationState, Resolution};
use crate::domain::id::{MaterialId, PersonId, VersionId};
use crate::domain::tag::Narrative;
use crate::domain::template::Variant;
use crate::lane::item::tags_of;
use crate::store;
use crate::store::entity::{comment, escalation};
use crate::template::fill::{self, Slots};
use crate::template::suggest::length_for;
use crate::template::{Book, Entry, Length, Limit, variant_for};

/// What somebody asks for.
#[derive(Debug, Clone)]
pub struct Ask {
    /// What to do.
    pub kind: DecisionKind,
    /// Key of a template, for a reply.
    pub template: Option<String>,
    /// Its version; the approved one if none is named.
    pub version: Option<Version>,
    /// Its language; the comment's if none is named.
    pub variant: Option<Variant>,
    /// Which of its two texts; the long one where it fits if none is named.
    pub length: Option<Length>,
    /// What stands in its slots; the defaults for those not named.
    pub slots: Slots,
    /// The text as edited; the template's if there is none.
    pub text: Option<String>,
    /// The ground, for hiding and deleting.
    pub ground: Option<Ground>,
    /// Why, in the person's words.
    pub reason: Option<String>,
    /// What the person has confirmed.
    pub confirmed: Vec<GuardCode>,
}

impl Ask {
    /// A decision without text.
    #[must_use]
    pub const fn plain(kind: DecisionKind) -> Self {
        Self {
            kind,
            template: None,
            version: None,
            variant: None,
            length: None,
            slots: Slots::new(),
            text: None,
            ground: None,
            reason: None,
            confirmed: Vec::new(),
        }
    }
}

/// A version, as people and programmes name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(untagged)]
pub enum Version {
    /// By its number within the template's language.
    Number(i32),
    /// By its identifier.
    Id(VersionId),
}

/// Who asks.
#[derive(Debug, Clone, Copy)]
pub struct Decider {
    /// The person.
    pub person: PersonId,
    /// Decides escalations.
    pub supervisor: bool,
    /// The decision answers somebody else's question: the text is theirs and this person's together.
    pub seconds: bool,
}

/// A text ready to leave, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// The text.
    pub text: String,
    /// Key of the template.
    pub template: Option<String>,
    /// The version it began as.
    pub version: Option<VersionId>,
    /// Its language.
    pub variant: Option<Variant>,
    /// The materials it points to.
    pub materials: Vec<MaterialId>,
}

/// A decision ready to be made.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// What to do.
    pub kind: DecisionKind,
    /// On which ground.
    pub ground: Option<Ground>,
    /// Why.
    pub reason: Option<String>,
    /// The text, for replies.
    pub wording: Option<Wording>,
    /// What the person has confirmed.
    pub confirmed: Vec<GuardCode>,
    /// What the guard says.
    pub findings: Vec<Finding>,
}

impl Prepared {
    /// Whether anything keeps it from being made.
    #[must_use]
    pub fn is_held_back(&self) -> bool {
        guard::holds_back(&self.findings, &self.confirmed)
    }
}

/// Longest text or reason taken, in bytes.
const LONGEST: usize = 40_000;

/// Writes the text and asks the guard.
///
/// # Errors
/// [`Refused::BadInput`], [`Refused::Impossible`]; what the guard finds is in the result.
pub async fn prepare(app: &App, row: &comment::Model, by: Decider, ask: Ask) -> Result<Prepared, Refused> {
    let usable = |text: &Option<String>| {
        text.as_ref()
            .is_none_or(|text| text.len() <= LONGEST && !text.contains('\0'))
    };
    if !usable(&ask.text) || !usable(&ask.reason) || ask.slots.values().any(|value| value.contains('\0')) {
        return Err(Refused::BadInput("The text is too long or holds U+0000."));
    }
    let ground = rule::ground_for(ask.kind, ask.ground)
        .map_err(|_| Refused::BadInput("Hiding and deleting need a 'ground' from the list."))?;
    rule::way(row.platform, ask.kind).map_err(|_| Refused::Impossible)?;
    let db = app.db.reader();
    let mut findings = Vec::new();
    if !by.seconds && !alone(db, row, by, ask.kind).await? {
        findings.push(Finding::new(GuardCode::TwoPerson));
    }
    let wording = if rule::speaks(ask.kind) {
        let book = app.templates.book(db).await?;
        let (wording, found) = word(app, &book, row, by, &ask).await?;
        findings.extend(found);
        Some(wording)
    } else {
        None
    };
    Ok(Prepared {
        kind: ask.kind,
        ground,
        reason: ask.reason.filter(|reason| !reason.trim().is_empty()),
        wording,
        confirmed: ask.confirmed,
        findings,
    })
}

/// Whether one person may make this decision now: the rule asks for no second, or a second has been there.
///
/// # Errors
/// Any [`store::Error`].
pub async fn alone(
    db: &impl ConnectionTrait,
    row: &comment::Model,
    by: Decider,
    kind: DecisionKind,
) -> Result<bool, store::Error> {
    let second = match rule::needs_second(kind, tags_of(row).as_ref()) {
        None => return Ok(true),
        Some(Second::SelfHarm) if by.supervisor => return Ok(true),
        Some(second) => second,
    };
    let mut answered = escalation::Entity::find()
        .filter(escalation::Column::CommentId.eq(row.id))
        .filter(escalation::Column::State.eq(EscalationState::Resolved));
    answered = match second {
        // A supervisor has seen it and given it back with advice.
        Second::SelfHarm => answered.filter(escalation::Column::ResolvedBy.ne(by.person)),
        // Somebody else proposed it, and this person took it over.
        Second::Criticism => answered
            .filter(escalation::Column::TwoPerson.eq(true))
            .filter(escalation::Column::AskedBy.ne(by.person))
            .filter(escalation::Column::ResolvedBy.eq(by.person))
            .filter(escalation::Column::Resolution.eq(Resolution::TakeOver)),
    };
    Ok(answered.count(db).await? > 0)
}

async fn word(
    app: &App,
    book: &Book,
    row: &comment::Model,
    by: Decider,
    ask: &Ask,
) -> Result<(Wording, Vec<Finding>), Refused> {
    let tags = tags_of(row);
    let spoken = variant_for(tags.as_ref(), row.lane);
    let variant = ask.variant.unwrap_or(spoken);
    let named = ask.template.is_some() || ask.version.is_some();
    let entry = chosen(book, ask, variant, app.clock.now().date_naive());
    let mut slots = entry.map_or_else(Slots::new, |entry| {
        fill::defaults(&entry.slots, entry.variant, row.author_name.as_deref())
    });
    slots.extend(ask.slots.clone());
    // Where a material's name stands, its own link stands in the text, whatever was sent.
    for material in &book.materials {
        if entry.is_some_and(|entry| {
            entry.variant == material.variant && entry.slots.iter().any(|slot| slot.name == material.name)
        }) {
            slots.insert(material.name.clone(), material.link.clone());
        }
    }
    let approved = entry.map(|entry| {
        let length = ask.length.unwrap_or_else(|| length_for(entry, row.platform, &slots));
        entry.filled(length, &slots)
    });
    let text = match (&ask.text, &approved) {
        (Some(text), _) => fill::fill_tokens(text.trim(), &slots, entry.map_or(variant, |entry| entry.variant)),
        (None, Some(approved)) => approved.clone(),
        (None, None) => String::new(),
    };
    let source = match (entry, &approved) {
        _ if by.seconds => Source::Seconded,
        (Some(entry), Some(approved)) => Source::Approved {
            variant: entry.variant,
            text: approved,
            slots: &entry.slots,
            filled: &slots,
        },
        _ if named => Source::Withdrawn,
        _ => Source::Typed,
    };
    let narratives: Vec<Narrative> = tags
        .iter()
        .flat_map(|tags| &tags.narratives)
        .filter_map(|tag| tag.key.parse().ok())
        .collect();
    let db = app.db.reader();
    let begun = draft::find(db, row.id, by.person).await?;
    let thread_changed = match begun {
        Some(begun) => thread::changed_since(db, row, begun.started_at).await?,
        None => false,
    };
    let private = ask.kind == DecisionKind::PrivateReply;
    let mut findings = guard::check(&Outgoing {
        text: &text,
        source,
        limit: if private {
            Limit::to_private(row.platform, row.author_handle.as_deref())
        } else {
            Limit::to(row.platform, row.author_handle.as_deref())
        },
        variant: spoken,
        narratives: &narratives,
        same_in_thread: if private {
            0
        } else {
            thread::same_reply(db, row, &text).await?
        },
        thread_changed,
    });
    if named && entry.is_none() && text.is_empty() {
        // Nothing to show for a template that is gone; that it is gone is what matters.
        findings = vec![Finding::new(GuardCode::WithdrawnTemplate)];
    }
    let wording = Wording {
        materials: pointed_to(&book.materials, &text),
        text,
        template: entry.map(|entry| entry.key.clone()).or_else(|| ask.template.clone()),
        version: entry.map(|entry| entry.id),
        variant: entry.map(|entry| entry.variant).or(ask.variant),
    };
    Ok((wording, findings))
}

/// The approved version asked for.
fn chosen<'a>(book: &'a Book, ask: &Ask, variant: Variant, today: NaiveDate) -> Option<&'a Entry> {
    let entry = match (ask.version, &ask.template) {
        (Some(Version::Id(id)), _) => book.version(id),
        (Some(Version::Number(number)), Some(key)) => book.of(key, variant).filter(|entry| entry.version == number),
        (None, Some(key)) => book.of(key, variant),
        (Some(Version::Number(_)) | None, None) => None,
    };
    entry
        .filter(|entry| entry.is_current(today))
        .filter(|entry| ask.template.as_ref().is_none_or(|key| *key == entry.key))
}

/// What the guard says of a comment that is not, or no longer, the person's. For previews; decisions are refused for it.
#[must_use]
pub fn held(row: &comment::Model, person: PersonId) -> Option<Finding> {
    let mine = row.state == CommentState::Claimed && row.claimed_by == Some(person);
    (!mine).then(|| Finding::new(GuardCode::ClaimLost))
}
