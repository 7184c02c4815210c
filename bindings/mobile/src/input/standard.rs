//! Standards to be recorded.

use crate::record::NodeRef;
use crate::value::{Extra, FrameworkId, conversion, records};

records! {
    /// A framework as its publisher has it.
    NewFramework into cop_core::NewFramework {
        /// Its GUID; the id is made from it.
        identifier: String,
        /// Its title.
        title: String,
        /// Who made it.
        #[uniffi(default = "")]
        creator: String,
        /// Its version.
        #[uniffi(default = None)]
        version: Option<String>,
        /// Its language.
        #[uniffi(default = None)]
        language: Option<String>,
        /// Everything else.
        #[uniffi(default = None)]
        extra: Option<Extra>,
    }

    /// A standard as its publisher has it.
    NewStandard into cop_core::NewStandard {
        /// Its framework.
        framework: FrameworkId,
        /// Its GUID; the id is made from it.
        identifier: String,
        /// Its full statement.
        statement: String,
        /// Its code.
        #[uniffi(default = None)]
        code: Option<String>,
        /// What it is in its framework.
        #[uniffi(default = None)]
        kind: Option<String>,
        /// The grades it is meant for.
        #[uniffi(default = [])]
        education_levels: Vec<String>,
        /// The GUID of the standard above it, in the same framework.
        #[uniffi(default = None)]
        parent: Option<String>,
        /// Its place among its siblings.
        #[uniffi(default = None)]
        position: Option<i64>,
        /// Everything else.
        #[uniffi(default = None)]
        extra: Option<Extra>,
    }

    /// An association as its publisher has it.
    NewAssociation into cop_core::NewAssociation {
        /// The framework whose package it comes with.
        framework: FrameworkId,
        /// Its GUID; the id is made from it.
        identifier: String,
        /// What it says, such as `isChildOf` or `precedes`.
        kind: String,
        /// Where it starts.
        origin: NodeRef,
        /// Where it ends; may lie outside every framework of the community.
        destination: NodeRef,
        /// Its place in the order.
        #[uniffi(default = None)]
        sequence: Option<i64>,
        /// Everything else.
        #[uniffi(default = None)]
        extra: Option<Extra>,
    }
}
