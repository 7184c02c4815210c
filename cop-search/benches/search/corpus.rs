//! Documents, readers and queries, all made from numbers: the same on every machine, and as many as are wanted.

use std::collections::BTreeSet;
use std::sync::Arc;

use cop_core::search::Document;
use cop_core::{Language, RecordKind, RecordRef, ResourceKind, Stamp};
use uuid::Uuid;

/// As many teams share the documents that belong to a team.
const TEAMS: u64 = 2_000;
/// As many people have documents of their own.
const OWNERS: u64 = 125;
const PUBLIC: i64 = 0;
const FIRST_TEAM: i64 = 1;
const FIRST_OWNER: i64 = FIRST_TEAM + TEAMS as i64;
/// The class of eight documents.
const EIGHT: i64 = FIRST_OWNER + OWNERS as i64;

const VOCABULARY: u64 = 200_000;
/// Words of a text, on average.
const WORDS: u64 = 190;
/// The ranks of the words that are asked for: of middling to high frequency, as people ask.
const ASKED: std::ops::Range<u64> = 10..1_010;
/// Those that are asked for to warm up, and never else.
const REHEARSED: std::ops::Range<u64> = 1_010..1_110;

/// SplitMix64 (Steele et al. 2014): the same numbers on every machine.
pub fn random(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A word's rank, with frequencies as natural as rank^-1 (Zipf).
fn rank(seed: u64) -> u64 {
    let uniform = random(seed) as f64 / u64::MAX as f64;
    (VOCABULARY as f64).powf(uniform) as u64
}

/// The word of a rank.
pub fn name(rank: u64) -> String {
    const SYLLABLES: [&str; 16] =
        ["ma", "to", "ri", "ne", "lo", "sa", "ku", "pe", "di", "fra", "zu", "vo", "bra", "mi", "gu", "xe"];
    let mut rest = rank + 16;
    let mut name = String::new();
    while rest > 0 {
        name.push_str(SYLLABLES[(rest % 16) as usize]);
        rest /= 16;
    }
    name
}

/// A word that no document has unless it was put there.
pub fn unheard(n: u64) -> String {
    name(VOCABULARY * 2 + n)
}

fn ranks(n: u64) -> impl Iterator<Item = u64> {
    let length = WORDS / 2 + random(n) % WORDS;
    (0..length).map(move |at| rank(n << 20 | at))
}

/// The text of document `n`: some 1.1 KB.
pub fn text(n: u64) -> String {
    ranks(n).map(name).collect::<Vec<_>>().join(" ")
}

/// The title of document `n`: four words.
pub fn title(n: u64) -> String {
    (0..4).map(|at| name(rank(n << 20 | 1 << 19 | at))).collect::<Vec<_>>().join(" ")
}

/// What document `n` is, with this text.
pub fn document(n: u64, text: String) -> Document {
    let pick = |salt: u64, of: &[&str]| of[(random(n ^ salt << 50) % of.len() as u64) as usize].to_owned();
    let kinds = [
        ResourceKind::Task,
        ResourceKind::Video,
        ResourceKind::Rubric,
        ResourceKind::Slides,
        ResourceKind::Tool,
        ResourceKind::LessonPlan,
    ];
    let grade = pick(1, &["KG", "01", "02", "03", "04", "05", "06", "07", "08"]);
    let year = pick(2, &["2019-20", "2020-21", "2021-22", "2022-23", "2023-24", "2024-25"]);
    let licence = pick(3, &["CC-BY-4.0", "CC-BY-SA-4.0", "CC0-1.0", "CC-BY-NC-4.0"]);
    Document {
        kind: kinds[(random(n) % 6) as usize].clone(),
        title: title(n),
        texts: vec![text],
        grades: [grade.parse().expect("a grade")].into(),
        subjects: [pick(4, &["Mathematics", "Science", "Literacy"])].into(),
        school_year: Some(year.parse().expect("a school year")),
        licence: Some(licence.parse().expect("a licence")),
        ..bare(n)
    }
}

/// Which one document `n` is, and nothing about it.
pub fn bare(n: u64) -> Document {
    Document {
        record: RecordRef { kind: RecordKind::Resource, id: id(n) },
        kind: ResourceKind::Task,
        title: String::new(),
        texts: Vec::new(),
        tags: BTreeSet::new(),
        language: Language::english(),
        grades: BTreeSet::new(),
        subjects: BTreeSet::new(),
        codes: BTreeSet::new(),
        teams: BTreeSet::new(),
        school_year: None,
        licence: None,
        created_at: stamp(n).at(),
        by: BTreeSet::new(),
        own: BTreeSet::new(),
    }
}

/// The id of document `n`.
pub fn id(n: u64) -> Uuid {
    Uuid::from_u64_pair(n, random(n))
}

/// The stamp of the change that added document `n`.
pub fn stamp(n: u64) -> Stamp {
    Stamp::from_bits((1_600_000_000_000 + n as i64) << 16)
}

/// Who may read document `n` of `documents`: 40 % are public, 55 % belong to a team, 5 % to one person.
pub fn class(n: u64, documents: u64) -> i64 {
    if n > documents {
        return PUBLIC;
    }
    if n % (documents / 8).max(1) == 3 && n / (documents / 8).max(1) < 8 {
        return EIGHT;
    }
    let drawn = random(n ^ 0xacce55);
    match drawn % 100 {
        0..40 => PUBLIC,
        40..95 => FIRST_TEAM + (drawn / 100 % TEAMS) as i64,
        _ => FIRST_OWNER + (drawn / 100 % OWNERS) as i64,
    }
}

/// The classes that somebody reads who sees about so much, sorted.
pub struct Reader {
    /// How much they see.
    pub sees: &'static str,
    /// What they may read.
    pub classes: Arc<[i64]>,
}

/// Readers who see ever less; the third is the member.
pub fn readers() -> Vec<Reader> {
    // Spread over all teams, as one comes to belong to them.
    let teams = |count: i64| (0..count).map(move |nth| FIRST_TEAM + nth * TEAMS as i64 / count);
    let public_and = |count| std::iter::once(PUBLIC).chain(teams(count)).collect();
    [
        ("100 %", (PUBLIC..=EIGHT).collect()),
        ("67 %", public_and(1_000)),
        ("41 %", public_and(36)),
        ("9 %", teams(340).collect()),
        ("1.3 %", teams(48).collect()),
        ("0.04 %", [FIRST_OWNER].into()),
        ("8 documents", [EIGHT].into()),
    ]
    .map(|(sees, classes)| Reader { sees, classes })
    .into()
}

/// The place of the member who sees 41 % among the readers.
pub const MEMBER: usize = 2;

/// What is asked.
pub struct Query {
    /// As one types it.
    pub text: String,
    /// Its words.
    pub words: Vec<String>,
    /// Whether they must stand one after the other.
    pub phrase: bool,
}

impl Query {
    fn words(words: Vec<String>) -> Self {
        Self { text: words.join(" "), words, phrase: false }
    }

    fn phrase(words: Vec<String>) -> Self {
        Self { text: format!("\"{}\"", words.join(" ")), words, phrase: true }
    }
}

/// At most `most` queries of so many words, of which no two have a word in common.
pub fn queries(words: usize, most: usize) -> Vec<Query> {
    queries_of(&asked(), words, most)
}

/// The same of these words.
pub fn queries_of(asked: &[String], words: usize, most: usize) -> Vec<Query> {
    asked.chunks_exact(words).take(most).map(|words| Query::words(words.to_vec())).collect()
}

/// The words that are asked for.
pub fn asked() -> Vec<String> {
    drawn(ASKED)
}

/// Queries for what the others do not ask.
pub fn rehearsal() -> Vec<Query> {
    let words = drawn(REHEARSED);
    let mut queries: Vec<Query> = words.chunks_exact(3).take(20).map(|words| Query::words(words.to_vec())).collect();
    queries.extend(words.chunks_exact(2).take(10).map(|words| Query::phrase(words.to_vec())));
    queries
}

fn drawn(ranks: std::ops::Range<u64>) -> Vec<String> {
    let mut ranks: Vec<u64> = ranks.collect();
    ranks.sort_by_key(|&rank| random(rank ^ 0xa5ced));
    ranks.into_iter().map(name).collect()
}

/// At most `most` queries for two words that stand one after the other in one of so many documents.
pub fn phrases(documents: u64, most: usize) -> Vec<Query> {
    let mut seen = BTreeSet::new();
    let pair = |n: u64| {
        let ranks: Vec<u64> = ranks(n).collect();
        let asked = |pair: &&[u64]| ASKED.contains(&pair[0]) && ASKED.contains(&pair[1]) && pair[0] != pair[1];
        ranks.windows(2).find(asked).map(|pair| (pair[0], pair[1]))
    };
    let pairs = (1..=documents).filter_map(pair).filter(|&pair| seen.insert(pair));
    pairs.take(most).map(|(a, b)| Query::phrase(vec![name(a), name(b)])).collect()
}
