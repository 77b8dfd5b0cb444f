//! How much of an approved text somebody changed. Pure.

/// The share of the text that was changed: 0 for the same text but for spaces, 1 for another text.
///
/// Counts the characters to be put in, taken out or replaced, against the longer of the two texts.
#[must_use]
pub fn changed(approved: &str, written: &str) -> f64 {
    let (a, b) = (letters(approved), letters(written));
    let longest = a.len().max(b.len());
    if longest == 0 {
        return 0.0;
    }
    // Texts of such different lengths are other texts; and the work is bounded.
    if a.len().min(b.len()) * 3 < longest || longest > 12_000 {
        return 1.0;
    }
    share(distance(&a, &b), longest)
}

#[expect(clippy::cast_precision_loss, reason = "texts have thousands of characters")]
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

fn letters(text: &str) -> Vec<char> {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().collect()
}

/// Levenshtein's distance, one row at a time.
fn distance(a: &[char], b: &[char]) -> usize {
    let same_start = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (
        a.get(same_start..).unwrap_or_default(),
        b.get(same_start..).unwrap_or_default(),
    );
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (index, left) in a.iter().enumerate() {
        let mut diagonal = index;
        let mut last = index + 1;
        let mut next = Vec::with_capacity(row.len());
        next.push(last);
        for (right, above) in b.iter().zip(row.iter().skip(1)) {
            let replaced = diagonal + usize::from(left != right);
            last = replaced.min(above + 1).min(last + 1);
            diagonal = *above;
            next.push(last);
        }
        row = next;
    }
    row.last().copied().unwrap_or(a.len())
}

#[cfg(test)]
mod tests {
    use super::changed;

    #[test]
    fn the_share_is_that_of_the_changed_characters() {
        let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert!(near(changed("Hej på dig", "Hej  på\ndig "), 0.0));
        assert!(near(changed("abcdefghij", "abcdefghiX"), 0.1));
        assert!(near(changed("abcdefghij", "Xabcdefghij"), 1.0 / 11.0));
        assert!(near(changed("abcdefghij", "defghij"), 0.3));
        assert!(near(changed("kitten", "sitting"), 3.0 / 7.0));
        assert!(near(changed("", ""), 0.0));
        assert!(near(changed("kort", "en helt annan och mycket längre text"), 1.0));
    }
}
