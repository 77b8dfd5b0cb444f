//! How many people it takes to be level by an instant: what waits and what comes until then, worked off.
//!
//! Plain workload arithmetic, with one addition: people cannot work ahead, so the last part of the time must by itself
//! bear what comes in it.

use super::{Absurd, MOST_PEOPLE, amount, positive, share, whole};

/// A stretch of time and what comes in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slot {
    /// Comments expected.
    pub arrivals: f64,
    /// Its length, in seconds.
    pub lasts_s: f64,
}

/// What is needed to be level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    /// People's work, as a fraction.
    pub exact: f64,
    /// People at work at once.
    pub agents: u32,
    /// People on the roster, so that so many are at work.
    pub rostered: u32,
}

/// People needed, the same number all the time, so that nothing older than the last slot waits when `slots` are over.
///
/// # Errors
/// [`Absurd`] when there is no time left or an input is none that can be calculated with.
pub fn level(waiting: u32, slots: &[Slot], handling_s: f64, shrinkage: f64) -> Result<Level, Absurd> {
    let handling_s = positive("the handling time", handling_s)?;
    let shrinkage = share("shrinkage", shrinkage)?;
    if slots.is_empty() {
        return Err(Absurd::Passed);
    }
    let (mut work_s, mut left_s, mut exact) = (0.0, 0.0, 0.0_f64);
    for (at, slot) in slots.iter().enumerate().rev() {
        left_s += positive("the time left", slot.lasts_s)?;
        work_s += amount("arrivals", slot.arrivals)? * handling_s;
        if at == 0 {
            work_s += f64::from(waiting) * handling_s;
        }
        exact = exact.max(work_s / left_s);
    }
    Ok(Level {
        exact,
        agents: whole(exact, MOST_PEOPLE)?,
        // Rounded once: rounding before and after shrinkage would call in people for nothing.
        rostered: whole(exact / (1.0 - shrinkage), MOST_PEOPLE)?,
    })
}

#[cfg(test)]
mod tests {
    use super::{Absurd, Level, Slot, level};

    fn slots(arrivals: &[f64]) -> Vec<Slot> {
        let slot = |&arrivals: &f64| Slot {
            arrivals,
            lasts_s: 1_800.0,
        };
        arrivals.iter().map(slot).collect()
    }

    /// Work left at the end with so many people, minute by minute.
    fn left_over(waiting: u32, slots: &[Slot], handling_s: f64, people: f64) -> f64 {
        let mut work = f64::from(waiting) * handling_s;
        for slot in slots {
            work += slot.arrivals * handling_s;
            work = (work - people * slot.lasts_s).max(0.0);
        }
        work
    }

    #[test]
    fn what_waits_and_what_comes_is_worked_off_in_time() {
        // 60 waiting and 60 coming, 120 s each, in two hours: 14,400 s of work in 7,200 s.
        let found = level(60, &slots(&[15.0; 4]), 120.0, 0.0).expect("a level");
        assert_eq!((found.agents, found.rostered), (2, 2));
        assert!((found.exact - 2.0).abs() < 1e-9);
        let shrunk = level(60, &slots(&[15.0; 4]), 120.0, 0.3).expect("a level");
        assert_eq!(shrunk, Level { rostered: 3, ..found });
    }

    #[test]
    fn a_burst_at_the_end_cannot_be_worked_ahead_of() {
        let late = slots(&[0.0, 0.0, 0.0, 60.0]);
        let found = level(0, &late, 120.0, 0.0).expect("a level");
        assert_eq!(
            found.agents, 4,
            "7,200 s of work in the last half hour, not in two hours"
        );
        let early = level(0, &slots(&[60.0, 0.0, 0.0, 0.0]), 120.0, 0.0).expect("a level");
        assert_eq!(early.agents, 1);
    }

    #[test]
    fn with_the_people_found_nothing_is_left_and_with_fewer_something_is() {
        for (waiting, arrivals) in [
            (0, vec![3.0, 9.0, 1.0]),
            (200, vec![5.0; 10]),
            (17, vec![0.0, 30.0, 0.0, 80.0, 0.0]),
            (1, vec![0.0]),
        ] {
            let slots = slots(&arrivals);
            let found = level(waiting, &slots, 95.0, 0.0).expect("a level");
            assert!(left_over(waiting, &slots, 95.0, found.exact) < 1e-6, "{found:?}");
            assert!(left_over(waiting, &slots, 95.0, found.exact * 0.99) > 0.0, "{found:?}");
        }
    }

    #[test]
    fn absurd_inputs_are_refused_with_a_sentence() {
        assert_eq!(level(1, &[], 60.0, 0.0), Err(Absurd::Passed));
        assert_eq!(level(1, &slots(&[-1.0]), 60.0, 0.0), Err(Absurd::Negative("arrivals")));
        assert_eq!(
            level(1, &slots(&[f64::NAN]), 60.0, 0.0),
            Err(Absurd::NoNumber("arrivals"))
        );
        assert_eq!(
            level(1, &slots(&[1.0]), 0.0, 0.0),
            Err(Absurd::NotPositive("the handling time"))
        );
        assert_eq!(level(1, &slots(&[1.0]), 60.0, 1.2), Err(Absurd::NoShare("shrinkage")));
        assert_eq!(level(u32::MAX, &slots(&[1.0]), 60.0, 0.0), Err(Absurd::TooMany));
        assert_eq!(Absurd::Passed.to_string(), "the time to be level by has already passed");
    }
}
