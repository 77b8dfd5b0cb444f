use super::{Finding, GuardCode, Level, Outgoing, Source, check, holds_back};
use crate::domain::platform::Platform;
use crate::domain::tag::Narrative;
use crate::domain::template::Variant;
use crate::pack::{Pack, Slot};
use crate::template::Limit;
use crate::template::fill::{self, Slots};

const APPROVED: &str = "Det är en domstol som beslutar. Barnet har ett eget ombud. Läs mer: a.se/lvu";

fn link(default: &str) -> Vec<Slot> {
    vec![Slot {
        name: "link".to_owned(),
        budget: 36,
        rule: String::new(),
        default: [(Variant::Sv, default.to_owned())].into(),
    }]
}

fn out<'a>(text: &'a str, source: Source<'a>) -> Outgoing<'a> {
    Outgoing {
        text,
        source,
        limit: Limit::of(Platform::Facebook),
        variant: Variant::Sv,
        narratives: &[],
        same_in_thread: 0,
        thread_changed: false,
    }
}

fn codes(found: &[Finding]) -> Vec<GuardCode> {
    found.iter().map(|finding| finding.code).collect()
}

fn of_template(text: &str, filled: &Slots) -> Vec<GuardCode> {
    let slots = link("a.se/lvu");
    codes(&check(&out(
        text,
        Source::Approved {
            variant: Variant::Sv,
            text: APPROVED,
            slots: &slots,
            filled,
        },
    )))
}

fn with_link(link: &str) -> Slots {
    Slots::from([("link".to_owned(), link.to_owned())])
}

#[test]
fn an_approved_text_passes_as_it_is() {
    assert_eq!(of_template(APPROVED, &with_link("a.se/lvu")), []);
}

#[test]
fn an_edited_text_asks_and_another_text_is_blocked() {
    let edited = APPROVED.replace("eget ombud", "eget offentligt ombud");
    assert_eq!(
        of_template(&edited, &with_link("a.se/lvu")),
        [GuardCode::EditedTemplate]
    );
    let other = "Vi svarar inte på sådant här, men du kan ringa kommunen i morgon efter klockan åtta.";
    assert_eq!(of_template(other, &with_link("a.se/lvu"))[0], GuardCode::UnapprovedText);
}

#[test]
fn a_slot_takes_no_sentence_and_another_link_asks() {
    let smuggled = "vi tycker att du har helt fel och borde skämmas";
    let text = APPROVED.replace("a.se/lvu", smuggled);
    assert!(of_template(&text, &with_link(smuggled)).contains(&GuardCode::UnapprovedText));
    let slots = link("a.se/lvu");
    let found = check(&out(
        "Läs mer: b.se",
        Source::Approved {
            variant: Variant::Sv,
            text: "Läs mer: b.se",
            slots: &slots,
            filled: &with_link("b.se"),
        },
    ));
    assert_eq!(codes(&found), [GuardCode::EditedTemplate]);
}

#[test]
fn an_unfilled_slot_blocks_in_every_spelling() {
    for token in ["[länk]", "[link]", "[رابط]", "{{link}}"] {
        let text = APPROVED.replace("a.se/lvu", token);
        assert!(
            of_template(&text, &Slots::new()).contains(&GuardCode::UnfilledSlot),
            "{token}"
        );
    }
    assert_eq!(of_template("  \n", &Slots::new()), [GuardCode::Empty]);
}

#[test]
fn what_is_typed_or_withdrawn_is_blocked_and_what_a_second_person_approved_is_not() {
    let text = "Tack för att du frågar om hur det går till när barn får stöd.";
    assert_eq!(codes(&check(&out(text, Source::Typed))), [GuardCode::UnapprovedText]);
    assert_eq!(
        codes(&check(&out(text, Source::Withdrawn))),
        [GuardCode::WithdrawnTemplate]
    );
    assert_eq!(codes(&check(&out(text, Source::Seconded))), []);
}

#[test]
fn an_identity_number_is_blocked_and_not_repeated() {
    let found = check(&out("Ditt nummer är 640823-3234 i vårt register.", Source::Seconded));
    assert_eq!(codes(&found), [GuardCode::IdentityNumber]);
    assert_eq!(found[0].word, "");
    assert!(found[0].range.is_some());
}

#[test]
fn length_is_counted_as_the_platform_counts() {
    let text = "å".repeat(151);
    let mut long = out(&text, Source::Seconded);
    long.limit = Limit::of(Platform::Tiktok);
    let found = check(&long);
    assert_eq!((found[0].code, found[0].n), (GuardCode::TooLong, 1));
}

#[test]
fn a_claim_word_asks_only_for_the_narrative_of_the_comment() {
    let mut denial = out("Socialtjänsten kidnappar inte barn.", Source::Seconded);
    assert_eq!(codes(&check(&denial)), []);
    denial.narratives = &[Narrative::SocialServicesKidnap];
    let found = check(&denial);
    assert_eq!(found[0].code, GuardCode::ClaimWord);
    assert!(found[0].word.contains("kidnapp"), "{}", found[0].word);
}

#[test]
fn another_language_asks() {
    let mut english = out(
        "A court decides, and the child has their own lawyer. Read more about how it works on our page.",
        Source::Seconded,
    );
    assert_eq!(codes(&check(&english)), [GuardCode::OtherLanguage]);
    english.variant = Variant::En;
    assert_eq!(codes(&check(&english)), []);
}

#[test]
fn the_thread_is_looked_at() {
    let mut reply = out("Tack för att du skriver till oss.", Source::Seconded);
    reply.same_in_thread = 2;
    assert_eq!(codes(&check(&reply)), []);
    reply.same_in_thread = 3;
    reply.thread_changed = true;
    assert_eq!(
        codes(&check(&reply)),
        [GuardCode::SameReplyThrice, GuardCode::ThreadChanged]
    );
}

#[test]
fn style_is_only_noted() {
    let shouted = check(&out("DET ÄR EN DOMSTOL SOM BESLUTAR OM LVU.", Source::Seconded));
    assert_eq!(codes(&shouted), [GuardCode::Capitals]);
    assert!(!holds_back(&shouted, &[]));
    let text = format!("{}slut.", "vi hjälper gärna dig som undrar ".repeat(6));
    let long = check(&out(&text, Source::Seconded));
    assert_eq!(codes(&long), [GuardCode::LongSentence]);
}

#[test]
fn a_confirmed_finding_no_longer_holds_back_but_a_block_does() {
    let confirm = [Finding::new(GuardCode::OtherLanguage)];
    assert!(holds_back(&confirm, &[]));
    assert!(!holds_back(&confirm, &[GuardCode::OtherLanguage]));
    let block = [Finding::new(GuardCode::Empty)];
    assert!(holds_back(&block, &[GuardCode::Empty]));
}

#[test]
fn every_shipped_text_passes_where_it_is_sent() {
    let pack = Pack::shipped().unwrap();
    let mut checked = 0;
    for template in &pack.templates {
        let slots = pack.slots_of(template);
        let narratives: Vec<Narrative> = template.answers.iter().filter_map(|key| key.parse().ok()).collect();
        for (variant, texts) in &template.variants {
            let filled = fill::defaults(&slots, *variant, Some("Fatima"));
            for platform in Platform::ALL {
                let limit = Limit::of(*platform);
                let long = fill::fill(&texts.long, &filled, *variant).unwrap();
                let text = if limit.over(&long) == 0 {
                    long
                } else {
                    fill::fill(&texts.short, &filled, *variant).unwrap()
                };
                let found = check(&Outgoing {
                    limit,
                    variant: *variant,
                    narratives: &narratives,
                    ..out(
                        &text,
                        Source::Approved {
                            variant: *variant,
                            text: &text,
                            slots: &slots,
                            filled: &filled,
                        },
                    )
                });
                assert!(
                    found.iter().all(|finding| finding.level == Level::Note),
                    "{} {variant} {platform} {found:?}",
                    template.key
                );
                checked += 1;
            }
        }
    }
    assert_eq!(checked, 49 * 3 * Platform::ALL.len());
}
