//! The queries of a judged collection, asked of a community that holds its documents.

use std::collections::HashMap;
use std::ops::ControlFlow;

use cop_core::{ExternalId, NewCommunity, NewResource, Op, Resource, ResourceId, Result, SearchQuery};

use super::{Collection, Document, Query, Ranking};

/// Most characters that a title and a body may have; the rest of a longer one is left out.
const MOST_CHARS: (usize, usize) = (300, 200_000);

impl Collection {
    /// What each query finds among the documents, `depth` deep.
    ///
    /// # Errors
    /// `search.limit` when `depth` is above [`MAX_LIMIT`](cop_core::search::MAX_LIMIT).
    pub fn rankings(&self, depth: usize) -> Result<Vec<Ranking>> {
        let cop = cop_search::in_memory(NewCommunity::new("Judged"))?;
        let documents = self.documents.iter().enumerate();
        let add = |(place, document)| Op::AddResource(resource(place, document));
        cop.steward().batch(documents.clone().map(add).collect(), &mut |_| ControlFlow::Continue(()))?;
        let names: HashMap<ResourceId, &str> =
            documents.map(|(place, document)| (Resource::id_of(&name(place)), document.id.as_str())).collect();
        let ranking = |query: &Query| {
            let asked = SearchQuery::new(as_words(&query.text)).with_limit(depth).without_facets().without_snippets();
            let gain = |id: ResourceId| names.get(&id).and_then(|name| query.gains.get(*name)).copied();
            let found = cop.steward().search(asked)?.hits;
            let found = found.iter().map(|hit| gain(hit.id.into()).unwrap_or(0.0)).collect();
            Ok(Ranking::new(found, query.gains.values().copied().collect()))
        };
        self.queries.iter().map(ranking).collect()
    }
}

/// Its place names a document: the id that the collection has for it may be anything.
fn name(place: usize) -> ExternalId {
    ExternalId::new("judged", place.to_string())
}

fn resource(place: usize, document: &Document) -> NewResource {
    let title = cut(document.title.as_deref().unwrap_or(""), MOST_CHARS.0, |c| !c.is_control() && !overrides(c));
    NewResource::new("task", if title.trim().is_empty() { "-" } else { &title })
        .with_body(cut(&document.text, MOST_CHARS.1, |c| !c.is_control() || matches!(c, '\n' | '\t')))
        .with_language(document.language.code())
        .with_external_id(name(place))
}

/// The beginning of a text, with spaces for what may not stand in it.
fn cut(text: &str, most: usize, may: impl Fn(char) -> bool) -> String {
    text.chars().map(|c| if may(c) { c } else { ' ' }).take(most).collect()
}

/// Whether a character makes others run in another direction, which titles may not.
fn overrides(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A description as the words it holds: it is not written in the language of queries, so nothing in it excludes,
/// filters, joins, or must occur as it stands.
pub fn as_words(description: &str) -> String {
    let mut before = ' ';
    let separated = |c: char| {
        let separates = matches!(c, '"' | '“' | '”') || c == ':' && before.is_alphabetic();
        before = c;
        if separates { ' ' } else { c }
    };
    let text: String = description.chars().map(separated).collect();
    let words: Vec<&str> = text.split_whitespace().map(as_word).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

fn as_word(run: &str) -> &str {
    // Before a number it is a minus sign.
    let run = if run.contains(char::is_alphabetic) { run.trim_start_matches('-') } else { run };
    match run.trim_end_matches('*') {
        "OR" => "or",
        word => word,
    }
}

#[cfg(test)]
mod tests {
    use cop_core::Language;

    use super::*;

    fn document(id: &str, title: Option<&str>, text: &str) -> Document {
        let title = title.map(str::to_owned);
        Document { id: id.to_owned(), title, text: text.to_owned(), language: Language::english() }
    }

    fn query(text: &str, gains: &[(&str, f64)]) -> Query {
        let gains = gains.iter().map(|(id, gain)| ((*id).to_owned(), *gain)).collect();
        Query { text: text.to_owned(), gains }
    }

    #[test]
    fn nothing_in_a_description_is_an_operator() {
        for (description, words) in [
            ("what is “flow” in a \"boundary layer\"?", "what is flow in a boundary layer ?"),
            ("the x -intercept and -\"both\" -axis --", "the x intercept and - both axis --"),
            ("-grade:5 OR kind:task,tool or AND", "grade 5 or kind task,tool or AND"),
            ("team:\"a b\" by: OR:OR frac* -OR* *", "team a b by or or frac or"),
            ("from -3 to -3/4 at 3:4, two-way, e.g. 5.NF", "from -3 to -3/4 at 3:4, two-way, e.g. 5.NF"),
            (" \n\t", ""),
        ] {
            assert_eq!(as_words(description), words);
            assert_eq!(SearchQuery::parse(words), SearchQuery::new(words), "{words}");
        }
    }

    #[test]
    fn a_ranking_has_the_gains_of_what_was_found() {
        let mut spanish = document("es", None, "Recta numérica: divide la tira en tercios.");
        spanish.language = "es".parse().expect("a language");
        let collection = Collection {
            documents: vec![
                document("both", Some("Fraction strips"), "Fold a strip into thirds."),
                document("other", Some("Ratios"), "Mix three parts of blue paint."),
                document("one", Some(" "), "Some fractions are on no line that has a strip, and so on and so on."),
                spanish,
            ],
            queries: vec![
                query("\"fraction strips\" -thirds", &[("one", 1.0), ("both", 3.0), ("not here", 2.0)]),
                query("dividir", &[("es", 1.0)]),
                query("paint", &[("both", 1.0)]),
                query("xylophones", &[("other", 1.0)]),
            ],
        };
        let rankings = collection.rankings(10).expect("rankings");
        assert_eq!(
            rankings,
            [
                Ranking::new(vec![3.0, 1.0], vec![3.0, 2.0, 1.0]),
                Ranking::new(vec![1.0], vec![1.0]),
                Ranking::new(vec![0.0], vec![1.0]),
                Ranking::new(vec![], vec![1.0]),
            ]
        );
        let deep = collection.rankings(1).expect("rankings");
        assert_eq!(deep[0], Ranking::new(vec![3.0], vec![3.0, 2.0, 1.0]));
    }

    #[test]
    fn every_text_can_be_a_document() {
        let long = "palabra ".repeat(30_000);
        let texts = ["", " \n", "a\0b\r\nc", "\u{202e}", "\u{feff}", &long];
        let documents = texts.iter().flat_map(|text| {
            let id = |part: &str| format!("{part}\t{text}");
            [document(&id("title"), Some(text), "strip"), document(&id("text"), None, text)]
        });
        let mut collection = Collection { documents: documents.collect(), queries: Vec::new() };
        collection.queries.push(query("strip", &[("title\t\u{202e}", 1.0)]));
        let found = &collection.rankings(100).expect("every document is taken")[0];
        assert_eq!(found.recall(100), 1.0, "among all that have the word");
    }
}
