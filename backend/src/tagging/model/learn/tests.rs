//! What a desk learns, keeps and forgets.

use super::*;

fn seen(text: &str) -> Seen {
    Seen::of(text, &Normal::of(text))
}

fn correction(id: i64, text: &str, keys: &[&str]) -> Correction {
    Correction {
        id,
        text: text.to_owned(),
        keys: keys.iter().map(|&key| key.to_owned()).collect(),
        looked_at: None,
    }
}

const TAXI: [&str; 10] = [
    "taxibolagen styr kommunen",
    "kommunen ägs av taxi",
    "taxi bestämmer allt i kommunen",
    "taxiägarna har köpt kommunen",
    "taxi och kommunen är samma sak",
    "the taxi firms own the council",
    "taxi runs this town and the council",
    "council bought by taxi companies",
    "الكومون بيد شركات التكسي",
    "التكسي يحكم البلدية",
];

fn taxi() -> Vec<Correction> {
    (0..)
        .zip(TAXI)
        .map(|(id, text)| correction(id, text, &["taxi-rule"]))
        .collect()
}

#[test]
fn a_correction_is_known_at_once_and_gone_when_taken_back() {
    let model = Model::shipped().unwrap();
    let text = "glassbilen kommer alltid på torsdagar";
    let label = model.label("west-islamophobic").unwrap();
    let before = model.probabilities(&seen(text))[label];
    let mut desk = Desk::default();
    for id in 0..3 {
        desk.learn(&model, &correction(id, text, &["west-islamophobic"]));
    }
    let after = desk.probabilities(&model, &seen(text)).shipped[label];
    assert!(before < 0.2 && after > 0.5, "{before} {after}");
    for id in 0..3 {
        assert!(desk.forget(&model, id));
    }
    assert!(!desk.forget(&model, 0));
    let back = desk.probabilities(&model, &seen(text)).shipped[label];
    assert!((back - before).abs() < 0.001, "{before} {back}");
}

#[test]
fn what_nobody_looked_at_is_not_learnt() {
    let model = Model::shipped().unwrap();
    let text = "Socialtjänsten kidnappar barn och stjäl våra barn";
    let label = model.label("social-services-kidnap").unwrap();
    let before = model.probabilities(&seen(text))[label];
    let spam = |looked_at: Option<Vec<String>>| {
        let corrections: Vec<Correction> = (0..4)
            .map(|id| Correction {
                looked_at: looked_at.clone(),
                ..correction(id, text, &["spam"])
            })
            .collect();
        Desk::of(&model, &corrections)
            .probabilities(&model, &seen(text))
            .shipped
    };
    let of_spam = spam(Some(vec!["spam".to_owned()]));
    assert!((of_spam[label] - before).abs() < 1e-6, "{before} {}", of_spam[label]);
    assert!(of_spam[model.label("spam").unwrap()] > 0.5);
    assert!(spam(None)[label] < before - 0.2);
}

#[test]
fn a_lone_correction_among_many_confirmations_is_heard_but_moves_little_else() {
    let model = Model::shipped().unwrap();
    let label = model.label("west-islamophobic").unwrap();
    let auto = model.labels()[label].auto;
    // Comments on which model and person are at one about this label.
    let agreed = shipped_examples().into_iter().filter(|(text, keys)| {
        let said = model.probabilities(&seen(text))[label] >= auto;
        said == keys.iter().any(|key| key == "west-islamophobic")
    });
    let mut corrections: Vec<Correction> = (0..)
        .zip(agreed.take(100))
        .map(|(id, (text, keys))| Correction {
            id,
            text,
            keys,
            looked_at: None,
        })
        .collect();
    let text = "glassbilen kommer alltid på torsdagar";
    corrections.push(correction(1_000, text, &["west-islamophobic"]));
    let desk = Desk::of(&model, &corrections);
    let change = |text: &str| {
        let after = desk.probabilities(&model, &seen(text)).shipped[label];
        after - model.probabilities(&seen(text))[label]
    };
    let own = change(text);
    assert!(own > 0.001 && change("tack för bra information").abs() < own, "{own}");
}

#[test]
fn a_new_narrative_is_told_from_ten_examples() {
    let model = Model::shipped().unwrap();
    let desk = Desk::of(&model, &taxi());
    let own = |text: &str| desk.probabilities(&model, &seen(text)).own[0].1;
    let told = own("taxi äger kommunen, alla vet det").min(own("who does the council belong to? taxi firms"));
    assert!(told > OWN_SUGGEST, "{told}");
    for other in [
        "tack för bra information",
        "socialtjänsten kidnappar barn",
        "hur överklagar jag?",
    ] {
        assert!(own(other) < told / 2.0, "{other}: {} {told}", own(other));
    }
}

#[test]
fn same_corrections_make_the_same_desk() {
    let model = Model::shipped().unwrap();
    let (first, second) = (Desk::of(&model, &taxi()), Desk::of(&model, &taxi()));
    for text in TAXI {
        assert_eq!(
            first.probabilities(&model, &seen(text)),
            second.probabilities(&model, &seen(text))
        );
    }
    assert_eq!(first.len(), 10);
    assert!(Desk::default().is_empty());
}

#[test]
fn a_desk_that_learnt_nothing_says_what_the_model_says() {
    let model = Model::shipped().unwrap();
    let said = Desk::default().probabilities(&model, &seen("kidnappar barn"));
    assert_eq!(said.shipped, model.probabilities(&seen("kidnappar barn")));
    assert!(said.own.is_empty());
}
