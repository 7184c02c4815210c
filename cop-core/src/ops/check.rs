//! Gathers everything that is wrong with an input.

use std::collections::BTreeSet;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};

use crate::error::{Error, Problem, Result};
use crate::text::{self, TextRule};

/// Reads the fields of one input and remembers every problem.
#[derive(Default)]
pub(crate) struct Check {
    problems: Vec<Problem>,
}

impl Check {
    /// The text in normal form; empty after a problem.
    pub fn text(&mut self, field: &str, raw: &str, rule: TextRule) -> String {
        text::normalise(raw, rule).unwrap_or_else(|problem| {
            self.problems.push(problem.at(field));
            String::new()
        })
    }

    /// The value that `raw` spells.
    pub fn value<T: FromStr<Err = Problem>>(&mut self, field: &str, raw: &str) -> Option<T> {
        raw.parse().map_err(|problem: Problem| self.problems.push(problem.at(field))).ok()
    }

    /// The value that `raw` spells; none for none and for the empty text.
    pub fn optional<T: FromStr<Err = Problem>>(&mut self, field: &str, raw: Option<&String>) -> Option<T> {
        raw.filter(|raw| !raw.trim().is_empty()).and_then(|raw| self.value(field, raw))
    }

    /// The values of a list; problems name the place in it.
    pub fn values<T: FromStr<Err = Problem> + Ord>(&mut self, field: &str, raw: &[String]) -> BTreeSet<T> {
        let each = raw.iter().enumerate();
        each.filter_map(|(index, raw)| self.value(&format!("{field}[{index}]"), raw)).collect()
    }

    /// The texts of a list.
    pub fn texts(&mut self, field: &str, raw: &[String], rule: TextRule) -> BTreeSet<String> {
        let each = raw.iter().enumerate();
        each.map(|(index, raw)| self.text(&format!("{field}[{index}]"), raw, rule)).filter(|t| !t.is_empty()).collect()
    }

    /// The text, where there is one; none for none and for the empty text.
    pub fn optional_text(&mut self, field: &str, raw: Option<&String>, rule: TextRule) -> Option<String> {
        raw.filter(|raw| !raw.trim().is_empty()).map(|raw| self.text(field, raw, rule))
    }

    /// A list with no more items than are allowed.
    pub fn at_most<T>(&mut self, field: &str, list: &[T], most: usize) {
        self.require(list.len() <= most, field, "list.too_long", &format!("at most {most} are allowed"));
    }

    /// A date between 1900 and 2200.
    pub fn date(&mut self, field: &str, date: Option<NaiveDate>) -> Option<NaiveDate> {
        self.require(
            date.is_none_or(|d| (1900..=2200).contains(&d.year())),
            field,
            "date.range",
            "dates run from 1900 to 2200",
        );
        date
    }

    /// A span of days in order, as far as both ends are known.
    pub fn span(&mut self, field: &str, from: Option<NaiveDate>, until: Option<NaiveDate>) {
        let ordered = from.zip(until).is_none_or(|(from, until)| from <= until);
        self.require(ordered, field, "date.order", "it cannot end before it begins");
    }

    /// A finite number.
    pub fn number(&mut self, field: &str, number: Option<f64>) -> Option<f64> {
        let finite = number.is_none_or(f64::is_finite);
        self.require(finite, field, "number.finite", "a number is finite");
        // Adding zero takes the sign off a negative one.
        number.filter(|_| finite).map(|number| number + 0.0)
    }

    /// A list of at least `min` and at most `max` items.
    pub fn length(&mut self, field: &str, items: usize, min: usize, max: usize) {
        let detail = format!("from {min} to {max} of them");
        self.require((min..=max).contains(&items), field, "list.length", &detail);
    }

    /// Takes over the problems of an item of a list.
    pub fn within(&mut self, at: &str, problems: Vec<Problem>) {
        self.problems.extend(problems.into_iter().map(|problem| {
            let field = format!("{at}.{}", problem.field);
            problem.at(field)
        }));
    }

    /// Takes over the problems of another part of the same input.
    pub fn join(&mut self, other: Check) {
        self.problems.extend(other.problems);
    }

    /// Takes over the problems of the item with this index of a list.
    pub fn item(&mut self, list: &str, index: usize, item: Check) {
        if !item.is_fine() {
            self.within(&format!("{list}[{index}]"), item.problems);
        }
    }

    /// Whether nothing is wrong so far.
    pub fn is_fine(&self) -> bool {
        self.problems.is_empty()
    }

    /// Remembers a problem unless `holds`.
    pub fn require(&mut self, holds: bool, field: &str, code: &str, detail: &str) {
        if !holds {
            self.problems.push(Problem::new(field, code, detail));
        }
    }

    /// All problems as one `InvalidInput`.
    pub fn input(self) -> Result<()> {
        if self.problems.is_empty() { Ok(()) } else { Err(Error::InvalidInput(self.problems)) }
    }

    /// All problems as one `Precondition`.
    pub fn state(self) -> Result<()> {
        if self.problems.is_empty() { Ok(()) } else { Err(Error::Precondition(self.problems)) }
    }
}
