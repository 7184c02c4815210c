//! The Kotlin and Swift face of `cop`: typed records, two objects, one family of exceptions.
//!
//! No behaviour lives here: a call is converted, handed to [`cop_core`], and its answer converted back.
//! The records are declared once more, because their doc comments become KDoc and Swift documentation and
//! because a field that the core gains must not go missing silently: every conversion names every field, so
//! that it does not compile until the field is here as well.
uniffi::setup_scaffolding!("cop");

mod community;
mod error;
mod filter;
mod input;
mod json;
mod open;
mod record;
mod rows;
mod session;
#[cfg(test)]
mod surface;
mod value;
mod view;
mod vocabulary;
mod watch;

pub use community::Community;
pub use error::{CopError, FieldProblem, Problem};
pub use filter::*;
pub use input::*;
pub use record::*;
pub use rows::Rows;
pub use session::Session;
pub use value::*;
pub use view::*;
pub use vocabulary::*;
pub use watch::{Watch, Watcher};

/// The version of the native library.
#[uniffi::export]
pub fn library_version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
