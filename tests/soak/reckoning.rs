//! What the platforms hold is compared with what the desk holds.

use std::collections::{BTreeMap, BTreeSet};

use klarsvar::domain::comment::{CommentState, Visibility};
use klarsvar::domain::decision::OutboxState;
use klarsvar::domain::id::CommentId;
use klarsvar::store::entity::{comment, decision, outbox};
use sea_orm::{DatabaseConnection, EntityTrait};

use super::world::{Channel, Shown};

/// What a run came to.
#[derive(Debug, Default)]
pub struct Sum {
    /// Comments of the public that the platforms ever had.
    pub comments: usize,
    /// Of these removed before any delivery or reading told of them.
    pub never_known: usize,
    /// Replies that stand on platforms.
    pub replies: usize,
    /// Decisions accepted.
    pub decisions: usize,
    /// Actions about which a person is asked.
    pub asked: usize,
    /// Actions that the platform or the desk gave up.
    pub failed: usize,
}

/// Fails on the first difference.
pub async fn compare(db: &DatabaseConnection, channels: &[Channel], accepted: &[String]) -> Sum {
    let rows = comment::Entity::find().all(db).await.expect("comments");
    let actions = outbox::Entity::find().all(db).await.expect("the outbox");
    let decisions: BTreeSet<String> = decision::Entity::find()
        .all(db)
        .await
        .expect("decisions")
        .into_iter()
        .map(|row| row.id.to_string())
        .collect();
    for one in accepted {
        assert!(decisions.contains(one), "the decision {one} is lost");
    }
    let mut sum = Sum {
        decisions: accepted.len(),
        ..Sum::default()
    };
    for action in &actions {
        match action.state {
            OutboxState::Delivered | OutboxState::Undone => {}
            OutboxState::Asked => sum.asked += 1,
            OutboxState::Failed => sum.failed += 1,
            OutboxState::Pending | OutboxState::Sending | OutboxState::Unknown => panic!("still under way: {action:?}"),
        }
    }
    for channel in channels {
        comments(channel, &rows, &mut sum);
        replies(channel, &rows, &actions, &mut sum);
    }
    sum
}

/// Every comment is there once, says what it says on the platform, and is withdrawn if it is gone there.
fn comments(channel: &Channel, rows: &[comment::Model], sum: &mut Sum) {
    let mut known: BTreeMap<&str, Vec<&comment::Model>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.connector == channel.name) {
        known.entry(&row.external_id).or_default().push(row);
    }
    let there: BTreeMap<String, Shown> = channel
        .everything()
        .into_iter()
        .map(|shown| (shown.id.clone(), shown))
        .collect();
    for id in channel.written() {
        sum.comments += 1;
        let copies = known.remove(id.as_str()).unwrap_or_default();
        let Some(shown) = there.get(id) else {
            match copies[..] {
                [] => sum.never_known += 1,
                [row] => assert_eq!(row.state, CommentState::Withdrawn, "gone on {}: {row:?}", channel.name),
                _ => panic!("doubled on {}: {copies:?}", channel.name),
            }
            continue;
        };
        let [row] = copies[..] else {
            panic!("{} times on {}: {shown:?}", copies.len(), channel.name)
        };
        assert_ne!(row.state, CommentState::Withdrawn, "{shown:?} {row:?}");
        assert_eq!(row.text, shown.text, "on {}: {row:?}", channel.name);
        assert_eq!(
            row.visibility == Visibility::Hidden,
            shown.hidden,
            "on {}: {row:?}",
            channel.name
        );
        assert!(!row.own, "{row:?}");
    }
    for (id, copies) in known {
        assert!(
            copies.len() == 1 && copies[0].own,
            "nobody wrote {id} on {}: {copies:?}",
            channel.name
        );
    }
}

/// Every reply that stands there belongs to one action, and every action that was delivered stands there or was removed with
/// the comment it stood under.
fn replies(channel: &Channel, rows: &[comment::Model], actions: &[outbox::Model], sum: &mut Sum) {
    let external: BTreeMap<CommentId, &comment::Model> = rows.iter().map(|row| (row.id, row)).collect();
    let mut delivered: BTreeMap<&str, &outbox::Model> = BTreeMap::new();
    let mut asked: Vec<(&str, String)> = Vec::new();
    for action in actions.iter().filter(|action| action.connector == channel.name) {
        let said: serde_json::Value = serde_json::from_str(&action.action).expect("an action");
        let Some(text) = said["text"].as_str() else { continue };
        match (&action.external_id, action.state) {
            (Some(id), OutboxState::Delivered) => {
                let before = delivered.insert(id, action);
                assert!(before.is_none(), "two actions claim {id}: {action:?} {before:?}");
            }
            (_, OutboxState::Asked) => {
                let on = external[&action.comment_id];
                asked.push((on.parent.as_deref().unwrap_or(&on.external_id), text.to_owned()));
            }
            _ => {}
        }
    }
    let everything = channel.everything();
    let there: BTreeSet<&str> = everything.iter().map(|shown| shown.id.as_str()).collect();
    for shown in everything.iter().filter(|shown| shown.own) {
        sum.replies += 1;
        if delivered.remove(shown.id.as_str()).is_some() {
            continue;
        }
        let (parent, text) = (shown.parent.as_deref(), shown.text.as_deref());
        let place = asked
            .iter()
            .position(|(on, said)| Some(*on) == parent && Some(said.as_str()) == text);
        let place = place.unwrap_or_else(|| panic!("a reply that nobody decided on {}: {shown:?}", channel.name));
        asked.remove(place);
    }
    for (id, action) in delivered {
        let on = external[&action.comment_id];
        let parents = [Some(on.external_id.as_str()), on.parent.as_deref()];
        let gone = parents.into_iter().flatten().any(|id| !there.contains(id));
        assert!(gone, "{id} is not on {}: {action:?}", channel.name);
    }
}
