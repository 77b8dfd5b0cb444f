//! What people do to stories: make one of two, or one of comments of another, and name them. It is kept: a comment that
//! was put somewhere by a person is moved by nothing but a person.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter};
use serde_json::json;

use crate::change::{Actor, Change, Failure, Step};
use crate::domain::event::EventKind;
use crate::domain::id::{CommentId, PersonId, StoryId};
use crate::store::entity::{comment, story};

/// Why a story was left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShapeRefused {
    /// There is no such story, or it was merged into another.
    Absent,
    /// A story cannot be merged into itself.
    Same,
    /// A comment named is not in the story, or none is named.
    NotInside,
    /// Nothing would be left of the story.
    Whole,
}

/// Makes one story of two.
#[derive(Debug, Clone)]
pub struct Merge {
    /// The one that ends.
    pub story: StoryId,
    /// The one that takes its comments.
    pub into: StoryId,
    /// Who.
    pub by: PersonId,
}

impl Step for Merge {
    type Out = StoryId;
    type Refusal = ShapeRefused;

    async fn run(&self, change: &mut Change) -> Result<StoryId, Failure<ShapeRefused>> {
        if self.story == self.into {
            return Err(Failure::Refused(ShapeRefused::Same));
        }
        alive(change, self.story).await?;
        alive(change, self.into).await?;
        let comments = change
            .execute(
                &comment::Entity::update_many()
                    .col_expr(comment::Column::Story, Expr::value(self.into))
                    .filter(comment::Column::Story.eq(self.story)),
            )
            .await?;
        for which in [story::Column::Id, story::Column::MergedInto] {
            change.later(
                &story::Entity::update_many()
                    .col_expr(story::Column::MergedInto, Expr::value(self.into))
                    .filter(which.eq(self.story)),
            );
        }
        let data = json!({ "story": self.story, "into": self.into, "moved": comments });
        change.note(EventKind::StoryMerged, None, Actor::Person(self.by), data);
        Ok(self.into)
    }
}

/// Makes a story of comments of another.
#[derive(Debug, Clone)]
pub struct Split {
    /// The story they are in.
    pub story: StoryId,
    /// Which comments, each once.
    pub comments: Vec<CommentId>,
    /// Who.
    pub by: PersonId,
}

impl Step for Split {
    type Out = StoryId;
    type Refusal = ShapeRefused;

    async fn run(&self, change: &mut Change) -> Result<StoryId, Failure<ShapeRefused>> {
        let from = alive(change, self.story).await?;
        let inside = comment::Entity::find()
            .filter(comment::Column::Story.eq(self.story))
            .filter(comment::Column::Id.is_in(self.comments.iter().copied()))
            .count(change.read())
            .await?;
        if self.comments.is_empty() || inside != self.comments.len() as u64 {
            return Err(Failure::Refused(ShapeRefused::NotInside));
        }
        let all = comment::Entity::find()
            .filter(comment::Column::Story.eq(self.story))
            .count(change.read())
            .await?;
        if all == inside {
            return Err(Failure::Refused(ShapeRefused::Whole));
        }
        let into: StoryId = change.id();
        change
            .execute(
                &comment::Entity::update_many()
                    .col_expr(comment::Column::Story, Expr::value(into))
                    .col_expr(comment::Column::StoryBy, Expr::value(self.by))
                    .filter(comment::Column::Story.eq(self.story))
                    .filter(comment::Column::Id.is_in(self.comments.iter().copied())),
            )
            .await?;
        let row = story::Model {
            id: into,
            example: self.comments.first().copied(),
            size: i32::try_from(self.comments.len()).unwrap_or(i32::MAX),
            accounts: 0,
            languages: "{}".to_owned(),
            platforms: "{}".to_owned(),
            burst: None,
            split_from: Some(self.story),
            merged_into: None,
            title: None,
            ..from
        };
        change.later(&story::Entity::insert(row.into_active_model()));
        let data = json!({ "story": self.story, "into": into, "comments": self.comments });
        change.note(EventKind::StorySplit, None, Actor::Person(self.by), data);
        Ok(into)
    }
}

/// Gives a story a title, or takes it away.
#[derive(Debug, Clone)]
pub struct Rename {
    /// Which.
    pub story: StoryId,
    /// What people call it; none for nothing.
    pub title: Option<String>,
    /// Who.
    pub by: PersonId,
}

impl Step for Rename {
    type Out = StoryId;
    type Refusal = ShapeRefused;

    async fn run(&self, change: &mut Change) -> Result<StoryId, Failure<ShapeRefused>> {
        let row = alive(change, self.story).await?;
        if row.title != self.title {
            change.later(
                &story::Entity::update_many()
                    .col_expr(story::Column::Title, Expr::value(self.title.clone()))
                    .filter(story::Column::Id.eq(self.story)),
            );
            let data = json!({ "story": self.story, "titled": self.title.is_some() });
            change.note(EventKind::StoryRenamed, None, Actor::Person(self.by), data);
        }
        Ok(self.story)
    }
}

async fn alive(change: &Change, id: StoryId) -> Result<story::Model, Failure<ShapeRefused>> {
    story::Entity::find_by_id(id)
        .one(change.read())
        .await?
        .filter(|row| row.merged_into.is_none())
        .ok_or(Failure::Refused(ShapeRefused::Absent))
}
