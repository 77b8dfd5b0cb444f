//! Tries to sign in that no account can count: those for addresses nobody has, and all those of one source.
//!
//! An address nobody has is locked exactly as one somebody has, so that locking tells nobody who works here. Both maps
//! are bounded; an attack that fills them forgets the oldest tries and still meets the limit of its source.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// Most addresses and most sources remembered.
const REMEMBERED: usize = 10_000;
/// The window in which tries of one source are counted, in milliseconds.
const WINDOW_MS: i64 = 10 * 60_000;

#[derive(Debug, Clone, Copy)]
struct Tries {
    count: u32,
    /// Since when (sources), or when last (addresses).
    at: i64,
    locked_until: i64,
}

/// Tries, by address and by source.
#[derive(Debug, Default)]
pub struct Door {
    addresses: Mutex<HashMap<String, Tries>>,
    sources: Mutex<HashMap<IpAddr, Tries>>,
}

impl Door {
    /// Counts a try of a source; seconds to wait if it has had too many.
    ///
    /// # Errors
    /// Seconds until the source may try again.
    pub fn knock(&self, source: IpAddr, now: i64, most: u32) -> Result<(), i64> {
        let mut sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        let tries = room(&mut sources, network(source), now);
        if now - tries.at >= WINDOW_MS {
            *tries = Tries {
                count: 0,
                at: now,
                locked_until: 0,
            };
        }
        if tries.count >= most {
            return Err(seconds(tries.at + WINDOW_MS - now));
        }
        tries.count += 1;
        Ok(())
    }

    /// Seconds an address nobody has is still locked.
    #[must_use]
    pub fn locked(&self, digest: &str, now: i64) -> Option<i64> {
        let addresses = self.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        let until = addresses.get(digest)?.locked_until;
        (until > now).then(|| seconds(until - now))
    }

    /// Counts a refusal of an address nobody has; seconds it is locked if this was one too many.
    #[must_use]
    pub fn refuse(&self, digest: &str, now: i64, tries: u32, locked_min: u32) -> Option<i64> {
        let mut addresses = self.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        let known = room(&mut addresses, digest.to_owned(), now);
        known.count += 1;
        known.at = now;
        if known.count < tries {
            return None;
        }
        known.count = 0;
        known.locked_until = now + i64::from(locked_min) * 60_000;
        Some(i64::from(locked_min) * 60)
    }
}

/// Started seconds, at least one.
const fn seconds(ms: i64) -> i64 {
    ms.div_euclid(1000) + 1
}

/// A household or server has a whole /64 of IPv6 addresses to try from.
fn network(source: IpAddr) -> IpAddr {
    match source.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        IpAddr::V4(address) => IpAddr::V4(address),
    }
}

fn room<K: Hash + Eq + Clone>(map: &mut HashMap<K, Tries>, key: K, now: i64) -> &mut Tries {
    if map.len() >= REMEMBERED && !map.contains_key(&key) {
        // A tenth goes at once, so that a flood does not search the map for every try.
        let mut ages: Vec<i64> = map.values().map(|tries| tries.at).collect();
        let (_, oldest, _) = ages.select_nth_unstable(REMEMBERED / 10);
        let oldest = *oldest;
        map.retain(|_, tries| tries.at > oldest);
    }
    map.entry(key).or_insert(Tries {
        count: 0,
        at: now,
        locked_until: 0,
    })
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::{Door, REMEMBERED, WINDOW_MS};

    #[test]
    fn an_unknown_address_is_locked_after_as_many_tries_and_opens_again() {
        let door = Door::default();
        for _ in 0..4 {
            assert_eq!(door.refuse("a", 0, 5, 15), None);
        }
        assert_eq!(door.refuse("a", 0, 5, 15), Some(900));
        assert_eq!(door.locked("a", 1_000), Some(900));
        assert_eq!(door.locked("a", 900_000), None);
        assert_eq!(door.locked("b", 1_000), None);
        assert_eq!(door.refuse("a", 900_000, 5, 15), None);
    }

    #[test]
    fn a_source_has_so_many_tries_in_a_window() {
        let door = Door::default();
        let source = IpAddr::from([192, 0, 2, 1]);
        for _ in 0..3 {
            assert_eq!(door.knock(source, 0, 3), Ok(()));
        }
        assert_eq!(door.knock(source, 1_000, 3), Err(600));
        assert_eq!(door.knock(IpAddr::from([192, 0, 2, 2]), 1_000, 3), Ok(()));
        assert_eq!(door.knock(source, WINDOW_MS, 3), Ok(()));
    }

    #[test]
    fn neighbours_in_one_ipv6_network_are_one_source() {
        let door = Door::default();
        let address = |text: &str| text.parse::<IpAddr>().expect("an address");
        assert_eq!(door.knock(address("2001:db8:1:2::1"), 0, 1), Ok(()));
        assert!(door.knock(address("2001:db8:1:2:ffff::9"), 0, 1).is_err());
        assert_eq!(door.knock(address("2001:db8:1:3::1"), 0, 1), Ok(()));
        assert_eq!(door.knock(address("192.0.2.1"), 0, 1), Ok(()));
        assert!(door.knock(address("::ffff:192.0.2.1"), 0, 1).is_err());
    }

    #[test]
    fn a_flood_of_addresses_and_sources_stays_bounded() {
        let door = Door::default();
        for number in 0..25_000_u32 {
            let _ = door.refuse(&number.to_string(), number.into(), 5, 15);
            let _ = door.knock(IpAddr::V4(Ipv4Addr::from(number)), number.into(), 5);
        }
        assert!(door.addresses.lock().expect("the map").len() <= REMEMBERED);
        assert!(door.sources.lock().expect("the map").len() <= REMEMBERED);
    }
}
