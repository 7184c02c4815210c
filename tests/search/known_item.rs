//! Who remembers what a section is called finds it by what it says, with a slip too; skipped without the textbooks.

use std::collections::HashMap;

use cop_core::Language;
use cop_examples::judged::{Collection, Document, Query, mean};
use cop_tests::shared::{lines, shared, text};

/// How many sections are looked for.
const SOUGHT: usize = 600;

/// Sections of textbooks in which some are looked for by their titles; only what stands below a title is searched.
///
/// Looked for are those whose title no other has (in any case), evenly over all the books: who asks for one of
/// hundreds of "Key Concepts" has no certain one in mind.
fn sections() -> Option<Collection> {
    let sections = lines(&shared("resources_openstax/sections.jsonl")?);
    let mut times: HashMap<String, usize> = HashMap::new();
    for section in &sections {
        *times.entry(title(section).to_lowercase()).or_default() += 1;
    }
    let own: Vec<_> = sections.iter().filter(|section| times[&title(section).to_lowercase()] == 1).collect();
    assert!(own.len() >= SOUGHT, "{} titles", own.len());
    let sought = (0..SOUGHT).map(|place| own[place * own.len() / SOUGHT]);
    let document = |section| {
        // The title is the text's first line, too.
        let below = text(section, "body").trim_start().strip_prefix(title(section)).expect("the title first");
        Document {
            id: text(section, "id").to_owned(),
            title: None,
            text: below.to_owned(),
            language: Language::english(),
        }
    };
    Some(Collection {
        documents: sections.iter().map(document).collect(),
        queries: sought
            .map(|section| Query {
                text: title(section).to_owned(),
                gains: HashMap::from([(text(section, "id").to_owned(), 1.0)]),
            })
            .collect(),
    })
}

fn title(section: &serde_json::Value) -> &str {
    text(section, "title").trim()
}

/// The text with two neighbouring letters of its longest word, of equals the first, in the wrong order: the `n`th and
/// the next, counted around the word, or the first after them that differ.
fn with_slip(text: &str, n: usize) -> String {
    let words = text.split(|c: char| !c.is_alphabetic());
    let longest = words.rev().max_by_key(|word| word.chars().count()).unwrap_or("");
    let letters: Vec<char> = longest.chars().collect();
    let pairs = letters.len().saturating_sub(1);
    let differ = |at: &usize| letters[*at].to_lowercase().ne(letters[at + 1].to_lowercase());
    let Some(at) = (0..pairs).map(|step| (n + step) % pairs).find(differ) else { return text.to_owned() };
    let mut slipped = letters.clone();
    slipped.swap(at, at + 1);
    text.replacen(longest, &String::from_iter(slipped), 1)
}

#[test]
fn sections_are_found_by_their_titles() {
    let Some(mut sections) = sections() else { return };
    for (asked, least) in [("title", 0.57), ("title with a slip", 0.50)] {
        let rankings = sections.rankings(10).expect("rankings");
        let reciprocal = mean(&rankings, |ranking| ranking.reciprocal_rank(10));
        let hit = mean(&rankings, |ranking| ranking.recall(10));
        println!("known item by its {asked}: MRR@10 {reciprocal:.4}, hit@10 {hit:.4}");
        assert!(reciprocal >= least, "by its {asked}: {reciprocal}");
        for (n, query) in sections.queries.iter_mut().enumerate() {
            query.text = with_slip(&query.text, n);
        }
    }
}

#[test]
fn a_slip_swaps_two_letters_that_differ() {
    for (text, n, slipped) in [
        ("Add whole numbers", 0, "Add whole unmbers"),
        ("Add whole numbers", 5, "Add whole numbesr"),
        ("Add whole numbers", 6, "Add whole unmbers"),
        ("Sets and cats", 0, "eSts and cats"),
        ("Use “spaaces”", 2, "Use “spacaes”"),
        ("See aaaa 5/3", 0, "See aaaa 5/3"),
        ("", 3, ""),
    ] {
        assert_eq!(with_slip(text, n), slipped, "{text}, {n}");
    }
}
