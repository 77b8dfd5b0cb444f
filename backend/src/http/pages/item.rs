//! What stands beside the list: the comment, its claim and the composer, for one viewer.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::list::Ask;
use super::write::{Written, open};
use crate::app::App;
use crate::domain::event::EventKind;
use crate::domain::role::Right;
use crate::http::api::tags::narratives;
use crate::http::extract::Who;
use crate::http::problem::Problem;
use crate::lane::item::tags_of;
use crate::store::entity::{comment, decision};
use crate::teaching::blind::{covered, is_pending};
use crate::view::model::composer::{Claim, Composer, Mode};
use crate::view::model::item::{Facts, Item, item};
use crate::wire::html_read::facts;

/// The three parts of one comment.
pub struct Shown {
    /// `parts/item`.
    pub item: Item,
    /// `parts/claim`.
    pub claim: Claim,
    /// `parts/composer`.
    pub composer: Composer,
}

/// What the viewer can do with a comment.
#[must_use]
pub fn mode(app: &App, who: &Who, row: &comment::Model) -> Mode {
    let viewer = who.person.as_ref().map(|person| person.id);
    let works = who.rights.has(Right::WorkLane);
    Mode::of(row, viewer, works, who.lanes(app).contains(&row.lane))
}

/// Reads and shows a comment to a viewer. Whether they may see it is checked before.
///
/// # Errors
/// 503.
pub async fn shown(app: &App, who: &Who, row: comment::Model, ask: &Ask, revealed: bool) -> Result<Shown, Problem> {
    let facts = facts(app, row).await?;
    Ok(Shown {
        item: item(&facts, &app.people, revealed),
        claim: claim(app, who, &facts).await?,
        composer: composer(app, who, &facts.row, ask).await?,
    })
}

/// The claim of a comment as the viewer sees it.
///
/// # Errors
/// 503.
pub async fn claim(app: &App, who: &Who, facts: &Facts) -> Result<Claim, Problem> {
    let row = &facts.row;
    let state = mode(app, who, row);
    let last = |kind: EventKind| facts.history.iter().rev().find(|event| event.kind == kind);
    let (mut by, mut since, mut kind) = (row.claimed_by, None, None);
    match state {
        Mode::Mine | Mode::Other => since = last(EventKind::CommentClaimed).map(|event| event.at),
        Mode::Decided => {
            let decided = decision::Entity::find()
                .filter(decision::Column::CommentId.eq(row.id))
                .filter(decision::Column::UndoneAt.is_null())
                .order_by_desc(decision::Column::MadeAt)
                .one(app.db.reader())
                .await?;
            if let Some(decided) = decided {
                (by, since, kind) = (Some(decided.person_id), Some(decided.made_at), Some(decided.kind));
            }
        }
        Mode::Free | Mode::NotCheckedIn | Mode::Escalated | Mode::Withdrawn | Mode::ReadOnly => {}
    }
    Ok(Claim {
        id: row.id,
        // Somebody without the right to work lanes has nothing to take: say nothing is theirs to take.
        state,
        until: row.claimed_until.filter(|_| state == Mode::Mine),
        by: by.map(|by| app.people.pseudonym(by)),
        // A claim taken over from an escalation has no such event.
        since: since.or_else(|| (state == Mode::Other).then_some(row.opened_at)),
        decision: kind,
    })
}

/// The composer as the viewer sees it.
///
/// # Errors
/// 503.
pub async fn composer(app: &App, who: &Who, row: &comment::Model, ask: &Ask) -> Result<Composer, Problem> {
    let blind = is_pending(app, row).await?;
    let tags = tags_of(row).map(|tags| if blind { covered(tags) } else { tags });
    let mode = mode(app, who, row);
    let mut composer = Composer::closed(
        row,
        mode,
        tags.as_ref(),
        &narratives(app),
        who.rights.has(Right::SetIntent),
    );
    match mode {
        Mode::Mine => {
            let written = Written::read(app, row, who.person_id()?, ask).await?;
            open(app, who, row, ask, &written, &mut composer).await?;
            if blind {
                // What is suggested would tell what the machine thinks.
                composer.pick.suggestions.clear();
            }
        }
        Mode::Free | Mode::Other | Mode::NotCheckedIn if who.rights.has(Right::WorkLane) => {
            // What was typed before the claim ran out is still the person's.
            let kept = Written::kept(app, row.id, who.person_id()?).await?;
            composer.text = kept.draft.text;
            composer.by = row.claimed_by.map(|by| app.people.pseudonym(by));
        }
        _ => {}
    }
    Ok(composer)
}
