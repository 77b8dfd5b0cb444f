//! How Instagram shows a comment and its replies, to look whether something took effect.

use crate::connector::graph::{Listed, Shape};
use crate::connector::written::Written;

pub(super) const SHAPE: Shape = Shape {
    fields: "id,parent_id,hidden",
    replies,
};

fn replies(root: &str, _: &Written<'_>) -> Listed {
    Listed {
        path: format!("{root}/replies"),
        fields: "id,text,timestamp,username,from,user,parent_id",
        limit: "50",
        extra: Vec::new(),
        counted: false,
    }
}
