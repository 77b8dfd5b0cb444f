//! Topics: what a client can listen to, and which events belong to which.

use std::fmt;
use std::str::FromStr;

use crate::change::Event;
use crate::domain::event::EventKind;
use crate::domain::id::{CommentId, PersonId};
use crate::domain::lane::Lane;

/// Something a client can listen to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Topic {
    /// What happens in a lane.
    Queue(Lane),
    /// What happens to one comment.
    Item(CommentId),
    /// Escalations.
    Esc,
    /// Figures of the load wall.
    Load,
    /// Who is planned and on shift.
    Roster,
    /// Templates.
    Tpl,
    /// Health of connectors.
    Connectors,
    /// One person's own affairs.
    User(PersonId),
}

/// The word is no topic.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is no topic")]
pub struct NoTopic(pub String);

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Queue(lane) => write!(f, "queue.{lane}"),
            Self::Item(id) => write!(f, "item.{id}"),
            Self::Esc => f.write_str("esc"),
            Self::Load => f.write_str("load"),
            Self::Roster => f.write_str("roster"),
            Self::Tpl => f.write_str("tpl"),
            Self::Connectors => f.write_str("connectors"),
            Self::User(id) => write!(f, "user.{id}"),
        }
    }
}

impl FromStr for Topic {
    type Err = NoTopic;

    fn from_str(word: &str) -> Result<Self, NoTopic> {
        let no = || NoTopic(word.chars().take(60).collect());
        Ok(match word.split_once('.') {
            Some(("queue", lane)) => Self::Queue(lane.parse().map_err(|_| no())?),
            Some(("item", id)) => Self::Item(id.parse().map_err(|_| no())?),
            Some(("user", id)) => Self::User(id.parse().map_err(|_| no())?),
            // A week may be named; every week's planning is one topic.
            Some(("roster", _)) => Self::Roster,
            Some(_) => return Err(no()),
            None => match word {
                "esc" => Self::Esc,
                "load" => Self::Load,
                "roster" => Self::Roster,
                "tpl" => Self::Tpl,
                "connectors" => Self::Connectors,
                _ => return Err(no()),
            },
        })
    }
}

/// The topics an event is told on; none for what only the audit trail keeps.
#[must_use]
pub fn topics_of(event: &Event) -> Vec<Topic> {
    let lane = event.lane.map(Topic::Queue);
    let item = event.comment.map(Topic::Item);
    match event.kind {
        EventKind::CommentOpen
        | EventKind::CommentTagged
        | EventKind::CommentClaimed
        | EventKind::CommentReleased
        | EventKind::CommentDecided
        | EventKind::CommentWithdrawn
        | EventKind::CommentSent
        | EventKind::CommentFailed
        | EventKind::CommentHandedOver
        | EventKind::CommentEdited
        | EventKind::CommentNamed
        | EventKind::CommentVisibility
        | EventKind::DecisionUndone => {
            let mut topics: Vec<Topic> = lane.into_iter().chain(item).collect();
            // A comment that changes lane leaves the old one's list too.
            let left = event
                .moved
                .and_then(|moved| moved.from)
                .map(|(lane, _)| Topic::Queue(lane));
            if left != lane {
                topics.extend(left);
            }
            topics
        }
        EventKind::ClaimExtended => item.into_iter().collect(),
        EventKind::EscalationOpened | EventKind::EscalationResolved => {
            std::iter::once(Topic::Esc).chain(lane).chain(item).collect()
        }
        EventKind::ShiftStarted
        | EventKind::ShiftEnded
        | EventKind::BreakStarted
        | EventKind::BreakEnded
        | EventKind::AbsenceChanged => vec![Topic::Roster],
        // A draft is known to those who plan only, who read the roster again after what they do.
        EventKind::ShiftPlanned if event.data.get("draft").is_some() => Vec::new(),
        EventKind::ShiftPlanned => {
            // Those it concerns hear of it wherever they are.
            let told = event.data.get("tells").and_then(serde_json::Value::as_array);
            let people = told
                .into_iter()
                .flatten()
                .filter_map(|person| person.as_str()?.parse().ok());
            std::iter::once(Topic::Roster).chain(people.map(Topic::User)).collect()
        }
        EventKind::Load | EventKind::Wave => vec![Topic::Load],
        EventKind::Connector => vec![Topic::Connectors],
        EventKind::Template => vec![Topic::Tpl],
        EventKind::CommentRevealed
        | EventKind::SignedIn
        | EventKind::SignInRefused
        | EventKind::SignedOut
        | EventKind::PersonChanged
        | EventKind::TokenChanged
        | EventKind::CampaignChanged
        | EventKind::StoryMerged
        | EventKind::StorySplit
        | EventKind::StoryRenamed
        | EventKind::PackImported
        | EventKind::ExampleKept
        | EventKind::ExampleTakenBack
        | EventKind::NarrativeChanged
        | EventKind::BlindAnswered => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Topic, topics_of};
    use crate::change::{Actor, Event};
    use crate::domain::event::EventKind;
    use crate::domain::id::PersonId;
    use crate::domain::lane::Lane;

    #[test]
    fn what_is_planned_is_told_to_the_roster_and_to_those_it_concerns() {
        let person = PersonId(uuid::Uuid::from_u128(7));
        let event = |data| Event {
            seq: 1,
            at: 0,
            kind: EventKind::ShiftPlanned,
            comment: None,
            lane: Some(Lane::Ar),
            actor: Actor::Desk,
            data,
            moved: None,
        };
        let published = event(serde_json::json!({ "what": "published", "tells": [person] }));
        assert_eq!(topics_of(&published), [Topic::Roster, Topic::User(person)]);
        let draft = event(serde_json::json!({ "what": "planned", "person": person, "draft": true }));
        assert_eq!(topics_of(&draft), [], "a draft is nobody's");
    }

    #[test]
    fn a_topic_reads_as_it_is_written() {
        for word in [
            "queue.ar",
            "item.00000000-0000-7000-8000-000000000000",
            "esc",
            "load",
            "roster",
            "tpl",
        ] {
            assert_eq!(
                word.parse::<Topic>().map(|topic| topic.to_string()),
                Ok(word.to_owned())
            );
        }
    }

    #[test]
    fn anything_else_is_no_topic() {
        for word in ["", "queue", "queue.xx", "item.1", "user.", "everything"] {
            assert!(word.parse::<Topic>().is_err(), "{word}");
        }
    }
}
