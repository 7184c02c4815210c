//! A record as an index takes it in: words with their positions, facet values, filter keys.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use smol_str::SmolStr;

use super::{Analyzer, SearchQuery};
use crate::access::Viewer;
use crate::id::{MemberId, TeamId};
use crate::model::{
    AnyRecord, Attribution, ConsentState, Convening, Cycle, Goal, Grade, Language, Licence, RecordKind, RecordRef,
    Resource, ResourceKind, SchoolYear, StandardCode, Story,
};

/// The kinds of records that are searched; most searched first.
pub const SEARCHED: [RecordKind; 5] =
    [RecordKind::Resource, RecordKind::Story, RecordKind::Goal, RecordKind::Cycle, RecordKind::Convening];
/// How much more a word in the title counts than one in the body.
pub const TITLE_WEIGHT: u32 = 3;
/// How much more a word in a tag counts than one in the body.
pub const TAG_WEIGHT: u32 = 2;
/// Counts the ways [`document_words`], [`facet_values`] and [`filter_keys`] have read a document; an index that was
/// written another way is built anew. Add one with every change of theirs.
pub const DOCUMENT_VERSION: u32 = 5;

/// What is searched of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Which record.
    pub record: RecordRef,
    /// What it is: a resource's kind, or `story`, `goal`, `cycle`, `convening`.
    pub kind: ResourceKind,
    /// Its title.
    pub title: String,
    /// Its texts, of which a snippet is cut.
    pub texts: Vec<String>,
    /// Its keywords.
    pub tags: BTreeSet<String>,
    /// Its language.
    pub language: Language,
    /// The grades it is for.
    pub grades: BTreeSet<Grade>,
    /// Its subjects.
    pub subjects: BTreeSet<String>,
    /// The codes of the standards it is aligned to.
    pub codes: BTreeSet<String>,
    /// The teams it belongs to.
    pub teams: BTreeSet<TeamId>,
    /// The school year it belongs to.
    pub school_year: Option<SchoolYear>,
    /// Its licence.
    pub licence: Option<Licence>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Whose it is, as far as everybody may know who may read it: its maker, its creators, a cycle's lead.
    pub by: BTreeSet<MemberId>,
    /// Whose it is beside these, which nobody else is to find out: an unnamed story's teller and maker.
    pub own: BTreeSet<MemberId>,
}

impl Document {
    /// What is searched of `record`; nothing of kinds that are not, and of stories without their teller's consent.
    pub fn of(record: AnyRecord) -> Option<Self> {
        let header = record.header();
        let mut document = match record {
            AnyRecord::Resource(resource) => of_resource(resource),
            AnyRecord::Story(story) => of_story(story)?,
            AnyRecord::Goal(goal) => of_goal(goal),
            AnyRecord::Cycle(cycle) => of_cycle(cycle),
            AnyRecord::Convening(convening) => of_convening(convening),
            _ => return None,
        };
        document.created_at = header.created_at;
        let known = document.own.is_empty();
        if known { &mut document.by } else { &mut document.own }.extend(header.created_by);
        Some(document)
    }

    pub(crate) fn new(record: RecordRef, title: String, texts: Vec<String>) -> Self {
        Self {
            record,
            kind: ResourceKind::Other(record.kind.name().to_owned()),
            title,
            texts,
            tags: BTreeSet::new(),
            language: Language::english(),
            grades: BTreeSet::new(),
            subjects: BTreeSet::new(),
            codes: BTreeSet::new(),
            teams: BTreeSet::new(),
            school_year: None,
            licence: None,
            created_at: DateTime::UNIX_EPOCH,
            by: BTreeSet::new(),
            own: BTreeSet::new(),
        }
    }

    /// The texts that are searched, each with how often it counts.
    pub fn parts(&self) -> impl Iterator<Item = (u32, &str)> {
        let title = [(TITLE_WEIGHT, self.title.as_str())].into_iter();
        let texts = self.texts.iter().map(|text| (1, text.as_str()));
        let tags = self.tags.iter().map(|tag| (TAG_WEIGHT, tag.as_str()));
        title.chain(texts).chain(tags).filter(|(_, text)| !text.is_empty())
    }

    fn standards(&self) -> impl Iterator<Item = StandardCode> + '_ {
        self.codes.iter().filter_map(|code| StandardCode::new(code))
    }
}

fn of_resource(resource: Resource) -> Document {
    Document {
        kind: resource.kind,
        tags: resource.tags,
        language: resource.language,
        grades: resource.grades,
        subjects: resource.subjects,
        codes: resource.alignments.into_iter().map(|alignment| alignment.code).collect(),
        teams: resource.team.into_iter().collect(),
        school_year: resource.school_year,
        licence: resource.licence,
        by: resource.creators.into_iter().filter_map(|creator| creator.member).collect(),
        ..Document::new(resource.id.into(), resource.title, vec![resource.description, resource.body])
    }
}

fn of_story(story: Story) -> Option<Document> {
    if story.consent == ConsentState::Withdrawn {
        return None;
    }
    // As `access::redact` has it: who told a story is known where they consented to be named.
    let named = story.granted().is_some_and(|consent| consent.attribution == Attribution::Name);
    let teller = story.teller.into_iter().chain(story.created_by).collect();
    let (by, own) = if named { (teller, BTreeSet::new()) } else { (BTreeSet::new(), teller) };
    Some(Document {
        language: story.language,
        by,
        own,
        teams: story.team.into_iter().collect(),
        ..Document::new(story.id.into(), story.title, vec![story.body])
    })
}

fn of_goal(goal: Goal) -> Document {
    let aim = goal.aim.into_iter().flat_map(|aim| [aim.what, aim.how_much, aim.for_whom]).flatten();
    let texts = [goal.body].into_iter().chain(aim).collect();
    Document {
        teams: goal.team.into_iter().collect(),
        school_year: goal.school_year,
        ..Document::new(goal.id.into(), goal.title, texts)
    }
}

fn of_cycle(cycle: Cycle) -> Document {
    let predictions = cycle.predictions.into_iter().flat_map(|prediction| [prediction.question, prediction.predicted]);
    let texts = [cycle.question].into_iter().chain(predictions).collect();
    Document {
        tags: cycle.lenses,
        teams: [cycle.team].into(),
        school_year: cycle.school_year,
        by: cycle.lead.into_iter().collect(),
        ..Document::new(cycle.id.into(), cycle.title, texts)
    }
}

fn of_convening(convening: Convening) -> Document {
    Document {
        tags: convening.topics,
        teams: convening.teams,
        ..Document::new(convening.id.into(), convening.title, vec![convening.body])
    }
}

/// The words of a document with their positions; a phrase never spans two parts.
pub fn document_words(document: &Document, analyzer: &dyn Analyzer) -> Vec<(SmolStr, u32)> {
    // Farther than words are looked for near each other, and no farther: positions take room in an index.
    const GAP: u32 = 8;
    let mut words = Vec::new();
    let mut start = 0;
    for (weight, text) in document.parts() {
        let part = analyzer.words(text, &document.language);
        let Some(last) = part.iter().map(|word| word.position).max() else { continue };
        words.reserve(weight as usize * part.len());
        for _ in 0..weight {
            words.extend(part.iter().map(|word| (word.term.clone(), start + word.position)));
            start += last + GAP;
        }
    }
    // A resource is found under its standards and everything above them, as a text too.
    for code in document.standards() {
        for key in code.keys() {
            words.push((key.into(), start));
            start += GAP;
        }
    }
    words
}

/// The facet values of a document, by facet.
pub fn facet_values(document: &Document) -> Vec<(&'static str, String)> {
    let mut values = vec![("kind", document.kind.code().to_owned()), ("language", document.language.code().to_owned())];
    values.extend(document.grades.iter().map(|grade| ("grade", grade.code().to_owned())));
    values.extend(document.subjects.iter().map(|subject| ("subject", subject.clone())));
    let standards: BTreeSet<String> = document.standards().map(|code| code.to_string()).collect();
    values.extend(standards.into_iter().map(|code| ("standard", code)));
    values.extend(document.teams.iter().map(|team| ("team", team.to_string())));
    values.extend(document.school_year.map(|year| ("school_year", year.to_string())));
    values.extend(document.licence.as_ref().map(|licence| ("licence", licence.code().to_owned())));
    values
}

/// The keys by which filters find a document: `record:resource`, `kind:task`, `grade:05`, `standard:5.nf`, …
pub fn filter_keys(document: &Document) -> BTreeSet<String> {
    let mut keys = BTreeSet::from([format!("record:{}", document.record.kind.name())]);
    for (facet, value) in facet_values(document) {
        match facet {
            "subject" => keys.insert(format!("subject:{}", value.to_lowercase())),
            "language" => {
                keys.insert(format!("language:{}", document.language.primary()));
                keys.insert(format!("language:{value}"))
            }
            "standard" => true,
            _ => keys.insert(format!("{facet}:{value}")),
        };
    }
    for code in document.standards() {
        keys.extend(code.keys().into_iter().map(|key| format!("standard:{key}")));
    }
    keys.extend(document.by.iter().map(|member| format!("by:{member}")));
    keys.extend(document.own.iter().map(|member| format!("own:{member}")));
    keys
}

/// What a query's filters demand of what `viewer` sees: of each group at least one key.
pub fn filter_groups(query: &SearchQuery, viewer: &Viewer) -> Vec<BTreeSet<String>> {
    let group = |facet: &str, values: Vec<String>| -> BTreeSet<String> {
        values.into_iter().map(|value| format!("{facet}:{value}")).collect()
    };
    let code = |text: &String| StandardCode::new(text).map_or_else(|| "?".to_owned(), |code| code.to_string());
    let mut groups = vec![
        group("record", query.records.iter().map(|record| record.name().to_owned()).collect()),
        group("kind", query.kinds.iter().map(|k| k.code().to_owned()).collect()),
        group("grade", query.grades.iter().map(|g| g.code().to_owned()).collect()),
        group("subject", query.subjects.iter().map(|s| s.to_lowercase()).collect()),
        group("standard", query.standards.iter().map(code).collect()),
        group("language", query.languages.iter().map(|l| l.code().to_owned()).collect()),
        group("team", query.teams.iter().map(TeamId::to_string).collect()),
        group("school_year", query.school_years.iter().map(SchoolYear::to_string).collect()),
        group("by", query.by.iter().map(MemberId::to_string).collect()),
    ];
    if query.by.iter().any(|member| viewer.is(*member)) {
        // One finds one's own under every record of one's own, also where nobody else may.
        let people = viewer.people.iter().chain(&viewer.member);
        let keys = people.flat_map(|member| [format!("by:{member}"), format!("own:{member}")]);
        groups.last_mut().expect("the last of several").extend(keys);
    }
    groups.retain(|group| !group.is_empty());
    groups
}
