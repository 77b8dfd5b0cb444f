//! The moderator's desk: the list, the comment, the reply.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use sea_orm::EntityTrait;
use serde_json::json;

use super::item::{Shown, shown};
use super::list::{Ask, lane, queue};
use super::{frames, lead, page, render, shell, wants_frames};
use crate::change::{Actor, Change, Failure, Step};
use crate::domain::event::EventKind;
use crate::domain::id::{CommentId, PersonId};
use crate::http::api::comments::{id, visible};
use crate::http::extract::{By, Desk, Who, right};
use crate::http::problem::Problem;
use crate::lane::item::tags_of;
use crate::store::entity::{comment, event};
use crate::view::model::composer::Composer;
use crate::view::model::desk::Page;
use crate::view::model::heavy;
use crate::wire::html_frame::Ops;

/// `GET /desk`.
///
/// # Errors
/// 400, 401, 503.
pub async fn list(
    app: Desk,
    by: By<right::SignedIn>,
    request: HttpRequest,
    ask: web::Query<Ask>,
) -> Result<HttpResponse, Problem> {
    show(&app, &by, &request, &ask, None, "queue", None).await
}

/// `GET /desk/{id}`.
///
/// # Errors
/// 400, 401, 403, 404, 503.
pub async fn item(
    app: Desk,
    by: By<right::SignedIn>,
    request: HttpRequest,
    path: web::Path<String>,
    ask: web::Query<Ask>,
) -> Result<HttpResponse, Problem> {
    let row = visible(&app, &by, id(&path)?).await?;
    show(&app, &by, &request, &ask, Some(row), "item", None).await
}

/// `GET /desk/{id}/reply`.
///
/// # Errors
/// 400, 401, 403, 404, 503.
pub async fn reply(
    app: Desk,
    by: By<right::SignedIn>,
    request: HttpRequest,
    path: web::Path<String>,
    ask: web::Query<Ask>,
) -> Result<HttpResponse, Problem> {
    let row = visible(&app, &by, id(&path)?).await?;
    show(&app, &by, &request, &ask, Some(row), "reply", None).await
}

/// A composer that was sent and comes back.
pub struct Given {
    /// With what was typed, and what is to mend.
    pub composer: Composer,
    /// Of the answer.
    pub status: StatusCode,
}

/// The page. Whether the viewer may see the comment is checked before.
///
/// # Errors
/// 400, 503.
pub async fn show(
    app: &Desk,
    by: &Who,
    request: &HttpRequest,
    ask: &Ask,
    row: Option<comment::Model>,
    view: &'static str,
    given: Option<Given>,
) -> Result<HttpResponse, Problem> {
    let person = by.person_id()?;
    let mut shell = shell(app, request, by).await?;
    let seq = shell.seq;
    let of_item = row.as_ref().map(|row| row.lane);
    let queue = queue(app, by, ask, lane(app, by, ask, of_item), seq).await?;
    // Read again after the number was taken, so that nothing shown is older than it.
    let row = match row {
        Some(row) => comment::Entity::find_by_id(row.id).one(app.db.reader()).await?,
        None => None,
    };
    let shown = match row {
        Some(row) => {
            let revealed = ask.reveal == "1" && heavy(tags_of(&row).as_ref()).is_some();
            if revealed {
                app.writer
                    .change(Reveal {
                        comment: row.id,
                        person,
                    })
                    .await?;
            }
            Some(shown(app, by, row, ask, revealed).await?)
        }
        None => None,
    };
    shell.skip_reply = shown.is_some();
    let locale = shell.locale_key;
    let (item, claim, mut composer) = match shown {
        Some(Shown { item, claim, composer }) => (Some(item), Some(claim), Some(composer)),
        None => (None, None, None),
    };
    let mut status = StatusCode::OK;
    if let Some(given) = given {
        status = given.status;
        composer = Some(given.composer);
    }
    let model = Page {
        shell,
        view,
        queue,
        item,
        item_seq: seq,
        claim,
        composer,
    };
    page(app, locale, status, "pages/desk", &model)
}

/// `POST /desk/{id}/reveal`: shows a heavy text to who asked for it.
///
/// # Errors
/// 401, 403, 404, 503.
pub async fn reveal(
    app: Desk,
    by: By<right::SignedIn>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let row = visible(&app, &by, id(&path)?).await?;
    let person = by.person_id()?;
    if !wants_frames(&request) {
        return Ok(lead(&request, &format!("/desk/{}?reveal=1", row.id)));
    }
    app.writer
        .change(Reveal {
            comment: row.id,
            person,
        })
        .await?;
    let locale = super::locale(&request);
    let shown = shown(&app, &by, row, &Ask::default(), true).await?;
    let mut ops = Ops::default();
    let text = render(&app, locale, "parts/text", &shown.item.text)?;
    ops.put(&format!("text-{}", shown.item.id), &text);
    let why = render(&app, locale, "parts/why", &shown.item.why)?;
    ops.put(&format!("why-{}", shown.item.id), &why);
    Ok(frames(StatusCode::OK, ops))
}

/// Counts that a person was shown a heavy text: once per person, comment and revision.
struct Reveal {
    comment: CommentId,
    person: PersonId,
}

impl Step for Reveal {
    type Out = ();
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<(), Failure<Self::Refusal>> {
        use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter};
        let Some(row) = comment::Entity::find_by_id(self.comment).one(change.read()).await? else {
            return Ok(());
        };
        let actor = Actor::Person(self.person);
        let data = json!({ "person": self.person, "revision": row.revision });
        let counted = event::Entity::find()
            .filter(event::Column::CommentId.eq(row.id))
            .filter(event::Column::Kind.eq(EventKind::CommentRevealed))
            .filter(event::Column::Data.eq(data.to_string()))
            .count(change.read())
            .await?;
        if counted == 0 {
            change.note(EventKind::CommentRevealed, Some((row.id, row.lane)), actor, data);
        }
        Ok(())
    }
}
