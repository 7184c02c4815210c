//! Resources: whatever the community shares.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::id::{ConveningId, CycleId, MemberId, ResourceId, StandardId, TeamId};
use crate::model::organization::ExternalId;
use crate::model::record::{closed, json_columns, record, vocabulary};
use crate::model::values::{Grade, Language, Licence, SchoolYear, WebUrl};
use crate::model::visibility::{Grantee, Visibility};

vocabulary! {
    /// What a resource is.
    ResourceKind {
        /// A tool.
        Tool = "tool",
        /// A task for students.
        Task = "task",
        /// A rubric.
        Rubric = "rubric",
        /// A case study.
        CaseStudy = "case_study",
        /// A video.
        Video = "video",
        /// Slides.
        Slides = "slides",
        /// A handout.
        Handout = "handout",
        /// An article.
        Article = "article",
        /// A book or a part of one.
        Book = "book",
        /// A set of tools.
        Toolkit = "toolkit",
        /// A protocol for working together.
        Protocol = "protocol",
        /// A lesson plan.
        LessonPlan = "lesson_plan",
        /// A framework.
        Framework = "framework",
        /// News about law or policy.
        PolicyUpdate = "policy_update",
        /// News from research.
        ResearchUpdate = "research_update",
        /// Minutes.
        Minutes = "minutes",
        /// Data.
        Dataset = "dataset",
        /// A website.
        Website = "website",
    }
}

closed! {
    /// Where a resource stands.
    ResourceState {
        /// Its owner, the team's leads and the facilitators work on it.
        Draft = "draft",
        /// It is being reviewed.
        InReview = "in_review",
        /// Its visibility's audience has it.
        Published = "published",
        /// It is kept, but no longer recommended.
        Retired = "retired",
    }
}

closed! {
    /// What a resource does with a standard.
    AlignmentKind {
        /// Teaches it.
        Teaches = "teaches",
        /// Assesses it.
        Assesses = "assesses",
        /// Builds on it.
        Requires = "requires",
    }
}

/// A resource's tie to a standard.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Alignment {
    /// The standard's code, as the author wrote it.
    pub code: String,
    /// The standard, where the community has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standard: Option<StandardId>,
    /// What the resource does with it.
    pub kind: AlignmentKind,
}

/// Somebody who made a resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Creator {
    /// The member, where they are one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
    /// The name to show.
    pub name: String,
}

/// Where a resource, or a part of it, is found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Link {
    /// The address.
    pub url: WebUrl,
    /// What is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// A file that belongs to a resource. The host keeps the bytes; the record says which they are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FileRef {
    /// The SHA-256 of its bytes: 64 hexadecimal digits, in lower case.
    pub sha256: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// Its media type, such as `application/pdf`.
    pub media_type: String,
    /// What it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

closed! {
    /// What a reviewer finds.
    Verdict {
        /// It is fit for its audience.
        Approved = "approved",
        /// Something has to change first.
        ChangesRequested = "changes_requested",
    }
}

/// What a reviewer found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Review {
    /// The how-manieth review, from 1: the last one counts.
    pub number: u32,
    /// When.
    pub at: DateTime<Utc>,
    /// Who; nobody for the host itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<MemberId>,
    /// What they found.
    pub verdict: Verdict,
    /// In words.
    pub comment: String,
}

/// A resource's place in a larger one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartOf {
    /// The larger resource.
    pub resource: ResourceId,
    /// The place among the parts, from 1.
    pub position: u32,
}
json_columns!(PartOf);

record! {
    /// Anything shared: a task, a tool, a rubric, a case study, a video, slides, …
    Resource(ResourceId) {
        /// What it is.
        kind: ResourceKind = Register,
        /// Its title, 1 to 300 characters.
        title: String = Register,
        /// What it is about, in a few sentences.
        description: String = Register,
        /// Its text, for reading and searching; at most 200,000 characters.
        body: String = Register,
        /// Who made it.
        creators: BTreeSet<Creator> = Set,
        /// Where it is found.
        links: BTreeSet<Link> = Set,
        /// Its language.
        language: Language = Register,
        /// The grades it is for.
        grades: BTreeSet<Grade> = Set,
        /// Its subjects.
        subjects: BTreeSet<String> = Set,
        /// The standards it teaches, assesses or requires.
        alignments: BTreeSet<Alignment> = Set,
        /// Free keywords.
        tags: BTreeSet<String> = Set,
        /// Under what terms it may be used; belongs to this version of the resource.
        licence: Option<Licence> = Register,
        /// When it was published.
        published_on: Option<NaiveDate> = Register,
        /// The school year it belongs to.
        school_year: Option<SchoolYear> = Register,
        /// The team it belongs to.
        team: Option<TeamId> = Register,
        /// The larger resource it is a part of.
        part_of: Option<PartOf> = Register,
        /// What other systems call it.
        external_ids: BTreeSet<ExternalId> = Set,
        /// Who it is meant for once published.
        visibility: Visibility = Register,
        /// Who else it is shared with by name.
        grants: BTreeSet<Grantee> = Set,
        /// Facilitators and stewards have no extra right to it.
        sealed: bool = Register,
        /// Where it stands.
        state: ResourceState = Register,
        /// The files that belong to it.
        files: BTreeSet<FileRef> = Set,
        /// The convening it comes from.
        convening: Option<ConveningId> = Register,
        /// The cycle it comes from.
        cycle: Option<CycleId> = Register,
        /// The resource it takes the place of.
        supersedes: Option<ResourceId> = Register,
        /// Published, it is for its audience from this day on; until then for its owner and, unless it is sealed, for
        /// those who facilitate.
        embargo: Option<NaiveDate> = Register,
        /// What reviewers found.
        reviews: BTreeSet<Review> = Append,
    }
}
