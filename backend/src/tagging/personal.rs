//! Phones, mail, street addresses and case numbers in a comment (codebook 6.4). Identity numbers: [`super::identity`].
//! Keeps nothing of what it finds but the place.

mod mail;
mod phone;
mod street;

use std::ops::Range;

use super::identity::DigitRun;

/// Words that come right before a case number.
const CASES: [&str; 20] = [
    "målnummer",
    "mål nr",
    "målnr",
    "diarienummer",
    "dnr",
    "ärendenummer",
    "ärendenr",
    "case number",
    "ärende ",
    "mål ",
    "matter is ",
    "case no",
    "رقم القضية",
    "رقم قضية",
    "رقم قضيت",
    "رقم ملف",
    "file number",
    "رقم الملف",
    "رقم القرار",
    "رقم الحالة",
];

/// Places of personal data other than identity numbers, in bytes, unordered; `runs` are the runs of digits of `text`.
pub(super) fn find(text: &str, runs: &[DigitRun]) -> Vec<Range<usize>> {
    let mut found = mail::mails(text);
    mail::spelled_mails(text, &mut found);
    if !runs.is_empty() {
        phone::phones(text, runs, &mut found);
        street::streets(text, &mut found);
        cases(text, runs, &mut found);
    }
    found
}

/// The words of `text` with their places.
pub(super) fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split(char::is_whitespace)
        .scan(0, |at, word| {
            let start = text[*at..].find(word).map_or(*at, |gap| *at + gap);
            *at = start + word.len();
            Some((start, word))
        })
        .filter(|(_, word)| !word.is_empty())
}

fn cases(text: &str, runs: &[DigitRun], found: &mut Vec<Range<usize>>) {
    let lower = text.to_lowercase();
    if lower.len() != text.len() {
        // Places would not agree; the few such texts are left to a person.
        return;
    }
    for word in CASES {
        for (at, _) in lower.match_indices(word) {
            let from = at + word.len();
            // Where the word says that a number follows, a court may be named between.
            let most = if word.ends_with(' ') { 24 } else { 40 };
            let Some(first) = runs.iter().position(|run| run.start >= from).filter(|&first| {
                text.get(from..runs[first].start)
                    .is_some_and(|gap| gap.chars().take(most + 1).count() <= most)
            }) else {
                continue;
            };
            let mut end = runs[first].end;
            let mut count = runs[first].digits.len();
            for pair in runs[first..].windows(2) {
                let near = text
                    .get(pair[0].end..pair[1].start)
                    .is_some_and(|gap| gap.len() <= 5 && !gap.contains(' '));
                if !near {
                    break;
                }
                end = pair[1].end;
                count += pair[1].digits.len();
            }
            // Without the word for a number, only what is built like one.
            let built = text[runs[first].start..end].contains('-') && count >= 5;
            if count >= 4 && (built || !word.ends_with(' ')) {
                found.push(runs[first].start..end);
            }
        }
    }
}

#[cfg(test)]
mod tests {
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
}
