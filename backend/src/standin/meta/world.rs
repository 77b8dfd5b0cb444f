//! What stands on the platform: accounts, posts, comments, ads.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};

use super::fault::{Fault, Scope};
use super::hook::{Update, Verb};
use crate::domain::platform::Platform;

/// A Facebook Page or an Instagram professional account.
#[derive(Debug, Clone)]
pub struct Holder {
    /// Facebook or Instagram.
    pub platform: Platform,
    /// Page id or professional account id.
    pub id: String,
    /// Name of the Page, or handle.
    pub name: String,
    /// The token that may act for it.
    pub token: String,
    /// Page an Instagram account is linked to; private replies go over it.
    pub page: Option<String>,
}

/// A post, or a medium.
#[derive(Debug, Clone)]
pub struct Post {
    /// Its id: `{page}_{number}` on Facebook, a number on Instagram.
    pub id: String,
    /// The account it stands on.
    pub holder: String,
    /// What it says.
    pub text: String,
    /// Exists only as an ad.
    pub dark: bool,
    /// The ad named in Instagram deliveries: id and title. Not sent for dynamic ads.
    pub ad: Option<(String, String)>,
}

/// An ad as the ads list shows it.
#[derive(Debug, Clone)]
pub struct Ad {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Ad account it is listed under, without `act_`.
    pub ad_account: String,
    /// Its ad set.
    pub adset_id: String,
    /// Its campaign: id and name.
    pub campaign: (String, String),
    /// Facebook post it shows.
    pub post: Option<String>,
    /// Instagram medium it shows.
    pub media: Option<String>,
}

/// A comment to be written by somebody of the public.
#[derive(Debug, Clone, Default)]
pub struct NewComment {
    /// Post or medium.
    pub post: String,
    /// Comment answered.
    pub parent: Option<String>,
    /// Id of the author.
    pub author_id: String,
    /// Name, or handle.
    pub author_name: String,
    /// The text; none for a picture alone.
    pub text: Option<String>,
    /// Address of a picture.
    pub photo: Option<String>,
}

/// A comment or reply.
#[derive(Debug, Clone)]
pub struct Comment {
    /// Its id.
    pub id: String,
    /// Post or medium.
    pub post: String,
    /// The comment at top level it hangs under.
    pub parent: Option<String>,
    /// Id of the author.
    pub author_id: String,
    /// Name, or handle.
    pub author_name: String,
    /// The text.
    pub text: Option<String>,
    /// Address of a picture.
    pub photo: Option<String>,
    /// When written.
    pub at: DateTime<Utc>,
    /// Hidden from the public.
    pub hidden: bool,
    /// No longer there.
    pub removed: bool,
    /// Liked by the account.
    pub liked: bool,
    /// Private replies sent to its author.
    pub private_replies: Vec<String>,
}

#[derive(Default)]
pub(super) struct World {
    pub holders: Vec<Holder>,
    pub posts: Vec<Post>,
    pub removed_posts: Vec<String>,
    pub comments: Vec<Comment>,
    pub ads: Vec<Ad>,
    /// Accounts whose subscription is lost.
    pub unsubscribed: Vec<String>,
    /// Tokens of people: they see empty lists.
    pub user_tokens: Vec<String>,
    /// Lists leave out who wrote a row.
    pub authors_omitted: bool,
    pub faults: VecDeque<(Scope, Fault)>,
    /// Answers nobody.
    pub down: bool,
    /// Reply POSTs received, by comment, whatever became of them.
    pub reply_posts: Vec<String>,
    pub calls: u64,
    last_number: u64,
}

impl World {
    /// An empty world whose comments are numbered from here.
    pub(super) fn numbered_from(first: u64) -> Self {
        Self {
            last_number: first,
            ..Self::default()
        }
    }

    pub(super) fn holder(&self, id: &str) -> Option<&Holder> {
        self.holders.iter().find(|holder| holder.id == id)
    }

    pub(super) fn post(&self, id: &str) -> Option<&Post> {
        let there = !self.removed_posts.iter().any(|removed| removed == id);
        self.posts.iter().find(|post| there && post.id == id)
    }

    /// A comment that is there.
    pub(super) fn comment(&self, id: &str) -> Option<&Comment> {
        self.comments
            .iter()
            .find(|comment| comment.id == id && !comment.removed)
    }

    pub(super) fn comment_mut(&mut self, id: &str) -> Option<&mut Comment> {
        self.comments
            .iter_mut()
            .find(|comment| comment.id == id && !comment.removed)
    }

    /// The account a comment stands on.
    pub(super) fn holder_of(&self, comment: &Comment) -> Option<&Holder> {
        let post = self.posts.iter().find(|post| post.id == comment.post)?;
        self.holder(&post.holder)
    }

    pub(super) fn number(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }

    /// Takes the first fault that meets such a call.
    pub(super) fn take_fault(&mut self, write: bool) -> Option<Fault> {
        let meets = |scope: Scope| scope == Scope::Every || (scope == Scope::Writes) == write;
        let at = self.faults.iter().position(|(scope, _)| meets(*scope))?;
        self.faults.remove(at).map(|(_, fault)| fault)
    }

    /// Writes a comment. None if the post or the comment answered is not there.
    pub(super) fn write(&mut self, new: NewComment, at: DateTime<Utc>) -> Option<(String, Option<Update>)> {
        let platform = self.holder(&self.post(&new.post)?.holder)?.platform;
        // Two levels on Facebook, one of replies on Instagram: both hang a reply to a reply under the top.
        let parent = match &new.parent {
            Some(parent) => {
                let parent = self.comment(parent)?;
                Some(parent.parent.clone().unwrap_or_else(|| parent.id.clone()))
            }
            None => None,
        };
        let number = self.number();
        let id = if platform == Platform::Facebook {
            let post_part = new.post.rsplit('_').next().unwrap_or_default();
            format!("{post_part}_{}", 630_000_000_000_000 + number)
        } else {
            format!("{}", 18_020_000_000_000_000 + number)
        };
        self.comments.push(Comment {
            id: id.clone(),
            post: new.post,
            parent,
            author_id: new.author_id,
            author_name: new.author_name,
            text: new.text,
            photo: new.photo,
            at,
            hidden: false,
            removed: false,
            liked: false,
            private_replies: Vec::new(),
        });
        let update = self.update(&id, Verb::Add, at);
        Some((id, update))
    }

    /// The delivery that tells of a change, if the platform tells of such.
    pub(super) fn update(&self, comment: &str, verb: Verb, at: DateTime<Utc>) -> Option<Update> {
        let comment = self.comments.iter().find(|found| found.id == comment)?;
        let post = self.posts.iter().find(|post| post.id == comment.post)?;
        let holder = self.holder(&post.holder)?;
        if self.unsubscribed.contains(&holder.id) {
            return None;
        }
        Update::of(holder, post, comment, verb, at)
    }

    /// Removes a comment and the replies under it. False if it is not there.
    pub(super) fn remove(&mut self, id: &str) -> bool {
        let there = self.comment(id).is_some();
        for comment in &mut self.comments {
            if comment.id == id || comment.parent.as_deref() == Some(id) {
                comment.removed = true;
            }
        }
        there
    }
}
