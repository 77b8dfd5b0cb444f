use super::*;

fn slices(text: &str) -> Vec<&str> {
    let runs = crate::tagging::identity::digit_runs(text);
    find(text, &runs).into_iter().map(|range| &text[range]).collect()
}

#[test]
fn phones_are_found_however_they_are_spaced() {
    for text in [
        "070-174 06 05",
        "0701740699",
        "+46 70 174 06 77",
        "+46701740677",
        "0046 70-174 06 77",
        "٠٧٠-١٧٤٠٦١٣",
        "۰۷۰-۱۷۴ ۰۶ ۵۸",
        "08-123 456 78",
        "070 174 06 50",
    ] {
        assert_eq!(slices(&format!("ring {text} snälla")), [text]);
    }
}

#[test]
fn public_numbers_law_numbers_and_dates_are_left_alone() {
    for text in [
        "112",
        "116 111",
        "90101",
        "020-50 50 50",
        "020-505050",
        "075-247 30 00",
        "+46 75 247 30 00",
        "1990:52",
        "2025:400",
        "01-02-2025",
        "2025-07-01",
        "0-5 år",
        "10 000 000 kr",
        "@soc_svar",
        "vi ses 08.30",
        "030229-8888",
        "010203-1234",
        "0102031234",
        "1177",
    ] {
        assert!(slices(text).is_empty(), "{text}: {:?}", slices(text));
    }
}

#[test]
fn mail_is_data_and_a_mention_is_not() {
    assert_eq!(
        slices("mejla svea.stenklyft@example.net. tack"),
        ["svea.stenklyft@example.net"]
    );
    assert!(slices("@anna tack! a@b @ @@ x@").is_empty());
}

#[test]
fn street_with_number_is_data_and_a_road_is_not() {
    assert_eq!(slices("hon bor på Plommonslingan 8 i Ekvallen"), ["Plommonslingan 8"]);
    assert_eq!(slices("Kvarnbäcksstigen 14b, lgh"), ["Kvarnbäcksstigen 14b"]);
    assert!(slices("på väg 5 mil, gatan 3, plan 2").is_empty());
}

#[test]
fn phones_are_found_in_links_abroad_and_behind_slashes() {
    for text in [
        "46701740605",
        "070/174 06 05",
        "+46 (0)70 174 06 05",
        "00963 933 123 456",
        "+964 770 123 4567",
        "٠٧٧٠ ١٢٣ ٤٥٦٧",
    ] {
        assert_eq!(slices(&format!("ring {text} snälla")), [text]);
    }
    assert_eq!(slices("https://wa.me/46701740605"), ["46701740605"]);
    for text in [
        "01/05/2025",
        "46 barn",
        "2022/0701740605",
        "https://example.org/0701740605",
    ] {
        assert!(slices(text).is_empty(), "{text}: {:?}", slices(text));
    }
}

#[test]
fn mail_with_its_signs_spelled_is_data() {
    for text in [
        "svea (at) example.net",
        "svea[at]example.net",
        "svea.ek snabel-a example punkt se",
        "svea@ example.com",
        "svea @example.com",
    ] {
        assert_eq!(slices(&format!("skriv till {text}, tack")), [text]);
    }
    for text in ["ses @ home. Nice", "jag (a) bor. se", "tack @anna. se här", "@ @ ."] {
        assert!(slices(text).is_empty(), "{text}: {:?}", slices(text));
    }
}

#[test]
fn streets_of_other_languages_are_data() {
    assert_eq!(slices("she lives at 12 Old Mill Road, go there"), ["12 Old Mill Road"]);
    assert_eq!(slices("يسكن في شارع الملك فيصل 12"), ["فيصل 12"]);
    for text in ["enligt handlingsplan 2025", "2 people down the road", "5 I said street"] {
        assert!(slices(text).is_empty(), "{text}: {:?}", slices(text));
    }
}

#[test]
fn case_numbers_need_their_word() {
    assert_eq!(slices("dnr 2022/SOC/4471, begär"), ["2022/SOC/4471"]);
    assert_eq!(slices("mitt målnummer 4119-25"), ["4119-25"]);
    assert!(slices("lag 4119-25").is_empty());
}
