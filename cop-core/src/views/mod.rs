//! Views: what the records amount to, put together for somebody who looks.
//!
//! Derived whenever they are asked for, and never stored. A view holds what the viewer may read, and nothing else
//! shows in it. Pure over what it reads; may import everything below `session`.

mod checklist;
mod drawing;
mod driver_diagram;
mod launch_checklist;
mod member_page;
mod session_archive;
mod sight;
mod value_matrix;

pub use checklist::ChecklistItem;
pub use driver_diagram::{DiagramMeasure, DiagramNode, DriverDiagram, IdeaTest};
pub use launch_checklist::{LaunchChecklist, OnboardingChecklist};
pub use member_page::{CycleOfMember, MemberPage, TeamOfMember};
pub use session_archive::{ArchiveConvening, ArchiveResource, ArchiveYear};
pub use value_matrix::{TeamValues, ValueCell, ValueFilter, ValueMatrix};

pub(crate) use driver_diagram::driver_diagram;
pub(crate) use launch_checklist::{launch_checklist, onboarding_checklist};
pub(crate) use member_page::member_page;
pub(crate) use session_archive::session_archive;
pub(crate) use sight::Sight;
pub(crate) use value_matrix::value_matrix;

fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}
