//! The staff, for administrators: `pages/people`. Holds real names, so nothing of it is pushed.

use std::collections::HashMap;

use serde::Serialize;

use super::composer::Fault;
use super::desk::Empty;
use super::shell::Shell;
use super::{Choice, choices};
use crate::domain::id::PersonId;
use crate::domain::lane::Lane;
use crate::domain::person::PersonState;
use crate::domain::role::Role;
use crate::person::people::Person;

/// The page.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Page {
    pub shell: Shell,
    pub password: Option<First>,
    pub rows: Vec<Row>,
    pub empty: Empty,
    pub errors: Vec<Fault>,
    pub form: Form,
}

/// A password that was just made.
#[derive(Clone, Serialize)]
pub struct First {
    /// Whose.
    pub pseudonym: String,
    /// The password; shown this once.
    pub text: String,
}

impl std::fmt::Debug for First {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("First")
            .field("pseudonym", &self.pseudonym)
            .finish_non_exhaustive()
    }
}

/// One person.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Row {
    pub id: PersonId,
    pub pseudonym: String,
    pub name: String,
    pub email: String,
    pub roles: Vec<Role>,
    pub lanes: Vec<Lane>,
    pub disabled: bool,
    pub last_seen: Option<i64>,
    #[serde(rename = "self")]
    pub is_self: bool,
    pub role_choices: Vec<Choice>,
    pub lane_choices: Vec<Choice>,
}

/// The form for a new person, with what was filled in.
#[derive(Debug, Clone, Default, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Form {
    pub email: String,
    pub name: String,
    pub pseudonym: String,
    pub roles: Vec<Choice>,
    pub lanes: Vec<Choice>,
}

/// Roles to tick.
#[must_use]
pub fn roles(has: &[Role]) -> Vec<Choice> {
    choices(Role::ALL.iter().map(|role| role.as_str()), |word| {
        has.iter().any(|role| role.as_str() == word)
    })
}

/// Lanes to tick.
#[must_use]
pub fn lanes(has: &[Lane]) -> Vec<Choice> {
    choices(Lane::ALL.iter().map(|lane| lane.as_str()), |word| {
        has.iter().any(|lane| lane.as_str() == word)
    })
}

/// One person as `viewer` sees them; `seen` holds when each signed-in person was last there (milliseconds).
#[must_use]
pub fn row(person: &Person, viewer: PersonId, seen: &HashMap<PersonId, i64>) -> Row {
    Row {
        id: person.id,
        pseudonym: person.pseudonym.clone(),
        name: person.name.clone(),
        email: person.email.clone(),
        roles: person.roles.clone(),
        lanes: person.lanes.clone(),
        disabled: person.state == PersonState::Disabled,
        last_seen: seen.get(&person.id).copied(),
        is_self: person.id == viewer,
        role_choices: roles(&person.roles),
        lane_choices: lanes(&person.lanes),
    }
}
