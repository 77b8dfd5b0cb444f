//! Who works at the demonstration's desk: six invented people with new passwords, shifts for today, a token.

use crate::app::App;
use crate::change::Failure;
use crate::cli::Failed;
use crate::clock;
use crate::domain::id::PersonId;
use crate::domain::lane::Lane;
use crate::domain::role::{Right, Role};
use crate::person::secret;
use crate::person::staff::{AddPerson, ResetPassword, new_password};
use crate::person::token::AddToken;
use crate::shift::ShiftRefused;
use crate::shift::plan::PlanShift;
use crate::store::Error;

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
    for (email, name, pseudonym, role, lanes, _) in CAST {
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
        people.push(One {
            id: row.id,
            role: *role,
            email,
            password,
            lanes,
        });
    }
    plan(app, &people).await?;
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

/// Plans shifts from the last full hour; whoever has one from an earlier start keeps it.
async fn plan(app: &App, people: &[One]) -> Result<(), Failed> {
    let starts_at = clock::ms(app.clock.now()).div_euclid(HOUR_MS) * HOUR_MS;
    let Some(lead) = people.iter().find(|one| one.role == Role::Lead) else {
        return Ok(());
    };
    for (one, (.., today)) in people.iter().zip(CAST) {
        let Some(lane) = today else { continue };
        let step = PlanShift {
            person: one.id,
            lane: *lane,
            starts_at,
            ends_at: starts_at + SHIFT_MS,
            breaks: Vec::new(),
            draft: false,
            by: lead.id,
            config: app.config.shift.clone(),
        };
        match app.writer.change(step).await {
            Ok(_) | Err(Failure::Refused(ShiftRefused::Overlaps(_))) => {}
            Err(Failure::Refused(refused)) => {
                return Err(Failed::Work(format!("no shift for {}: {refused:?}", one.email)));
            }
            Err(Failure::Store(error)) => return Err(error.into()),
        }
    }
    Ok(())
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
