//! A raw delivery is kept before anybody is told that it arrived.

use std::sync::Arc;

use bytes::Bytes;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel};
use sha2::{Digest, Sha256};

use crate::change::{Change, Failure, Step};
use crate::domain::id::DeliveryId;
use crate::store::entity::delivery;

/// Keeps one delivery.
#[derive(Debug)]
pub struct Keep {
    /// Name of the connector.
    pub connector: Arc<str>,
    /// The body as received.
    pub body: Bytes,
}

/// The delivery is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// For the first time.
    New(DeliveryId),
    /// It was there.
    Known,
}

/// SHA-256 of a body in hex, by which a delivery is known again.
#[must_use]
pub fn digest(body: &[u8]) -> String {
    hex::encode(Sha256::digest(body))
}

impl Step for Keep {
    type Out = Kept;
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<Kept, Failure<Self::Refusal>> {
        let id = change.id::<DeliveryId>();
        let row = delivery::Model {
            id,
            connector: self.connector.to_string(),
            digest: Some(digest(&self.body)),
            body: self.body.to_vec(),
            received_at: change.now_ms(),
            taken_apart_at: None,
            events: 0,
            ignored: 0,
            error: None,
        };
        let key = OnConflict::columns([delivery::Column::Connector, delivery::Column::Digest])
            .target_and_where(delivery::Column::Digest.is_not_null())
            .do_nothing()
            .to_owned();
        let rows = change
            .execute(&delivery::Entity::insert(row.into_active_model()).on_conflict(key))
            .await?;
        Ok(if rows == 1 { Kept::New(id) } else { Kept::Known })
    }
}
