//! Academic standards, as the 1EdTech CASE specification has them.

use crate::value::{AssociationId, Extra, FrameworkId, MemberId, StandardId, Timestamp, conversion, records};

records! {
    /// One end of an association; it may lie outside every known framework.
    NodeRef like cop_core::NodeRef {
        /// Its GUID as written.
        identifier: String,
        /// Its address.
        #[uniffi(default = "")]
        uri: String,
        /// Its title.
        #[uniffi(default = "")]
        title: String,
    }

    /// A set of standards (CASE CFDocument).
    Framework from cop_core::Framework {
        /// Its id.
        id: FrameworkId,
        /// Who made it; nobody for the system itself.
        created_by: Option<MemberId>,
        /// When it was made.
        created_at: Timestamp,
        /// When it last changed.
        revised_at: Timestamp,
        /// The position of its last change in the change log.
        revision: i64,
        /// Its GUID as the publisher writes it.
        identifier: String,
        /// Its title.
        title: String,
        /// Who made it.
        creator: String,
        /// Its version, where it says one.
        version: Option<String>,
        /// Its language, as it says.
        language: Option<String>,
        /// Everything else it came with.
        extra: Extra,
    }

    /// One item of a framework (CASE CFItem).
    Standard from cop_core::Standard {
        /// Its id.
        id: StandardId,
        /// Who made it; nobody for the system itself.
        created_by: Option<MemberId>,
        /// When it was made.
        created_at: Timestamp,
        /// When it last changed.
        revised_at: Timestamp,
        /// The position of its last change in the change log.
        revision: i64,
        /// Its framework.
        framework: FrameworkId,
        /// Its GUID as the publisher writes it.
        identifier: String,
        /// Its code as the publisher writes it (`humanCodingScheme`).
        code: Option<String>,
        /// The code's normal form, which any spelling of it finds; see `StandardCode`.
        code_key: Option<String>,
        /// The full statement.
        statement: String,
        /// What it is in its framework: grade, domain, cluster, standard, practice, …
        kind: Option<String>,
        /// The grades it is meant for, as it came.
        education_levels: Vec<String>,
        /// The standard above it, by its `isChildOf` association inside the package.
        parent: Option<StandardId>,
        /// Its place among its siblings.
        position: Option<i64>,
        /// Everything else it came with.
        extra: Extra,
    }

    /// A directed tie between two standards (CASE CFAssociation).
    Association from cop_core::Association {
        /// Its id.
        id: AssociationId,
        /// Who made it; nobody for the system itself.
        created_by: Option<MemberId>,
        /// When it was made.
        created_at: Timestamp,
        /// When it last changed.
        revised_at: Timestamp,
        /// The position of its last change in the change log.
        revision: i64,
        /// The framework whose package it came with.
        framework: FrameworkId,
        /// Its GUID as the publisher writes it.
        identifier: String,
        /// What it says.
        kind: String,
        /// Where it starts; the child, for `isChildOf`.
        origin: NodeRef,
        /// Where it ends.
        destination: NodeRef,
        /// Its place in the order (`sequenceNumber`).
        sequence: Option<i64>,
        /// Everything else it came with.
        extra: Extra,
    }
}
