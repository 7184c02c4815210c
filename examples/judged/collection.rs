//! A judged collection, from files in BEIR layout (Thakur et al. 2021).

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use cop_core::{Error, Language, Problem, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;

const CORPUS: &str = "corpus.jsonl";
const QUERIES: &str = "queries.jsonl";
const JUDGEMENTS: &str = "qrels/test.tsv";

/// So many malformed lines are named; a file that is something else has no other ones.
const MOST_NAMED: usize = 20;

/// Documents, queries, and which documents answer them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Collection {
    /// What is searched.
    pub documents: Vec<Document>,
    /// What is asked.
    pub queries: Vec<Query>,
}

/// What is searched: a line of `corpus.jsonl`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Document {
    /// What judgements call it.
    #[serde(rename = "_id")]
    pub id: String,
    /// Its title, if it has one.
    #[serde(default)]
    pub title: Option<String>,
    /// Its text.
    pub text: String,
    /// The language of both.
    #[serde(default = "Language::english")]
    pub language: Language,
}

/// A description of what is looked for: a line of `queries.jsonl`, and its lines of `qrels/test.tsv`.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// In words.
    pub text: String,
    /// How well documents answer it, by their ids: not at all where it is 0 or they are not here.
    pub gains: HashMap<String, f64>,
}

#[derive(Deserialize)]
struct QueryRow {
    #[serde(rename = "_id")]
    id: String,
    text: String,
}

impl Collection {
    /// Reads `corpus.jsonl`, `queries.jsonl` and `qrels/test.tsv` of a folder. Of the queries it takes those that some
    /// document answers: of the others no ranking is better than another. A judged document that is not in the corpus
    /// answers its query all the same, and is never found.
    ///
    /// # Errors
    /// `Io` naming a file that cannot be read; `InvalidInput` naming malformed lines as `file:line`, or the judgements
    /// if they leave no query.
    pub fn read(folder: &Path) -> Result<Self> {
        let mut problems = Vec::new();
        let documents = records(&folder.join(CORPUS), |document: &Document| &document.id, &mut problems)?;
        let queries = records(&folder.join(QUERIES), |query: &QueryRow| &query.id, &mut problems)?;
        let mut judged = judgements(&folder.join(JUDGEMENTS), &mut problems)?;
        if !problems.is_empty() {
            return Err(Error::InvalidInput(problems));
        }
        let queries: Vec<Query> = queries
            .into_iter()
            .filter_map(|row| Some(Query { gains: judged.remove(&row.id)?, text: row.text }))
            .filter(|query| query.gains.values().any(|gain| *gain > 0.0))
            .collect();
        if queries.is_empty() {
            let file = folder.join(JUDGEMENTS).display().to_string();
            return Err(Problem::new(file, "qrels.empty", "no document answers any of the queries").into());
        }
        Ok(Self { documents, queries })
    }
}

/// The collections that `folder` is, or that are in it, by name.
///
/// # Errors
/// `Io` when it cannot be read, `InvalidInput` when it is not and has no collection.
pub fn folders(folder: &Path) -> Result<Vec<PathBuf>> {
    let is_collection = |folder: &PathBuf| folder.join(CORPUS).is_file();
    let folder = folder.to_path_buf();
    if is_collection(&folder) {
        return Ok(vec![folder]);
    }
    let inside = folder.read_dir().and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
    let mut inside: Vec<PathBuf> = inside.map_err(|error| unreadable(&folder, error))?;
    inside.retain(is_collection);
    inside.sort();
    if inside.is_empty() {
        let detail = format!("no {CORPUS} in it, nor in a folder in it");
        return Err(Problem::new(folder.display().to_string(), "collection.missing", detail).into());
    }
    Ok(inside)
}

/// The records of a file of JSON Lines, each with an id of its own.
fn records<T: DeserializeOwned>(
    file: &Path,
    id: impl Fn(&T) -> &String,
    problems: &mut Vec<Problem>,
) -> Result<Vec<T>> {
    let mut ids = HashSet::new();
    let mut records = Vec::new();
    each_line(file, problems, |line| {
        let record: T = serde_json::from_str(line).map_err(|error| error.to_string())?;
        if !ids.insert(id(&record).clone()) {
            return Err(format!("there is a line with the _id {:?} already", id(&record)));
        }
        records.push(record);
        Ok(())
    })?;
    Ok(records)
}

/// The gains of documents, by query.
fn judgements(file: &Path, problems: &mut Vec<Problem>) -> Result<HashMap<String, HashMap<String, f64>>> {
    let mut judged: HashMap<String, HashMap<String, f64>> = HashMap::new();
    let mut is_first = true;
    each_line(file, problems, |line| {
        let is_header = std::mem::take(&mut is_first);
        let fields: Vec<&str> = line.trim_end_matches('\r').split('\t').collect();
        let &[query, document, gain] = fields.as_slice() else {
            return Err(format!("three fields with tabs between them are needed, not {}", fields.len()));
        };
        let gain = gain.trim().parse().ok().filter(|gain: &f64| gain.is_finite());
        match (is_header, gain) {
            (true, None) => return Ok(()),
            (true, Some(_)) => return Err("the first line must be a header".to_owned()),
            (false, None) => return Err("the third field must be a number".to_owned()),
            (false, Some(gain)) => {
                let before = judged.entry(query.to_owned()).or_default().insert(document.to_owned(), gain);
                if before.is_some_and(|before| before != gain) {
                    return Err("the same document was judged otherwise before".to_owned());
                }
            }
        }
        Ok(())
    })?;
    Ok(judged)
}

/// Hands over the lines of a file that are not blank, and names those that are refused.
fn each_line(file: &Path, problems: &mut Vec<Problem>, mut take: impl FnMut(&str) -> Result<(), String>) -> Result<()> {
    let lines = BufReader::new(File::open(file).map_err(|error| unreadable(file, error))?).split(b'\n');
    for (line, number) in lines.zip(1_u64..) {
        let line = line.map_err(|error| unreadable(file, error))?;
        let taken = match std::str::from_utf8(&line) {
            Ok(line) if line.trim().is_empty() => Ok(()),
            Ok(line) => take(line),
            Err(_) => Err("not UTF-8".to_owned()),
        };
        if let Err(detail) = taken {
            problems.push(Problem::new(format!("{}:{number}", file.display()), "line.format", detail));
        }
        if problems.len() >= MOST_NAMED {
            return Err(Error::InvalidInput(std::mem::take(problems)));
        }
    }
    Ok(())
}

fn unreadable(path: &Path, error: std::io::Error) -> Error {
    Error::Io { context: format!("{}: {error}", path.display()), source: Some(error) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENTS: &str = r#"{"_id": "a", "title": "Strips", "text": "Fold a strip into thirds."}
{"_id": "b", "text": "Pliega la tira.", "language": "es", "metadata": {}}

{"_id": "c", "title": null, "text": ""}
"#;
    const ASKED: &str = r#"{"_id": "1", "text": "strips", "metadata": {"author": "x"}}
{"_id": "2", "text": "nobody judged this"}
{"_id": "3", "text": "nothing answers this"}
"#;
    const JUDGED: &str = "query-id\tcorpus-id\tscore\r\n1\ta\t2\r\n1\tb\t0\n1\tz\t0.5\n1\ta\t2\n3\tc\t0\n4\ta\t1\n";

    fn collection(corpus: &str, queries: &str, judgements: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("qrels")).expect("a folder");
        for (file, text) in [(CORPUS, corpus), (QUERIES, queries), (JUDGEMENTS, judgements)] {
            std::fs::write(folder.path().join(file), text).expect("a file");
        }
        folder
    }

    /// What is wrong, by the file's name and line.
    fn wrong(folder: &tempfile::TempDir) -> Vec<String> {
        let error = Collection::read(folder.path()).expect_err("something is wrong");
        let root = format!("{}/", folder.path().display());
        error.problems().iter().map(|problem| problem.field.replace(&root, "")).collect()
    }

    #[test]
    fn reads_documents_queries_and_gains() {
        let read = Collection::read(collection(DOCUMENTS, ASKED, JUDGED).path()).expect("a collection");
        let ids: Vec<(&str, &str)> = read.documents.iter().map(|d| (d.id.as_str(), d.language.code())).collect();
        assert_eq!(ids, [("a", "en"), ("b", "es"), ("c", "en")]);
        assert_eq!(read.documents[0].title.as_deref(), Some("Strips"));
        assert_eq!((&read.documents[1].title, &read.documents[2].title), (&None, &None));
        assert_eq!(read.documents[1].text, "Pliega la tira.");
        // The second and third say nothing about rankings, the fourth is not asked.
        let gains = [("a", 2.0), ("b", 0.0), ("z", 0.5)].map(|(id, gain)| (id.to_owned(), gain));
        assert_eq!(read.queries, [Query { text: "strips".to_owned(), gains: HashMap::from(gains) }]);
    }

    #[test]
    fn names_every_malformed_line() {
        let corpus = "{\"_id\": \"a\", \"text\": \"\"}\n\n{\"_id\": 1, \"text\": \"\"}\nnot JSON\n{\"_id\": \"b\"}\n\
                      {\"_id\": \"a\", \"text\": \"\"}\n{\"_id\": \"c\", \"text\": \"\", \"language\": \"no such\"}\n";
        let queries = "{\"_id\": \"1\", \"text\": \"x\"}\n{\"text\": \"x\"}\n{\"_id\": \"1\", \"text\": \"y\"}";
        let judged = "query-id\tcorpus-id\tscore\n1\ta\n1\ta\t1\tx\n1\ta\tmuch\n1\ta\tNaN\n1\tb\t1\n1\tb\t2\n";
        let expected = [
            "corpus.jsonl:3",
            "corpus.jsonl:4",
            "corpus.jsonl:5",
            "corpus.jsonl:6",
            "corpus.jsonl:7",
            "queries.jsonl:2",
            "queries.jsonl:3",
            "qrels/test.tsv:2",
            "qrels/test.tsv:3",
            "qrels/test.tsv:4",
            "qrels/test.tsv:5",
            "qrels/test.tsv:7",
        ];
        assert_eq!(wrong(&collection(corpus, queries, judged)), expected);
    }

    #[test]
    fn names_a_header_that_is_missing_and_bytes_that_are_no_text() {
        let folder = collection(DOCUMENTS, ASKED, "1\ta\t1\n");
        std::fs::write(folder.path().join(QUERIES), b"{\"_id\": \"1\", \"text\": \"caf\xe9\"}\n").expect("a file");
        assert_eq!(wrong(&folder), ["queries.jsonl:1", "qrels/test.tsv:1"]);
    }

    #[test]
    fn a_file_that_is_something_else_is_not_named_line_by_line() {
        let named = wrong(&collection(&"<p>\n".repeat(1_000), ASKED, JUDGED));
        assert_eq!(named.len(), MOST_NAMED);
    }

    #[test]
    fn without_an_answered_query_there_is_nothing_to_measure() {
        assert_eq!(wrong(&collection(DOCUMENTS, ASKED, "query-id\tcorpus-id\tscore\n1\ta\t0\n")), ["qrels/test.tsv"]);
        assert_eq!(wrong(&collection(DOCUMENTS, "", "")), ["qrels/test.tsv"]);
    }

    #[test]
    fn a_missing_file_is_named() {
        let folder = collection(DOCUMENTS, ASKED, JUDGED);
        std::fs::remove_file(folder.path().join(JUDGEMENTS)).expect("removed");
        let error = Collection::read(folder.path()).expect_err("a file is missing");
        assert_eq!(error.code(), "io.failed");
        assert!(error.to_string().contains(JUDGEMENTS), "{error}");
    }

    #[test]
    fn a_folder_is_a_collection_or_holds_some() {
        let root = tempfile::tempdir().expect("a folder");
        let name = |name: &str| root.path().join(name);
        assert_eq!(folders(root.path()).expect_err("nothing there").code(), "collection.missing");
        for inside in ["two", "one", "none"] {
            std::fs::create_dir(name(inside)).expect("a folder");
        }
        for inside in ["two", "one"] {
            std::fs::write(name(inside).join(CORPUS), DOCUMENTS).expect("a file");
        }
        assert_eq!(folders(root.path()).expect("two"), [name("one"), name("two")]);
        assert_eq!(folders(&name("two")).expect("itself"), [name("two")]);
        assert_eq!(folders(&name("three")).expect_err("not there").code(), "io.failed");
    }
}
