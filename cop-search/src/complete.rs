//! Completes the word that is being typed.
//!
//! How many documents have a word in all bounds how many of them the viewer sees; so only words that many have are
//! counted.

use std::collections::HashMap;

use cop_core::search::{Completion, Unfinished, most_common};
use tantivy::postings::TermInfo;

use crate::bits::Bits;
use crate::evaluate::{Evaluation, Found};
use crate::fault::Fault;
use crate::generation::Segment;
use crate::part::Part;

/// A word that the text may be completed with.
#[derive(Default)]
struct Candidate<'a> {
    /// Where it is among what is committed, with the segment's visible documents.
    committed: Vec<(&'a Segment, &'a Bits, TermInfo)>,
    /// In how many visible documents that are not.
    recent: u64,
}

impl Candidate<'_> {
    /// The most visible documents that may have it.
    fn most(&self) -> u64 {
        self.recent + self.committed.iter().map(|(.., word)| u64::from(word.doc_freq)).sum::<u64>()
    }

    /// The visible documents that have it.
    fn count(&self) -> Result<u64, Fault> {
        let mut count = self.recent;
        for (segment, visible, word) in &self.committed {
            let mut postings = segment.having(word)?;
            while postings.block_len() > 0 {
                count += postings.docs().iter().filter(|&&document| visible.has(document)).count() as u64;
                postings.advance();
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
            candidates(&found, &unfinished.prefix)?.into_iter().collect();
        candidates.sort_unstable_by_key(|(_, candidate)| std::cmp::Reverse(candidate.most()));
        let mut best: Vec<(String, u64)> = Vec::new();
        for (word, candidate) in candidates {
            if best.get(limit - 1).is_some_and(|(_, least)| candidate.most() < *least) {
                break;
            }
            best.push((word, candidate.count()?));
            best = most_common(best, limit);
        }
        Ok(best.into_iter().map(|(word, count)| unfinished.completed(&word, count)).collect())
    }
}

/// Every word that begins so.
fn candidates<'a>(found: &'a [Found<'_>], prefix: &str) -> Result<HashMap<String, Candidate<'a>>, Fault> {
    let mut candidates: HashMap<String, Candidate<'a>> = HashMap::new();
    for found in found {
        let visible = &found.visible.documents;
        match found.part {
            Part::Segment(segment) => segment.completing(prefix, |word, info| {
                candidates.entry(word.to_owned()).or_default().committed.push((segment, visible, info));
            })?,
            Part::Recent(documents) => {
                for word in visible.iter().flat_map(|number| documents[number as usize].completing(prefix)) {
                    candidates.entry(word.to_owned()).or_default().recent += 1;
                }
            }
        }
    }
    Ok(candidates)
}
