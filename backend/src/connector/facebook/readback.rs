//! How Facebook shows a comment and its replies, to look whether something took effect.

use crate::connector::graph::{Listed, Shape};
use crate::connector::written::Written;

pub(super) const SHAPE: Shape = Shape {
    fields: "id,parent{id},is_hidden",
    replies,
};

fn replies(root: &str, written: &Written<'_>) -> Listed {
    Listed {
        path: format!("{root}/comments"),
        fields: "id,message,from,created_time,parent{id}",
        limit: "100",
        extra: vec![
            ("filter", "stream".into()),
            ("order", "chronological".into()),
            ("since", written.from().timestamp().to_string()),
            ("summary", "1".into()),
        ],
        counted: true,
    }
}
