//! Completes the word that is being typed.
//!
//! In how many visible documents each word of titles and tags is, is counted once for all words of a segment; what is
//! gone since is taken off where it matters.

use std::collections::HashMap;

use cop_core::search::{Completion, Unfinished, most_common};
use tantivy::DocSet;
use tantivy::postings::TermInfo;

use crate::bits::Bits;
use crate::cache::Weighed;
use crate::evaluate::{Evaluation, Found};
use crate::fault::Fault;
use crate::generation::Segment;
use crate::part::Part;

/// In how many visible documents of a segment each word is that completes, by the words' numbers.
pub(crate) struct Completing(Vec<u32>);

impl Completing {
    /// Looks at every word.
    pub fn of(segment: &Segment, visible: &Bits) -> Result<Self, Fault> {
        let mut counts = Vec::new();
        segment.completing("", |_, _, info| {
            let mut postings = segment.having(&info)?;
            let mut count = 0;
            while postings.block_len() > 0 {
                count += postings.docs().iter().map(|&document| u32::from(visible.has(document))).sum::<u32>();
                postings.advance();
            }
            counts.push(count);
            Ok(())
        })?;
        Ok(Self(counts))
    }
}

impl Weighed for Completing {
    fn bytes(&self) -> usize {
        self.0.len() * 4
    }
}

/// A word that the text may be completed with.
#[derive(Default)]
struct Candidate<'a> {
    /// In how many documents it is, those that are gone counted.
    most: u64,
    /// Where it is among what is committed, and of that what is gone.
    committed: Vec<(&'a Segment, &'a [u32], TermInfo)>,
}

impl Candidate<'_> {
    /// The visible documents that have it.
    fn count(&self) -> Result<u64, Fault> {
        let mut count = self.most;
        for (segment, gone, word) in self.committed.iter().filter(|(_, gone, _)| !gone.is_empty()) {
            let mut postings = segment.having_each(word)?;
            for &document in *gone {
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
        let mut candidates: Vec<(String, Candidate<'_>)> =
            self.candidates(&found, &unfinished.prefix)?.into_iter().collect();
        candidates.sort_unstable_by_key(|(_, candidate)| std::cmp::Reverse(candidate.most));
        let mut best: Vec<(String, u64)> = Vec::new();
        for (word, candidate) in candidates {
            if best.get(limit - 1).is_some_and(|(_, least)| candidate.most < *least) {
                break;
            }
            best.push((word, candidate.count()?));
            best = most_common(best, limit);
        }
        Ok(best.into_iter().map(|(word, count)| unfinished.completed(&word, count)).collect())
    }

    /// Every word that begins so and that was visible when it was committed, or is.
    fn candidates<'a>(&self, found: &'a [Found<'_>], prefix: &str) -> Result<HashMap<String, Candidate<'a>>, Fault> {
        let mut candidates: HashMap<String, Candidate<'a>> = HashMap::new();
        for found in found {
            match found.part {
                Part::Segment(segment) => {
                    let Completing(counts) = &*self.memory.completing(segment, found)?;
                    segment.completing(prefix, |word, number, info| {
                        let count = counts.get(number as usize).copied().unwrap_or(0);
                        if count > 0 {
                            let candidate = candidates.entry(word.to_owned()).or_default();
                            candidate.most += u64::from(count);
                            candidate.committed.push((segment, &found.gone, info));
                        }
                        Ok(())
                    })?;
                }
                Part::Recent(documents) => {
                    let words = found.visible.documents.iter();
                    for word in words.flat_map(|number| documents[number as usize].completing(prefix)) {
                        candidates.entry(word.to_owned()).or_default().most += 1;
                    }
                }
            }
        }
        Ok(candidates)
    }
}
