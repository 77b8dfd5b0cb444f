//! Which decisions one person may make alone, and how a decision reaches the platform. Pure.

use crate::connector;
use crate::domain::decision::{DecisionKind, Ground};
use crate::domain::platform::Platform;
use crate::domain::tag::{Class, Flag, Tag, Tags, Tier};

/// Why a decision needs a second person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Second {
    /// Hiding or deleting criticism or a claim: opinion is no ground, so two must see that it is something else.
    Criticism,
    /// Somebody may want to die: never closed without a supervisor (codebook 6.3).
    SelfHarm,
}

/// Whether a decision on a comment with these tags needs a second person.
///
/// Where a flag is likely, hiding comes first (codebook 6.4, 6.5) and is one person's decision.
#[must_use]
pub fn needs_second(kind: DecisionKind, tags: Option<&Tags>) -> Option<Second> {
    let tags = tags?;
    if kind == DecisionKind::Escalate {
        return None;
    }
    if tags.flags.iter().any(|tag| tag.key == Flag::SelfHarm.as_str()) {
        return Some(Second::SelfHarm);
    }
    let criticism = tags.classes.iter().any(|tag| tag.key == Class::CritiqueLegit.as_str());
    // A narrative that is only suggested is not yet a reason to ask two people.
    let claim = tags.narratives.iter().any(|tag| tag.tier != Some(Tier::Suggest));
    let flagged = tags.flags.iter().any(Tag::is_likely);
    (takes_away(kind) && !flagged && (criticism || claim)).then_some(Second::Criticism)
}

/// Whether the public no longer sees the comment.
#[must_use]
pub const fn takes_away(kind: DecisionKind) -> bool {
    matches!(kind, DecisionKind::Hide | DecisionKind::Delete)
}

/// Whether the decision is a text.
#[must_use]
pub const fn speaks(kind: DecisionKind) -> bool {
    matches!(kind, DecisionKind::Reply | DecisionKind::PrivateReply)
}

/// The ground a decision keeps, or that one is missing.
///
/// # Errors
/// Hiding or deleting without a ground.
pub fn ground_for(kind: DecisionKind, ground: Option<Ground>) -> Result<Option<Ground>, NoGround> {
    match (takes_away(kind), ground) {
        (true, None) => Err(NoGround),
        (true, ground) => Ok(ground),
        (false, _) => Ok(None),
    }
}

/// Hiding and deleting need a ground from the fixed list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoGround;

/// How a decision is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// There is nothing to carry out.
    Nothing,
    /// Through the outbox.
    Outbox,
    /// The platform has no interface here: the outbox gives it to a person, who does it there and says so.
    ByHand,
}

/// The platform does not let the desk do this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Impossible;

/// How a decision of this kind is carried out on a platform.
///
/// # Errors
/// [`Impossible`].
pub fn way(platform: Platform, kind: DecisionKind) -> Result<Way, Impossible> {
    if !kind.goes_out() {
        return Ok(Way::Nothing);
    }
    let Some(protocol) = connector::of(platform) else {
        return match kind {
            DecisionKind::Reply | DecisionKind::Hide | DecisionKind::Unhide | DecisionKind::Delete => Ok(Way::ByHand),
            _ => Err(Impossible),
        };
    };
    let can = protocol.capabilities();
    let able = match kind {
        DecisionKind::Reply => can.can_reply,
        DecisionKind::Hide | DecisionKind::Unhide => can.can_hide,
        DecisionKind::Delete => can.can_delete,
        DecisionKind::PrivateReply => can.can_private_reply,
        DecisionKind::Like => can.can_like,
        DecisionKind::Leave | DecisionKind::Duplicate | DecisionKind::Escalate => false,
    };
    if able { Ok(Way::Outbox) } else { Err(Impossible) }
}

#[cfg(test)]
mod tests {
    use super::{Impossible, Second, Way, ground_for, needs_second, way};
    use crate::domain::decision::{DecisionKind, Ground};
    use crate::domain::platform::Platform;
    use crate::domain::tag::{LanguageTag, Tag, TagSource, Tags, Tier};

    fn tags(narrative: Option<Tier>, class: Option<&str>, flag: Option<&str>) -> Tags {
        let tag = |key: &str, tier| Tag {
            key: key.to_owned(),
            score: 0.9,
            tier,
            source: TagSource::Rule,
            version: String::new(),
        };
        Tags {
            language: LanguageTag {
                code: "sv".to_owned(),
                script: "Latn".to_owned(),
                confidence: 1.0,
                source: TagSource::Rule,
                version: String::new(),
            },
            narratives: narrative
                .map(|tier| tag("silenced-coverup", Some(tier)))
                .into_iter()
                .collect(),
            classes: class.map(|key| tag(key, None)).into_iter().collect(),
            flags: flag.map(|key| tag(key, None)).into_iter().collect(),
            spans: Vec::new(),
            intent: None,
        }
    }

    #[test]
    fn hiding_criticism_or_a_claim_takes_two_people_unless_a_flag_says_hide_first() {
        let hide = |tags: &Tags| needs_second(DecisionKind::Hide, Some(tags));
        assert_eq!(hide(&tags(None, Some("critique-legit"), None)), Some(Second::Criticism));
        assert_eq!(hide(&tags(Some(Tier::Auto), None, None)), Some(Second::Criticism));
        assert_eq!(hide(&tags(Some(Tier::Suggest), None, None)), None);
        assert_eq!(hide(&tags(Some(Tier::Auto), None, Some("personal-data"))), None);
        assert_eq!(hide(&tags(None, Some("spam"), None)), None);
        let critique = tags(None, Some("critique-legit"), None);
        assert_eq!(needs_second(DecisionKind::Reply, Some(&critique)), None);
        assert_eq!(
            needs_second(DecisionKind::Delete, Some(&critique)),
            Some(Second::Criticism)
        );
    }

    #[test]
    fn a_comment_flagged_for_self_harm_is_never_closed_alone() {
        let tags = tags(None, None, Some("self-harm"));
        for kind in DecisionKind::ALL {
            let needed = needs_second(*kind, Some(&tags));
            assert_eq!(
                needed,
                (*kind != DecisionKind::Escalate).then_some(Second::SelfHarm),
                "{kind}"
            );
        }
    }

    #[test]
    fn hiding_needs_a_ground_and_nothing_else_keeps_one() {
        assert!(ground_for(DecisionKind::Hide, None).is_err());
        assert!(ground_for(DecisionKind::Delete, None).is_err());
        assert_eq!(
            ground_for(DecisionKind::Hide, Some(Ground::Spam)),
            Ok(Some(Ground::Spam))
        );
        assert_eq!(ground_for(DecisionKind::Leave, Some(Ground::Spam)), Ok(None));
    }

    #[test]
    fn what_a_platform_does_not_offer_is_refused_and_what_has_no_interface_is_done_by_hand() {
        assert_eq!(way(Platform::Facebook, DecisionKind::Reply), Ok(Way::Outbox));
        assert_eq!(way(Platform::Instagram, DecisionKind::Like), Err(Impossible));
        assert_eq!(way(Platform::Manual, DecisionKind::Reply), Ok(Way::ByHand));
        assert_eq!(way(Platform::Tiktok, DecisionKind::PrivateReply), Err(Impossible));
        assert_eq!(way(Platform::Manual, DecisionKind::Leave), Ok(Way::Nothing));
    }
}
