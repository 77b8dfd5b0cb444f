//! Identifiers: newtypes over UUID version 7 (RFC 9562, section 5.7), made from the desk's clock.

use chrono::{DateTime, Utc};
use uuid::{ContextV7, Timestamp, Uuid};

/// Makes version 7 identifiers that rise with the instant given, also within one millisecond.
#[derive(Debug)]
pub struct IdMaker(std::sync::Mutex<ContextV7>);

impl Default for IdMaker {
    fn default() -> Self {
        Self(std::sync::Mutex::new(ContextV7::new()))
    }
}

impl IdMaker {
    /// A new identifier for something that comes to be at `now`.
    pub fn make<T: From<Uuid>>(&self, now: DateTime<Utc>) -> T {
        let context = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let seconds = u64::try_from(now.timestamp()).unwrap_or(0);
        Uuid::new_v7(Timestamp::from_unix(&*context, seconds, now.timestamp_subsec_nanos())).into()
    }
}

/// Defines an identifier type that SeaORM stores as a UUID.
macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, sea_orm::DeriveValueType)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self { Self(id) }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
        }
        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> { text.parse().map(Self) }
        }
        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    )+};
}

ids! {
    /// One external comment.
    CommentId,
    /// One raw webhook call, poll page or API body.
    DeliveryId,
    /// A member of staff.
    PersonId,
    /// A decision on a comment.
    DecisionId,
    /// One action on its way to a platform.
    OutboxId,
    /// A question to supervisors.
    EscalationId,
    /// A planned time of a person in a lane.
    ShiftId,
    /// One version of one language variant of a template.
    VersionId,
    /// An API token.
    TokenId,
    /// A signed-in browser.
    SessionId,
    /// A campaign.
    CampaignId,
    /// What one shift leaves to the next.
    HandoverId,
    /// A story that comments retell.
    StoryId,
    /// A correction kept as an example.
    ExampleId,
    /// One version of a narrative.
    NarrativeVersionId,
    /// A wave.
    WaveId,
    /// Something of a campaign that replies can point to.
    MaterialId,
    /// Time in which a person is away.
    AbsenceId,
    /// That somebody works another's shift.
    ExchangeId,
}
