//! Who is checked in to which lane now, in memory: every queue, claim and frame asks.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::domain::id::{PersonId, ShiftId};
use crate::domain::lane::Lane;
use crate::domain::shift::ShiftState;
use crate::store::Error;
use crate::store::entity::shift;

/// The shifts that have started and not ended.
#[derive(Debug, Default)]
pub struct Duty(RwLock<HashMap<PersonId, Vec<(Lane, ShiftId)>>>);

impl Duty {
    /// Reads them.
    ///
    /// # Errors
    /// Any [`Error`].
    pub async fn load(&self, db: &impl ConnectionTrait) -> Result<(), Error> {
        let started = shift::Entity::find()
            .filter(shift::Column::State.eq(ShiftState::Started))
            .all(db)
            .await?;
        let mut duty = self.0.write().unwrap_or_else(PoisonError::into_inner);
        duty.clear();
        for row in started {
            duty.entry(row.person_id).or_default().push((row.lane, row.id));
        }
        Ok(())
    }

    /// The lanes a person is checked in to.
    #[must_use]
    pub fn lanes(&self, person: PersonId) -> Vec<Lane> {
        let duty = self.0.read().unwrap_or_else(PoisonError::into_inner);
        duty.get(&person)
            .map(|lanes| lanes.iter().map(|(lane, _)| *lane).collect())
            .unwrap_or_default()
    }

    /// The shift a person works in a lane.
    #[must_use]
    pub fn shift(&self, person: PersonId, lane: Lane) -> Option<ShiftId> {
        let duty = self.0.read().unwrap_or_else(PoisonError::into_inner);
        duty.get(&person)?
            .iter()
            .find(|(at, _)| *at == lane)
            .map(|(_, shift)| *shift)
    }

    /// Who is checked in to a lane.
    #[must_use]
    pub fn in_lane(&self, lane: Lane) -> Vec<PersonId> {
        let duty = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut people: Vec<_> = duty
            .iter()
            .filter(|(_, lanes)| lanes.iter().any(|(at, _)| *at == lane))
            .map(|(person, _)| *person)
            .collect();
        people.sort_unstable();
        people
    }

    /// A person checked in.
    pub fn start(&self, person: PersonId, lane: Lane, shift: ShiftId) {
        let mut duty = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let lanes = duty.entry(person).or_default();
        lanes.retain(|(at, _)| *at != lane);
        lanes.push((lane, shift));
    }

    /// A person checked out.
    pub fn end(&self, person: PersonId, shift: ShiftId) {
        let mut duty = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(lanes) = duty.get_mut(&person) {
            lanes.retain(|(_, started)| *started != shift);
            if lanes.is_empty() {
                duty.remove(&person);
            }
        }
    }
}
