//! What a ranking is worth by the judgements.

/// What a query found, as gains: above 0 for a document that answers it, 0 for others and for those nobody judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranking {
    found: Vec<f64>,
    relevant: Vec<f64>,
}

impl Ranking {
    /// The gains of what was found, best first, and of everything that should be, in any order.
    pub fn new(found: Vec<f64>, mut relevant: Vec<f64>) -> Self {
        relevant.retain(|gain| *gain > 0.0);
        relevant.sort_by(|a, b| b.total_cmp(a));
        Self { found, relevant }
    }

    /// nDCG at a depth (Järvelin & Kekäläinen 2002): the gains as judged, each divided by log2(rank + 1), as a share of
    /// what the best order would have. 0 where nothing is relevant, as in all of these.
    pub fn ndcg(&self, depth: usize) -> f64 {
        let discounted = |gains: &[f64]| -> f64 {
            gains.iter().take(depth).zip(2..).map(|(gain, rank)| gain.max(0.0) / f64::from(rank).log2()).sum()
        };
        share(discounted(&self.found), discounted(&self.relevant))
    }

    /// Average precision (Buckley & Voorhees 2000): the precision at the rank of each relevant document, 0 for those
    /// that were not found, averaged over all that are relevant. Its mean over queries is MAP.
    pub fn average_precision(&self) -> f64 {
        let precisions = self.ranks().zip(1..).map(|(rank, relevant)| f64::from(relevant) / rank as f64);
        share(precisions.sum(), self.relevant.len() as f64)
    }

    /// The share of the relevant documents that are among the first `depth`. Of a single one: hit@`depth`.
    pub fn recall(&self, depth: usize) -> f64 {
        share(self.ranks().take_while(|rank| *rank <= depth).count() as f64, self.relevant.len() as f64)
    }

    /// 1 / the rank of the first relevant document, 0 if it is not among the first `depth` (Voorhees 1999). Its mean
    /// over queries is MRR@`depth`.
    pub fn reciprocal_rank(&self, depth: usize) -> f64 {
        self.ranks().next().filter(|rank| *rank <= depth).map_or(0.0, |rank| 1.0 / rank as f64)
    }

    /// The ranks of what is relevant, from 1.
    fn ranks(&self) -> impl Iterator<Item = usize> {
        self.found.iter().zip(1..).filter(|(gain, _)| **gain > 0.0).map(|(_, rank)| rank)
    }
}

fn share(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 0.0 } else { part / whole }
}

/// The mean of a figure over rankings, each counting the same; 0 of none.
pub fn mean(rankings: &[Ranking], figure: impl Fn(&Ranking) -> f64) -> f64 {
    share(rankings.iter().map(figure).sum(), rankings.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranking(found: &[f64], relevant: &[f64]) -> Ranking {
        Ranking::new(found.to_vec(), relevant.to_vec())
    }

    fn assert_near(actual: f64, expected: f64) {
        assert!((actual - expected).abs() < 1e-12, "{actual} is not {expected}");
    }

    /// The discounts of the first ranks: log2 of 2, 3, 4, 5.
    const DISCOUNTS: [f64; 4] = [1.0, 1.584_962_500_721_156, 2.0, 2.321_928_094_887_362];

    #[test]
    fn a_perfect_ranking_is_worth_one() {
        let perfect = ranking(&[3.0, 2.0, 1.0], &[1.0, 2.0, 3.0]);
        for worth in [perfect.ndcg(10), perfect.average_precision(), perfect.recall(3), perfect.reciprocal_rank(1)] {
            assert_near(worth, 1.0);
        }
    }

    #[test]
    fn gains_count_as_judged_in_ndcg_and_all_the_same_elsewhere() {
        // Relevant at ranks 2 and 4, one document not found; the best order is 3, 2, 1.
        let found = ranking(&[0.0, 1.0, 0.0, 3.0], &[3.0, 2.0, 1.0]);
        let ideal = 3.0 + 2.0 / DISCOUNTS[1] + 1.0 / DISCOUNTS[2];
        assert_near(found.ndcg(10), (1.0 / DISCOUNTS[1] + 3.0 / DISCOUNTS[3]) / ideal);
        assert_near(found.ndcg(10), 0.403_825_317_590_144_5);
        assert_near(found.average_precision(), (1.0 / 2.0 + 2.0 / 4.0) / 3.0);
        assert_near(found.recall(3), 1.0 / 3.0);
        assert_near(found.recall(100), 2.0 / 3.0);
        assert_near(found.reciprocal_rank(10), 0.5);
    }

    #[test]
    fn only_the_depth_counts() {
        let late = ranking(&[0.0, 0.0, 1.0], &[1.0]);
        assert_near(late.ndcg(2), 0.0);
        assert_near(late.ndcg(3), 1.0 / DISCOUNTS[2]);
        assert_near(late.recall(2), 0.0);
        assert_near(late.reciprocal_rank(2), 0.0);
        assert_near(late.reciprocal_rank(3), 1.0 / 3.0);
        assert_near(late.average_precision(), 1.0 / 3.0);
        // More are relevant than the depth holds: what cannot be among the first is not asked for.
        let many = ranking(&[1.0; 12], &[1.0; 20]);
        assert_near(many.ndcg(10), 1.0);
        assert_near(many.recall(10), 0.5);
        assert_near(many.average_precision(), 12.0 / 20.0);
    }

    #[test]
    fn fewer_results_than_the_depth_are_what_there_is() {
        let short = ranking(&[1.0], &[1.0, 1.0]);
        assert_near(short.ndcg(10), 1.0 / (1.0 + 1.0 / DISCOUNTS[1]));
        assert_near(short.recall(100), 0.5);
        let none = ranking(&[], &[2.0]);
        for worth in [none.ndcg(10), none.average_precision(), none.recall(100), none.reciprocal_rank(10)] {
            assert_near(worth, 0.0);
        }
    }

    #[test]
    fn documents_of_equal_gain_may_change_places() {
        let relevant = [2.0, 1.0, 2.0, 1.0];
        assert_near(ranking(&[2.0, 2.0, 1.0, 1.0], &relevant).ndcg(10), 1.0);
        // Two of gain 1 before one of gain 2: which of the two comes first does not matter, that they do does.
        let swapped = ranking(&[1.0, 1.0, 2.0], &[1.0, 2.0, 1.0]);
        let ideal = 2.0 + 1.0 / DISCOUNTS[1] + 1.0 / DISCOUNTS[2];
        assert_near(swapped.ndcg(10), (1.0 + 1.0 / DISCOUNTS[1] + 2.0 / DISCOUNTS[2]) / ideal);
        assert_near(swapped.average_precision(), 1.0);
    }

    #[test]
    fn judged_as_no_answer_is_as_not_judged() {
        assert_eq!(ranking(&[1.0], &[1.0, 0.0, -1.0]), ranking(&[1.0], &[1.0]));
        assert_near(ranking(&[-1.0, 1.0], &[1.0, -1.0]).ndcg(10), 1.0 / DISCOUNTS[1]);
        let nothing = ranking(&[0.0, 0.0], &[0.0]);
        for worth in [nothing.ndcg(10), nothing.average_precision(), nothing.recall(10), nothing.reciprocal_rank(10)] {
            assert_near(worth, 0.0);
        }
    }

    #[test]
    fn every_query_counts_the_same_in_a_mean() {
        let rankings = [ranking(&[1.0], &[1.0]), ranking(&[0.0, 1.0], &[1.0; 4]), ranking(&[], &[1.0])];
        assert_near(mean(&rankings, |ranking| ranking.reciprocal_rank(10)), (1.0 + 0.5 + 0.0) / 3.0);
        assert_near(mean(&rankings, |ranking| ranking.recall(10)), (1.0 + 0.25 + 0.0) / 3.0);
        assert_near(mean(&[], |ranking| ranking.ndcg(10)), 0.0);
    }
}
