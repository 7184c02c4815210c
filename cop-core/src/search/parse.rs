//! Queries as text: what a text filters by becomes fields, and fields become text.

use std::fmt;

use chrono::NaiveDate;
use uuid::Uuid;

use super::syntax::{Body, FIELDS, Field, Piece, clauses, write_clause, write_filter};
use super::{SEARCHED, SearchQuery};
use crate::error::Result;
use crate::model::{RecordKind, ResourceKind, SchoolYear, StandardCode};

/// Most values of one filter that are taken from a text; more are not understood.
pub const MAX_VALUES: usize = 100;

impl SearchQuery {
    /// The query that `text` is: what it filters by is in the query's fields, the rest stays in [`SearchQuery::text`].
    ///
    /// A search does this by itself; it is for showing and changing what was typed.
    ///
    /// ```
    /// use cop_core::SearchQuery;
    /// let query = SearchQuery::parse("grade:4,5 \"number line\" -decimals subject:\"language arts\"");
    /// assert_eq!(query.text, "\"number line\" -decimals");
    /// assert_eq!(query.grades, ["04".parse()?, "05".parse()?].into());
    /// assert_eq!(query.to_string(), "\"number line\" -decimals grade:04,05 subject:\"language arts\"");
    /// assert_eq!(SearchQuery::parse(&query.to_text()), query);
    /// # Ok::<(), cop_core::Problem>(())
    /// ```
    pub fn parse(text: &str) -> Self {
        Self::new(text).parsed()
    }

    /// The same question, with what its text filters by in its fields, beside what is there already. What is left of
    /// the text has one space between its parts and no quote open.
    #[must_use]
    pub fn parsed(mut self) -> Self {
        let text = std::mem::take(&mut self.text);
        let mut rest = String::new();
        for clause in clauses(&text) {
            match clause.as_slice() {
                [Piece { negated: false, body: Body::Filter(field, name, values) }] => {
                    let left: Vec<&str> =
                        values.iter().map(AsRef::as_ref).filter(|value| !self.take(*field, value)).collect();
                    if !left.is_empty() {
                        if !rest.is_empty() {
                            rest.push(' ');
                        }
                        write_filter(&mut rest, name, left).expect("a text takes everything");
                    }
                }
                clause => write_clause(&mut rest, clause),
            }
        }
        self.text = rest;
        self
    }

    /// The question as a text: what [`SearchQuery::parse`] reads as this query. How hits are ordered and which page
    /// is wanted is no part of it; nor can a standard be said that is no code, or more than [`MAX_VALUES`] values of a filter.
    pub fn to_text(&self) -> String {
        self.to_string()
    }

    /// Adds one value to a filter; whether it is understood.
    pub(super) fn take(&mut self, field: Field, value: &str) -> bool {
        fn add<T: Ord>(to: &mut std::collections::BTreeSet<T>, value: Option<T>) -> bool {
            let Some(value) = value else { return false };
            if to.len() >= MAX_VALUES && !to.contains(&value) {
                return false;
            }
            to.insert(value);
            true
        }
        match field {
            Field::Record => add(&mut self.records, RecordKind::parse(&value.to_lowercase())),
            Field::Kind => add(&mut self.kinds, resource_kind(value)),
            Field::Grade => add(&mut self.grades, value.parse().ok()),
            Field::Subject => add(&mut self.subjects, Some(value.to_owned())),
            Field::Standard => add(&mut self.standards, StandardCode::new(value).map(|_| value.to_owned())),
            Field::Language => add(&mut self.languages, value.parse().ok()),
            Field::Team => add(&mut self.teams, value.parse().ok()),
            Field::By => add(&mut self.by, value.parse().ok()),
            Field::Year => add(&mut self.school_years, school_year(value)),
            // Of several days the widest span, as alternatives are.
            Field::After => match value.parse::<NaiveDate>() {
                Ok(day) => {
                    self.created_from = Some(self.created_from.map_or(day, |other| other.min(day)));
                    true
                }
                Err(_) => false,
            },
            Field::Before => match value.parse::<NaiveDate>() {
                Ok(day) => {
                    self.created_before = Some(self.created_before.map_or(day, |other| other.max(day)));
                    true
                }
                Err(_) => false,
            },
        }
    }

    /// Puts the ids of teams and members in the place of their names in the text, as `named` knows them; other names
    /// stay.
    pub(crate) fn name_ids(&mut self, mut named: impl FnMut(RecordKind, &str) -> Result<Vec<Uuid>>) -> Result<()> {
        let text = std::mem::take(&mut self.text);
        for mut clause in clauses(&text) {
            for piece in &mut clause {
                let (kind, values) = match &mut piece.body {
                    Body::Filter(Field::Team, _, values) => (RecordKind::Team, values),
                    Body::Filter(Field::By, _, values) => (RecordKind::Member, values),
                    _ => continue,
                };
                let mut ids = Vec::with_capacity(values.len());
                for value in std::mem::take(values) {
                    let found = if Uuid::try_parse(&value).is_ok() { Vec::new() } else { named(kind, &value)? };
                    match found.is_empty() {
                        true => ids.push(value),
                        false => ids.extend(found.into_iter().map(|id| id.to_string().into())),
                    }
                }
                *values = ids;
            }
            write_clause(&mut self.text, &clause);
        }
        Ok(())
    }
}

/// A kind of resource as people write it: `Lesson plan` is `lesson_plan`.
fn resource_kind(value: &str) -> Option<ResourceKind> {
    let folded = value.trim().to_lowercase().replace([' ', '-'], "_");
    let known = ResourceKind::CODES.contains(&folded.as_str()) || SEARCHED.iter().any(|kind| kind.name() == folded);
    if known { folded.parse().ok() } else { value.parse().ok() }
}

/// A school year as people write it: `2024` is `2024-25`.
fn school_year(value: &str) -> Option<SchoolYear> {
    let begins = Some(value).filter(|value| value.len() == 4).and_then(|value| value.parse().ok());
    begins.map_or_else(|| value.parse().ok(), |year| SchoolYear::beginning(year).ok())
}

impl fmt::Display for SearchQuery {
    /// As [`SearchQuery::to_text`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let query = self.clone().parsed();
        let mut text = query.text.clone();
        for (name, field) in FIELDS {
            let values = query.values(field);
            if !values.is_empty() {
                if !text.is_empty() {
                    text.push(' ');
                }
                write_filter(&mut text, name, values.iter().map(String::as_str))?;
            }
        }
        f.write_str(&text)
    }
}

impl SearchQuery {
    /// The values of a filter, as texts.
    fn values(&self, field: Field) -> Vec<String> {
        fn texts<T: ToString>(values: impl IntoIterator<Item = T>) -> Vec<String> {
            values.into_iter().map(|value| value.to_string()).collect()
        }
        match field {
            Field::Record => texts(&self.records),
            Field::Kind => texts(&self.kinds),
            Field::Grade => texts(&self.grades),
            Field::Subject => texts(&self.subjects),
            Field::Standard => texts(&self.standards),
            Field::Language => texts(&self.languages),
            Field::Team => texts(&self.teams),
            Field::By => texts(&self.by),
            Field::Year => texts(&self.school_years),
            Field::After => texts(self.created_from),
            Field::Before => texts(self.created_before),
        }
    }
}
