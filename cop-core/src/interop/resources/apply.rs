//! Brings a community to what lines say: lines into operations.

use std::collections::HashMap;

use super::parse::{FILE, Line};
use crate::error::Result;
use crate::id::TeamId;
use crate::interop::run::{Place, Run};
use crate::interop::{ImportIssue, ImportOptions, Severity};
use crate::model::{AlignmentKind, AnyRecord, ExternalId, RecordKind, Resource, ResourceState};
use crate::ops::{NewAlignment, NewLink, NewResource, Op, ResourceEdit, ResourceRef, VisibilityOf};

/// Teams by their names in lower case.
pub(super) type Teams = HashMap<String, Vec<TeamId>>;

pub(super) fn apply(run: &mut Run<'_, '_>, line: &Line, teams: &Teams, options: &ImportOptions) -> Result<()> {
    let external = ExternalId::new("jsonl", line.id.as_str());
    let known = run.tx.find(RecordKind::Resource, &external)?;
    match known.into_iter().next() {
        Some(AnyRecord::Resource(before)) => revise(run, line, &before),
        _ => add(run, line, external, teams, options),
    }
}

fn add(run: &mut Run<'_, '_>, line: &Line, external: ExternalId, teams: &Teams, options: &ImportOptions) -> Result<()> {
    let place = Place { file: FILE, row: line.row };
    let team = match &line.team {
        Some(team) => match find_team(team, teams) {
            Some(team) => Some(team),
            None => {
                let issue = ImportIssue::error(FILE, "jsonl.unknown_team", "no such team, or several of that name");
                run.report.push(issue.row(line.row).field("team"));
                return Ok(());
            }
        },
        None => None,
    };
    let has_content = line.url.is_some() || line.body.as_ref().is_some_and(|body| !body.is_empty());
    let published = line.published.unwrap_or(true) && has_content;
    if line.published.unwrap_or(true) && !has_content {
        let issue = ImportIssue::warning(FILE, "resource.empty", "neither a link nor a text: kept as a draft");
        run.report.push(issue.row(line.row));
    }
    // A team's resources have the team's visibility, unless the line says otherwise.
    let default = team.is_none().then(|| options.visibility.to_string());
    let new = NewResource {
        kind: line.kind.clone().unwrap_or_else(|| "tool".to_owned()),
        title: line.title.clone(),
        description: line.description.clone().unwrap_or_default(),
        body: line.body.clone().unwrap_or_default(),
        links: links(line).unwrap_or_default(),
        language: line.language.clone(),
        grades: line.grades.clone().unwrap_or_default(),
        subjects: line.subjects.clone().unwrap_or_default(),
        alignments: line.alignments.clone().unwrap_or_default(),
        tags: line.tags.clone().unwrap_or_default(),
        licence: line.licence.clone(),
        published_on: line.published_on,
        school_year: line.school_year.clone(),
        team,
        external_ids: vec![external],
        visibility: line.visibility.clone().or(default),
        published,
        owner: line.owner,
        ..NewResource::default()
    };
    if run.attempt(Op::AddResource(new), place, Severity::Error)?.is_some() {
        run.report.count(RecordKind::Resource).added += 1;
    }
    Ok(())
}

fn revise(run: &mut Run<'_, '_>, line: &Line, before: &Resource) -> Result<()> {
    let place = Place { file: FILE, row: line.row };
    let resource = before.id;
    let position = run.tx.position();
    let edit = ResourceEdit {
        kind: line.kind.clone(),
        title: Some(line.title.clone()),
        description: line.description.clone(),
        body: line.body.clone(),
        links: links(line),
        language: line.language.clone(),
        grades: line.grades.clone(),
        subjects: line.subjects.clone(),
        alignments: line.alignments.as_ref().map(|named| with_known_alignments(named, before)),
        tags: line.tags.as_ref().map(|tags| tags.iter().chain(&before.tags).cloned().collect()),
        licence: line.licence.clone(),
        school_year: line.school_year.clone(),
        ..ResourceEdit::new(resource)
    };
    let mut ops = vec![Op::ReviseResource(edit)];
    if let Some(visibility) = line.visibility.clone().filter(|visibility| *visibility != before.visibility.to_string())
    {
        ops.push(Op::SetVisibility(VisibilityOf { resource, visibility }));
    }
    if line.published == Some(true) && matches!(before.state, ResourceState::Draft | ResourceState::InReview) {
        ops.push(Op::PublishResource(ResourceRef { resource }));
    }
    for op in ops {
        run.attempt(op, place, Severity::Error)?;
    }
    let wrote = run.tx.position() > position;
    let count = run.report.count(RecordKind::Resource);
    if wrote {
        count.updated += 1
    } else {
        count.unchanged += 1
    }
    Ok(())
}

/// The alignments of a line, and those that the community found.
fn with_known_alignments(named: &[NewAlignment], before: &Resource) -> Vec<NewAlignment> {
    let known = before.alignments.iter().map(|known| NewAlignment {
        code: known.code.clone(),
        standard: known.standard,
        kind: Some(known.kind.to_string()),
    });
    let mut all: Vec<NewAlignment> = known.collect();
    for new in named {
        let kind = new.kind.as_deref().unwrap_or(AlignmentKind::Teaches.code());
        if !all.iter().any(|known| known.code == new.code && known.kind.as_deref() == Some(kind)) {
            all.push(new.clone());
        }
    }
    all
}

fn links(line: &Line) -> Option<Vec<NewLink>> {
    line.url.clone().map(|url| vec![NewLink { url, label: None }])
}

fn find_team(team: &str, teams: &Teams) -> Option<TeamId> {
    match teams.get(&team.trim().to_lowercase()).map(Vec::as_slice) {
        Some([one]) => Some(*one),
        Some(_) => None,
        None => team.trim().parse().ok(),
    }
}
