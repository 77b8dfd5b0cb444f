//! Who is checked in to which lane now, in memory: every queue, claim and frame asks. Who is on a break is not on duty.

use std::collections::{HashMap, HashSet};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::domain::id::{PersonId, ShiftId};
use crate::domain::lane::Lane;
use crate::domain::shift::ShiftState;
use crate::store::Error;
use crate::store::entity::shift;

/// The shifts that have started and not ended.
#[derive(Debug, Default)]
pub struct Duty(RwLock<Known>);

#[derive(Debug, Default)]
struct Known {
    shifts: HashMap<PersonId, Vec<(Lane, ShiftId)>>,
    on_break: HashSet<PersonId>,
}

impl Duty {
    fn known(&self) -> RwLockReadGuard<'_, Known> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Known> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads them.
    ///
    /// # Errors
    /// Any [`Error`].
    pub async fn load(&self, db: &impl ConnectionTrait) -> Result<(), Error> {
        let started = shift::Entity::find()
            .filter(shift::Column::State.eq(ShiftState::Started))
            .all(db)
            .await?;
        let mut known = Known::default();
        for row in started {
            if row.break_since.is_some() {
                known.on_break.insert(row.person_id);
            }
            known.shifts.entry(row.person_id).or_default().push((row.lane, row.id));
        }
        *self.write() = known;
        Ok(())
    }

    /// The lanes a person works now: those checked in to, and none on a break.
    #[must_use]
    pub fn lanes(&self, person: PersonId) -> Vec<Lane> {
        let known = self.known();
        if known.on_break.contains(&person) {
            return Vec::new();
        }
        known
            .shifts
            .get(&person)
            .map(|lanes| lanes.iter().map(|(lane, _)| *lane).collect())
            .unwrap_or_default()
    }

    /// Whether a person is checked in and on a break.
    #[must_use]
    pub fn is_on_break(&self, person: PersonId) -> bool {
        self.known().on_break.contains(&person)
    }

    /// The shift a person works in a lane, also during a break.
    #[must_use]
    pub fn shift(&self, person: PersonId, lane: Lane) -> Option<ShiftId> {
        self.known()
            .shifts
            .get(&person)?
            .iter()
            .find(|(at, _)| *at == lane)
            .map(|(_, shift)| *shift)
    }

    /// Who works a lane now.
    #[must_use]
    pub fn in_lane(&self, lane: Lane) -> Vec<PersonId> {
        let known = self.known();
        let mut people: Vec<_> = known
            .shifts
            .iter()
            .filter(|(person, lanes)| lanes.iter().any(|(at, _)| *at == lane) && !known.on_break.contains(person))
            .map(|(person, _)| *person)
            .collect();
        people.sort_unstable();
        people
    }

    /// A person checked in.
    pub fn start(&self, person: PersonId, lane: Lane, shift: ShiftId) {
        let mut known = self.write();
        let lanes = known.shifts.entry(person).or_default();
        lanes.retain(|(at, _)| *at != lane);
        lanes.push((lane, shift));
    }

    /// A person began or ended a break.
    pub fn rest(&self, person: PersonId, on_break: bool) {
        let mut known = self.write();
        if on_break && known.shifts.contains_key(&person) {
            known.on_break.insert(person);
        } else {
            known.on_break.remove(&person);
        }
    }

    /// A person checked out.
    pub fn end(&self, person: PersonId, shift: ShiftId) {
        let mut known = self.write();
        if let Some(lanes) = known.shifts.get_mut(&person) {
            lanes.retain(|(_, started)| *started != shift);
            if lanes.is_empty() {
                known.shifts.remove(&person);
                known.on_break.remove(&person);
            }
        }
    }
}
