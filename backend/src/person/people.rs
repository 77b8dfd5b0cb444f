//! Everybody on the staff, in memory: every request and every card asks for one of them.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use sea_orm::{ConnectionTrait, EntityTrait};

use crate::domain::id::PersonId;
use crate::domain::lane::Lane;
use crate::domain::person::PersonState;
use crate::domain::role::{Right, Role};
use crate::store::Error;
use crate::store::entity::person;

/// A member of staff, without secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Identifier.
    pub id: PersonId,
    /// Address to sign in with.
    pub email: String,
    /// Real name, shown to administrators and auditors only.
    pub name: String,
    /// What colleagues and pages see.
    pub pseudonym: String,
    /// Roles.
    pub roles: Vec<Role>,
    /// Lanes the person can work.
    pub lanes: Vec<Lane>,
    /// Whether the person may sign in.
    pub state: PersonState,
    /// Language of the pages.
    pub locale: String,
    /// Must choose a password before anything else.
    pub must_change_password: bool,
}

impl Person {
    /// From a row.
    #[must_use]
    pub fn of(row: &person::Model) -> Self {
        Self {
            id: row.id,
            email: row.email.clone(),
            name: row.name.clone(),
            pseudonym: row.pseudonym.clone(),
            roles: words(&row.roles),
            lanes: words(&row.lanes),
            state: row.state,
            locale: row.locale.clone(),
            must_change_password: row.must_change_password,
        }
    }

    /// The rights of all roles together.
    #[must_use]
    pub fn rights(&self) -> Rights {
        self.roles.iter().flat_map(|role| role.rights()).copied().collect()
    }
}

/// Words between spaces; unknown ones are passed over.
#[must_use]
pub fn words<T: std::str::FromStr>(text: &str) -> Vec<T> {
    text.split_whitespace().filter_map(|word| word.parse().ok()).collect()
}

/// A set of rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rights(u32);

impl Rights {
    /// Whether the right is among them.
    #[must_use]
    pub const fn has(self, right: Right) -> bool {
        self.0 & (1 << right as u32) != 0
    }

    /// The rights, in their written order.
    pub fn iter(self) -> impl Iterator<Item = Right> {
        Right::ALL.iter().copied().filter(move |right| self.has(*right))
    }
}

impl FromIterator<Right> for Rights {
    fn from_iter<I: IntoIterator<Item = Right>>(rights: I) -> Self {
        Self(rights.into_iter().fold(0, |all, right| all | 1 << right as u32))
    }
}

/// Everybody.
#[derive(Debug, Default)]
pub struct People(RwLock<HashMap<PersonId, Arc<Person>>>);

impl People {
    /// Reads all of them.
    ///
    /// # Errors
    /// Any [`Error`].
    pub async fn load(&self, db: &impl ConnectionTrait) -> Result<(), Error> {
        let rows = person::Entity::find().all(db).await?;
        let mut people = self.0.write().unwrap_or_else(PoisonError::into_inner);
        *people = rows.iter().map(|row| (row.id, Arc::new(Person::of(row)))).collect();
        Ok(())
    }

    /// One of them.
    #[must_use]
    pub fn find(&self, id: PersonId) -> Option<Arc<Person>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }

    /// All of them, by pseudonym.
    #[must_use]
    pub fn list(&self) -> Vec<Arc<Person>> {
        let mut all: Vec<_> = self
            .0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .values()
            .cloned()
            .collect();
        all.sort_by(|a, b| a.pseudonym.cmp(&b.pseudonym));
        all
    }

    /// What others see of a person.
    #[must_use]
    pub fn pseudonym(&self, id: PersonId) -> String {
        self.find(id)
            .map_or_else(|| "–".to_owned(), |person| person.pseudonym.clone())
    }

    /// Adds or replaces one.
    pub fn put(&self, person: Person) {
        self.0
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(person.id, Arc::new(person));
    }
}
