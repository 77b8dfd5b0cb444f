//! A text as a few bytes that tell how much of it two texts share.
//!
//! MinHash (Broder, "On the resemblance and containment of documents", 1997): the share of equal bytes of two sketches
//! estimates the Jaccard similarity of their shingles, here runs of three skeleton classes. One byte of each minimum is
//! kept (Li and König, "b-bit minwise hashing", WWW 2010). Pure.

use super::skeleton::Skeleton;

/// Bytes of a sketch.
pub const BYTES: usize = 64;
/// Classes in a shingle.
pub const SHINGLE: usize = 3;
/// Fewest different shingles that tell one story from another; shorter texts are said by everybody.
pub const FEWEST: usize = 12;

/// What is kept of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sketch {
    /// One byte of each minimum.
    pub bytes: [u8; BYTES],
}

const KEYS: [(u32, u32); BYTES] = keys();

const fn mix(seed: u64) -> u64 {
    let mut x = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

fn shingle(run: &[u32]) -> u32 {
    let of = run.iter().fold(0_u64, |of, &class| {
        of.wrapping_mul(0x0001_0000_01B3).wrapping_add(u64::from(class))
    });
    (mix(of) >> 32) as u32
}

const fn keys() -> [(u32, u32); BYTES] {
    let mut keys = [(0, 0); BYTES];
    let mut i = 0;
    while i < BYTES {
        let x = mix(i as u64 + 1);
        keys[i] = ((x & 0xFFFF_FFFF) as u32 | 1, (x >> 32) as u32);
        i += 1;
    }
    keys
}

impl Sketch {
    /// The sketch of a text, if it says enough to be told again.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let sounds = Skeleton::of(text).sounds;
        let mut shingles: Vec<u32> = sounds.windows(SHINGLE).map(shingle).collect();
        shingles.sort_unstable();
        shingles.dedup();
        if shingles.len() < FEWEST {
            return None;
        }
        let mut least = [u32::MAX; BYTES];
        for shingle in &shingles {
            for (least, (a, b)) in least.iter_mut().zip(KEYS) {
                let x = shingle.wrapping_add(b).wrapping_mul(a);
                *least = (*least).min(x ^ (x >> 15));
            }
        }
        Some(Self {
            bytes: least.map(|least| (mix(u64::from(least)) >> 56) as u8),
        })
    }

    /// How many of 64 bytes are the same: the share of common shingles in 64ths, with a standard error of 4 about the
    /// middle. Bytes that agree by chance add a quarter to it.
    #[must_use]
    pub fn alike(&self, other: &Self) -> usize {
        self.bytes.iter().zip(&other.bytes).filter(|(a, b)| a == b).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alike(one: &str, other: &str) -> usize {
        Sketch::of(one).unwrap().alike(&Sketch::of(other).unwrap())
    }

    #[test]
    fn the_same_sentence_is_known_across_scripts_stretching_and_marks() {
        let said = "السوسيال خطفوا أولاد جارتنا من المدرسة بمالمو لأن المعلمة كتبت تقرير";
        assert_eq!(
            alike(
                said,
                "السوسياااال خَطَفُوا أولاد جارتنـــا من المدرسه بمالمو!!! لان المعلمة كتبت تقرير 😡😡"
            ),
            64
        );
        let arabizi = "el sosyal 5atafo awlad jaretna men el madrase b malmo la2n el mo3alme katabat ta2reer";
        assert!(alike(said, arabizi) > 34, "{}", alike(said, arabizi));
        let swedish = "Socialtjänsten hämtade grannens tvillingar från förskolan för att kylen var tom";
        assert!(
            alike(
                swedish,
                "@anna SOCIALTJANSTEN HÄMTADEEEE grannens tvillinger fran förskolan, för att kylen var tom"
            ) > 44
        );
    }

    #[test]
    fn another_sentence_with_the_same_words_is_another() {
        let one = "Socialtjänsten hämtade grannens tvillingar från förskolan för att kylen var tom";
        let other = "Hur överklagar man om socialtjänsten fattat beslut utan att någon var i förskolan?";
        assert!(alike(one, other) < 24, "{}", alike(one, other));
    }

    #[test]
    fn what_everybody_says_has_no_sketch() {
        for short in [
            "",
            "Ja!",
            "الله أكبر",
            "fakta tack",
            "🔥🔥🔥",
            "haaaaaaaaaaaaaaaaaaaahahahahaha",
            "@a @b @c @d @e @f @g @h @i",
        ] {
            assert_eq!(Sketch::of(short), None, "{short}");
        }
    }

    #[test]
    fn hostile_texts_are_read_in_bounded_time() {
        let marks = "\u{0301}".repeat(500_000);
        let one = "x".repeat(1_000_000);
        let every: String = (0..0x11_0000).filter_map(char::from_u32).collect();
        for text in [
            marks.as_str(),
            &one,
            &every,
            "\u{202E}\u{200B}\u{FEFF}",
            &"🧑‍🚀".repeat(40_000),
        ] {
            let _ = Sketch::of(text);
        }
    }
}
