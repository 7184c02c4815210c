//! The domain of a Community of Practice, rule by rule and as a story.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod attendance;
mod community;
mod convenings;
mod cycles;
mod davis;
mod findings;
mod frameworks;
mod goals;
mod joining;
mod measures;
mod mentorships;
mod notes;
mod observations;
mod participation;
mod persons;
mod reviews;
mod scenario;
mod seats;
mod stories;
mod teams;
mod time_zones;
mod undo;
mod views;
mod walk_ins;
mod world;
