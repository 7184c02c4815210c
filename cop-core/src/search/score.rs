//! How well a resource matches.

/// Okapi BM25 with k₁ = 1.2 and b = 0.75 (Robertson & Zaragoza 2009), idf = ln(1 + (N − n + ½)/(n + ½)).
///
/// In double precision and summed in the query's order, so that equal inputs give equal bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bm25 {
    /// How many documents the viewer sees.
    pub documents: u64,
    /// How many words those documents have together.
    pub words: u64,
}

impl Bm25 {
    /// The score of one word or phrase that occurs `frequency` times in a document of `length` words and
    /// in `matching` of the visible documents.
    pub fn score(&self, matching: u64, frequency: u32, length: u32) -> f64 {
        self.unit(matching).score(frequency, length)
    }

    /// What all documents' scores for one word or phrase have in common.
    pub fn unit(&self, matching: u64) -> Bm25Unit {
        let average = self.words as f64 / (self.documents as f64).max(1.0);
        Bm25Unit { idf: self.idf(matching), average: average.max(f64::MIN_POSITIVE) }
    }

    /// How much a word or phrase tells that occurs in `matching` of the visible documents.
    pub fn idf(&self, matching: u64) -> f64 {
        let (documents, matching) = (self.documents as f64, matching as f64);
        (1.0 + (documents - matching + 0.5) / (matching + 0.5)).ln()
    }
}

/// [`Bm25`] for one word or phrase.
#[derive(Clone, Copy, Debug)]
pub struct Bm25Unit {
    idf: f64,
    average: f64,
}

impl Bm25Unit {
    /// The score where it occurs `frequency` times in a document of `length` words.
    pub fn score(&self, frequency: u32, length: u32) -> f64 {
        let tf = f64::from(frequency);
        let norm = 1.2 * (0.25 + 0.75 * f64::from(length) / self.average);
        self.idf * tf * 2.2 / (tf + norm)
    }
}
