//! The community itself.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Decision;
use super::check::Check;
use super::member::is_owner;
use crate::error::{Error, Result};
use crate::id::OrganizationId;
use crate::model::values::is_code;
use crate::model::{
    Charter, CommunityRecord, HoursPolicy, Language, OnboardingStep, Organization, ParticipationPolicy, Policies,
};
use crate::text::{BODY, NAME, TAG};

/// A community to be founded.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewCommunity {
    /// Its name, 1 to 200 characters.
    pub name: String,
    /// The language it mostly works in (BCP 47); English unless said.
    #[serde(default)]
    pub language: Option<String>,
    /// Its charter.
    #[serde(default)]
    pub charter: Charter,
}

impl NewCommunity {
    /// A community with this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Its charter: domain, community and practice.
    #[must_use]
    pub fn with_charter(mut self, charter: Charter) -> Self {
        self.charter = charter;
        self
    }

    /// Its language (BCP 47).
    ///
    /// ```
    /// # use cop_core::{Community, NewCommunity};
    /// let cop = Community::in_memory(NewCommunity::new("Comunidad").with_language("es"))?;
    /// assert_eq!(cop.about()?.language.to_string(), "es");
    /// # Ok::<(), cop_core::Error>(())
    /// ```
    #[must_use]
    pub fn with_language(mut self, language: impl Into<String>) -> Self {
        self.language = Some(language.into());
        self
    }
}

/// Changes to the community; what is none stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommunityEdit {
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
    /// The language it mostly works in.
    #[serde(default)]
    pub language: Option<String>,
    /// Its charter.
    #[serde(default)]
    pub charter: Option<Charter>,
    /// The organization that carries it.
    #[serde(default)]
    pub hub: Option<OrganizationId>,
}

impl CommunityEdit {
    /// No changes yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The organization that carries it.
    #[must_use]
    pub fn with_hub(mut self, hub: OrganizationId) -> Self {
        self.hub = Some(hub);
        self
    }
}

/// Changes to the community's own rules; what is none stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PoliciesEdit {
    /// The month in which a school year begins, 1 to 12.
    #[serde(default)]
    pub school_year_starts_in: Option<u32>,
    /// All steps of onboarding, in order.
    #[serde(default)]
    pub onboarding: Option<Vec<OnboardingStep>>,
    /// Whether one commits to the school year before becoming active.
    #[serde(default)]
    pub commitment_required: Option<bool>,
    /// How hours are counted.
    #[serde(default)]
    pub hours: Option<HoursPolicy>,
    /// How participation is graded.
    #[serde(default)]
    pub participation: Option<ParticipationPolicy>,
    /// All groups of words and phrases that mean the same here.
    #[serde(default)]
    pub synonyms: Option<Vec<BTreeSet<String>>>,
}

impl PoliciesEdit {
    /// No changes yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A step of onboarding, which one must have taken before becoming active.
    #[must_use]
    pub fn with_required_step(mut self, code: impl Into<String>, label: impl Into<String>) -> Self {
        let step = OnboardingStep { code: code.into(), label: label.into(), required: true };
        self.onboarding.get_or_insert_default().push(step);
        self
    }

    /// One commits to the school year before becoming active.
    #[must_use]
    pub fn with_commitment(mut self) -> Self {
        self.commitment_required = Some(true);
        self
    }

    /// How hours are counted.
    #[must_use]
    pub fn with_hours(mut self, hours: HoursPolicy) -> Self {
        self.hours = Some(hours);
        self
    }
}

pub(super) fn found(decision: &mut Decision<'_>, input: &NewCommunity) -> Result<CommunityRecord> {
    decision.permit(false)?;
    let mut check = Check::default();
    let name = check.text("name", &input.name, NAME);
    let language = check.optional("language", input.language.as_ref()).unwrap_or_else(Language::english);
    let charter = read_charter(&mut check, &input.charter);
    check.input()?;
    if let Some(community) = decision.reads().community()? {
        return Err(Error::AlreadyExists { kind: "community", id: community.id.to_string() });
    }
    let now = decision.context.now;
    Ok(decision.create(CommunityRecord {
        id: decision.new_id().into(),
        created_by: None,
        created_at: now,
        revised_at: now,
        revision: 0,
        name,
        language,
        charter,
        hub: None,
        policies: Policies::default(),
    }))
}

pub(super) fn revise(decision: &mut Decision<'_>, input: &CommunityEdit) -> Result<CommunityRecord> {
    let before = owned(decision)?;
    let mut check = Check::default();
    let mut after = before.clone();
    if let Some(name) = &input.name {
        after.name = check.text("name", name, NAME);
    }
    if let Some(language) = &input.language {
        after.language = check.value("language", language).unwrap_or(after.language);
    }
    if let Some(charter) = &input.charter {
        after.charter = read_charter(&mut check, charter);
    }
    check.input()?;
    if let Some(hub) = input.hub {
        after.hub = Some(decision.subject::<Organization>(hub)?.id);
    }
    Ok(decision.change(before, after))
}

pub(super) fn set_policies(decision: &mut Decision<'_>, input: &PoliciesEdit) -> Result<CommunityRecord> {
    let before = owned(decision)?;
    let mut after = before.clone();
    let policies = &mut after.policies;
    if let Some(month) = input.school_year_starts_in {
        policies.school_year_starts_in = month;
    }
    if let Some(onboarding) = &input.onboarding {
        policies.onboarding.clone_from(onboarding);
    }
    if let Some(required) = input.commitment_required {
        policies.commitment_required = required;
    }
    if let Some(hours) = &input.hours {
        policies.hours.clone_from(hours);
    }
    if let Some(participation) = &input.participation {
        policies.participation.clone_from(participation);
    }
    if let Some(synonyms) = &input.synonyms {
        policies.synonyms.clone_from(synonyms);
    }
    let mut check = Check::default();
    check_policies(&mut check, policies);
    check.input()?;
    Ok(decision.change(before, after))
}

/// Most steps of onboarding.
const MAX_STEPS: usize = 50;
/// Most groups of synonyms, and most words and phrases of a group.
const MAX_SYNONYMS: (usize, usize) = (500, 20);

fn check_policies(check: &mut Check, policies: &mut Policies) {
    let month = (1..=12).contains(&policies.school_year_starts_in);
    check.require(month, "school_year_starts_in", "policy.month", "a month is 1 to 12");
    let steps = policies.onboarding.len() <= MAX_STEPS;
    check.require(steps, "onboarding", "policy.steps", "at most 50 steps");
    let mut codes = BTreeSet::new();
    for (index, step) in policies.onboarding.iter_mut().enumerate() {
        let at = |field: &str| format!("onboarding[{index}].{field}");
        check.require(
            is_code(&step.code),
            &at("code"),
            "code.format",
            "a code is 1 to 64 letters, digits, '_', '-', ':' or '.'",
        );
        check.require(codes.insert(step.code.clone()), &at("code"), "policy.step_twice", "every step has its own code");
        step.label = check.text(&at("label"), &step.label, NAME);
    }
    let (groups, words) = MAX_SYNONYMS;
    check.require(policies.synonyms.len() <= groups, "synonyms", "policy.synonyms", "at most 500 groups");
    for (index, group) in policies.synonyms.iter_mut().enumerate() {
        let at = format!("synonyms[{index}]");
        *group = std::mem::take(group).iter().map(|words| check.text(&at, words, TAG)).collect();
        let several = (2..=words).contains(&group.len());
        check.require(several, &at, "policy.synonym_group", "a group has 2 to 20 words and phrases that differ");
    }
    let hours = &policies.hours;
    check.require(
        (1..=600).contains(&hours.unit_minutes),
        "hours.unit_minutes",
        "policy.unit",
        "from 1 to 600 minutes",
    );
    check.require(hours.minimum_minutes >= 0, "hours.minimum_minutes", "policy.minimum", "not below zero");
    check.require(hours.cap_minutes.is_none_or(|cap| cap >= 0), "hours.cap_minutes", "policy.cap", "not below zero");
    let participation = &mut policies.participation;
    participation.version = check.text("participation.version", &participation.version, TAG);
    let window = (1..=3660).contains(&participation.window_days);
    check.require(window, "participation.window_days", "policy.window", "from 1 to 3,660 days");
    for (field, share) in [
        ("participation.core_attendance", participation.core_attendance),
        ("participation.active_attendance", participation.active_attendance),
    ] {
        check.require((0.0..=1.0).contains(&share), field, "policy.share", "a share is from 0 to 1");
    }
}

/// The community's own record, for its owners.
fn owned(decision: &Decision<'_>) -> Result<CommunityRecord> {
    let community = decision.community()?;
    decision.permit(is_owner(decision)?)?;
    Ok(community)
}

fn read_charter(check: &mut Check, charter: &Charter) -> Charter {
    Charter {
        domain: check.text("charter.domain", &charter.domain, BODY),
        community: check.text("charter.community", &charter.community, BODY),
        practice: check.text("charter.practice", &charter.practice, BODY),
    }
}
