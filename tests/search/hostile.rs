//! P6: every text is a query, and none costs much: work is counted, not timed.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use cop_core::search::{
    Analyzer, Asked, MAX_EXPANSIONS, MAX_PREFIXES, MAX_REPEATED, MAX_TEXT_BYTES, MAX_UNITS, MAX_VALUES, Word,
};
use cop_core::{Language, NewResource, SearchQuery, Viewer, Visibility};
use cop_search::{EduAnalyzer, TantivyIndex};

use crate::world::{Checked, Count, World};

#[test]
fn every_text_is_a_query() {
    let count = Count::default();
    let world = World::in_memory(Checked::new(TantivyIndex::in_memory(), &count));
    let host = world.cop.steward();
    for (title, body) in [
        ("Fractions", "number line ".repeat(2_000)),
        ("(((", "\" AND OR NOT * ? ~ ^ [ ] { } \\ / : ".repeat(50)),
        ("x", "y".repeat(200_000)),
        ("-", "-- \" \u{301}\u{301} 分数 𝔽𝔯𝔞𝔠 \u{10ffff} ﷽ ½⅓".repeat(20)),
    ] {
        let new = NewResource::new("task", title).with_body(body).with_visibility(Visibility::Public).published();
        host.add_resource(new).expect("a resource");
    }
    let words: String = (0..10_000).map(|n| format!("word{n} ")).collect();
    let texts = [
        "(".repeat(100_000),
        "\"".repeat(100_000),
        "\"a".repeat(50_000),
        "-".repeat(100_000),
        "-a ".repeat(30_000),
        "NOT ".repeat(20_000),
        "\0".repeat(100_000),
        "number\0line".to_owned(),
        words,
        "y".repeat(100_000),
        format!("\"{}\"", "number line ".repeat(1_000)),
        "number line ".repeat(16),
        "*".to_owned(),
        "kind:task key:kind:task ordinal:1 class:* [1 TO 9] /re.*x/ number~2 a:(^".to_owned(),
        "e\u{301}\u{301}\u{301} \u{202e}fractions 分数 ½ ﷽ \u{10ffff}".to_owned(),
        "a-".repeat(2_048),
        "1/".repeat(2_048),
        "5.NF.".repeat(1_000),
    ];
    for text in &texts {
        let found = world.cop.as_guest().search(SearchQuery::new(text.clone())).expect("an answer");
        let beginning: String = text.chars().take(20).collect();
        // Of some, such as quotes about nothing, nothing is left to be said.
        if SearchQuery::parse(text).text.len() > MAX_TEXT_BYTES {
            assert!(!found.not_understood.is_empty(), "{beginning:?}");
        }
    }
    assert_eq!(count.get(), texts.len() as u64);
    // Fields of the index cannot be named.
    assert_eq!(world.cop.as_guest().search("ordinal").expect("an answer").total, 0);
}

/// Counts the bytes that are analysed.
struct Counting(EduAnalyzer, AtomicUsize);

impl Analyzer for Counting {
    fn words(&self, text: &str, language: &Language) -> Vec<Word> {
        self.0.words(text, language)
    }
    fn query_words(&self, text: &str) -> Vec<Vec<String>> {
        self.1.fetch_add(text.len(), Ordering::Relaxed);
        self.0.query_words(text)
    }
    fn is_common(&self, forms: &[String]) -> bool {
        self.0.is_common(forms)
    }
    fn fingerprint(&self) -> String {
        self.0.fingerprint()
    }
}

#[test]
fn queries_of_death_are_bounded() {
    let megabyte = |piece: &str| piece.repeat((1 << 20) / piece.len());
    let values = |from: usize| (from..from + 1000).map(|n| format!("s{n}")).collect::<Vec<_>>().join(",");
    let texts = [
        (0..10_000).map(|n| format!("term{n} ")).collect::<String>(),
        (0..10_000).map(|n| format!("t{n} OR ")).collect::<String>(),
        (0..1_000).map(|n| format!("ab{n}* ")).collect::<String>(),
        "\"".repeat(100_000),
        "\"a".repeat(50_000),
        "a* ".repeat(1_000),
        "ab* ".repeat(1_000),
        "-ab* ".repeat(1_000),
        "\"a b\" OR ".repeat(1_000),
        "-\"".repeat(50_000),
        "-\"-".repeat(50_000),
        "\"x y\" OR grade:5 OR -".repeat(1_000),
        format!("subject:{} -subject:{} subject:{} OR a", values(0), values(2_000), values(4_000)),
        "grade:potato ".repeat(1_000),
        "team:x ".repeat(1_000),
        megabyte("a"),
        megabyte("a "),
        megabyte("OR "),
        megabyte("-"),
        megabyte("grade:"),
        megabyte("grade:5 "),
        megabyte("grade:5,"),
        megabyte("subject:\"\"\""),
        megabyte("\u{301}"),
    ];
    for text in &texts {
        let beginning: String = text.chars().take(20).collect();
        let analyzer = Counting(EduAnalyzer::new(), AtomicUsize::new(0));
        let viewer = Viewer::guest("2024-01-01".parse().expect("a day"));
        let mut asked =
            Asked::read(&SearchQuery::new(text.clone()), &viewer, &analyzer, &[]).expect("no cursor, no error");
        // A piece is looked at for whether it is a phrase, and then read.
        let bytes = analyzer.1.load(Ordering::Relaxed);
        assert!(bytes <= 2 * MAX_TEXT_BYTES, "{beginning:?}: {bytes} bytes");

        let asked_for = Cell::new(0);
        asked
            .expand(|prefix| -> Result<_, ()> {
                asked_for.set(asked_for.get() + 1);
                Ok((0..1_000).map(|n| (format!("{prefix}{n}"), 1)).collect::<BTreeMap<_, u64>>())
            })
            .expect("counted");
        assert!(asked_for.get() <= MAX_PREFIXES, "{beginning:?}: {} prefixes", asked_for.get());

        let units = asked.units.len() + asked.excluded.len();
        let keys = asked.excluded_keys.len() + asked.groups.iter().map(|group| group.keys.len()).sum::<usize>();
        assert!(units <= MAX_UNITS + MAX_REPEATED, "{beginning:?}: {units} words and phrases");
        // Those of the text, and those that it gave to the filters.
        assert!(keys <= MAX_UNITS + MAX_VALUES, "{beginning:?}: {keys} keys");
        for unit in asked.units.iter().chain(&asked.excluded) {
            assert!(unit.words.len() <= MAX_UNITS, "{beginning:?}");
            assert!(unit.words.iter().all(|forms| forms.len() <= MAX_EXPANSIONS + 3), "{beginning:?}");
        }
        let said: usize = asked.not_understood.iter().map(String::len).sum();
        assert!(said <= 2 * MAX_TEXT_BYTES, "{beginning:?}: {said} bytes are not understood");
    }
}

#[test]
fn a_long_text_is_still_read_to_its_end_for_filters() {
    let text = format!("{} grade:5", "word ".repeat(200_000));
    let query = SearchQuery::parse(&text);
    assert_eq!(query.grades.len(), 1);
    assert_eq!(SearchQuery::parse(&query.to_text()), query);
    assert_eq!(SearchQuery::parse(&format!("grade:{}", "5,".repeat(500_000))).grades.len(), 1);
}
