//! Numbers drawn from a seed that is printed, so that a failure can be had again.

/// A source of numbers (splitmix64).
pub struct Random(u64);

impl Random {
    /// From the seed in this variable of the environment, or from the machine.
    pub fn seeded(variable: &str) -> Self {
        let given = std::env::var(variable).ok().and_then(|seed| seed.parse().ok());
        let seed = given.unwrap_or_else(|| u64::from(std::process::id()) ^ machine());
        println!("{variable}={seed}");
        Self(seed)
    }

    /// From the seed in this variable of the environment, or from this one.
    pub fn seeded_or(variable: &str, usual: u64) -> Self {
        let given = std::env::var(variable).ok().and_then(|seed| seed.parse().ok());
        let seed = given.unwrap_or(usual);
        println!("{variable}={seed}");
        Self(seed)
    }

    /// One of its own for somebody else, drawn from this one.
    pub fn another(&mut self) -> Self {
        Self(self.below(u64::MAX))
    }

    /// The next number below a limit.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut number = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (number ^ (number >> 31)) % limit
    }
}

fn machine() -> u64 {
    let digest = klarsvar::person::secret::make().expect("randomness");
    digest
        .bytes()
        .fold(7, |all, byte| all.wrapping_mul(31).wrapping_add(u64::from(byte)))
}
