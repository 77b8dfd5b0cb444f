//! Reply templates as controlled documents: versions per language, approved by a second person, suggested to whoever
//! answers. Only approved versions are ever suggested; nothing here decides or sends.

pub mod approved;
pub mod check;
pub mod fill;
pub mod limit;
pub mod moves;
pub mod read;
pub mod suggest;

mod first_name;
mod likeness;

pub use approved::{Approved, Book, Entry};
pub use limit::Limit;
pub use suggest::{Suggestion, suggest};

use crate::domain::lane::Lane;
use crate::domain::tag::Tags;
use crate::domain::template::Variant;

crate::words! {
    /// Which of a variant's two texts.
    pub enum Length {
        /// At most 150 characters.
        Short = "short",
        /// The usual one.
        Long = "long",
    }
}

/// The language a comment is answered in: Arabic for Arabizi too, English where the desk has no texts. A comment whose
/// own language cannot be told is answered in its lane's.
#[must_use]
pub fn variant_for(tags: Option<&Tags>, lane: Lane) -> Variant {
    match tags.map(|tags| tags.language.code.as_str()) {
        Some("ar") => Variant::Ar,
        Some("sv") => Variant::Sv,
        Some("und") | None => match lane {
            Lane::Ar => Variant::Ar,
            Lane::Sv => Variant::Sv,
            Lane::En | Lane::Other => Variant::En,
        },
        Some(_) => Variant::En,
    }
}
