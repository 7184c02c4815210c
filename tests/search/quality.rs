//! Rankings of judged collections stay as good as they were; skipped where the collections are not at hand.

use std::collections::HashMap;
use std::path::Path;

use cop_core::{ExternalId, NewCommunity, NewResource, Op, Resource, ResourceId, SearchQuery};

use cop_tests::shared::{lines, shared, text};

/// Mean nDCG@10 (Järvelin & Kekäläinen 2002, gains as judged) over the judged queries.
fn ndcg(folder: &Path) -> f64 {
    let id = |name: &str| ExternalId::new("judged", name);
    let add = |document: serde_json::Value| {
        let title = Some(text(&document, "title")).filter(|title| !title.trim().is_empty()).unwrap_or("-");
        Op::AddResource(
            NewResource::new("task", title.chars().take(300).collect::<String>())
                .with_body(text(&document, "text"))
                .with_external_id(id(text(&document, "_id"))),
        )
    };
    let cop = cop_search::in_memory(NewCommunity::new("Judged")).expect("a community");
    let ops = lines(&folder.join("corpus.jsonl")).into_iter().map(add).collect();
    cop.steward().batch(ops, &mut |_| std::ops::ControlFlow::Continue(())).expect("resources");

    let mut judged: HashMap<String, HashMap<ResourceId, f64>> = HashMap::new();
    for line in std::fs::read_to_string(folder.join("qrels/test.tsv")).expect("judgements").lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let gain: f64 = fields[2].parse().expect("a number");
        if gain > 0.0 {
            judged.entry(fields[0].to_owned()).or_default().insert(Resource::id_of(&id(fields[1])), gain);
        }
    }
    let discounted = |gains: &mut dyn Iterator<Item = f64>| -> f64 {
        gains.take(10).zip(2..).map(|(gain, rank)| gain / f64::from(rank).log2()).sum()
    };
    let (mut sum, mut count) = (0.0, 0);
    for query in lines(&folder.join("queries.jsonl")) {
        let Some(gains) = judged.get(text(&query, "_id")) else { continue };
        // These are descriptions, not queries with operators.
        let words = text(&query, "text").replace(['"', '“', '”'], " ").replace(" -", " ");
        let found = cop.steward().search(SearchQuery::new(words).without_facets()).expect("an answer");
        let got = discounted(&mut found.hits.iter().map(|hit| gains.get(&hit.id.into()).copied().unwrap_or(0.0)));
        let mut ideal: Vec<f64> = gains.values().copied().collect();
        ideal.sort_by(|a, b| b.total_cmp(a));
        sum += got / discounted(&mut ideal.into_iter());
        count += 1;
    }
    sum / f64::from(count)
}

#[test]
fn rankings_are_as_good_as_they_were() {
    for (name, least) in [
        ("ir_classic/cranfield", 0.38),
        ("ir_classic/cisi", 0.40),
        ("ir_teacher_alignment", 0.795),
        ("ir_openstax_objectives", 0.81),
    ] {
        let Some(folder) = shared(name) else { continue };
        let ndcg = ndcg(&folder);
        println!("{name}: nDCG@10 {ndcg:.4}");
        assert!(ndcg >= least, "{name}: {ndcg}");
    }
}
