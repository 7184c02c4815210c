//! Time: the injected clock, and the hybrid logical clock that stamps every change.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The only source of the current time.
pub trait Clock: Send + Sync {
    /// The current time.
    fn now(&self) -> DateTime<Utc>;
}

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> DateTime<Utc> {
        (**self).now()
    }
}

/// The computer's clock.
#[derive(Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// A clock that stands still until it is set; for tests, examples and conformance vectors. Share it in an `Arc`.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock that shows `now`.
    pub fn new(now: DateTime<Utc>) -> Self {
        Self(AtomicI64::new(now.timestamp_millis()))
    }

    /// Sets the clock, forwards or backwards.
    pub fn set(&self, now: DateTime<Utc>) {
        self.0.store(now.timestamp_millis(), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0.load(Ordering::SeqCst)).unwrap_or_default()
    }
}

/// A hybrid logical stamp: 48 bits of milliseconds since 1970 and a 16-bit counter.
///
/// Stamps of one store only grow, even when the computer's clock steps back, and stay close to
/// real time. They order changes; nothing else does (Kulkarni et al. 2014, hybrid logical clocks).
///
/// ```
/// use cop_core::Stamp;
/// let first = Stamp::default().tick(1_600_000_000_000);
/// let second = first.tick(1_500_000_000_000); // the clock stepped back
/// assert!(second > first);
/// assert_eq!(second.at().timestamp_millis(), 1_600_000_000_000);
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Stamp(i64);

impl Stamp {
    /// The stamp with these bits, as the store keeps it.
    pub const fn from_bits(bits: i64) -> Self {
        Self(bits)
    }

    /// The bits, as the store keeps them.
    pub const fn bits(self) -> i64 {
        self.0
    }

    /// The next stamp at `now_ms`, in milliseconds since 1970: never before, nor equal to, this one.
    #[must_use]
    pub fn tick(self, now_ms: i64) -> Self {
        let now = now_ms.clamp(0, (1 << 47) - 1) << 16;
        Self(now.max(self.0.saturating_add(1)))
    }

    /// The time this stamp stands for, to the millisecond.
    pub fn at(self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0 >> 16).unwrap_or_default()
    }
}

impl fmt::Debug for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+{}", self.at().format("%Y-%m-%dT%H:%M:%S%.3fZ"), self.0 & 0xffff)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_only_grow() {
        let mut last = Stamp::default();
        for now in [5, 5, 3, 9, -1, i64::MAX, 9] {
            let next = last.tick(now);
            assert!(next > last, "{next:?} after {last:?}");
            last = next;
        }
    }
}
