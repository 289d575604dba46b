//! Bytes that nobody can guess: of keys, of the names of sessions. They come from the system, or from a test.

use crate::failure::Failure;
use ring::rand::SecureRandom;
use std::{fmt, sync::Arc};

/// As many as a key of HMAC-SHA-256 has.
pub const BYTES: usize = 32;

/// Where such bytes come from.
#[derive(Clone)]
pub struct Chance(Arc<dyn Fn() -> Option<[u8; BYTES]> + Send + Sync>);

impl fmt::Debug for Chance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Chance")
    }
}

impl Chance {
    /// The system's.
    #[must_use]
    pub fn system() -> Self {
        Self::of(|| {
            let mut bytes = [0; BYTES];
            ring::rand::SystemRandom::new().fill(&mut bytes).ok().map(|()| bytes)
        })
    }

    /// A test's.
    #[must_use]
    pub fn of(chance: impl Fn() -> Option<[u8; BYTES]> + Send + Sync + 'static) -> Self {
        Self(Arc::new(chance))
    }

    /// The next ones.
    pub fn bytes(&self) -> Result<[u8; BYTES], Failure> {
        (self.0)().ok_or_else(|| Failure::Transient("the system gives no random bytes".into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_chance_gives_other_bytes_each_time() {
        let chance = Chance::system();
        assert_ne!(chance.bytes().unwrap(), chance.bytes().unwrap());
    }
}
