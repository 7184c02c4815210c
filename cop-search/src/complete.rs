//! Completes the word that is being typed.
//!
//! In how many visible documents each word of titles and tags is, is counted once for all words of a segment. Those that
//! begin alike stand one after the other, so that it is quickly seen how many documents the first words must have; only
//! words that may have as many are looked at, and what is gone since is taken off them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::ops::Range;
use std::sync::Arc;

use cop_core::search::{Completion, Unfinished, most_common};
use tantivy::DocSet;

use crate::bits::Bits;
use crate::cache::Weighed;
use crate::evaluate::Evaluation;
use crate::fault::Fault;
use crate::generation::Segment;
use crate::part::Part;
use crate::postings::count_in_blocks;
use crate::schema::{completed, completing};

/// In how many visible documents of a segment each word is that completes, by the words' numbers.
pub(crate) struct Completing(Vec<u32>);

impl Completing {
    /// Looks at every word.
    pub fn of(segment: &Segment, visible: &Bits) -> Result<Self, Fault> {
        let mut counts = Vec::new();
        segment.each_completing(|postings| counts.push(count_in_blocks(postings, visible) as u32))?;
        Ok(Self(counts))
    }
}

impl Weighed for Completing {
    fn bytes(&self) -> usize {
        self.0.len() * 4
    }
}

/// What is committed of the words that begin alike, in one segment.
struct Committed<'a> {
    segment: &'a Segment,
    counts: Arc<Completing>,
    /// The words' numbers.
    words: Range<usize>,
    /// The documents that were visible and are gone since.
    gone: &'a [u32],
}

impl Committed<'_> {
    fn counts(&self) -> &[u32] {
        self.counts.0.get(self.words.clone()).unwrap_or_default()
    }

    /// As many documents as this, or more, have each of the first `most` words.
    fn least(&self, most: usize) -> u64 {
        let mut first = BinaryHeap::with_capacity(most + 1);
        for &count in self.counts() {
            if first.len() < most || first.peek().is_some_and(|Reverse(least)| count > *least) {
                first.push(Reverse(count));
            }
            if first.len() > most {
                first.pop();
            }
        }
        let least = first.peek().filter(|_| first.len() == most).map_or(0, |Reverse(least)| u64::from(*least));
        least.saturating_sub(self.gone.len() as u64)
    }

    /// In how many documents a word is.
    fn count(&self, term: &str) -> Result<u64, Fault> {
        let Some((number, info)) = self.segment.completing_word(term)? else { return Ok(0) };
        let mut count = u64::from(self.counts.0.get(number).copied().unwrap_or(0));
        if !self.gone.is_empty() {
            let mut postings = self.segment.having(&info)?;
            for &document in self.gone {
                if postings.doc() < document {
                    postings.seek(document);
                }
                count -= u64::from(postings.doc() == document);
            }
        }
        Ok(count)
    }
}

impl Evaluation<'_> {
    /// What the text may become.
    pub fn complete(&self, text: &str, limit: usize) -> Result<Vec<Completion>, Fault> {
        let Some(unfinished) = Unfinished::of(text, self.analyzer).filter(|_| limit > 0) else { return Ok(Vec::new()) };
        let found = self.found()?;
        let mut committed = Vec::with_capacity(found.len());
        // The words that may be among the first, with how many documents have them that are not committed.
        let mut terms: BTreeMap<String, u64> = BTreeMap::new();
        for found in &found {
            match found.part {
                Part::Segment(segment) => {
                    let (counts, gone) = (self.memory.completing(segment, found)?, found.gone.as_slice());
                    let words = segment.completing(&unfinished.prefix)?;
                    committed.push(Committed { segment, counts, words, gone });
                }
                Part::Recent(documents) => {
                    let numbers = found.visible.documents.iter();
                    for (folded, word) in numbers.flat_map(|it| documents[it as usize].completing(&unfinished.prefix)) {
                        *terms.entry(completing(folded, word)).or_default() += 1;
                    }
                }
            }
        }
        // What is in so many documents of all segments is in its share of them in one at least.
        let least = committed.iter().map(|it| it.least(limit)).max().unwrap_or(0);
        let share = least.div_ceil(committed.len().max(1) as u64).max(1);
        for it in &committed {
            for (_, number) in it.counts().iter().zip(it.words.clone()).filter(|(count, _)| u64::from(**count) >= share)
            {
                terms.entry(it.segment.completing_term(number)?).or_default();
            }
        }
        let mut words = Vec::with_capacity(terms.len());
        for (term, recent) in terms {
            let committed: u64 = committed.iter().map(|it| it.count(&term)).sum::<Result<_, _>>()?;
            if committed + recent > 0 {
                words.push((completed(&term).to_owned(), committed + recent));
            }
        }
        let words = most_common(words, limit);
        Ok(words.into_iter().map(|(word, count)| unfinished.completed(&word, count)).collect())
    }
}
