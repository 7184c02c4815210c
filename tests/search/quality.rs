//! Rankings of judged collections stay as good as they were; skipped where the collections are not at hand.

use cop_examples::judged::{Collection, mean};
use cop_tests::shared::shared;

#[test]
fn rankings_are_as_good_as_they_were() {
    for (name, least) in [
        ("ir_classic/cranfield", 0.38),
        ("ir_classic/cisi", 0.40),
        ("ir_teacher_alignment", 0.795),
        ("ir_openstax_objectives", 0.81),
    ] {
        let Some(folder) = shared(name) else { continue };
        let collection = Collection::read(&folder).expect("a collection");
        let ndcg = mean(&collection.rankings(10).expect("rankings"), |ranking| ranking.ndcg(10));
        println!("{name}: nDCG@10 {ndcg:.4}");
        assert!(ndcg >= least, "{name}: {ndcg}");
    }
}
