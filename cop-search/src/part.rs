//! The parts of a state of the index: its segments, and what changed since they were committed.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::bits::Bits;
use crate::bounded::Bounding;
use crate::fault::Fault;
use crate::generation::Segment;
use crate::postings::{self, Occurrences, Stands};
use crate::recent::{self, Recent};
use crate::schema::Fields;
use crate::visible::Visible;

/// Documents that are numbered from 0 on.
#[derive(Clone, Copy)]
pub(crate) enum Part<'a> {
    Segment(&'a Segment),
    Recent(&'a [Arc<Recent>]),
}

impl Part<'_> {
    /// How many numbers there are.
    pub fn size(&self) -> u32 {
        match self {
            Part::Segment(segment) => segment.reader.max_doc(),
            Part::Recent(documents) => documents.len() as u32,
        }
    }

    /// A document's dense number in the store.
    pub fn ordinal(&self, document: u32) -> i64 {
        match self {
            Part::Segment(segment) => segment.ordinals.get_val(document),
            Part::Recent(documents) => documents[document as usize].ordinal,
        }
    }

    /// When it was made, in milliseconds since 1970.
    pub fn created(&self, document: u32) -> i64 {
        match self {
            Part::Segment(segment) => segment.created.get_val(document),
            Part::Recent(documents) => documents[document as usize].created,
        }
    }

    /// Its audience class; none of one that is deleted.
    pub fn class(&self, document: u32) -> Option<i64> {
        match self {
            Part::Segment(segment) => (!segment.reader.is_deleted(document)).then(|| segment.classes.get_val(document)),
            Part::Recent(documents) => Some(documents[document as usize].class),
        }
    }

    /// Where the words of a phrase, each in any of its forms, occur one after the other, and how often.
    pub fn phrase(&self, fields: &Fields, words: &[Vec<String>], visible: &Visible) -> Result<Occurrences, Fault> {
        match self {
            Part::Segment(segment) => postings::phrase(segment, fields, words, visible),
            Part::Recent(documents) => Ok(recent::phrase(documents, words, &visible.documents)),
        }
    }

    /// Adds that to `bounding`.
    pub fn bound(
        &self,
        fields: &Fields,
        words: &[Vec<String>],
        visible: &Visible,
        bounding: &mut Bounding<'_>,
    ) -> Result<(), Fault> {
        match self {
            Part::Segment(segment) => postings::bound(segment, fields, words, visible, bounding),
            Part::Recent(documents) => {
                bounding.take_all(&recent::phrase(documents, words, &visible.documents));
                Ok(())
            }
        }
    }

    /// In how many visible documents a word occurs.
    pub fn count(&self, fields: &Fields, word: &str, visible: &Visible) -> Result<u64, Fault> {
        match self {
            Part::Segment(segment) => postings::count(segment, fields, word, visible),
            Part::Recent(documents) => Ok(recent::count(documents, word, &visible.documents)),
        }
    }

    /// Where a word in any of its forms stands in each of `documents`, which are sorted.
    pub fn places(&self, fields: &Fields, forms: &[String], documents: &[u32]) -> Result<Stands, Fault> {
        match self {
            Part::Segment(segment) => postings::places(segment, fields, forms, documents),
            Part::Recent(all) => {
                let mut stands = Stands::default();
                for &document in documents {
                    stands.add(|into| into.extend(all[document as usize].places(forms)));
                }
                Ok(stands)
            }
        }
    }

    /// Counts the visible documents of every word that begins with `prefix`.
    pub fn continued(&self, prefix: &str, visible: &Visible, counts: &mut BTreeMap<String, u64>) -> Result<(), Fault> {
        match self {
            Part::Segment(segment) => postings::continued(segment, prefix, &visible.documents, counts),
            Part::Recent(documents) => {
                recent::continued(documents, prefix, &visible.documents, counts);
                Ok(())
            }
        }
    }

    /// The documents that have any of the filter keys.
    pub fn keyed<'k>(&self, fields: &Fields, keys: impl IntoIterator<Item = &'k String>) -> Result<Bits, Fault> {
        match self {
            Part::Segment(segment) => postings::keyed(segment, fields, keys),
            Part::Recent(documents) => Ok(recent::keyed(documents, keys)),
        }
    }
}
