//! The Kotlin and Swift face of `cop`: typed records, two objects, one family of exceptions.
//!
//! No behaviour lives here: a call is converted, handed to [`cop_core`], and its answer converted back.
//! The records are declared once more, because their doc comments become KDoc and Swift documentation and
//! because a field that the core gains must not go missing silently: every conversion names every field, so
//! that it does not compile until the field is here as well.
uniffi::setup_scaffolding!("cop");

mod community;
mod error;
mod input;
mod json;
mod record;
mod session;
mod value;

pub use community::Community;
pub use error::{CopError, FieldProblem, Problem};
pub use input::*;
pub use record::*;
pub use session::Session;
pub use value::*;

/// The version of the native library.
#[uniffi::export]
pub fn library_version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
