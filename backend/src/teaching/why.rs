//! Why a comment is tagged as it is: what carried each tag, which version said so, and the labelled examples nearest to it.
//! Explains what stands in the row; tags nothing anew.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde::Serialize;

use super::blind::{covered, is_pending};
use super::nearest::Near;
use crate::app::App;
use crate::domain::id::{CommentId, ExampleId};
use crate::domain::tag::{Flag, Tag, TagSource, Tags, Tier};
use crate::lane::item::tags_of;
use crate::store::Error;
use crate::store::entity::{comment, example};
use crate::tagging;

/// Places shown for one tag.
const PLACES: usize = 8;

crate::words! {
    /// What kind of tag.
    pub enum Kind {
        /// A claim of the codebook.
        Narrative = "narrative",
        /// What is no claim.
        Class = "class",
        /// Urgent.
        Flag = "flag",
    }
}

/// The explanation of one comment's tags.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Why {
    /// Which comment.
    pub comment: CommentId,
    /// Of which revision.
    pub revision: i32,
    /// Version of the model and of what the desk learnt, as it tags now.
    pub model: String,
    /// Version of the codebook, as it tags now.
    pub codebook: String,
    /// A person is to tag it first: nothing of the machine's is shown.
    pub blind: bool,
    /// The text is heavy to read: nothing of it is quoted.
    pub heavy: Option<Flag>,
    /// Every tag.
    pub tags: Vec<Reason>,
    /// The nearest labelled examples.
    pub nearest: Vec<Near>,
}

/// One tag and what carried it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reason {
    /// What kind.
    pub kind: Kind,
    /// Key of the codebook.
    pub key: String,
    /// 0–1.
    pub score: f32,
    /// For narratives: shown or suggested.
    pub tier: Option<Tier>,
    /// Who set it.
    pub source: TagSource,
    /// Version of what set it.
    pub version: String,
    /// Where in the stored text.
    pub places: Vec<Place>,
}

/// A stretch of the stored text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// What stands there, personal data covered; none for a text that is heavy to read.
    pub text: Option<String>,
}

/// Explains a comment. Whether the asker may see it is checked before.
///
/// # Errors
/// Any [`Error`].
pub async fn why(app: &App, row: &comment::Model) -> Result<Why, Error> {
    let tagger = app.taught.tagger();
    let blind = is_pending(app, row).await?;
    let tags = tags_of(row).map(|tags| if blind { covered(tags) } else { tags });
    let text = row.text.clone().unwrap_or_default();
    let heavy = crate::view::model::heavy(tags.as_ref());
    let own: Vec<ExampleId> = example::Entity::find()
        .select_only()
        .column(example::Column::Id)
        .filter(example::Column::CommentId.eq(row.id))
        .into_tuple()
        .all(app.db.reader())
        .await?;
    let reasons = tags.as_ref().map_or_else(Vec::new, |tags| {
        [
            (Kind::Narrative, &tags.narratives),
            (Kind::Class, &tags.classes),
            (Kind::Flag, &tags.flags),
        ]
        .into_iter()
        .flat_map(|(kind, list)| list.iter().map(move |tag| (kind, tag)))
        .map(|(kind, tag)| reason(kind, tag, tags, &text, heavy.is_none()))
        .collect()
    });
    Ok(Why {
        comment: row.id,
        revision: row.revision,
        model: tagger.version(),
        codebook: tagger.book().version.clone(),
        blind,
        heavy,
        tags: reasons,
        nearest: if blind {
            Vec::new()
        } else {
            app.taught.near(app, text, own).await?
        },
    })
}

fn reason(kind: Kind, tag: &Tag, tags: &Tags, text: &str, quotes: bool) -> Reason {
    let own = tags.spans.iter().filter(|span| span.key == tag.key);
    let places = own.take(PLACES).map(|span| Place {
        start: span.start,
        end: span.end,
        text: quotes.then(|| quoted(text, span.start, span.end, tags)),
    });
    Reason {
        kind,
        key: tag.key.clone(),
        score: tag.score,
        tier: tag.tier,
        source: tag.source,
        version: tag.version.clone(),
        places: places.collect(),
    }
}

/// A stretch of a text with the personal data in it covered.
fn quoted(text: &str, start: usize, end: usize, tags: &Tags) -> String {
    let (start, end) = (text.floor_char_boundary(start), text.ceil_char_boundary(end));
    let Some(stretch) = text.get(start..end) else {
        return String::new();
    };
    let mut within = tags.clone();
    within.spans.retain(|span| span.start < end && span.end > start);
    for span in &mut within.spans {
        span.start = span.start.saturating_sub(start);
        span.end = span.end.saturating_sub(start).min(stretch.len());
    }
    tagging::mask(stretch, &within)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tagging::{Context, tag};

    #[test]
    fn a_number_inside_a_quoted_stretch_is_covered() {
        let text = "Ni kidnappar barn 640823-3234 och ljuger";
        let tags = tag(text, &Context::default());
        let at = text.find("barn").unwrap();
        let quote = quoted(text, at, text.len(), &tags);
        assert_eq!(quote, "barn ▮▮▮ och ljuger");
        assert_eq!(quoted(text, 0, 12, &tags), "Ni kidnappar");
    }
}
