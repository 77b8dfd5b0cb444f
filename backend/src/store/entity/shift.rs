//! Time of a person in a lane.

#![expect(missing_docs, reason = "columns are described by the migration and product.md")]

use sea_orm::entity::prelude::*;

use crate::domain::{
    id::{PersonId, ShiftId},
    lane::Lane,
    shift::ShiftState,
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "shift")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ShiftId,
    pub person_id: PersonId,
    pub lane: Lane,
    pub starts_at: i64,
    pub ends_at: i64,
    pub state: ShiftState,
    pub planned_by: Option<PersonId>,
    pub checked_in_at: Option<i64>,
    pub checked_out_at: Option<i64>,
    /// Breaks planned in it, as JSON.
    #[sea_orm(column_type = "Text")]
    pub breaks: String,
    pub break_since: Option<i64>,
    pub published_at: Option<i64>,
}

impl Model {
    /// A shift to come from one instant to another, in milliseconds; nobody planned or published it yet.
    #[must_use]
    pub fn new(id: ShiftId, person_id: PersonId, lane: Lane, (starts_at, ends_at): (i64, i64)) -> Self {
        Self {
            id,
            person_id,
            lane,
            starts_at,
            ends_at,
            state: ShiftState::Planned,
            planned_by: None,
            checked_in_at: None,
            checked_out_at: None,
            breaks: "[]".to_owned(),
            break_since: None,
            published_at: None,
        }
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
