//! Stories: told, and read with the teller's consent.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::check::Check;
use super::crew::permit_work;
use super::{Decision, StoryRef, new_record};
use crate::error::{Error, Result};
use crate::id::{MemberId, StoryId, TeamId};
use crate::model::{
    Attribution, Consent, ConsentFact, ConsentState, Language, RecordKind, RecordRef, Story, StoryKind, StoryValue,
    Team, Visibility,
};
use crate::text::{BODY, TITLE, TextRule};

/// Most records a story is about.
const MAX_ABOUT: usize = 50;
/// Most values a story names.
const MAX_WORTH: usize = 10;
/// A story's text: there is one.
const STORY: TextRule = TextRule { min_chars: 1, ..BODY };
/// What a story can be about.
const SUBJECTS: &[RecordKind] = &[
    RecordKind::Team,
    RecordKind::Convening,
    RecordKind::Cycle,
    RecordKind::Goal,
    RecordKind::Resource,
    RecordKind::Measure,
];

/// A story to be told.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewStory {
    /// `value_creation`, `testimonial`, `outcome_report` or a code of your own.
    pub kind: String,
    /// Its title, 1 to 300 characters.
    pub title: String,
    /// The story, 1 to 200,000 characters.
    pub body: String,
    /// Its language (BCP 47); English unless said.
    #[serde(default)]
    pub language: Option<String>,
    /// What it is about: teams, convenings, cycles, goals, resources, measures; at most 50.
    #[serde(default)]
    pub about: Vec<RecordRef>,
    /// The team it comes from.
    #[serde(default)]
    pub team: Option<TeamId>,
    /// Whether its teller shall not be known; whoever writes it down answers for it then.
    #[serde(default)]
    pub anonymous: bool,
    /// Whose story it is, where somebody else writes it down: the host alone may say so.
    #[serde(default)]
    pub teller: Option<MemberId>,
    /// What it was worth: `immediate`, `potential`, `applied`, `realized`, `reframing` or codes of your own; at most
    /// ten.
    #[serde(default)]
    pub worth: Vec<String>,
}

impl NewStory {
    /// A story of this kind, title and text.
    pub fn new(kind: impl Into<String>, title: impl Into<String>, body: impl Into<String>) -> Self {
        Self { kind: kind.into(), title: title.into(), body: body.into(), ..Self::default() }
    }

    /// The team it comes from.
    #[must_use]
    pub fn with_team(mut self, team: TeamId) -> Self {
        self.team = Some(team);
        self
    }

    /// What it is about.
    #[must_use]
    pub fn about(mut self, record: impl Into<RecordRef>) -> Self {
        self.about.push(record.into());
        self
    }

    /// What it was worth.
    #[must_use]
    pub fn with_worth(mut self, worth: impl Into<String>) -> Self {
        self.worth.push(worth.into());
        self
    }

    /// Its teller shall not be known.
    #[must_use]
    pub fn anonymous(mut self) -> Self {
        self.anonymous = true;
        self
    }
}

/// Changes to a story; what is none stays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoryEdit {
    /// Which.
    pub story: StoryId,
    /// Its title.
    #[serde(default)]
    pub title: Option<String>,
    /// The story.
    #[serde(default)]
    pub body: Option<String>,
    /// All it is about.
    #[serde(default)]
    pub about: Option<Vec<RecordRef>>,
    /// All it was worth.
    #[serde(default)]
    pub worth: Option<Vec<String>>,
}

impl StoryEdit {
    /// No changes yet.
    pub fn new(story: StoryId) -> Self {
        Self { story, title: None, body: None, about: None, worth: None }
    }
}

/// What the teller of a story consents to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentOf {
    /// To which story.
    pub story: StoryId,
    /// Who may read it: `public`, `community`, `organization:<id>`, `team:<id>` or `private`.
    pub scope: String,
    /// How the teller is named: `anonymous` (unless said), `role` or `name`.
    #[serde(default)]
    pub attribution: Option<String>,
}

pub(super) fn tell(decision: &mut Decision<'_>, input: &NewStory) -> Result<Story> {
    decision.permit(decision.takes_part())?;
    // Whose story it is, one says of oneself; of others the host alone can.
    decision.permit(input.teller.is_none_or(|teller| decision.acts_as(teller)))?;
    let mut check = Check::default();
    let kind: Option<StoryKind> = check.value("kind", &input.kind);
    let title = check.text("title", &input.title, TITLE);
    let body = check.text("body", &input.body, STORY);
    let language = check.optional("language", input.language.as_ref()).unwrap_or_else(Language::english);
    let about = read_about(&mut check, &input.about);
    let worth = read_worth(&mut check, &input.worth);
    let one_or_none = !(input.anonymous && input.teller.is_some());
    check.require(one_or_none, "teller", "story.anonymous", "an anonymous story names no teller");
    check.input()?;
    let team = input.team.map(|id| own_team(decision, id)).transpose()?;
    about.iter().try_for_each(|&record| decision.see(record).map(drop))?;
    let teller = match input.teller {
        Some(teller) => Some(decision.person(teller)?.id),
        None => decision.context.viewer.member.filter(|_| !input.anonymous),
    };
    let story = new_record!(
        decision,
        Story {
            id: decision.new_id().into(),
            kind: kind.unwrap_or(StoryKind::Testimonial),
            title,
            body,
            language,
            about,
            team,
            teller,
            worth,
            facts: BTreeSet::new(),
            consent: ConsentState::None,
        }
    );
    Ok(decision.create(story))
}

pub(super) fn revise(decision: &mut Decision<'_>, input: &StoryEdit) -> Result<Story> {
    let before = decision.editable::<Story>(input.story)?;
    let mut check = Check::default();
    let mut after = before.clone();
    if let Some(title) = &input.title {
        after.title = check.text("title", title, TITLE);
    }
    if let Some(body) = &input.body {
        after.body = check.text("body", body, STORY);
    }
    if let Some(about) = &input.about {
        after.about = read_about(&mut check, about);
    }
    if let Some(worth) = &input.worth {
        after.worth = read_worth(&mut check, worth);
    }
    check.input()?;
    // What it was about before may be out of sight by now, and stays all the same.
    after.about.difference(&before.about).try_for_each(|&record| decision.see(record).map(drop))?;
    let mut check = Check::default();
    require_not_withdrawn(&mut check, &before);
    check.state()?;
    Ok(decision.change(before, after))
}

pub(super) fn grant_consent(decision: &mut Decision<'_>, input: &ConsentOf) -> Result<Story> {
    let before = owned(decision, input.story)?;
    let mut check = Check::default();
    let scope: Option<Visibility> = check.value("scope", &input.scope);
    let attribution = check.optional("attribution", input.attribution.as_ref()).unwrap_or(Attribution::Anonymous);
    check.input()?;
    let scope = scope.unwrap_or_default();
    decision.see_audience(scope)?;
    let mut check = Check::default();
    require_not_withdrawn(&mut check, &before);
    // To name who wrote an anonymous story down would name its teller.
    let unknown = before.teller.is_none() && before.created_by.is_some();
    let nameless = attribution == Attribution::Anonymous;
    check.require(!unknown || nameless, "attribution", "story.anonymous", "an anonymous story names no teller");
    check.state()?;
    let same = |given: &Consent| (given.scope, given.attribution) == (scope, attribution);
    if before.granted().is_some_and(same) {
        return Ok(before);
    }
    let mut after = before.clone();
    let number = before.facts.iter().filter_map(number_of).max().unwrap_or(0) + 1;
    after.facts.insert(ConsentFact::Granted(Consent { number, scope, attribution }));
    Ok(settle(decision, before, after))
}

pub(super) fn withdraw_consent(decision: &mut Decision<'_>, input: &StoryRef) -> Result<Story> {
    let before = owned(decision, input.story)?;
    let mut after = before.clone();
    after.facts.insert(ConsentFact::Withdrawn);
    Ok(settle(decision, before, after))
}

/// A story whose consent the actor can give and take: its owner, or the host where it has none.
fn owned(decision: &Decision<'_>, id: StoryId) -> Result<Story> {
    let story = decision.subject::<Story>(id)?;
    let entitled = match story.owner() {
        Some(owner) => decision.acts_as(owner),
        None => decision.by_host(),
    };
    // Consent is the teller's own: the host's usual right does not reach it.
    if entitled { Ok(story) } else { Err(Error::NotPermitted { op: decision.op }) }
}

fn settle(decision: &mut Decision<'_>, before: Story, mut after: Story) -> Story {
    after.consent = ConsentState::of(&after.facts).0;
    decision.change(before, after)
}

fn number_of(fact: &ConsentFact) -> Option<u32> {
    match fact {
        ConsentFact::Granted(consent) => Some(consent.number),
        ConsentFact::Withdrawn => None,
    }
}

fn require_not_withdrawn(check: &mut Check, story: &Story) {
    let stands = story.consent != ConsentState::Withdrawn;
    check.require(stands, "story", "story.consent_withdrawn", "the consent was taken back, for ever");
}

/// A team one tells stories of: one's own, or any for those who facilitate.
fn own_team(decision: &Decision<'_>, id: TeamId) -> Result<TeamId> {
    let team = decision.subject::<Team>(id)?;
    permit_work(decision, id)?;
    Ok(team.id)
}

fn read_about(check: &mut Check, raw: &[RecordRef]) -> BTreeSet<RecordRef> {
    check.require(raw.len() <= MAX_ABOUT, "about", "story.about_many", "a story is about at most 50 records");
    for (index, record) in raw.iter().enumerate().take(MAX_ABOUT) {
        let fits = SUBJECTS.contains(&record.kind);
        let detail = "a story is about teams, convenings, cycles, goals, resources and measures";
        check.require(fits, &format!("about[{index}]"), "story.about_kind", detail);
    }
    raw.iter().copied().collect()
}

fn read_worth(check: &mut Check, raw: &[String]) -> BTreeSet<StoryValue> {
    check.require(raw.len() <= MAX_WORTH, "worth", "story.worth_many", "a story names at most ten values");
    check.values("worth", &raw[..raw.len().min(MAX_WORTH)])
}
