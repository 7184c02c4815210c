//! Academic standards as the 1EdTech CASE specification has them: framework, standard, association.
//!
//! Fields that this library has no use for are kept as they came, so that an export loses nothing.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::id::{AssociationId, FrameworkId, StandardId};
use crate::model::record::{json_columns, record, vocabulary};

/// The rest of a CASE object, as it came.
pub type Extra = serde_json::Map<String, serde_json::Value>;

record! {
    /// A set of standards (CASE CFDocument).
    Framework(FrameworkId) {
        /// Its GUID as the publisher writes it.
        identifier: String = Immutable,
        /// Its title.
        title: String = Register,
        /// Who made it.
        creator: String = Register,
        /// Its version, where it says one.
        version: Option<String> = Register,
        /// Its language, as it says.
        language: Option<String> = Register,
        /// Everything else it came with.
        extra: Extra = Register,
    }
}

record! {
    /// One item of a framework (CASE CFItem).
    Standard(StandardId) {
        /// Its framework.
        framework: FrameworkId = Immutable,
        /// Its GUID as the publisher writes it.
        identifier: String = Immutable,
        /// Its code as the publisher writes it (`humanCodingScheme`).
        code: Option<String> = Register,
        /// The code's normal form, which any spelling of it finds; see [`StandardCode`](crate::StandardCode).
        code_key: Option<String> = Derived,
        /// The full statement.
        statement: String = Register,
        /// What it is in its framework: grade, domain, cluster, standard, practice, …
        kind: Option<String> = Register,
        /// The grades it is meant for, as it came.
        education_levels: BTreeSet<String> = Set,
        /// The standard above it, by its `isChildOf` association inside the package.
        parent: Option<StandardId> = Register,
        /// Its place among its siblings.
        position: Option<i64> = Register,
        /// Everything else it came with.
        extra: Extra = Register,
    }
}

vocabulary! {
    /// How two standards are related.
    AssociationKind {
        /// The origin is below the destination.
        IsChildOf = "isChildOf",
        /// They are on a level.
        IsPeerOf = "isPeerOf",
        /// The origin is part of the destination.
        IsPartOf = "isPartOf",
        /// They say the same.
        ExactMatchOf = "exactMatchOf",
        /// The origin is learned before the destination.
        Precedes = "precedes",
        /// They have to do with each other.
        IsRelatedTo = "isRelatedTo",
        /// The destination replaces the origin.
        ReplacedBy = "replacedBy",
        /// The destination is an example of the origin.
        Exemplar = "exemplar",
        /// The destination is the skill level of the origin.
        HasSkillLevel = "hasSkillLevel",
        /// They say the same in different languages (CASE 1.1).
        IsTranslationOf = "isTranslationOf",
    }
}

/// One end of an association; it may lie outside every known framework.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeRef {
    /// Its GUID as written.
    pub identifier: String,
    /// Its address.
    #[serde(default)]
    pub uri: String,
    /// Its title.
    #[serde(default)]
    pub title: String,
}
json_columns!(NodeRef);

record! {
    /// A directed tie between two standards (CASE CFAssociation).
    Association(AssociationId) {
        /// The framework whose package it came with.
        framework: FrameworkId = Immutable,
        /// Its GUID as the publisher writes it.
        identifier: String = Immutable,
        /// What it says.
        kind: AssociationKind = Register,
        /// Where it starts; the child, for `isChildOf`.
        origin: NodeRef = Register,
        /// Where it ends.
        destination: NodeRef = Register,
        /// Its place in the order (`sequenceNumber`).
        sequence: Option<i64> = Register,
        /// Everything else it came with.
        extra: Extra = Register,
    }
}
