//! Resources: made as drafts, published to their audience, retired, deleted.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::check::Check;
use super::crew::permit_work;
use super::organization::external_ids;
use super::visibility::require_within_maximum;
use super::{Decision, EmbargoOf, GrantOf, ResourceRef, SealOf, VisibilityOf};
use crate::access::{Token, may_manage};
use crate::error::{Error, Result};
use crate::id::{ConveningId, CycleId, MemberId, ResourceId, StandardId, TeamId};
use crate::model::{
    Alignment, AlignmentKind, Convening, Creator, Cycle, ExternalId, FileRef, Grantee, Language, Link, Member,
    Organization, PartOf, RecordKind, Resource, ResourceKind, ResourceState, Standard, Team, TeamState, Verdict,
    Visibility,
};
use crate::text::{BODY, NAME, TAG, TITLE};

/// Most levels of resources that are parts of resources.
const MAX_PARTS_DEPTH: usize = 16;

/// A resource to be added.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewResource {
    /// `task`, `tool`, `rubric`, `case_study`, `video`, `slides`, … or a code of your own.
    pub kind: String,
    /// Its title, 1 to 300 characters.
    pub title: String,
    /// What it is about.
    #[serde(default)]
    pub description: String,
    /// Its text, at most 200,000 characters.
    #[serde(default)]
    pub body: String,
    /// Who made it; the member who adds it, unless said.
    #[serde(default)]
    pub creators: Vec<NewCreator>,
    /// Where it is found.
    #[serde(default)]
    pub links: Vec<NewLink>,
    /// Its language (BCP 47); English unless said.
    #[serde(default)]
    pub language: Option<String>,
    /// Grades: `KG`, `05`, …
    #[serde(default)]
    pub grades: Vec<String>,
    /// Subjects.
    #[serde(default)]
    pub subjects: Vec<String>,
    /// Standards.
    #[serde(default)]
    pub alignments: Vec<NewAlignment>,
    /// Keywords.
    #[serde(default)]
    pub tags: Vec<String>,
    /// SPDX identifier or URL.
    #[serde(default)]
    pub licence: Option<String>,
    /// When it was published.
    #[serde(default)]
    pub published_on: Option<NaiveDate>,
    /// `2021-22`.
    #[serde(default)]
    pub school_year: Option<String>,
    /// The team it belongs to.
    #[serde(default)]
    pub team: Option<TeamId>,
    /// The resource it is a part of.
    #[serde(default)]
    pub part_of: Option<PartOf>,
    /// What other systems call it. The id is made from the first.
    #[serde(default)]
    pub external_ids: Vec<ExternalId>,
    /// The files that belong to it; the host keeps their bytes.
    #[serde(default)]
    pub files: Vec<FileRef>,
    /// The convening it comes from.
    #[serde(default)]
    pub convening: Option<ConveningId>,
    /// The cycle it comes from.
    #[serde(default)]
    pub cycle: Option<CycleId>,
    /// The resource it takes the place of.
    #[serde(default)]
    pub supersedes: Option<ResourceId>,
    /// Who it is meant for once published: the team's default, or `private`, unless said.
    #[serde(default)]
    pub visibility: Option<String>,
    /// Whether it is published at once.
    #[serde(default)]
    pub published: bool,
    /// The member it belongs to; only the host may say so.
    #[serde(default)]
    pub owner: Option<MemberId>,
}

/// Somebody who made a resource.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewCreator {
    /// The member, where they are one.
    #[serde(default)]
    pub member: Option<MemberId>,
    /// The name to show.
    pub name: String,
}

/// Where a resource is found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewLink {
    /// An absolute http(s) URL.
    pub url: String,
    /// What is there.
    #[serde(default)]
    pub label: Option<String>,
}

/// A standard a resource has to do with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewAlignment {
    /// The code, in any usual spelling.
    pub code: String,
    /// The standard, where it is known.
    #[serde(default)]
    pub standard: Option<StandardId>,
    /// `teaches` (unless said), `assesses` or `requires`.
    #[serde(default)]
    pub kind: Option<String>,
}

impl NewResource {
    /// A resource of this kind and title.
    pub fn new(kind: impl Into<String>, title: impl Into<String>) -> Self {
        Self { kind: kind.into(), title: title.into(), ..Self::default() }
    }

    /// What it is about.
    #[must_use]
    pub fn with_description(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// Its text.
    #[must_use]
    pub fn with_body(mut self, body: impl Into<String>) -> Self {
        self.body = body.into();
        self
    }

    /// Where it is found.
    #[must_use]
    pub fn with_link(mut self, url: impl Into<String>) -> Self {
        self.links.push(NewLink { url: url.into(), label: None });
        self
    }

    /// Its language (BCP 47).
    #[must_use]
    pub fn with_language(mut self, language: impl Into<String>) -> Self {
        self.language = Some(language.into());
        self
    }

    /// A grade.
    #[must_use]
    pub fn with_grade(mut self, grade: impl Into<String>) -> Self {
        self.grades.push(grade.into());
        self
    }

    /// A subject.
    #[must_use]
    pub fn with_subject(mut self, subject: impl Into<String>) -> Self {
        self.subjects.push(subject.into());
        self
    }

    /// A standard it teaches, in any usual spelling.
    #[must_use]
    pub fn with_standard(mut self, code: impl Into<String>) -> Self {
        self.alignments.push(NewAlignment { code: code.into(), standard: None, kind: None });
        self
    }

    /// A keyword.
    #[must_use]
    pub fn with_tag(mut self, tag: impl Into<String>) -> Self {
        self.tags.push(tag.into());
        self
    }

    /// Its licence.
    #[must_use]
    pub fn with_licence(mut self, licence: impl Into<String>) -> Self {
        self.licence = Some(licence.into());
        self
    }

    /// Its school year.
    #[must_use]
    pub fn with_school_year(mut self, year: impl Into<String>) -> Self {
        self.school_year = Some(year.into());
        self
    }

    /// The team it belongs to.
    #[must_use]
    pub fn with_team(mut self, team: TeamId) -> Self {
        self.team = Some(team);
        self
    }

    /// What another system calls it.
    #[must_use]
    pub fn with_external_id(mut self, id: ExternalId) -> Self {
        self.external_ids.push(id);
        self
    }

    /// A file that belongs to it.
    #[must_use]
    pub fn with_file(mut self, file: FileRef) -> Self {
        self.files.push(file);
        self
    }

    /// The convening it comes from.
    #[must_use]
    pub fn from_convening(mut self, convening: ConveningId) -> Self {
        self.convening = Some(convening);
        self
    }

    /// The cycle it comes from.
    #[must_use]
    pub fn from_cycle(mut self, cycle: CycleId) -> Self {
        self.cycle = Some(cycle);
        self
    }

    /// The larger resource it is a part of, and its place among the parts, from 1.
    #[must_use]
    pub fn part_of(mut self, resource: ResourceId, position: u32) -> Self {
        self.part_of = Some(PartOf { resource, position });
        self
    }

    /// Who it is meant for once published.
    #[must_use]
    pub fn with_visibility(mut self, visibility: Visibility) -> Self {
        self.visibility = Some(visibility.to_string());
        self
    }

    /// Publishes it at once.
    #[must_use]
    pub fn published(mut self) -> Self {
        self.published = true;
        self
    }
}

/// Changes to a resource; what is none stays, an empty text or list clears.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceEdit {
    /// Which.
    pub resource: ResourceId,
    /// Its kind.
    #[serde(default)]
    pub kind: Option<String>,
    /// Its title.
    #[serde(default)]
    pub title: Option<String>,
    /// What it is about.
    #[serde(default)]
    pub description: Option<String>,
    /// Its text.
    #[serde(default)]
    pub body: Option<String>,
    /// All links.
    #[serde(default)]
    pub links: Option<Vec<NewLink>>,
    /// Its language.
    #[serde(default)]
    pub language: Option<String>,
    /// All grades.
    #[serde(default)]
    pub grades: Option<Vec<String>>,
    /// All subjects.
    #[serde(default)]
    pub subjects: Option<Vec<String>>,
    /// All alignments.
    #[serde(default)]
    pub alignments: Option<Vec<NewAlignment>>,
    /// All keywords.
    #[serde(default)]
    pub tags: Option<Vec<String>>,
    /// Its licence.
    #[serde(default)]
    pub licence: Option<String>,
    /// Its school year.
    #[serde(default)]
    pub school_year: Option<String>,
    /// All files.
    #[serde(default)]
    pub files: Option<Vec<FileRef>>,
    /// The convening it comes from.
    #[serde(default)]
    pub convening: Option<ConveningId>,
    /// The cycle it comes from.
    #[serde(default)]
    pub cycle: Option<CycleId>,
    /// The resource it takes the place of.
    #[serde(default)]
    pub supersedes: Option<ResourceId>,
}

impl ResourceEdit {
    /// No changes yet.
    pub fn new(resource: ResourceId) -> Self {
        Self {
            resource,
            kind: None,
            title: None,
            description: None,
            body: None,
            links: None,
            language: None,
            grades: None,
            subjects: None,
            alignments: None,
            tags: None,
            licence: None,
            school_year: None,
            files: None,
            convening: None,
            cycle: None,
            supersedes: None,
        }
    }
}

impl Resource {
    /// The id of the resource that another system knows by `id`.
    pub fn id_of(id: &ExternalId) -> ResourceId {
        id.name_of("resource").into()
    }
}

pub(super) fn add(decision: &mut Decision<'_>, input: &NewResource) -> Result<Resource> {
    let owner = match (decision.actor().member(), input.owner) {
        (Some(actor), None) => Some(actor),
        (None, owner) => owner,
        (Some(_), Some(_)) => return Err(Error::NotPermitted { op: decision.op }),
    };
    let viewer = decision.context.viewer;
    let takes_part = viewer.holds(Token::Community) || viewer.holds(Token::Facilitation);
    decision.permit(takes_part)?;

    let mut check = Check::default();
    let kind: Option<ResourceKind> = check.value("kind", &input.kind);
    let title = check.text("title", &input.title, TITLE);
    let description = check.text("description", &input.description, BODY);
    let body = check.text("body", &input.body, BODY);
    let mut creators = BTreeSet::new();
    for (index, creator) in input.creators.iter().enumerate() {
        let name = check.text(&format!("creators[{index}].name"), &creator.name, NAME);
        creators.insert(Creator { member: creator.member, name });
    }
    let links = read_links(&mut check, &input.links);
    let files = read_files(&mut check, &input.files);
    let language = check.optional("language", input.language.as_ref()).unwrap_or_else(Language::english);
    let grades = check.values("grades", &input.grades);
    let subjects = check.texts("subjects", &input.subjects, TAG);
    let alignments = read_alignments(&mut check, &input.alignments);
    let tags = check.texts("tags", &input.tags, TAG);
    let licence = check.optional("licence", input.licence.as_ref());
    let published_on = check.date("published_on", input.published_on);
    let school_year = check.optional("school_year", input.school_year.as_ref());
    let external_ids = external_ids(&mut check, &input.external_ids);
    let visibility: Option<Visibility> = check.optional("visibility", input.visibility.as_ref());
    check.input()?;

    let team = match input.team {
        Some(id) => Some(check_team(decision, id)?),
        None => None,
    };
    if let Some(owner) = owner {
        decision.subject::<Member>(owner)?;
    }
    let id: ResourceId = match external_ids.first() {
        Some(first) => Resource::id_of(first),
        None => decision.new_id().into(),
    };
    if decision.reads().exists(RecordKind::Resource, id.uuid())? {
        return Err(Error::AlreadyExists { kind: "resource", id: id.to_string() });
    }
    check_part_of(decision, id, input.part_of.as_ref())?;
    check_standards(decision, &alignments)?;
    check_origin(decision, input.convening, input.cycle, input.supersedes)?;
    let now = decision.context.now;
    let resource = Resource {
        id,
        created_by: owner,
        created_at: now,
        revised_at: now,
        revision: 0,
        files,
        convening: input.convening,
        cycle: input.cycle,
        supersedes: input.supersedes,
        embargo: None,
        reviews: BTreeSet::new(),
        kind: kind.unwrap_or(ResourceKind::Tool),
        title,
        description,
        body,
        creators,
        links,
        language,
        grades,
        subjects,
        alignments,
        tags,
        licence,
        published_on,
        school_year,
        visibility: visibility.unwrap_or(team.as_ref().map_or(Visibility::Private, |team| team.default_visibility)),
        team: team.map(|team| team.id),
        part_of: input.part_of.clone(),
        external_ids: external_ids.into_iter().collect(),
        grants: BTreeSet::new(),
        sealed: false,
        state: if input.published { ResourceState::Published } else { ResourceState::Draft },
    };
    decision.see_audience(resource.visibility)?;
    if input.published {
        check_published(decision, &resource)?;
    }
    Ok(decision.create(resource))
}

pub(super) fn revise(decision: &mut Decision<'_>, input: &ResourceEdit) -> Result<Resource> {
    let before = decision.editable::<Resource>(input.resource)?;
    let mut check = Check::default();
    let mut after = before.clone();
    if let Some(kind) = &input.kind {
        after.kind = check.value("kind", kind).unwrap_or(after.kind);
    }
    if let Some(title) = &input.title {
        after.title = check.text("title", title, TITLE);
    }
    if let Some(description) = &input.description {
        after.description = check.text("description", description, BODY);
    }
    if let Some(body) = &input.body {
        after.body = check.text("body", body, BODY);
    }
    if let Some(links) = &input.links {
        after.links = read_links(&mut check, links);
    }
    if let Some(language) = &input.language {
        after.language = check.value("language", language).unwrap_or(after.language);
    }
    if let Some(grades) = &input.grades {
        after.grades = check.values("grades", grades);
    }
    if let Some(subjects) = &input.subjects {
        after.subjects = check.texts("subjects", subjects, TAG);
    }
    if let Some(alignments) = &input.alignments {
        after.alignments = read_alignments(&mut check, alignments);
    }
    if let Some(tags) = &input.tags {
        after.tags = check.texts("tags", tags, TAG);
    }
    if let Some(files) = &input.files {
        after.files = read_files(&mut check, files);
    }
    if input.licence.is_some() {
        after.licence = check.optional("licence", input.licence.as_ref());
    }
    if input.school_year.is_some() {
        after.school_year = check.optional("school_year", input.school_year.as_ref());
    }
    check.input()?;
    check_standards(decision, &after.alignments)?;
    check_origin(decision, input.convening, input.cycle, input.supersedes)?;
    after.convening = input.convening.or(after.convening);
    after.cycle = input.cycle.or(after.cycle);
    after.supersedes = input.supersedes.or(after.supersedes);
    if after.state == ResourceState::Published {
        check_published(decision, &after)?;
    }
    Ok(decision.change(before, after))
}

pub(super) fn publish(decision: &mut Decision<'_>, input: &ResourceRef) -> Result<Resource> {
    let before = decision.editable::<Resource>(input.resource)?;
    let mut check = Check::default();
    let approved = before.reviews.last().is_some_and(|review| review.verdict == Verdict::Approved);
    let ready = before.state != ResourceState::InReview || approved;
    check.require(ready, "reviews", "resource.not_approved", "the review has not approved it yet");
    let after = Resource { state: ResourceState::Published, ..before.clone() };
    require_published(decision, &after, &mut check)?;
    check.state()?;
    Ok(decision.change(before, after))
}

pub(super) fn set_embargo(decision: &mut Decision<'_>, input: &EmbargoOf) -> Result<Resource> {
    let before = manageable(decision, input.resource)?;
    let mut check = Check::default();
    let embargo = check.date("until", input.until);
    check.input()?;
    let after = Resource { embargo, ..before.clone() };
    Ok(decision.change(before, after))
}

pub(super) fn retire(decision: &mut Decision<'_>, input: &ResourceRef) -> Result<Resource> {
    let before = decision.editable::<Resource>(input.resource)?;
    if !matches!(before.state, ResourceState::Published | ResourceState::Retired) {
        return Err(Error::precondition("resource", "resource.not_published", "only a published resource is retired"));
    }
    let after = Resource { state: ResourceState::Retired, ..before.clone() };
    Ok(decision.change(before, after))
}

pub(super) fn set_visibility(decision: &mut Decision<'_>, input: &VisibilityOf) -> Result<Resource> {
    let before = manageable(decision, input.resource)?;
    let mut check = Check::default();
    let visibility = check.value("visibility", &input.visibility);
    check.input()?;
    let after = Resource { visibility: visibility.unwrap_or_default(), ..before.clone() };
    decision.see_audience(after.visibility)?;
    if after.state == ResourceState::Published {
        check_published(decision, &after)?;
    }
    Ok(decision.change(before, after))
}

pub(super) fn grant(decision: &mut Decision<'_>, input: &GrantOf) -> Result<Resource> {
    let before = manageable(decision, input.resource)?;
    let grantee = read_grantee(&input.grantee)?;
    match grantee {
        Grantee::Member(id) => decision.subject::<Member>(id).map(drop)?,
        Grantee::Team(id) => decision.subject::<Team>(id).map(drop)?,
        Grantee::Organization(id) => decision.subject::<Organization>(id).map(drop)?,
    }
    let mut after = before.clone();
    after.grants.insert(grantee);
    Ok(decision.change(before, after))
}

pub(super) fn revoke(decision: &mut Decision<'_>, input: &GrantOf) -> Result<Resource> {
    let before = manageable(decision, input.resource)?;
    let mut after = before.clone();
    after.grants.remove(&read_grantee(&input.grantee)?);
    Ok(decision.change(before, after))
}

pub(super) fn seal(decision: &mut Decision<'_>, input: &SealOf) -> Result<Resource> {
    let before = decision.subject::<Resource>(input.resource)?;
    decision.permit(before.created_by.is_some_and(|maker| decision.acts_as(maker)))?;
    let after = Resource { sealed: input.sealed, ..before.clone() };
    Ok(decision.change(before, after))
}

pub(super) fn delete(decision: &mut Decision<'_>, input: &ResourceRef) -> Result<Resource> {
    let before = manageable(decision, input.resource)?;
    Ok(decision.remove(before))
}

fn manageable(decision: &Decision<'_>, id: ResourceId) -> Result<Resource> {
    let resource = decision.subject::<Resource>(id)?;
    decision.permit(may_manage(decision.context.viewer, &resource))?;
    Ok(resource)
}

/// A team one may add resources to: one's own, or any for those who facilitate.
fn check_team(decision: &Decision<'_>, id: TeamId) -> Result<Team> {
    let team = decision.subject::<Team>(id)?;
    permit_work(decision, id)?;
    if team.state == TeamState::Archived {
        return Err(Error::precondition("team", "team.archived", "the team is archived"));
    }
    Ok(team)
}

/// What a resource needs before its audience gets it; everything that is missing at once.
fn check_published(decision: &Decision<'_>, resource: &Resource) -> Result<()> {
    let mut check = Check::default();
    require_published(decision, resource, &mut check)?;
    check.state()
}

fn require_published(decision: &Decision<'_>, resource: &Resource, check: &mut Check) -> Result<()> {
    let has_content = !resource.links.is_empty() || !resource.files.is_empty() || !resource.body.is_empty();
    check.require(has_content, "body", "resource.empty", "a published resource needs a link, a file or a text");
    if let Some(team) = resource.team
        && let Some(team) = decision.reads().one::<Team>(team)?
    {
        require_within_maximum(check, "resource.too_wide", &team, resource.visibility);
    }
    Ok(())
}

fn check_part_of(decision: &Decision<'_>, id: ResourceId, part_of: Option<&PartOf>) -> Result<()> {
    let mut next = match part_of {
        Some(part) => Some(decision.subject::<Resource>(part.resource)?),
        None => None,
    };
    let mut depth = 0;
    while let Some(whole) = next {
        depth += 1;
        if whole.id == id || depth > MAX_PARTS_DEPTH {
            return Err(Error::precondition(
                "part_of",
                "resource.part_of_itself",
                "a resource cannot be a part of itself",
            ));
        }
        next = match whole.part_of {
            Some(part) => decision.reads().one::<Resource>(part.resource)?,
            None => None,
        };
    }
    Ok(())
}

fn read_grantee(raw: &str) -> Result<Grantee> {
    raw.parse().map_err(|problem: crate::error::Problem| problem.at("grantee").into())
}

fn read_links(check: &mut Check, raw: &[NewLink]) -> BTreeSet<Link> {
    let mut links = BTreeSet::new();
    for (index, raw) in raw.iter().enumerate() {
        let label = raw.label.as_ref().map(|label| check.text(&format!("links[{index}].label"), label, NAME));
        if let Some(url) = check.value(&format!("links[{index}].url"), &raw.url) {
            links.insert(Link { url, label });
        }
    }
    links
}

fn read_alignments(check: &mut Check, raw: &[NewAlignment]) -> BTreeSet<Alignment> {
    let mut alignments = BTreeSet::new();
    for (index, raw) in raw.iter().enumerate() {
        let code = check.text(&format!("alignments[{index}].code"), &raw.code, NAME);
        let kind = check.optional(&format!("alignments[{index}].kind"), raw.kind.as_ref());
        alignments.insert(Alignment { code, standard: raw.standard, kind: kind.unwrap_or(AlignmentKind::Teaches) });
    }
    alignments
}

/// The hexadecimal digits of a SHA-256.
const SHA256_DIGITS: usize = 64;

fn read_files(check: &mut Check, raw: &[FileRef]) -> BTreeSet<FileRef> {
    let mut files = BTreeSet::new();
    for (index, raw) in raw.iter().enumerate() {
        let at = |field: &str| format!("files[{index}].{field}");
        let hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        let digest = raw.sha256.len() == SHA256_DIGITS && raw.sha256.bytes().all(hex);
        check.require(digest, &at("sha256"), "file.sha256", "64 hexadecimal digits, in lower case");
        let media_type = check.text(&at("media_type"), &raw.media_type, NAME);
        let typed = media_type.split_once('/').is_some_and(|(of, kind)| !of.is_empty() && !kind.is_empty());
        check.require(typed, &at("media_type"), "file.media_type", "a media type, such as application/pdf");
        let label = raw.label.as_ref().map(|label| check.text(&at("label"), label, NAME));
        files.insert(FileRef { sha256: raw.sha256.clone(), bytes: raw.bytes, media_type, label });
    }
    files
}

/// Where a resource comes from, and what it takes the place of, is there for the actor.
fn check_origin(
    decision: &Decision<'_>,
    convening: Option<ConveningId>,
    cycle: Option<CycleId>,
    supersedes: Option<ResourceId>,
) -> Result<()> {
    decision.see_named::<Convening>(convening)?;
    decision.see_named::<Cycle>(cycle)?;
    decision.see_named::<Resource>(supersedes)
}

fn check_standards(decision: &Decision<'_>, alignments: &BTreeSet<Alignment>) -> Result<()> {
    let mut named = alignments.iter().filter_map(|alignment| alignment.standard);
    named.try_for_each(|id| decision.subject::<Standard>(id).map(drop))
}
