//! What the tests of the workspace share: an oracle that is too simple to be wrong in the same way as the store.
//!
//! - [`model`]: a community kept in a map, with the change log as a list;
//! - [`access`]: who sees what, written from the decision table, without tokens;
//! - [`histories`]: random people doing random things, the same for the same seed;
//! - [`postgres`]: servers of our own, and of the process that starts them;
//! - [`random`]: where the randomness comes from;
//! - [`shared`]: the real data, where it is at hand.

pub mod access;
pub mod histories;
pub mod model;
#[cfg(unix)]
pub mod postgres;
pub mod random;
pub mod shared;

/// The example in the README is a program that runs.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
