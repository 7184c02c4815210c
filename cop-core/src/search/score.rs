//! How well a resource matches.

/// How soon more of the same word stops counting. Of 1.2 to 2.0, the middle is best on all judged collections together.
const K1: f64 = 1.6;

/// Okapi BM25 with k₁ = 1.6 and b = 0.75 (Robertson & Zaragoza 2009), idf = ln(1 + (N − n + ½)/(n + ½)).
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
        self.weight(matching) * self.share(frequency, length)
    }

    /// The most that a word or phrase counts which occurs in `matching` of the visible documents.
    pub fn weight(&self, matching: u64) -> f64 {
        (K1 + 1.0) * self.idf(matching)
    }

    /// Which share of its weight counts where it occurs `frequency` times in a document of `length` words.
    pub fn share(&self, frequency: u32, length: u32) -> f64 {
        let times = f64::from(frequency);
        times / (times + self.norm(length))
    }

    /// How often it must occur in a document of `length` words for half of its weight to count.
    pub fn norm(&self, length: u32) -> f64 {
        K1 * (0.25 + 0.75 * f64::from(length) / self.average())
    }

    /// How many words a visible document has on average.
    pub fn average(&self) -> f64 {
        (self.words as f64 / (self.documents as f64).max(1.0)).max(f64::MIN_POSITIVE)
    }

    /// How much a word or phrase tells that occurs in `matching` of the visible documents.
    pub fn idf(&self, matching: u64) -> f64 {
        let (documents, matching) = (self.documents as f64, matching as f64);
        (1.0 + (documents - matching + 0.5) / (matching + 0.5)).ln()
    }
}

/// How much less older records count, where that was asked for.
const AGEING: f64 = 0.15;
/// In milliseconds.
const YEAR: f64 = 365.25 * 86_400_000.0;

/// Has newer records count more: a score is divided by 1 + 0.15 · ln(1 + age in years), so that what was made a year ago
/// counts 0.91 of what is made today, and after ten years 0.74.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recency {
    /// When today began, in milliseconds since 1970.
    pub today: i64,
}

impl Recency {
    /// What the score of a record that was made at `created`, in milliseconds since 1970, is multiplied with.
    pub fn factor(&self, created: i64) -> f64 {
        let years = self.today.saturating_sub(created).max(0) as f64 / YEAR;
        1.0 / (1.0 + AGEING * years.ln_1p())
    }
}
