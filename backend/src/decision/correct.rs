//! A person corrects what the desk says of a comment: language, narratives, classes, flags; a supervisor the intent.

use std::collections::BTreeSet;

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::Refused;
use crate::change::{Actor, Change, Event, Failure, Moved, Step};
use crate::domain::comment::CommentState;
use crate::domain::event::EventKind;
use crate::domain::id::{CommentId, PersonId};
use crate::domain::lane::Lane;
use crate::domain::tag::{Class, Flag, Intent, LanguageTag, Tag, TagSource, Tags, Tier};
use crate::lane::item::tags_of;
use crate::lane::order::{Sla, place};
use crate::store::entity::comment;
use crate::teaching::example::keep;

/// Version of tags that a person set.
const BY_HAND: &str = "person";

/// What is corrected; what is not named stays.
#[derive(Debug, Clone, Default)]
pub struct Correction {
    /// ISO 639 code.
    pub language: Option<String>,
    /// Keys of all narratives it has.
    pub narratives: Option<Vec<String>>,
    /// All classes it has.
    pub classes: Option<Vec<Class>>,
    /// All flags it has.
    pub flags: Option<Vec<Flag>>,
    /// The author's intent; inner none takes it away.
    pub intent: Option<Option<Intent>>,
}

/// Corrects the tags of a comment.
#[derive(Debug, Clone)]
pub struct Correct {
    /// Which comment.
    pub comment: CommentId,
    /// Who.
    pub person: PersonId,
    /// May correct what others hold.
    pub supervisor: bool,
    /// What.
    pub correction: Correction,
    /// How fast answers are owed.
    pub sla: Sla,
    /// Keys of the narratives that the person could choose from.
    pub narratives: Vec<String>,
}

impl Step for Correct {
    type Out = comment::Model;
    type Refusal = Refused;

    async fn run(&self, change: &mut Change) -> Result<comment::Model, Failure<Refused>> {
        let row = comment::Entity::find_by_id(self.comment)
            .one(change.read())
            .await?
            .ok_or(Failure::Refused(Refused::Absent))?;
        let lost = || Failure::Refused(Refused::ClaimLost(row.claimed_by, row.state));
        let holds = row.state == CommentState::Claimed && row.claimed_by == Some(self.person);
        if !holds && !self.supervisor {
            return Err(lost());
        }
        let Some(old) = tags_of(&row) else {
            return Err(Failure::Refused(Refused::Absent));
        };
        let new = corrected(&old, &self.correction);
        if new == old {
            return Ok(row);
        }
        let mut next = row.clone();
        apply(&mut next, &new, old.language.code != new.language.code, &self.sla);
        let won = change
            .execute(
                &comment::Entity::update_many()
                    .col_expr(comment::Column::Tags, Expr::value(next.tags.clone()))
                    .col_expr(comment::Column::Labels, Expr::value(next.labels.clone()))
                    .col_expr(comment::Column::Lane, Expr::value(next.lane))
                    .col_expr(comment::Column::Urgent, Expr::value(next.urgent))
                    .col_expr(comment::Column::Severity, Expr::value(next.severity))
                    .col_expr(comment::Column::DueAt, Expr::value(next.due_at))
                    .filter(comment::Column::Id.eq(row.id))
                    .filter(comment::Column::State.eq(row.state))
                    .filter(comment::Column::Revision.eq(row.revision)),
            )
            .await?;
        if won == 0 {
            return Err(lost());
        }
        tell(change, &row, &next, &old, &new, self.person);
        // Only what a person looked at and said is ever learnt from.
        let looked_at = self.looked_at();
        if told_apart(&old, &looked_at) != told_apart(&new, &looked_at) && row.text.is_some() {
            keep(change, &row, &new, &looked_at, self.person).await?;
        }
        Ok(next)
    }
}

impl Correct {
    /// The keys that the person had before their eyes.
    fn looked_at(&self) -> Vec<String> {
        let mut keys = Vec::new();
        if let Some(chosen) = &self.correction.narratives {
            keys.extend(self.narratives.iter().chain(chosen).cloned());
        }
        if self.correction.classes.is_some() {
            keys.extend(Class::ALL.iter().map(ToString::to_string));
        }
        if self.correction.flags.is_some() {
            keys.extend(Flag::ALL.iter().map(ToString::to_string));
        }
        keys
    }
}

/// The tags among `keys` that are shown as such; a suggestion is none yet.
fn told_apart<'a>(tags: &'a Tags, keys: &[String]) -> BTreeSet<&'a str> {
    let all = tags.narratives.iter().chain(&tags.classes).chain(&tags.flags);
    all.filter(|tag| tag.tier != Some(Tier::Suggest) && keys.contains(&tag.key))
        .map(|tag| tag.key.as_str())
        .collect()
}

fn apply(row: &mut comment::Model, tags: &Tags, other_language: bool, sla: &Sla) {
    row.tags = serde_json::to_string(tags).unwrap_or_default();
    row.labels = tags.keys().fold(String::from("|"), |labels, key| labels + key + "|");
    let moves = matches!(row.state, CommentState::Open | CommentState::Claimed);
    if other_language && moves {
        row.lane = Lane::of_language(&tags.language.code);
    }
    let place = place(tags, sla);
    row.urgent = place.urgent;
    row.severity = place.severity;
    row.due_at = place.due_at(row.opened_at);
}

fn tell(change: &mut Change, before: &comment::Model, row: &comment::Model, old: &Tags, new: &Tags, person: PersonId) {
    let missing = |from: &Tags, to: &Tags| -> Vec<String> {
        let kept: Vec<&str> = to.keys().collect();
        from.keys()
            .filter(|key| !kept.contains(key))
            .map(str::to_owned)
            .collect()
    };
    change.event(Event {
        seq: 0,
        at: change.now_ms(),
        kind: EventKind::CommentTagged,
        comment: Some(row.id),
        lane: Some(row.lane),
        actor: Actor::Person(person),
        data: json!({
            "added": missing(new, old),
            "removed": missing(old, new),
            "language": new.language.code,
            "from_lane": before.lane,
        }),
        moved: Some(Moved {
            from: Some((before.lane, before.state)),
            to: (row.lane, row.state),
            opened_at: row.opened_at,
            due_at: row.due_at,
            left: Some((before.opened_at, before.due_at)),
            arrived: false,
        }),
    });
}

/// The tags after a correction. What stays keeps its score and evidence; what goes takes its evidence along.
#[must_use]
pub fn corrected(old: &Tags, correction: &Correction) -> Tags {
    let mut tags = old.clone();
    if let Some(code) = correction.language.as_ref().filter(|code| **code != old.language.code) {
        tags.language = LanguageTag {
            code: code.clone(),
            confidence: 1.0,
            source: TagSource::Person,
            version: BY_HAND.to_owned(),
            ..old.language.clone()
        };
    }
    let words = |keys: &[&str], kept: &[Tag], tier| replaced(kept, keys, tier);
    if let Some(keys) = &correction.narratives {
        let keys: Vec<_> = keys.iter().map(String::as_str).collect();
        tags.narratives = words(&keys, &old.narratives, Some(Tier::Auto));
    }
    if let Some(keys) = &correction.classes {
        let keys: Vec<_> = keys.iter().map(|key| key.as_str()).collect();
        tags.classes = words(&keys, &old.classes, None);
    }
    if let Some(keys) = &correction.flags {
        let keys: Vec<_> = keys.iter().map(|key| key.as_str()).collect();
        tags.flags = words(&keys, &old.flags, None);
    }
    if let Some(intent) = correction.intent {
        tags.intent = intent;
    }
    let kept: Vec<String> = tags.keys().map(str::to_owned).collect();
    tags.spans.retain(|span| kept.contains(&span.key));
    tags
}

fn replaced(old: &[Tag], keys: &[&str], tier: Option<Tier>) -> Vec<Tag> {
    let mut tags: Vec<Tag> = Vec::with_capacity(keys.len());
    for key in keys {
        if tags.iter().any(|tag| tag.key == *key) {
            continue;
        }
        // A suggestion that a person keeps is a tag from now on.
        let known = old
            .iter()
            .find(|tag| tag.key == *key)
            .filter(|tag| tag.tier != Some(Tier::Suggest));
        tags.push(known.cloned().unwrap_or_else(|| Tag {
            key: (*key).to_owned(),
            score: 1.0,
            tier,
            source: TagSource::Person,
            version: BY_HAND.to_owned(),
        }));
    }
    tags
}

#[cfg(test)]
mod tests {
    use super::{Correction, corrected};
    use crate::domain::tag::{Class, Flag, TagSource, Tier};
    use crate::tagging::{Context, tag};

    #[test]
    fn what_a_person_sets_is_theirs_and_what_they_keep_stays_the_machines() {
        let old = tag("Ni kidnappar barn! Ring mig 070-174 06 05", &Context::default());
        assert!(old.flags.iter().any(|tag| tag.key == "personal-data"), "{old:?}");
        let new = corrected(
            &old,
            &Correction {
                narratives: Some(vec!["social-services-kidnap".to_owned(), "silenced-coverup".to_owned()]),
                classes: Some(vec![Class::Spam, Class::Spam]),
                ..Correction::default()
            },
        );
        let added = new.narratives.iter().find(|tag| tag.key == "silenced-coverup").unwrap();
        assert_eq!((added.source, added.tier), (TagSource::Person, Some(Tier::Auto)));
        assert_eq!(new.classes.len(), 1);
        assert_eq!(new.flags, old.flags);
        assert_eq!(new.language, old.language);
    }

    #[test]
    fn a_flag_taken_away_takes_its_evidence_along() {
        let old = tag("Ring mig 070-174 06 05", &Context::default());
        assert!(old.spans.iter().any(|span| span.key == Flag::PersonalData.as_str()));
        let new = corrected(
            &old,
            &Correction {
                flags: Some(Vec::new()),
                ..Correction::default()
            },
        );
        assert!(new.flags.is_empty());
        assert!(!new.spans.iter().any(|span| span.key == Flag::PersonalData.as_str()));
    }

    #[test]
    fn a_language_set_by_a_person_is_sure() {
        let old = tag("hej", &Context::default());
        let new = corrected(
            &old,
            &Correction {
                language: Some("ar".to_owned()),
                ..Correction::default()
            },
        );
        assert_eq!(
            (new.language.code.as_str(), new.language.source),
            ("ar", TagSource::Person)
        );
    }
}
