//! Comments: handing in, reading, claiming.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::connector::{Attachment, Author, CommentEvent, Happened, Inbound};
use crate::delivery::arrival::Stored;
use crate::delivery::take_apart::keep_and_apply;
use crate::domain::comment::Presence;
use crate::domain::id::CommentId;
use crate::http::extract::{By, Desk, Who, right};
use crate::http::idempotency::{Answer, once};
use crate::http::problem::Problem;
use crate::lane::claim::{Claim, Extend, Release};
use crate::lane::item::{Shown, item, rfc3339};
use crate::store::entity::{comment, event};
use crate::teaching::blind::is_pending;
use crate::template::suggest;

/// A comment handed in by a programme.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewComment {
    connector: String,
    external_id: String,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    author: Option<NewAuthor>,
    #[serde(default)]
    post: Option<String>,
    #[serde(default)]
    parent: Option<String>,
    #[serde(default)]
    ad: Option<String>,
    #[serde(default)]
    language: Option<String>,
    #[serde(default)]
    attachments: Vec<Attachment>,
    #[serde(default)]
    created_at: Option<DateTime<Utc>>,
}

/// A name, or what is known of the author.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum NewAuthor {
    Name(String),
    Known(Author),
}

/// Longest text taken: longer than any platform allows.
const LONGEST_TEXT: usize = 20_000;
/// Longest identifier or name.
const LONGEST_WORD: usize = 512;

/// `POST /api/v1/comments`.
///
/// # Errors
/// 400 `bad-input`, 404 for an unknown connector, 413, 503.
pub async fn create(app: Desk, by: By<right::Ingest>, body: Bytes) -> Result<HttpResponse, Problem> {
    let one = !body.trim_ascii_start().starts_with(b"[");
    let comments: Vec<NewComment> = if one {
        serde_json::from_slice(&body).map(|comment| vec![comment])
    } else {
        serde_json::from_slice(&body)
    }
    .map_err(|error| Problem::bad_input(format!("The body is not a comment or a list of comments: {error}.")))?;
    if comments.len() > app.config.intake.most_per_call {
        let most = app.config.intake.most_per_call;
        return Err(Problem::bad_input(format!(
            "At most {most} comments in one call. Send them in parts."
        )));
    }
    let name = match comments.first() {
        Some(first) => first.connector.clone(),
        None => return Ok(HttpResponse::Ok().json(json!({ "comments": [] }))),
    };
    if comments.iter().any(|comment| comment.connector != name) {
        return Err(Problem::bad_input(
            "All comments of one call must name the same connector.",
        ));
    }
    let connector = app.connectors.find(&name).ok_or_else(|| {
        Problem::new(
            StatusCode::NOT_FOUND,
            "no-connector",
            format!("There is no connector '{name}'. Check its name."),
        )
    })?;
    let now = app.clock.now();
    let events = comments
        .into_iter()
        .map(|comment| inbound(comment, &connector.account.external_id, now))
        .collect::<Result<Vec<_>, _>>()?;
    let stored = keep_and_apply(&app, &connector, body, events, by.actor()).await?;
    let fresh = stored.iter().any(|stored| !stored.known);
    let mut answer = if fresh {
        HttpResponse::Created()
    } else {
        HttpResponse::Ok()
    };
    Ok(match (one, stored.first()) {
        (true, Some(stored)) => answer.json(receipt(stored)),
        _ => answer.json(json!({ "comments": stored.iter().map(receipt).collect::<Vec<_>>() })),
    })
}

fn receipt(stored: &Stored) -> Value {
    json!({ "id": stored.id, "seq": stored.number, "known": stored.known })
}

fn inbound(new: NewComment, account: &str, now: DateTime<Utc>) -> Result<Inbound, Problem> {
    let word = |name: &str, value: &str| {
        if value.is_empty() || value.len() > LONGEST_WORD {
            Err(Problem::bad_input(format!(
                "'{name}' must have 1 to {LONGEST_WORD} bytes."
            )))
        } else {
            Ok(())
        }
    };
    word("external_id", &new.external_id)?;
    for (name, value) in [("post", &new.post), ("parent", &new.parent), ("ad", &new.ad)] {
        value.as_deref().map_or(Ok(()), |value| word(name, value))?;
    }
    if new.text.as_ref().is_some_and(|text| text.len() > LONGEST_TEXT) {
        return Err(Problem::bad_input(format!(
            "'text' is longer than {LONGEST_TEXT} bytes."
        )));
    }
    // PostgreSQL keeps no NUL in text, and no platform sends one.
    if [
        Some(&new.external_id),
        new.text.as_ref(),
        new.post.as_ref(),
        new.parent.as_ref(),
        new.ad.as_ref(),
    ]
    .into_iter()
    .flatten()
    .any(|text| text.contains('\0'))
    {
        return Err(Problem::bad_input("Text must not contain the character U+0000."));
    }
    let author = new.author.map(|author| match author {
        NewAuthor::Name(name) => Author {
            name: Some(name),
            ..Author::default()
        },
        NewAuthor::Known(author) => author,
    });
    if let Some(author) = &author {
        for (name, value) in [
            ("author.id", &author.id),
            ("author.handle", &author.handle),
            ("author.name", &author.name),
        ] {
            if value
                .as_ref()
                .is_some_and(|value| value.len() > LONGEST_WORD || value.contains('\0'))
            {
                return Err(Problem::bad_input(format!("'{name}' is too long or holds U+0000.")));
            }
        }
    }
    Ok(Inbound::Comment(Box::new(CommentEvent {
        what: Happened::Added,
        account: account.to_owned(),
        external_id: new.external_id,
        parent: new.parent,
        post: new.post,
        ad: new.ad,
        ad_title: None,
        author,
        own: false,
        text: new.text,
        attachments: new.attachments,
        declared_language: new.language,
        at: new.created_at.unwrap_or(now),
        created_at: new.created_at,
    })))
}

/// A comment the caller may see, or 404: whether others exist is nobody's business.
///
/// # Errors
/// 403 `not-checked-in` for another lane, 404.
pub async fn visible(app: &Desk, by: &Who, id: CommentId) -> Result<comment::Model, Problem> {
    let row = comment::Entity::find_by_id(id).one(app.db.reader()).await?;
    let row = row
        .filter(|row| row.presence == Presence::Known)
        .ok_or_else(Problem::not_found)?;
    if by.sees(app, row.lane)
        || row
            .claimed_by
            .is_some_and(|holder| by.person.as_ref().is_some_and(|me| me.id == holder))
    {
        Ok(row)
    } else {
        Err(Problem::not_checked_in().with("lane", row.lane.as_str()))
    }
}

/// Reads an identifier from the path.
///
/// # Errors
/// 404 when it is none.
pub fn id<T: std::str::FromStr>(word: &str) -> Result<T, Problem> {
    word.parse().map_err(|_| Problem::not_found())
}

/// Most comments of a thread shown with one of them.
const THREAD: u64 = 50;

/// `GET /api/v1/comments/{id}`.
///
/// # Errors
/// 403, 404.
pub async fn read(app: Desk, by: By<right::SignedIn>, path: web::Path<String>) -> Result<HttpResponse, Problem> {
    let row = visible(&app, &by, id(&path)?).await?;
    let thread = match &row.post {
        Some(post) => {
            comment::Entity::find()
                .filter(comment::Column::Connector.eq(&row.connector))
                .filter(comment::Column::Post.eq(post))
                .filter(comment::Column::Presence.eq(Presence::Known))
                .order_by_asc(comment::Column::WrittenAt)
                .limit(THREAD)
                .all(app.db.reader())
                .await?
        }
        None => Vec::new(),
    };
    let thread: Vec<_> = thread
        .into_iter()
        .map(|row| item(row, &app.people, Shown::Masked))
        .collect();
    let blind = is_pending(&app, &row).await?;
    // What is suggested would tell what the machine thinks.
    let suggestions = match blind {
        true => Vec::new(),
        false => suggest(&app.templates, app.db.reader(), &row, app.clock.now()).await?,
    };
    let mut body = serde_json::to_value(item(row, &app.people, Shown::Exact)).unwrap_or_default();
    if let Value::Object(fields) = &mut body {
        fields.insert("blind".to_owned(), json!(blind));
        if blind {
            for member in ["narratives", "classes", "spans"] {
                fields.insert(member.to_owned(), json!([]));
            }
        }
        fields.insert("suggestions".to_owned(), json!(suggestions));
        fields.insert("thread".to_owned(), serde_json::to_value(thread).unwrap_or_default());
    }
    Ok(HttpResponse::Ok().json(body))
}

/// `GET /api/v1/comments/{id}/history`.
///
/// # Errors
/// 403, 404.
pub async fn history(app: Desk, by: By<right::SignedIn>, path: web::Path<String>) -> Result<HttpResponse, Problem> {
    let row = visible(&app, &by, id(&path)?).await?;
    let events = event::Entity::find()
        .filter(event::Column::CommentId.eq(row.id))
        .order_by_asc(event::Column::Seq)
        .limit(500)
        .all(app.db.reader())
        .await?;
    let events: Vec<Value> = events
        .into_iter()
        .map(|event| {
            let data: Value = serde_json::from_str(&event.data).unwrap_or_default();
            json!({ "seq": event.seq, "at": rfc3339(event.at), "type": event.kind, "by": actor(&app, event.actor.as_deref()), "data": data })
        })
        .collect();
    Ok(HttpResponse::Ok().json(json!({ "events": events })))
}

/// An actor as others see it: a pseudonym, never a name.
#[must_use]
pub fn actor(app: &Desk, stored: Option<&str>) -> String {
    match stored.and_then(|actor| actor.split_once(':')) {
        Some(("person", id)) => id
            .parse()
            .map_or_else(|_| "–".to_owned(), |id| app.people.pseudonym(id)),
        Some(("token", _)) => "token".to_owned(),
        _ => stored.unwrap_or("–").to_owned(),
    }
}

/// `POST /api/v1/comments/{id}/claim`.
///
/// # Errors
/// 403, 404, 409 `claimed` with the holder's pseudonym.
pub async fn claim(
    app: Desk,
    by: By<right::WorkLane>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let person = by.person_id()?;
    let step = Claim {
        comment: id(&path)?,
        person,
        lanes: by.lanes(&app),
        lease_ms: app.config.lane.lease().num_milliseconds(),
        most: app.config.lane.most_claims,
    };
    let desk = app.clone();
    once(&app, &by, &request, step, move |row| Answer::ok(claim_view(&desk, row)))
        .await
        .map_err(|failed| failed.problem(|refused| Problem::claim(&refused, &app.people)))
}

fn claim_view(app: &Desk, row: &comment::Model) -> Value {
    let by = row.claimed_by.map(|by| app.people.pseudonym(by));
    json!({ "claim": { "by": by, "until": row.claimed_until.map(rfc3339) }, "revision": row.revision })
}

/// `POST /api/v1/comments/{id}/extend`.
///
/// # Errors
/// 404, 409 `claimed` or `illegal-state` when the claim is lost.
pub async fn extend(
    app: Desk,
    by: By<right::WorkLane>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let person = by.person_id()?;
    let step = Extend {
        comment: id(&path)?,
        person,
        lease_ms: app.config.lane.lease().num_milliseconds(),
    };
    let me = app.people.pseudonym(person);
    let answer = move |until: &i64| Answer::ok(json!({ "claim": { "by": me, "until": rfc3339(*until) } }));
    once(&app, &by, &request, step, answer)
        .await
        .map_err(|failed| failed.problem(|refused| Problem::claim(&refused, &app.people)))
}

/// `POST /api/v1/comments/{id}/release`.
///
/// # Errors
/// 404, 409 when it is not the caller's.
pub async fn release(
    app: Desk,
    by: By<right::WorkLane>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let step = Release {
        comment: id(&path)?,
        person: by.person_id()?,
    };
    once(&app, &by, &request, step, |row| {
        Answer::ok(json!({ "state": row.state }))
    })
    .await
    .map_err(|failed| failed.problem(|refused| Problem::claim(&refused, &app.people)))
}
