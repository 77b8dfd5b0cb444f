//! What a supervisor sends to answer a question, read from the fields of its form.

use crate::decision::guard::GuardCode;
use crate::decision::prepare::Ask as Decide;
use crate::domain::decision::{DecisionKind, Ground};
use crate::domain::escalation::Resolution;
use crate::escalation::resolve::Answer;
use crate::view::model::composer::{Fault, Guard};
use crate::view::model::escalation::Given;

/// What a supervisor sends.
#[derive(Debug, Default)]
pub struct Sent {
    kind: String,
    revision: Option<i32>,
    reason: String,
    advice: String,
    decision: String,
    ground: String,
    text: String,
    confirmed: Vec<GuardCode>,
}

impl Sent {
    /// From the fields of the form; `confirm` may come several times.
    #[must_use]
    pub fn of(fields: Vec<(String, String)>) -> Self {
        let mut sent = Self::default();
        for (name, value) in fields {
            // Browsers send line ends as CR LF (HTML, 4.10.21.4).
            let value = value.replace("\r\n", "\n");
            match name.as_str() {
                "kind" => sent.kind = value,
                "revision" => sent.revision = value.parse().ok(),
                "reason" => sent.reason = value,
                "advice" => sent.advice = value,
                "decision" => sent.decision = value,
                "ground" => sent.ground = value,
                "text" => sent.text = value,
                "confirm" => sent.confirmed.extend(value.parse::<GuardCode>().ok()),
                _ => {}
            }
        }
        sent
    }

    /// The answer, if the form says which.
    #[must_use]
    pub fn answer(&self) -> Option<Answer> {
        let resolution: Resolution = self.kind.parse().ok()?;
        let filled = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let ask = match resolution {
            Resolution::Change => Some(Decide {
                ground: self.ground.parse().ok(),
                text: filled(&self.text),
                reason: filled(&self.reason),
                ..Decide::plain(self.decision.parse().ok()?)
            }),
            Resolution::Approve | Resolution::Return | Resolution::TakeOver | Resolution::Overturn => None,
        };
        Some(Answer {
            resolution,
            revision: self.revision,
            reason: filled(&self.reason),
            advice: filled(&self.advice),
            ask,
            confirmed: self.confirmed.clone(),
        })
    }

    /// What is missing for this answer.
    #[must_use]
    pub fn fault(&self) -> Option<Fault> {
        let empty = |text: &str| text.trim().is_empty();
        match self.kind.parse() {
            Ok(Resolution::Overturn) if empty(&self.reason) => Some(Fault::at("esc-reason", "required")),
            Ok(Resolution::Return) if empty(&self.advice) && empty(&self.reason) => {
                Some(Fault::at("esc-advice", "required"))
            }
            _ => None,
        }
    }

    /// What was filled in, to be shown again.
    #[must_use]
    pub fn given(self, errors: Vec<Fault>, guard: Option<Guard>) -> Given {
        Given {
            reason: self.reason,
            advice: self.advice,
            text: Some(self.text),
            decision: self.decision.parse::<DecisionKind>().ok(),
            ground: self.ground.parse::<Ground>().ok(),
            errors,
            guard,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{GuardCode, Sent};
    use crate::domain::decision::DecisionKind;
    use crate::domain::escalation::Resolution;

    fn sent(fields: &[(&str, &str)]) -> Sent {
        Sent::of(
            fields
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        )
    }

    #[test]
    fn a_change_carries_its_decision_and_everything_confirmed() {
        let answer = sent(&[
            ("kind", "change"),
            ("decision", "reply"),
            ("text", " Hej\r\ndu "),
            ("confirm", "claim-word"),
            ("confirm", "other-language"),
            ("confirm", "nonsense"),
            ("revision", "3"),
        ])
        .answer()
        .unwrap();
        let ask = answer.ask.unwrap();
        assert_eq!((ask.kind, ask.text.as_deref()), (DecisionKind::Reply, Some("Hej\ndu")));
        assert_eq!(answer.confirmed, [GuardCode::ClaimWord, GuardCode::OtherLanguage]);
        assert_eq!(answer.revision, Some(3));
    }

    #[test]
    fn sending_back_needs_words_and_overturning_a_reason() {
        let field = |fields: &[(&str, &str)]| sent(fields).fault().and_then(|fault| fault.field);
        assert_eq!(
            field(&[("kind", "overturn"), ("advice", "x")]).as_deref(),
            Some("esc-reason")
        );
        assert_eq!(
            field(&[("kind", "return"), ("reason", " ")]).as_deref(),
            Some("esc-advice")
        );
        assert_eq!(field(&[("kind", "return"), ("reason", "x")]), None);
        assert_eq!(field(&[("kind", "approve")]), None);
    }

    #[test]
    fn an_approval_takes_nothing_from_the_fields_of_a_change() {
        let answer = sent(&[("kind", "approve"), ("decision", "delete"), ("text", "x")])
            .answer()
            .unwrap();
        assert_eq!(answer.resolution, Resolution::Approve);
        assert!(answer.ask.is_none());
        assert!(sent(&[("kind", "forget")]).answer().is_none());
        assert!(sent(&[("kind", "change"), ("decision", "forget")]).answer().is_none());
    }
}
