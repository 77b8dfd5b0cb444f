//! What tests and the demonstration do with a stand-in: set it up, act as the public, break it, look at it.

use std::sync::PoisonError;

use super::hook::{Update, Verb};
use super::world::{Ad, Comment, Holder, NewComment, Post};
use super::{Echo, Fault, Flow, Scope, Standin, Tally};
use crate::domain::platform::Platform;

/// A hook that did not answer the handshake as it must.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the hook did not answer the handshake: {0}")]
pub struct HookRefused(String);

/// Setting up.
impl Standin {
    /// Adds a Page or a professional account.
    pub fn add_holder(&self, holder: Holder) {
        self.shared.world().holders.push(holder);
    }

    /// Adds a post or medium.
    pub fn add_post(&self, post: Post) {
        self.shared.world().posts.push(post);
    }

    /// Adds an ad to the list of its ad account.
    pub fn add_ad(&self, ad: Ad) {
        self.shared.world().ads.push(ad);
    }

    /// Puts back a comment of an earlier run as it was, and tells nobody.
    pub fn restore(&self, comment: Comment) {
        self.shared.world().comments.push(comment);
    }

    /// Accepts a person's token, which sees empty lists.
    pub fn add_user_token(&self, token: &str) {
        self.shared.world().user_tokens.push(token.into());
    }

    /// Subscribes a hook to a platform's updates, after the handshake.
    ///
    /// # Errors
    /// If the hook does not send the challenge back.
    pub async fn subscribe(&self, platform: Platform, hook: &str) -> Result<(), HookRefused> {
        let challenge = "1158201444";
        let client = super::client().map_err(HookRefused)?;
        let token = self.shared.verify_token.as_str();
        let query = [
            ("hub.mode", "subscribe"),
            ("hub.challenge", challenge),
            ("hub.verify_token", token),
        ];
        let response = client
            .get(hook)
            .query(&query)
            .send()
            .await
            .map_err(|e| HookRefused(e.to_string()))?;
        let status = response.status().as_u16();
        let body = response.text().await.map_err(|e| HookRefused(e.to_string()))?;
        if (status, body.as_str()) != (200, challenge) {
            return Err(HookRefused(format!("HTTP {status}")));
        }
        self.deliver_to(platform, hook);
        Ok(())
    }

    /// Delivers a platform's updates to a hook, without a handshake.
    pub fn deliver_to(&self, platform: Platform, hook: &str) {
        self.shared
            .hooks
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(platform, hook.into());
    }

    /// Changes how updates are delivered; what has gathered goes out under the new rules.
    pub fn set_flow(&self, change: impl FnOnce(&mut Flow)) {
        self.shared.flow.send_modify(change);
    }

    /// Changes the order of echoes.
    pub fn set_echo(&self, echo: Echo) {
        *self.shared.echo.lock().unwrap_or_else(PoisonError::into_inner) = echo;
    }
}

/// Acting as the public, or in the platform's own app.
impl Standin {
    /// Writes a comment and tells the hook. The comment's id; none if the post or the comment answered is not there.
    pub fn write_comment(&self, new: NewComment) -> Option<String> {
        let at = (self.shared.clock)();
        let (id, update) = self.shared.world().write(new, at)?;
        self.tell(update);
        Some(id)
    }

    /// Changes a comment's text. False if it is not there.
    pub fn edit_comment(&self, id: &str, text: &str) -> bool {
        self.change(id, Verb::Edited, |comment| comment.text = Some(text.into()))
    }

    /// Removes a comment as its author. False if it is not there.
    pub fn remove_comment(&self, id: &str) -> bool {
        let at = (self.shared.clock)();
        let (there, update) = {
            let mut world = self.shared.world();
            let there = world.remove(id);
            (there, world.update(id, Verb::Remove { by_holder: false }, at))
        };
        if there {
            self.tell(update);
        }
        there
    }

    /// Hides or shows a comment in the platform's own app. False if it is not there.
    pub fn hide_in_app(&self, id: &str, hide: bool) -> bool {
        let verb = if hide { Verb::Hide } else { Verb::Unhide };
        self.change(id, verb, |comment| comment.hidden = hide)
    }

    /// Removes a post with all its comments. False if it is not there.
    pub fn remove_post(&self, id: &str) -> bool {
        let at = (self.shared.clock)();
        let update = {
            let mut world = self.shared.world();
            let Some(post) = world.post(id).cloned() else {
                return false;
            };
            world.removed_posts.push(post.id.clone());
            for comment in world.comments.iter_mut().filter(|comment| comment.post == post.id) {
                comment.removed = true;
            }
            world
                .holder(&post.holder)
                .and_then(|holder| Update::post_removed(holder, &post, at))
        };
        self.tell(update);
        true
    }

    fn change(&self, id: &str, verb: Verb, change: impl FnOnce(&mut Comment)) -> bool {
        let at = (self.shared.clock)();
        let update = {
            let mut world = self.shared.world();
            let Some(comment) = world.comment_mut(id) else {
                return false;
            };
            change(comment);
            world.update(id, verb, at)
        };
        self.tell(update);
        true
    }

    fn tell(&self, update: Option<Update>) {
        if let Some(update) = update {
            self.shared.send(update, None);
        }
    }
}

/// Breaking.
impl Standin {
    /// Lets a fault meet the next calls of a kind.
    pub fn fail_next(&self, calls: usize, scope: Scope, fault: Fault) {
        self.shared
            .world()
            .faults
            .extend(std::iter::repeat_n((scope, fault), calls));
    }

    /// Switches the platform off or on again: while it is off it answers 503 to everything, and deliveries gather.
    pub fn set_down(&self, down: bool) {
        self.shared.set_down(down);
    }

    /// Makes this the token that acts for an account from now on, as after somebody signed in again.
    pub fn set_token(&self, holder: &str, token: &str) {
        let mut world = self.shared.world();
        if let Some(holder) = world.holders.iter_mut().find(|one| one.id == holder) {
            token.clone_into(&mut holder.token);
        }
    }

    /// Takes back the faults that have not met a call.
    pub fn heal(&self) {
        self.shared.world().faults.clear();
    }

    /// Lets go of calls that hang.
    pub fn release(&self) {
        self.shared.released.send_modify(|times| *times += 1);
    }

    /// Forgets a comment without telling anybody.
    pub fn forget(&self, id: &str) {
        self.shared.world().remove(id);
    }

    /// Leaves out who wrote the rows of a list, as happens with tokens of too few rights.
    pub fn omit_authors(&self) {
        self.shared.world().authors_omitted = true;
    }

    /// Loses an account's subscription: nothing of it is delivered until it is subscribed again over the API.
    pub fn lose_subscription(&self, holder: &str) {
        self.shared.world().unsubscribed.push(holder.into());
    }
}

/// Looking.
impl Standin {
    /// The comment as it stands; none if it is not there.
    #[must_use]
    pub fn comment(&self, id: &str) -> Option<Comment> {
        self.shared.world().comment(id).cloned()
    }

    /// Comments and replies that are there, oldest first.
    #[must_use]
    pub fn comments(&self) -> Vec<Comment> {
        self.shared
            .world()
            .comments
            .iter()
            .filter(|comment| !comment.removed)
            .cloned()
            .collect()
    }

    /// Replies beneath a comment, oldest first.
    #[must_use]
    pub fn replies(&self, comment: &str) -> Vec<Comment> {
        self.comments()
            .into_iter()
            .filter(|reply| reply.parent.as_deref() == Some(comment))
            .collect()
    }

    /// How many times a reply to this comment was asked for, whatever came of it.
    #[must_use]
    pub fn reply_posts(&self, comment: &str) -> usize {
        self.shared
            .world()
            .reply_posts
            .iter()
            .filter(|id| *id == comment)
            .count()
    }

    /// Calls to the API so far.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.shared.world().calls
    }

    /// What has become of the deliveries.
    #[must_use]
    pub fn tally(&self) -> Tally {
        *self.shared.tally.borrow()
    }

    /// Waits until every update is accepted or given up. Never, while deliveries are paused.
    pub async fn settled(&self) {
        let mut tally = self.shared.tally.subscribe();
        // Errs only when the stand-in is gone.
        let _ = tally.wait_for(|tally| tally.pending == 0).await;
    }
}
