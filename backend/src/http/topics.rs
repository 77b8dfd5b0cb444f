//! The topics a client names, with what it may not listen to told apart.

use sea_orm::EntityTrait;

use super::extract::Who;
use super::problem::Problem;
use crate::app::App;
use crate::store::entity::comment;
use crate::wire::access::may;
use crate::wire::topic::Topic;

/// Most topics one client may listen to.
pub const MOST: usize = 32;

/// Topics as a client named them, each once.
#[derive(Debug, Default)]
pub struct Named {
    /// Those it may listen to.
    pub open: Vec<Topic>,
    /// The first it may not.
    pub refused: Option<Topic>,
}

/// Reads `queue.ar,load,…`.
///
/// # Errors
/// 400 for a word that is no topic and when none is named, 503.
pub async fn named(app: &App, by: &Who, words: &str) -> Result<Named, Problem> {
    let mut named = Named::default();
    let person = by.person.as_ref().map(|person| person.id);
    let words = words.split(',').map(str::trim).filter(|word| !word.is_empty());
    for word in words.take(MOST) {
        let topic: Topic = word.parse().map_err(|error| Problem::bad_input(format!("{error}.")))?;
        let lane = match topic {
            Topic::Item(id) => comment::Entity::find_by_id(id)
                .one(app.db.reader())
                .await?
                .map(|row| row.lane),
            _ => None,
        };
        if !may(by.rights, person, &by.lanes(app), topic, lane) {
            named.refused.get_or_insert(topic);
        } else if !named.open.contains(&topic) {
            named.open.push(topic);
        }
    }
    if named.open.is_empty() && named.refused.is_none() {
        return Err(Problem::bad_input("Name at least one topic: ?topics=queue.ar,load"));
    }
    Ok(named)
}
