//! Participation: how long members were there, and how much they take part.
//!
//! Derived from the records whenever it is asked for, and never stored; the community's own rules are printed with
//! every result. Pure over what it reads; may import everything below `session`.

mod calendar;
mod evidence;
mod hours;
mod levels;
#[cfg(all(test, feature = "sqlite"))]
mod scenario;
mod standing;
mod trail;

pub use hours::{HoursOfConvening, HoursOfSession, HoursStatement};
pub use levels::{Contributions, Leadership, Participation, ParticipationLevel, ParticipationNumbers};

pub(crate) use calendar::{Calendar, day_of};
pub(crate) use hours::hours_of;
pub(crate) use levels::{levels_of_all, levels_of_person};
