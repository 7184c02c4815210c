//! What a search answers with. Read by the typed face when somebody looks at it.

use std::time::{Duration, Instant};

use cop_core::{Result, SearchHit, SearchHits};
use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;

/// A page of hits.
#[pyclass(frozen, module = "copkit._native")]
pub struct Hits(SearchHits, Duration);

impl Hits {
    pub fn of(search: impl FnOnce() -> Result<SearchHits>) -> Result<Self> {
        let start = Instant::now();
        Ok(Self(search()?, start.elapsed()))
    }
}

/// Record, kind, language, score; text, highlights in characters, HTML; reasons.
type Rest<'a> = (
    (&'a str, &'a str, String, f64),
    (&'a str, Vec<(usize, usize)>, String),
    Vec<(&'a str, u32, Option<u64>, f64, &'a str)>,
);

#[pymethods]
impl Hits {
    /// How many records match in all.
    #[getter]
    fn total(&self) -> u64 {
        self.0.total
    }

    /// How long the core searched, so that a benchmark can tell what Python adds.
    #[getter]
    fn nanoseconds(&self) -> u128 {
        self.1.as_nanos()
    }

    /// Where the next page begins.
    #[getter]
    fn next(&self) -> Option<&str> {
        self.0.next.as_ref().map(|cursor| cursor.as_str())
    }

    /// The parts of the text that were left aside.
    #[getter]
    fn not_understood(&self) -> Vec<String> {
        self.0.not_understood.clone()
    }

    /// Words, each with those that were looked for in their place.
    #[getter]
    fn respelled(&self) -> Vec<(String, Vec<String>)> {
        self.0.respelled.iter().map(|each| (each.word.clone(), each.read_as.clone())).collect()
    }

    /// Facets, each with its values and how many records have them.
    #[getter]
    fn facets(&self) -> Vec<(&str, Vec<(&str, u64)>)> {
        let facets = self.0.facets.iter();
        facets
            .map(|(facet, values)| (facet.as_str(), values.iter().map(|it| (it.value.as_str(), it.count)).collect()))
            .collect()
    }

    /// How many hits the page has.
    fn __len__(&self) -> usize {
        self.0.hits.len()
    }

    /// Ids and titles: what is nearly always looked at.
    fn heads(&self) -> Vec<(u128, &str)> {
        self.0.hits.iter().map(|hit| (hit.id.as_u128(), hit.title.as_str())).collect()
    }

    /// Everything else of one hit.
    fn rest(&self, place: usize) -> PyResult<Rest<'_>> {
        self.0.hits.get(place).map(rest).ok_or_else(|| PyIndexError::new_err("no such hit"))
    }
}

fn rest(hit: &SearchHit) -> Rest<'_> {
    let text = hit.snippet.text.as_str();
    let characters = |byte: usize| text[..byte].chars().count();
    let highlights = hit.snippet.highlights.iter().map(|range| (characters(range.start), characters(range.end)));
    let reasons = hit.explanation.iter();
    let reasons = reasons.map(|it| (it.words.as_str(), it.times, it.records, number(it.score), it.text.as_str()));
    (
        (hit.record.name(), hit.kind.code(), hit.language.to_string(), number(hit.score)),
        (text, highlights.collect(), hit.snippet.to_html()),
        reasons.collect(),
    )
}

/// The number as it is written, without the digits that a wider one would make up.
fn number(narrow: f32) -> f64 {
    narrow.to_string().parse().unwrap_or_else(|_| f64::from(narrow))
}
