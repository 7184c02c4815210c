//! What the examples share: the small community in `data/`, read from its files, and [`judged`] collections.

pub mod judged;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use cop_core::{
    Charter, Community, CommunityEdit, Error, MemberId, NewAffiliation, NewAlignment, NewCommunity, NewLink, NewMember,
    NewMembership, NewOrganization, NewResource, NewTeam, OrganizationId, Region, Result, TeamId, Visibility,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Where the examples' data is.
pub fn data(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(file)
}

/// `community.json`: who there is, by key.
#[derive(Debug, Deserialize)]
pub struct CommunityFile {
    /// The community itself.
    pub community: About,
    organizations: Vec<OrganizationRow>,
    members: Vec<MemberRow>,
    teams: Vec<TeamRow>,
}

/// The community itself.
#[derive(Debug, Deserialize)]
pub struct About {
    name: String,
    charter: Charter,
    language: String,
    hub: String,
}

#[derive(Debug, Deserialize)]
struct OrganizationRow {
    key: String,
    kind: String,
    name: String,
    parent: Option<String>,
    cds: Option<String>,
}

#[derive(Debug, Deserialize)]
struct MemberRow {
    key: String,
    given: String,
    family: String,
    display: String,
    emails: Vec<String>,
    roles: Vec<String>,
    affiliations: Vec<AffiliationRow>,
}

#[derive(Debug, Deserialize)]
struct AffiliationRow {
    organization: String,
    role: String,
    #[serde(default)]
    grades: Vec<String>,
    since: Option<NaiveDate>,
    until: Option<NaiveDate>,
}

#[derive(Debug, Deserialize)]
struct TeamRow {
    key: String,
    kind: String,
    name: String,
    charter: String,
    parent: Option<String>,
    region: Option<Region>,
    term: Option<TermRow>,
    admission: String,
    #[serde(default)]
    questions: Vec<String>,
    organizations: Vec<String>,
    members: Vec<TeamMemberRow>,
}

#[derive(Debug, Deserialize)]
struct TermRow {
    starts: NaiveDate,
    ends: NaiveDate,
}

#[derive(Debug, Deserialize)]
struct TeamMemberRow {
    member: String,
    roles: Vec<String>,
}

/// A line of `resources.jsonl`.
#[derive(Debug, Deserialize)]
struct ResourceRow {
    title: String,
    description: String,
    body: String,
    r#type: String,
    subjects: Vec<String>,
    grades: Vec<String>,
    standards: Vec<String>,
    language: String,
    license: String,
    url: String,
    tags: Vec<String>,
    school_year: String,
    visibility: String,
    state: String,
    team: Option<String>,
    by: String,
}

/// The ids that the keys of the files stand for.
#[derive(Debug, Default)]
pub struct Keys {
    /// Organizations.
    pub organizations: HashMap<String, OrganizationId>,
    /// Members.
    pub members: HashMap<String, MemberId>,
    /// Teams.
    pub teams: HashMap<String, TeamId>,
}

impl CommunityFile {
    /// Reads `data/community.json`.
    ///
    /// # Errors
    /// `Io`, and `InvalidInput` when it is not what it should be.
    pub fn read() -> Result<Self> {
        parse(&std::fs::read_to_string(data("community.json"))?)
    }

    /// What to found.
    pub fn founding(&self) -> NewCommunity {
        NewCommunity::new(&self.community.name)
            .with_charter(self.community.charter.clone())
            .with_language(&self.community.language)
    }

    /// Brings in everybody, in one transaction.
    ///
    /// # Errors
    /// Whatever the community refuses.
    pub fn load(&self, cop: &Community) -> Result<Keys> {
        let mut keys = Keys::default();
        cop.steward().transaction(|tx| {
            for row in &self.organizations {
                let mut new = NewOrganization::new(&row.kind, &row.name);
                new.cds.clone_from(&row.cds);
                new.parent = row.parent.as_ref().map(|key| keys.organizations[key]);
                keys.organizations.insert(row.key.clone(), tx.add_organization(new)?.id);
            }
            tx.revise_community(CommunityEdit::new().with_hub(keys.organizations[&self.community.hub]))?;
            for row in &self.members {
                let mut new = NewMember::new(&row.given, &row.family).with_display(&row.display);
                new.emails.clone_from(&row.emails);
                new.roles.clone_from(&row.roles);
                new.affiliations = row.affiliations.iter().map(|row| row.affiliation(&keys)).collect();
                keys.members.insert(row.key.clone(), tx.add_member(new)?.id);
            }
            for row in &self.teams {
                let mut new =
                    NewTeam::new(&row.kind, &row.name).with_charter(&row.charter).with_admission(&row.admission);
                new.questions.clone_from(&row.questions);
                new.region.clone_from(&row.region);
                new.parent = row.parent.as_ref().map(|key| keys.teams[key]);
                new.organizations = row.organizations.iter().map(|key| keys.organizations[key]).collect();
                if let Some(term) = &row.term {
                    new = new.with_term(term.starts, term.ends);
                }
                let team = tx.create_team(new)?.id;
                for row in &row.members {
                    let mut membership = NewMembership::new(team, keys.members[&row.member]);
                    membership.roles.clone_from(&row.roles);
                    tx.add_membership(membership)?;
                }
                tx.activate_team(team)?;
                keys.teams.insert(row.key.clone(), team);
            }
            Ok(())
        })?;
        Ok(keys)
    }
}

impl AffiliationRow {
    fn affiliation(&self, keys: &Keys) -> NewAffiliation {
        NewAffiliation {
            grades: self.grades.clone(),
            since: self.since,
            until: self.until,
            ..NewAffiliation::new(keys.organizations[&self.organization], &self.role)
        }
    }
}

/// Brings in `data/resources.jsonl`, each in the name of the member who made it; answers with their number.
///
/// # Errors
/// `Io`, and whatever the community refuses.
pub fn load_resources(cop: &Community, keys: &Keys) -> Result<usize> {
    let text = std::fs::read_to_string(data("resources.jsonl"))?;
    let rows: Vec<ResourceRow> = text.lines().map(parse).collect::<Result<_>>()?;
    cop.steward().transaction(|tx| rows.iter().try_for_each(|row| tx.add_resource(row.resource(keys)).map(drop)))?;
    Ok(rows.len())
}

impl ResourceRow {
    fn resource(&self, keys: &Keys) -> NewResource {
        let team = self.team.as_ref().map(|key| keys.teams[key]);
        let visibility = match (self.visibility.as_str(), team) {
            ("public", _) => Visibility::Public,
            ("community", _) => Visibility::Community,
            ("team", Some(team)) => Visibility::Team(team),
            _ => Visibility::Private,
        };
        let alignment = |code: &String| NewAlignment { code: code.clone(), standard: None, kind: None };
        NewResource {
            description: self.description.clone(),
            body: self.body.clone(),
            links: vec![NewLink { url: self.url.clone(), label: None }],
            language: Some(self.language.clone()),
            grades: self.grades.clone(),
            subjects: self.subjects.clone(),
            alignments: self.standards.iter().map(alignment).collect(),
            tags: self.tags.clone(),
            licence: Some(self.license.clone()),
            school_year: Some(self.school_year.clone()),
            team,
            visibility: Some(visibility.to_string()),
            published: self.state == "published",
            owner: Some(keys.members[&self.by]),
            ..NewResource::new(&self.r#type, &self.title)
        }
    }
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text)
        .map_err(|error| Error::InvalidInput(vec![cop_core::Problem::new("file", "json.format", error.to_string())]))
}
