//! Who works at the demonstration's desk: six invented people with new passwords, shifts for today, a token.

use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter};
use serde_json::json;

use crate::app::App;
use crate::change::{Actor, Change, Event, Failure, Step};
use crate::cli::Failed;
use crate::domain::event::EventKind;
use crate::domain::id::{PersonId, ShiftId};
use crate::domain::lane::Lane;
use crate::domain::role::{Right, Role};
use crate::domain::shift::ShiftState;
use crate::person::secret;
use crate::person::staff::{AddPerson, ResetPassword, new_password};
use crate::person::token::AddToken;
use crate::store::Error;
use crate::store::entity::shift;

const HOUR_MS: i64 = 3_600_000;
/// A shift runs this long from the full hour, so that a long showing does not outlast it.
const SHIFT_MS: i64 = 12 * HOUR_MS;

/// One of the six.
pub(super) struct One {
    pub id: PersonId,
    pub role: Role,
    pub email: &'static str,
    pub password: String,
    pub lanes: &'static [Lane],
}

/// Everybody, and the ingest token.
pub(super) struct Staff {
    pub people: Vec<One>,
    pub token: String,
}

impl Staff {
    /// Somebody with this role.
    pub(super) fn with(&self, role: Role) -> Option<PersonId> {
        self.people.iter().find(|one| one.role == role).map(|one| one.id)
    }
}

/// Address, name, pseudonym, role, lanes they can work, lane of today's shift.
type Cast = (
    &'static str,
    &'static str,
    &'static str,
    Role,
    &'static [Lane],
    Option<Lane>,
);

const CAST: &[Cast] = &[
    (
        "ar@demo.example",
        "Amal Exempel",
        "AR-1",
        Role::Moderator,
        &[Lane::Ar],
        Some(Lane::Ar),
    ),
    (
        "sv@demo.example",
        "Sven Exempel",
        "SV-1",
        Role::Moderator,
        &[Lane::Sv, Lane::En],
        Some(Lane::Sv),
    ),
    (
        "supervisor@demo.example",
        "Stina Exempel",
        "HL-1",
        Role::Supervisor,
        &[Lane::Ar, Lane::Sv, Lane::En, Lane::Other],
        Some(Lane::En),
    ),
    ("lead@demo.example", "Karin Exempel", "KL-1", Role::Lead, &[], None),
    ("editor@demo.example", "Emir Exempel", "RED-1", Role::Editor, &[], None),
    ("admin@demo.example", "Ali Exempel", "ADM-1", Role::Admin, &[], None),
];

/// Adds the people, or gives those of an earlier start new passwords, and plans today.
pub(super) async fn ready(app: &App) -> Result<Staff, Failed> {
    let known = app.people.list();
    let mut people = Vec::with_capacity(CAST.len());
    let mut plans = Vec::new();
    for (email, name, pseudonym, role, lanes, today) in CAST {
        let password = new_password()?;
        let row = match known.iter().find(|person| person.email == *email) {
            Some(person) => {
                let step = ResetPassword::new(person.id, &password, false, None)?;
                app.writer.change(step).await.map_err(failed)?
            }
            None => {
                let roles = vec![*role];
                let step = AddPerson::new(email, name, pseudonym, roles, lanes.to_vec(), &password, false, None)?;
                app.writer.change(step).await.map_err(failed)?
            }
        };
        app.people.put(crate::person::people::Person::of(&row));
        plans.extend(today.map(|lane| (row.id, lane)));
        people.push(One {
            id: row.id,
            role: *role,
            email,
            password,
            lanes,
        });
    }
    let by = people.iter().find(|one| one.role == Role::Lead).map(|one| one.id);
    app.writer.change(PlanToday { plans, by }).await.map_err(never)?;
    let token = secret::make()?;
    let step = AddToken {
        name: "demo".to_owned(),
        digest: secret::digest(&token),
        rights: vec![Right::Ingest],
        by: None,
    };
    app.writer.change(step).await.map_err(never)?;
    Ok(Staff { people, token })
}

/// A refusal as the command's failure.
pub(super) fn failed<R: std::fmt::Display>(failure: Failure<R>) -> Failed {
    match failure {
        Failure::Refused(refusal) => Failed::Work(refusal.to_string()),
        Failure::Store(error) => error.into(),
    }
}

/// The failure of a step that refuses nothing.
pub(super) fn never(failure: Failure<std::convert::Infallible>) -> Error {
    match failure {
        Failure::Store(error) => error,
        Failure::Refused(never) => match never {},
    }
}

/// Plans shifts from the last full hour, for whoever has none now.
struct PlanToday {
    plans: Vec<(PersonId, Lane)>,
    by: Option<PersonId>,
}

impl Step for PlanToday {
    type Out = ();
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<(), Failure<Self::Refusal>> {
        let now = change.now_ms();
        let starts_at = now.div_euclid(HOUR_MS) * HOUR_MS;
        for (person, lane) in &self.plans {
            let planned = shift::Entity::find()
                .filter(shift::Column::PersonId.eq(*person))
                .filter(shift::Column::State.is_in([ShiftState::Planned, ShiftState::Started]))
                .filter(shift::Column::EndsAt.gt(now + HOUR_MS))
                .count(change.read())
                .await?;
            if planned > 0 {
                continue;
            }
            let row = shift::Model {
                id: change.id::<ShiftId>(),
                person_id: *person,
                lane: *lane,
                starts_at,
                ends_at: starts_at + SHIFT_MS,
                state: ShiftState::Planned,
                planned_by: self.by,
                checked_in_at: None,
                checked_out_at: None,
            };
            let data = json!({
                "person": row.person_id, "shift": row.id, "what": "planned", "starts_at": row.starts_at,
                "ends_at": row.ends_at,
            });
            change.later(&shift::Entity::insert(row.into_active_model()));
            change.event(Event {
                seq: 0,
                at: now,
                kind: EventKind::ShiftPlanned,
                comment: None,
                lane: Some(*lane),
                actor: self.by.map_or(Actor::Desk, Actor::Person),
                data,
                moved: None,
            });
        }
        Ok(())
    }
}
