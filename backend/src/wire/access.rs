//! Who may listen to what.

use super::hub::Hub;
use super::topic::Topic;
use crate::domain::id::PersonId;
use crate::domain::lane::Lane;
use crate::domain::role::Right;
use crate::person::people::{People, Rights};
use crate::shift::duty::Duty;

/// Whether somebody with these rights, checked in to these lanes, may listen to a topic.
/// For one comment's topic give the lane the comment is in.
#[must_use]
pub fn may(rights: Rights, person: Option<PersonId>, lanes: &[Lane], topic: Topic, item_lane: Option<Lane>) -> bool {
    let sees = |lane: Lane| rights.has(Right::SeeAllLanes) || (rights.has(Right::WorkLane) && lanes.contains(&lane));
    match topic {
        Topic::Queue(lane) => sees(lane),
        Topic::Item(_) => item_lane.is_some_and(sees),
        Topic::Esc => rights.has(Right::ResolveEscalation),
        Topic::Load => rights.has(Right::SeeLoad),
        Topic::Roster => rights.has(Right::SeeShifts),
        Topic::Tpl => rights.has(Right::ReadTemplates),
        Topic::Connectors => rights.has(Right::ReadConnectors),
        Topic::User(id) => person == Some(id),
    }
}

/// Closes what a person may no longer listen to, at once.
pub fn recheck(hub: &Hub, people: &People, duty: &Duty, person: PersonId) {
    let rights = people.find(person).map(|person| person.rights()).unwrap_or_default();
    let lanes = duty.lanes(person);
    // A comment open in a lane the person left is closed too: whoever works on has it in another lane's topic.
    hub.recheck(person, |topic| {
        may(rights, Some(person), &lanes, topic, lanes.first().copied())
    });
}
