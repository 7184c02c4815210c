//! A score in words: what it is the sum of.

use serde::{Deserialize, Serialize};

use super::scan::Read;
use super::{Analyzer, Asked, Document, Pairs, Statistics};

/// One of the things that a score is the sum of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// The word or phrase, in small letters without accents; with ` … ` between two that stand near each other. The day on
    /// which the record was made, where newer ones count more.
    pub words: String,
    /// How often it stands in the record, what is in the title three times and in a tag twice.
    pub times: u32,
    /// In how many records it stands that the viewer sees; none for words that stand near each other.
    pub records: Option<u64>,
    /// What that counts.
    pub score: f32,
    /// All of it as a sentence.
    pub text: String,
}

/// What `score` of a document is the sum of.
pub(super) fn explain(
    document: &Document,
    score: f64,
    asked: &Asked,
    statistics: &Statistics,
    analyzer: &dyn Analyzer,
) -> Vec<Reason> {
    let read = Read::of(document.clone(), 0, analyzer);
    let often = |times: u32| if times == 1 { "once".to_owned() } else { format!("{times} times") };
    let (mut reasons, mut sum) = (Vec::new(), 0.0);
    for (unit, &records) in asked.units.iter().zip(&statistics.matching) {
        let times = read.count(unit);
        if times > 0 {
            let counts = statistics.bm25.score(records, times, read.length());
            sum += counts;
            let (words, seen) = (unit.name(), statistics.bm25.documents);
            let text =
                format!("“{words}” stands there {}, and in {records} of {seen} records: {counts:.2}", often(times));
            reasons.push(Reason { words, times, records: Some(records), score: counts as f32, text });
        }
    }
    // Only the best are looked at closely.
    let factor = statistics.factor(document.created_at.timestamp_millis());
    if score > sum * factor {
        let places: Vec<Vec<u32>> = asked.units.iter().map(|unit| read.places(unit)).collect();
        for ((first, second), times, counts) in Pairs::of(asked).reasons(statistics, |unit| &places[unit]) {
            sum += counts;
            let (first, second) = (asked.units[first].name(), asked.units[second].name());
            let text = format!("“{first}” and “{second}” stand near each other {}: {counts:.2}", often(times));
            reasons.push(Reason {
                words: format!("{first} … {second}"),
                times,
                records: None,
                score: counts as f32,
                text,
            });
        }
    }
    if factor < 1.0 {
        let (day, lost) = (document.created_at.date_naive(), sum * (factor - 1.0));
        let text = format!("It was made on {day}, and newer records count more: {lost:.2}");
        reasons.push(Reason { words: day.to_string(), times: 0, records: None, score: lost as f32, text });
    }
    reasons
}
