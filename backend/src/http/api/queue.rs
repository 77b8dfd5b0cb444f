//! Lanes: what waits, and the best of it.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::domain::comment::CommentState;
use crate::domain::lane::Lane;
use crate::domain::platform::Platform;
use crate::http::extract::{By, Desk, right};
use crate::http::idempotency::{Answer, once};
use crate::http::problem::Problem;
use crate::lane::claim::ClaimNext;
use crate::lane::item::{Shown, item};
use crate::lane::queue::{Cursor, Wanted, page_ids};
use crate::lane::shelf;
use crate::store::entity::comment;

/// What is asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    lane: Lane,
    #[serde(default)]
    state: Option<CommentState>,
    #[serde(default)]
    narrative: Option<String>,
    #[serde(default)]
    platform: Option<String>,
    #[serde(default)]
    limit: Option<u64>,
    #[serde(default)]
    cursor: Option<String>,
}

/// `GET /api/v1/queue`.
///
/// # Errors
/// 400, 403 `not-checked-in`.
pub async fn list(app: Desk, by: By<right::SignedIn>, ask: web::Query<Ask>) -> Result<HttpResponse, Problem> {
    if !by.sees(&app, ask.lane) {
        return Err(Problem::not_checked_in().with("lane", ask.lane.as_str()));
    }
    let platform = match ask.platform.as_deref() {
        None | Some("") => None,
        Some(word) => Some(
            word.parse::<Platform>()
                .map_err(|error| Problem::bad_input(format!("{error}.")))?,
        ),
    };
    let after = match ask.cursor.as_deref() {
        None | Some("") => None,
        Some(word) => Some(
            Cursor::decode(word)
                .ok_or_else(|| Problem::bad_input("The cursor is not one of this list. Start without it."))?,
        ),
    };
    // Keys are looked for within a text; `%` and `_` would find every other.
    let is_key = |word: &str| word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !ask.narrative.as_deref().is_none_or(is_key) {
        return Err(Problem::bad_input("'narrative' is not a key of the codebook."));
    }
    let wanted = Wanted {
        lane: ask.lane,
        state: ask.state.unwrap_or(CommentState::Open),
        label: ask.narrative.clone().filter(|word| !word.is_empty()),
        platform,
        before: None,
        limit: ask.limit.unwrap_or(50),
        after,
    };
    let page = page_ids(app.db.reader(), &wanted).await?;
    let items = shelf::items(&app, &page.rows).await?;
    let items: Vec<&RawValue> = page
        .rows
        .iter()
        .filter_map(|id| items.get(id).map(|item| &**item))
        .collect();
    Ok(HttpResponse::Ok().json(Listed {
        items,
        cursor: page.next.map(|next| next.encode()),
    }))
}

#[derive(Serialize)]
struct Listed<'a> {
    items: Vec<&'a RawValue>,
    cursor: Option<String>,
}

/// Which lane to take from; any of the caller's if none is named.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Next {
    #[serde(default)]
    lane: Option<Lane>,
}

/// `POST /api/v1/queue/next`.
///
/// # Errors
/// 403 `not-checked-in`, 409 `claim-limit`.
pub async fn next(
    app: Desk,
    by: By<right::WorkLane>,
    request: HttpRequest,
    body: bytes::Bytes,
) -> Result<HttpResponse, Problem> {
    let ask: Next = if body.is_empty() {
        Next::default()
    } else {
        serde_json::from_slice(&body).map_err(|error| Problem::bad_input(format!("{error}.")))?
    };
    let mut lanes = by.lanes(&app);
    if let Some(lane) = ask.lane {
        lanes.retain(|mine| *mine == lane);
    }
    if lanes.is_empty() {
        return Err(Problem::not_checked_in());
    }
    let step = ClaimNext {
        person: by.person_id()?,
        lanes,
        lease_ms: app.config.lane.lease().num_milliseconds(),
        most: app.config.lane.most_claims,
    };
    let desk = app.clone();
    let answer = move |taken: &Option<comment::Model>| match taken {
        Some(row) => {
            let item = item(row.clone(), &desk.people, Shown::Exact);
            Answer::ok(serde_json::to_value(item).unwrap_or_default())
        }
        None => Answer::nothing(),
    };
    once(&app, &by, &request, step, answer)
        .await
        .map_err(|failed| failed.problem(|refused| Problem::claim(&refused, &app.people)))
}
