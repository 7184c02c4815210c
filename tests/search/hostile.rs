//! P6: every text is a query.

use std::time::{Duration, Instant};

use cop_core::{NewResource, SearchQuery, Visibility};
use cop_search::TantivyIndex;

use crate::world::{Checked, Count, World};

/// Generous: the machine may be busy, and the oracle is asked too.
const BOUND: Duration = Duration::from_secs(5);

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
        let started = Instant::now();
        let found = world.cop.as_guest().search(SearchQuery::new(text.clone())).expect("an answer");
        let beginning: String = text.chars().take(20).collect();
        assert!(started.elapsed() < BOUND, "{beginning:?} took {:?}", started.elapsed());
        if text.len() > cop_core::search::MAX_TEXT_BYTES {
            assert!(!found.not_understood.is_empty(), "{beginning:?}");
        }
    }
    assert_eq!(count.get(), texts.len() as u64);
    // Fields of the index cannot be named.
    assert_eq!(world.cop.as_guest().search("ordinal").expect("an answer").total, 0);
}
