//! Which comments reading found before any delivery told of them.

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use super::arrival::{Arrival, Source};
use crate::change::Change;
use crate::clock;
use crate::connector::{CommentEvent, Happened};
use crate::store::entity::unheard::{Column, Entity, Model};

/// Notes a comment that was found, and one found earlier that a delivery tells of after all. What the account wrote itself
/// is not counted: platforms do not dependably tell of that.
pub(super) fn note(change: &mut Change, arrival: &Arrival, event: &CommentEvent, known: bool) {
    if event.what != Happened::Added || event.own {
        return;
    }
    let now = change.now_ms();
    match &arrival.source {
        Source::New { .. } if arrival.found && !known => {
            let row = Model {
                connector: arrival.connector.to_string(),
                external_id: event.external_id.clone(),
                written_at: clock::ms(event.created_at.unwrap_or(event.at)),
                found_at: now,
                told_at: None,
            };
            let key = OnConflict::columns([Column::Connector, Column::ExternalId])
                .do_nothing()
                .to_owned();
            change.later(&Entity::insert(row.into_active_model()).on_conflict(key));
        }
        Source::Kept(_) if known => {
            let told = Entity::update_many()
                .col_expr(Column::ToldAt, Expr::value(now))
                .filter(Column::Connector.eq(&*arrival.connector))
                .filter(Column::ExternalId.eq(&event.external_id))
                .filter(Column::ToldAt.is_null());
            change.later(&told);
        }
        Source::New { .. } | Source::Kept(_) => {}
    }
}
