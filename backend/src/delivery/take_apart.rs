//! Turns a kept delivery into tagged changes of comments.

use std::sync::Arc;

use bytes::Bytes;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::accept::{Keep, Kept};
use super::arrival::{Arrival, Part, Source, Stored, Tagged};
use crate::app::App;
use crate::campaign::Post;
use crate::change::{Actor, Change, Failure, Step};
use crate::clock;
use crate::connector::registry::Connected;
use crate::connector::{Account, CommentEvent, Happened, Inbound, ParseError};
use crate::domain::id::DeliveryId;
use crate::lane::order;
use crate::store::Error;
use crate::store::entity::delivery;
use crate::tagging;

/// Takes a kept delivery apart and applies it. A delivery that cannot be read is marked so and kept.
///
/// # Errors
/// Any [`Error`]; the delivery then waits to be taken apart again.
pub async fn take_apart(app: &App, connector: &Connected, id: DeliveryId, body: &[u8]) -> Result<Vec<Stored>, Error> {
    let Some(protocol) = connector.protocol else {
        return mark_unreadable(app, id, "no protocol").await;
    };
    match protocol.parse(body, app.clock.now()) {
        Ok(mut parsed) => {
            own_ones(&mut parsed.events, &connector.account);
            let mut arrival = prepare(app, connector, Source::Kept(id), parsed.events, Actor::Outside);
            arrival.ignored = parsed.ignored;
            apply(app, arrival).await
        }
        Err(ParseError::Unreadable(why) | ParseError::Foreign(why)) => mark_unreadable(app, id, &why).await,
    }
}

/// Marks what the account itself wrote, where deliveries name it by another id than the account's.
fn own_ones(events: &mut [Inbound], account: &Account) {
    let Some(own) = account.setting("own_author") else {
        return;
    };
    for event in events {
        if let Inbound::Comment(event) = event {
            let author = event.author.as_ref().and_then(|author| author.id.as_deref());
            event.own |= author == Some(own);
        }
    }
}

/// Keeps a body and what it says in one change, for callers that wait for the result.
///
/// # Errors
/// Any [`Error`].
pub async fn keep_and_apply(
    app: &App,
    connector: &Connected,
    body: Bytes,
    events: Vec<Inbound>,
    actor: Actor,
) -> Result<Vec<Stored>, Error> {
    let id = app.ids.make::<DeliveryId>(app.clock.now());
    let source = Source::New { id, body };
    apply(app, prepare(app, connector, source, events, actor)).await
}

/// Keeps a page that was asked for, and what of it is new, in one change.
///
/// # Errors
/// Any [`Error`].
pub async fn keep_page(
    app: &App,
    connector: &Connected,
    body: Bytes,
    events: Vec<Inbound>,
    ignored: usize,
) -> Result<Vec<Stored>, Error> {
    let id = app.ids.make::<DeliveryId>(app.clock.now());
    let mut arrival = prepare(app, connector, Source::New { id, body }, events, Actor::Outside);
    arrival.ignored = ignored;
    arrival.found = connector.is_told();
    apply(app, arrival).await
}

/// Keeps a page that nothing can be made of, once, and marks it so.
///
/// # Errors
/// Any [`Error`].
pub async fn keep_unreadable(app: &App, connector: &Connected, body: Bytes, why: &str) -> Result<(), Error> {
    let keep = Keep {
        connector: Arc::clone(&connector.name),
        body,
    };
    match app.writer.change(keep).await {
        Ok(Kept::New(id)) => mark_unreadable(app, id, why).await.map(|_| ()),
        Ok(Kept::Known) => Ok(()),
        Err(Failure::Store(error)) => Err(error),
        Err(Failure::Refused(never)) => match never {},
    }
}

/// Takes apart what was kept and not finished, oldest first: after a crash, or after the database was away.
/// Returns how many.
///
/// # Errors
/// Any [`Error`].
pub async fn take_apart_waiting(app: &App) -> Result<usize, Error> {
    let before = clock::ms(app.clock.now()) - app.config.intake.leftover_after_ms;
    let waiting = delivery::Entity::find()
        .filter(delivery::Column::TakenApartAt.is_null())
        .filter(delivery::Column::ReceivedAt.lte(before))
        .order_by_asc(delivery::Column::ReceivedAt)
        .limit(200)
        .all(app.db.reader())
        .await?;
    let count = waiting.len();
    for row in waiting {
        match app.connectors.find(&row.connector) {
            Some(connector) => {
                take_apart(app, &connector, row.id, &row.body).await?;
            }
            None => {
                mark_unreadable(app, row.id, "no such connector").await?;
            }
        }
    }
    Ok(count)
}

/// Tags what has text and looks up what it stands under.
fn prepare(app: &App, connector: &Connected, source: Source, events: Vec<Inbound>, actor: Actor) -> Arrival {
    let parts = events
        .into_iter()
        .map(|inbound| part(app, connector, inbound))
        .collect();
    Arrival {
        connector: Arc::clone(&connector.name),
        platform: connector.platform(),
        source,
        parts,
        ignored: 0,
        actor,
        found: false,
    }
}

fn part(app: &App, connector: &Connected, inbound: Inbound) -> Part {
    let Inbound::Comment(event) = &inbound else {
        return Part {
            inbound,
            tagged: None,
            post: None,
            new_post: false,
        };
    };
    let post = app
        .posts
        .of(&connector.name, event.post.as_deref(), event.ad.as_deref());
    let new_post = event
        .post
        .as_deref()
        .is_some_and(|id| !app.posts.is_known(&connector.name, id));
    let tagged = matches!(event.what, Happened::Added | Happened::Edited).then(|| tagged(app, event, post.as_ref()));
    Part {
        tagged,
        post,
        new_post,
        inbound,
    }
}

fn tagged(app: &App, event: &CommentEvent, post: Option<&Post>) -> Tagged {
    let context = tagging::Context {
        ad_language: post.and_then(|post| post.language.as_deref()),
        declared_language: event.declared_language.as_deref(),
    };
    let tags = app.taught.tag(event.text.as_deref().unwrap_or_default(), &context);
    let lane = tagging::lane(&tags, &context);
    let place = order::place(&tags, &app.config.lane.sla());
    let text = event.text.as_deref().filter(|_| !event.own);
    let story = text.and_then(|text| app.stories.place(text, || app.ids.make(app.clock.now())));
    Tagged {
        tags,
        lane,
        place,
        story,
    }
}

async fn apply(app: &App, arrival: Arrival) -> Result<Vec<Stored>, Error> {
    let connector = Arc::clone(&arrival.connector);
    let mut seen: Vec<(String, Post)> = Vec::new();
    let mut gone: Vec<String> = Vec::new();
    for part in &arrival.parts {
        match &part.inbound {
            Inbound::Comment(event) if part.new_post => {
                seen.extend(event.post.clone().map(|post| (post, part.post_known_after(event))));
            }
            Inbound::Comment(_) | Inbound::AuthorRemoved { .. } => {}
            Inbound::PostRemoved { post, .. } => gone.push(post.clone()),
        }
    }
    let stored = app.writer.arrive(arrival).await?;
    for (post, known) in seen {
        app.posts.know(&connector, &post, known);
    }
    for post in gone {
        app.posts.forget(&connector, &post);
    }
    Ok(stored)
}

async fn mark_unreadable(app: &App, id: DeliveryId, why: &str) -> Result<Vec<Stored>, Error> {
    tracing::warn!(delivery = %id, why, "a delivery could not be taken apart");
    match app
        .writer
        .change(Unreadable {
            id,
            why: why.to_owned(),
        })
        .await
    {
        Ok(()) => Ok(Vec::new()),
        Err(Failure::Store(error)) => Err(error),
        Err(Failure::Refused(never)) => match never {},
    }
}

struct Unreadable {
    id: DeliveryId,
    why: String,
}

impl Step for Unreadable {
    type Out = ();
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<(), Failure<Self::Refusal>> {
        let now = change.now_ms();
        let mark = delivery::Entity::update_many()
            .col_expr(delivery::Column::TakenApartAt, Expr::value(now))
            .col_expr(delivery::Column::Error, Expr::value(self.why.as_str()))
            .filter(delivery::Column::Id.eq(self.id));
        change.execute(&mark).await?;
        Ok(())
    }
}
