//! A resource as an index takes it in: words with their positions, facet values, filter keys.

use std::collections::BTreeSet;

use super::{Analyzer, SearchQuery};
use crate::id::TeamId;
use crate::model::{Resource, SchoolYear, StandardCode};

/// How much more a word in the title counts than one in the body.
pub const TITLE_WEIGHT: u32 = 3;
/// How much more a word in a tag counts than one in the body.
pub const TAG_WEIGHT: u32 = 2;
/// Counts the ways [`document_words`], [`facet_values`] and [`filter_keys`] have read a resource; an index that was
/// written another way is built anew. Add one with every change of theirs.
pub const DOCUMENT_VERSION: u32 = 2;

/// The texts of a resource that are searched, each with how often it counts.
pub fn parts(resource: &Resource) -> Vec<(u32, String)> {
    let mut parts =
        vec![(TITLE_WEIGHT, resource.title.clone()), (1, resource.description.clone()), (1, resource.body.clone())];
    parts.extend(resource.tags.iter().map(|tag| (TAG_WEIGHT, tag.clone())));
    parts.retain(|(_, text)| !text.is_empty());
    parts
}

/// The words of a resource with their positions; a phrase never spans two parts.
pub fn document_words(resource: &Resource, analyzer: &dyn Analyzer) -> Vec<(String, u32)> {
    const GAP: u32 = 100;
    let mut words = Vec::new();
    let mut start = 0;
    for (weight, text) in parts(resource) {
        let part = analyzer.words(&text, &resource.language);
        let Some(last) = part.iter().map(|word| word.position).max() else { continue };
        for _ in 0..weight {
            words.extend(part.iter().map(|word| (word.term.clone(), start + word.position)));
            start += last + GAP;
        }
    }
    // A resource is found under its standards and everything above them, as a text too.
    for code in resource.alignments.iter().filter_map(|alignment| StandardCode::new(&alignment.code)) {
        for key in code.keys() {
            words.push((key, start));
            start += GAP;
        }
    }
    words
}

/// The facet values of a resource, by facet.
pub fn facet_values(resource: &Resource) -> Vec<(&'static str, String)> {
    let mut values = vec![("kind", resource.kind.code().to_owned()), ("language", resource.language.code().to_owned())];
    values.extend(resource.grades.iter().map(|grade| ("grade", grade.code().to_owned())));
    values.extend(resource.subjects.iter().map(|subject| ("subject", subject.clone())));
    let standards: BTreeSet<String> =
        resource.alignments.iter().filter_map(|a| StandardCode::new(&a.code)).map(|code| code.to_string()).collect();
    values.extend(standards.into_iter().map(|code| ("standard", code)));
    values.extend(resource.team.map(|team| ("team", team.to_string())));
    values.extend(resource.school_year.map(|year| ("school_year", year.to_string())));
    values.extend(resource.licence.as_ref().map(|licence| ("licence", licence.code().to_owned())));
    values
}

/// The keys by which filters find a resource: `kind:task`, `grade:05`, `standard:5.nf`, …
pub fn filter_keys(resource: &Resource) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for (facet, value) in facet_values(resource) {
        match facet {
            "subject" => keys.insert(format!("subject:{}", value.to_lowercase())),
            "language" => {
                keys.insert(format!("language:{}", resource.language.primary()));
                keys.insert(format!("language:{value}"))
            }
            "standard" => true,
            _ => keys.insert(format!("{facet}:{value}")),
        };
    }
    for code in resource.alignments.iter().filter_map(|alignment| StandardCode::new(&alignment.code)) {
        keys.extend(code.keys().into_iter().map(|key| format!("standard:{key}")));
    }
    keys
}

/// What a query's filters demand: of each group at least one key.
pub fn filter_groups(query: &SearchQuery) -> Vec<BTreeSet<String>> {
    let group = |facet: &str, values: Vec<String>| -> BTreeSet<String> {
        values.into_iter().map(|value| format!("{facet}:{value}")).collect()
    };
    let code = |text: &String| StandardCode::new(text).map_or_else(|| "?".to_owned(), |code| code.to_string());
    let mut groups = vec![
        group("kind", query.kinds.iter().map(|k| k.code().to_owned()).collect()),
        group("grade", query.grades.iter().map(|g| g.code().to_owned()).collect()),
        group("subject", query.subjects.iter().map(|s| s.to_lowercase()).collect()),
        group("standard", query.standards.iter().map(code).collect()),
        group("language", query.languages.iter().map(|l| l.code().to_owned()).collect()),
        group("team", query.teams.iter().map(TeamId::to_string).collect()),
        group("school_year", query.school_years.iter().map(SchoolYear::to_string).collect()),
    ];
    groups.retain(|group| !group.is_empty());
    groups
}
