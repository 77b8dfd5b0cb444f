//! What the desk does on a platform, and to what.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Where a comment stands, as far as the desk knows: some platforms want to be told with every action.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Place {
    /// The comment it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// The post or video.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<String>,
    /// The ad.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ad: Option<String>,
    /// When it was written: some platforms find a comment by its day alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written_at: Option<DateTime<Utc>>,
}

/// Something the desk does on a platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Action {
    /// Answer in public.
    Reply {
        /// Comment answered.
        comment: String,
        /// What is written.
        text: String,
        /// Where it stands.
        #[serde(flatten)]
        place: Place,
    },
    /// Hide.
    Hide {
        /// Comment.
        comment: String,
        /// Where it stands.
        #[serde(flatten)]
        place: Place,
    },
    /// Show again.
    Unhide {
        /// Comment.
        comment: String,
        /// Where it stands.
        #[serde(flatten)]
        place: Place,
    },
    /// Remove.
    Delete {
        /// Comment.
        comment: String,
        /// Where it stands.
        #[serde(flatten)]
        place: Place,
    },
    /// Like.
    Like {
        /// Comment.
        comment: String,
        /// Where it stands.
        #[serde(flatten)]
        place: Place,
    },
    /// Answer in private, once.
    PrivateReply {
        /// Comment answered.
        comment: String,
        /// What is written.
        text: String,
    },
}

impl Action {
    /// The comment it is about.
    #[must_use]
    pub fn comment(&self) -> &str {
        match self {
            Self::Reply { comment, .. }
            | Self::Hide { comment, .. }
            | Self::Unhide { comment, .. }
            | Self::Delete { comment, .. }
            | Self::Like { comment, .. }
            | Self::PrivateReply { comment, .. } => comment,
        }
    }
}
