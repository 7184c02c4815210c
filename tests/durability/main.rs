//! What a file survives: power cuts at any moment, and a disk that refuses any one write.
//!
//! SQLite writes through a shim here, so these tests have a process of their own.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod disk;
mod faults;
mod power;
mod second_copy;
mod shim;
