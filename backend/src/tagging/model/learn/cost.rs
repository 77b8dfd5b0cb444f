//! What each label of a correction counts in the fit: how far people are to be followed, label by label. Knows no text.

use super::super::{LABELS, Model};
use super::Held;

/// Weight of a correction's error against staying with the shipped model, while there is one.
const COST: f32 = 1.0;
/// So many corrections of a label halve what each counts: many of one kind must not drown what the model knew. Measured by
/// `klarsvar bench learn`; the same is why the bias stays the shipped one.
const HALF: f32 = 12.0;
/// Part of it that counts for labels of which model and person are at one: nothing is to be learnt there but to stay.
const AGREED: f32 = 0.5;
/// Share of the comments people spoke of in which the model errs on a label anyway. As many errors as that say nothing of
/// the label: corrected comments are no sample of what comes in, and what is learnt from them there harms elsewhere.
const USUAL: f32 = 0.06;
/// What is left even so: a correction is heard at once on comments like it.
const HEARD: f32 = 0.01;

/// What is known of each label over all corrections.
pub(super) struct Costs {
    /// What an error counts.
    error: [f32; LABELS],
}

impl Costs {
    /// Looks over all corrections.
    pub(super) fn of(model: &Model, held: &[Held]) -> Self {
        let error = std::array::from_fn(|label| {
            let (mut spoken, mut wrong) = (0.0, 0.0);
            for held in held.iter().filter(|held| held.speaks_of(label)) {
                spoken += 1.0;
                wrong += f32::from(u8::from(held.is_wrong(model, label)));
            }
            COST * trust(spoken, wrong) / (1.0 + wrong / HALF)
        });
        Self { error }
    }

    /// What each label of a correction counts: fully where the shipped model was wrong, nothing where nobody looked.
    pub(super) fn of_one(&self, model: &Model, held: &Held) -> [f32; LABELS] {
        std::array::from_fn(|label| match (held.speaks_of(label), held.is_wrong(model, label)) {
            (false, _) => 0.0,
            (true, true) => self.error[label],
            (true, false) => self.error[label] * AGREED,
        })
    }
}

/// How far people are followed on a label of which they spoke, and found wrong, so often: the part of the errors that is
/// more than usual, as James and Stein (1961) shrink an estimate by its noise.
fn trust(spoken: f32, wrong: f32) -> f32 {
    if wrong > 0.0 {
        (1.0 - USUAL * spoken / wrong).max(HEARD)
    } else {
        HEARD
    }
}

impl Held {
    fn speaks_of(&self, label: usize) -> bool {
        self.spoken >> label & 1 == 1
    }

    /// Whether the shipped model shows the label where it does not hold, or the other way round.
    fn is_wrong(&self, model: &Model, label: usize) -> bool {
        let probability = model.probability(label, self.example.prior[label]);
        let shown = model.labels().get(label).is_some_and(|known| probability >= known.auto);
        shown != self.example.has(label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_errors_are_followed_further_and_usual_ones_hardly() {
        assert_eq!(trust(1.0, 1.0), 1.0 - USUAL);
        assert_eq!(trust(200.0, 8.0), HEARD);
        assert_eq!(trust(200.0, 0.0), HEARD);
        assert!(trust(200.0, 40.0) > trust(200.0, 20.0));
        assert!(trust(200.0, 200.0) > 0.9);
    }
}
