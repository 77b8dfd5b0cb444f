//! Stories that comments retell, for those who watch the load; supervisors put them together and apart and name them.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};

use super::comments::id;
use crate::app::App;
use crate::domain::id::{CommentId, StoryId};
use crate::http::extract::{By, Desk, right};
use crate::http::idempotency::{Answer, once};
use crate::http::problem::Problem;
use crate::lane::item::{Shown, item, rfc3339};
use crate::story::list::{self, Seen};
use crate::story::shape::{Merge, Rename, ShapeRefused, Split};
use crate::story::tally::burst_of;

/// Most comments that one split names.
const MOST: usize = 200;
/// Longest title, in characters.
const LONGEST: usize = 120;

/// Which part of a list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    #[serde(default)]
    limit: Option<u64>,
    #[serde(default)]
    cursor: Option<String>,
}

impl Ask {
    fn limit(&self) -> u64 {
        self.limit.unwrap_or(50).clamp(1, 200)
    }

    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref().filter(|word| !word.is_empty())
    }
}

fn foreign() -> Problem {
    Problem::bad_input("The cursor is not one of this list. Start without it.")
}

/// `GET /api/v1/stories`, the one told last first.
///
/// # Errors
/// 400 for a cursor of another list.
pub async fn list(app: Desk, _by: By<right::SeeLoad>, ask: web::Query<Ask>) -> Result<HttpResponse, Problem> {
    let after = match ask.cursor() {
        Some(word) => {
            let (at, id) = word.split_once('.').ok_or_else(foreign)?;
            Some((at.parse().map_err(|_| foreign())?, id.parse().map_err(|_| foreign())?))
        }
        None => None,
    };
    let page = list::list(&app, ask.limit(), after).await?;
    let next = page
        .last()
        .filter(|_| page.len() as u64 == ask.limit())
        .map(|seen| format!("{}.{}", seen.row.last_at, seen.row.id));
    let stories: Vec<Value> = page.into_iter().map(|seen| view(&app, seen)).collect();
    Ok(HttpResponse::Ok().json(json!({ "stories": stories, "cursor": next })))
}

/// `GET /api/v1/stories/{id}` with its comments, newest first. One that was merged is answered by what it became.
///
/// # Errors
/// 400, 404.
pub async fn read(
    app: Desk,
    _by: By<right::SeeLoad>,
    path: web::Path<String>,
    ask: web::Query<Ask>,
) -> Result<HttpResponse, Problem> {
    let before = match ask.cursor() {
        Some(word) => Some(word.parse().map_err(|_| foreign())?),
        None => None,
    };
    let seen = list::find(&app, id(&path)?).await?.ok_or_else(Problem::not_found)?;
    let rows = list::comments(&app, seen.row.id, ask.limit(), before).await?;
    let next = rows
        .last()
        .filter(|_| rows.len() as u64 == ask.limit())
        .map(|row| row.number.to_string());
    let items: Vec<_> = rows
        .into_iter()
        .map(|row| item(row, &app.people, Shown::Masked))
        .collect();
    let mut body = view(&app, seen);
    body["items"] = json!(items);
    body["cursor"] = json!(next);
    Ok(HttpResponse::Ok().json(body))
}

fn view(app: &App, seen: Seen) -> Value {
    let figures = |stored: &str| serde_json::from_str::<Value>(stored).unwrap_or_default();
    let burst = burst_of(&seen.row).map(|burst| {
        json!({
            "copies": burst.copies,
            "accounts": burst.accounts,
            "from": rfc3339(burst.from),
            "within_s": burst.lasted_ms / 1_000,
        })
    });
    let example = seen.example.map(|row| item(row, &app.people, Shown::Masked));
    json!({
        "id": seen.row.id,
        "title": seen.row.title,
        "size": seen.row.size,
        "accounts": seen.row.accounts,
        "languages": figures(&seen.row.languages),
        "platforms": figures(&seen.row.platforms),
        "first_at": rfc3339(seen.row.first_at),
        "last_at": rfc3339(seen.row.last_at),
        "last_hour": seen.last_hour,
        "burst": burst,
        "split_from": seen.row.split_from,
        "example": example.map(|item| json!({ "comment": item.id, "lane": item.lane, "language": item.language, "text": item.text })),
    })
}

/// Where a story goes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Into {
    into: StoryId,
}

/// `POST /api/v1/stories/{id}/merge` `{into}`.
///
/// # Errors
/// 404, 422 `same-story`.
pub async fn merge(
    app: Desk,
    by: By<right::ShapeStories>,
    request: HttpRequest,
    path: web::Path<String>,
    given: web::Json<Into>,
) -> Result<HttpResponse, Problem> {
    let step = Merge {
        story: id(&path)?,
        into: given.into,
        by: by.person_id()?,
    };
    let answer = |story: &StoryId| Answer {
        status: StatusCode::OK,
        body: json!({ "story": story }),
    };
    once(&app, &by, &request, step, answer)
        .await
        .map_err(|failed| failed.problem(refused))
}

/// What a story is to be called.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Called {
    title: String,
}

/// `POST /api/v1/stories/{id}/rename` `{title}`: at most 120 characters on one line; an empty one takes the title away.
///
/// # Errors
/// 400, 404.
pub async fn rename(
    app: Desk,
    by: By<right::ShapeStories>,
    request: HttpRequest,
    path: web::Path<String>,
    given: web::Json<Called>,
) -> Result<HttpResponse, Problem> {
    let step = Rename {
        story: id(&path)?,
        title: title_of(&given.title)?,
        by: by.person_id()?,
    };
    let answer = |story: &StoryId| Answer {
        status: StatusCode::OK,
        body: json!({ "story": story }),
    };
    once(&app, &by, &request, step, answer)
        .await
        .map_err(|failed| failed.problem(refused))
}

/// A title as given; an empty one takes the title away.
///
/// # Errors
/// 400 for one too long or of several lines.
pub fn title_of(given: &str) -> Result<Option<String>, Problem> {
    let title = given.trim();
    if title.chars().count() > LONGEST || title.chars().any(char::is_control) {
        return Err(Problem::bad_input(format!(
            "A title is at most {LONGEST} characters on one line. Shorten it."
        )));
    }
    Ok(Some(title.to_owned()).filter(|title| !title.is_empty()))
}

/// What leaves a story.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leave {
    comments: Vec<CommentId>,
}

/// `POST /api/v1/stories/{id}/split` `{comments}`: they become a story of their own.
///
/// # Errors
/// 400, 404, 422 `not-in-story`, `whole-story`.
pub async fn split(
    app: Desk,
    by: By<right::ShapeStories>,
    request: HttpRequest,
    path: web::Path<String>,
    given: web::Json<Leave>,
) -> Result<HttpResponse, Problem> {
    let mut comments = given.into_inner().comments;
    comments.sort_unstable();
    comments.dedup();
    if comments.len() > MOST {
        return Err(Problem::bad_input(format!(
            "At most {MOST} comments in one call. Send them in parts."
        )));
    }
    let step = Split {
        story: id(&path)?,
        comments,
        by: by.person_id()?,
    };
    let answer = |story: &StoryId| Answer {
        status: StatusCode::CREATED,
        body: json!({ "story": story }),
    };
    once(&app, &by, &request, step, answer)
        .await
        .map_err(|failed| failed.problem(refused))
}

/// A refusal in words.
#[must_use]
pub fn refused(refused: ShapeRefused) -> Problem {
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    match refused {
        ShapeRefused::Absent => Problem::not_found(),
        ShapeRefused::Same => Problem::new(
            status,
            "same-story",
            "A story cannot be merged into itself. Choose another.",
        ),
        ShapeRefused::NotInside => Problem::new(
            status,
            "not-in-story",
            "A comment named is not in this story. Read the story again.",
        ),
        ShapeRefused::Whole => Problem::new(
            status,
            "whole-story",
            "These are all comments of the story. Leave at least one.",
        ),
    }
}
