//! Where words and phrases occur among the documents a viewer sees.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use tantivy::postings::{BlockSegmentPostings, Postings, SegmentPostings, TermInfo};
use tantivy::{DocSet, TERMINATED};

use crate::bits::Bits;
use crate::bounded::Bounding;
use crate::fault::Fault;
use crate::generation::Segment;
use crate::schema::Fields;
use crate::visible::Visible;

/// A look-up takes as long as passing over so many documents.
const LOOK_UP: u64 = 16;

/// Documents in order, with how often something occurs in each.
pub(crate) type Occurrences = Vec<(u32, u32)>;

/// Counts the visible documents of every word that begins with `prefix`.
pub(crate) fn continued(
    segment: &Segment,
    prefix: &str,
    visible: &Bits,
    counts: &mut BTreeMap<String, u64>,
) -> Result<(), Fault> {
    segment.continued(prefix, |word, postings| {
        let count = count_in_blocks(postings, visible);
        // What only others may see does not exist.
        if count > 0 {
            *counts.entry(word.to_owned()).or_default() += count;
        }
        Ok(())
    })
}

/// In how many visible documents a word occurs.
pub(crate) fn count(segment: &Segment, fields: &Fields, word: &str, visible: &Visible) -> Result<u64, Fault> {
    let Some(info) = segment.term(fields, word)? else { return Ok(0) };
    if is_rather_looked_up(&info, visible) {
        return Ok(look_up(segment.postings(&info)?, &visible.documents).0.len() as u64);
    }
    Ok(count_in_blocks(segment.documents(&info)?, &visible.documents))
}

/// How many of the documents in `postings` are visible.
pub(crate) fn count_in_blocks(postings: BlockSegmentPostings, visible: &Bits) -> u64 {
    let mut count = 0;
    each_block(postings, visible, |block, all| {
        count += match all {
            true => block.block_len() as u64,
            false => block.docs().iter().map(|&document| u64::from(visible.has(document))).sum(),
        };
    });
    count
}

/// Hands out the blocks of `postings` in which something may be visible, and whether all is; the others are not read.
fn each_block(mut postings: BlockSegmentPostings, visible: &Bits, mut each: impl FnMut(&BlockSegmentPostings, bool)) {
    let mut next = visible.first_from(0);
    while let Some(from) = next {
        postings.seek(from);
        let (Some(&first), Some(&last)) = (postings.docs().first(), postings.docs().last()) else { return };
        if last < from {
            return;
        }
        each(&postings, visible.has_all(first, last));
        next = visible.first_from(last + 1);
    }
}

/// Who sees little looks up what they see.
fn is_rather_looked_up(word: &TermInfo, visible: &Visible) -> bool {
    visible.count.saturating_mul(LOOK_UP) < u64::from(word.doc_freq)
}

/// What is known of those of `forms` that there are.
fn known(segment: &Segment, fields: &Fields, forms: &[String]) -> Result<Vec<TermInfo>, Fault> {
    forms.iter().filter_map(|form| segment.term(fields, form).transpose()).collect()
}

/// Where any of `forms` occurs, and how often all of them together.
fn word(segment: &Segment, forms: &[TermInfo], visible: &Visible) -> Result<Occurrences, Fault> {
    let mut all = Occurrences::new();
    for form in forms {
        let mut found = Occurrences::new();
        form_of(segment, form, visible, |documents, times| {
            found.extend(documents.iter().copied().zip(times.iter().copied()));
        })?;
        all = if all.is_empty() { found } else { sum(&all, &found) };
    }
    Ok(all)
}

/// Hands out, a few at a time, where a form of a word occurs and how often.
fn form_of(
    segment: &Segment,
    info: &TermInfo,
    visible: &Visible,
    mut take: impl FnMut(&[u32], &[u32]),
) -> Result<(), Fault> {
    match is_rather_looked_up(info, visible) {
        true => {
            let (documents, times) = look_up(segment.postings(info)?, &visible.documents);
            take(&documents, &times);
        }
        false => pass_over(segment.blocks(info)?, &visible.documents, take),
    }
    Ok(())
}

/// Looks at the blocks in which something may be visible.
fn pass_over(postings: BlockSegmentPostings, visible: &Bits, mut take: impl FnMut(&[u32], &[u32])) {
    // None of the next blocks is larger than the first.
    let mut seen = (vec![0; postings.block_len()], vec![0; postings.block_len()]);
    each_block(postings, visible, |block, all| {
        if all {
            return take(block.docs(), block.freqs());
        }
        let mut count = 0;
        // Written in any case and kept if visible: which it is cannot be foreseen.
        for (&document, &times) in block.docs().iter().zip(block.freqs()) {
            (seen.0[count], seen.1[count]) = (document, times);
            count += usize::from(visible.has(document));
        }
        take(&seen.0[..count], &seen.1[..count]);
    });
}

/// Looks for every document that is visible.
fn look_up(mut postings: SegmentPostings, visible: &Bits) -> (Vec<u32>, Vec<u32>) {
    let mut found = (Vec::new(), Vec::new());
    for document in visible.iter() {
        if postings.doc() < document {
            postings.seek(document);
        }
        match postings.doc() {
            TERMINATED => break,
            at if at == document => {
                found.0.push(document);
                found.1.push(postings.term_freq());
            }
            _ => {}
        }
    }
    found
}

/// Adds up two lists.
fn sum(a: &[(u32, u32)], b: &[(u32, u32)]) -> Occurrences {
    let mut all = Occurrences::with_capacity(a.len() + b.len());
    let (mut a, mut b) = (a.iter().copied().peekable(), b.iter().copied().peekable());
    loop {
        let order = match (a.peek(), b.peek()) {
            (Some(one), Some(other)) => one.0.cmp(&other.0),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => return all,
        };
        match order {
            Ordering::Less => all.extend(a.next()),
            Ordering::Greater => all.extend(b.next()),
            Ordering::Equal => {
                all.extend(a.next().zip(b.next()).map(|((document, one), (_, other))| (document, one + other)));
            }
        }
    }
}

/// Adds to `bounding` what [`phrase`] finds.
pub(crate) fn bound(
    segment: &Segment,
    fields: &Fields,
    words: &[Vec<String>],
    visible: &Visible,
    bounding: &mut Bounding<'_>,
) -> Result<(), Fault> {
    let [forms] = words else {
        bounding.take_all(&phrase(segment, fields, words, visible)?);
        return Ok(());
    };
    match known(segment, fields, forms)?.as_slice() {
        [only] => {
            // As many as if words and audiences had nothing to do with each other, and some more.
            let expected = u64::from(only.doc_freq) * visible.count / u64::from(segment.reader.max_doc()).max(1);
            bounding.expect((expected + expected / 16) as usize);
            form_of(segment, only, visible, |documents, times| bounding.take(documents, times))?;
        }
        forms => bounding.take_all(&word(segment, forms, visible)?),
    }
    Ok(())
}

/// Where the words of a phrase, each in any of its forms, occur one after the other, and how often.
pub(crate) fn phrase(
    segment: &Segment,
    fields: &Fields,
    words: &[Vec<String>],
    visible: &Visible,
) -> Result<Occurrences, Fault> {
    if let [forms] = words {
        return word(segment, &known(segment, fields, forms)?, visible);
    }
    let mut found = Occurrences::new();
    let places: Result<Vec<_>, Fault> = words.iter().map(|forms| Places::open(segment, fields, forms)).collect();
    let mut places = places?;
    let (mut first, mut next) = (Vec::new(), Vec::new());
    let mut candidate = 0;
    while let Some(document) = meet(&mut places, candidate) {
        candidate = document + 1;
        if !visible.documents.has(document) {
            continue;
        }
        for (place, offset) in places.iter_mut().zip(0..) {
            let into = if offset == 0 { &mut first } else { &mut next };
            into.clear();
            place.add(document, into);
            if offset > 0 {
                following(&mut first, &next, offset);
            }
        }
        if !first.is_empty() {
            found.push((document, first.len() as u32));
        }
    }
    Ok(found)
}

/// Keeps of `first` what one of `next` follows after `offset` places; both are sorted.
pub(crate) fn following(first: &mut Vec<u32>, next: &[u32], offset: u32) {
    first.retain(|at| next.binary_search(&(at + offset)).is_ok());
}

/// Where a word in any of its forms stands in each of `documents`, which are sorted.
pub(crate) fn places(segment: &Segment, fields: &Fields, forms: &[String], documents: &[u32]) -> Result<Stands, Fault> {
    let mut places = Places::open(segment, fields, forms)?;
    let mut stands = Stands::default();
    for &document in documents {
        places.seek(document);
        stands.add(|into| places.add(document, into));
    }
    Ok(stands)
}

/// Where a word stands in each of some documents.
#[derive(Clone, Default)]
pub(crate) struct Stands {
    places: Vec<u32>,
    ends: Vec<usize>,
}

impl Stands {
    /// Takes in the next document's places, which `add` adds in order.
    pub fn add(&mut self, add: impl FnOnce(&mut Vec<u32>)) {
        add(&mut self.places);
        self.ends.push(self.places.len());
    }

    /// Its places in one of them, in order; none where nothing was taken in.
    pub fn of(&self, at: usize) -> &[u32] {
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before));
        self.ends.get(at).map_or(&[], |&end| &self.places[start.copied().unwrap_or(0)..end])
    }
}

/// The first document from `candidate` on in which all of `places` are.
fn meet(places: &mut [Places], mut candidate: u32) -> Option<u32> {
    let mut agreed = 0;
    while agreed < places.len() {
        agreed = 0;
        for place in places.iter_mut() {
            let document = place.seek(candidate)?;
            if document > candidate {
                candidate = document;
                break;
            }
            agreed += 1;
        }
    }
    Some(candidate)
}

/// The places of one word of a phrase, in all its forms.
struct Places(Vec<SegmentPostings>);

impl Places {
    fn open(segment: &Segment, fields: &Fields, forms: &[String]) -> Result<Self, Fault> {
        let postings = forms.iter().filter_map(|form| segment.positions(fields, form).transpose());
        Ok(Self(postings.collect::<Result<_, Fault>>()?))
    }

    /// The first document from `candidate` on.
    fn seek(&mut self, candidate: u32) -> Option<u32> {
        let documents = self.0.iter_mut().map(|postings| match postings.doc() < candidate {
            true => postings.seek(candidate),
            false => postings.doc(),
        });
        documents.min().filter(|&document| document != TERMINATED)
    }

    /// Adds the places in `document` to `into`, in order; none unless it was [sought](Places::seek) and found.
    fn add(&mut self, document: u32, into: &mut Vec<u32>) {
        let start = into.len();
        for postings in self.0.iter_mut().filter(|postings| postings.doc() == document) {
            postings.append_positions_with_offset(0, into);
        }
        // Mostly there is one.
        if into.len() > start + 1 {
            let mut added = into.split_off(start);
            added.sort_unstable();
            added.dedup();
            into.append(&mut added);
        }
    }
}

/// The documents that have any of the filter keys.
pub(crate) fn keyed<'a>(
    segment: &Segment,
    fields: &Fields,
    keys: impl IntoIterator<Item = &'a String>,
) -> Result<Bits, Fault> {
    let mut bits = Bits::none(segment.reader.max_doc());
    for key in keys {
        let Some(mut postings) = segment.keyed(fields, key)? else { continue };
        while postings.doc() != TERMINATED {
            bits.insert(postings.doc());
            postings.advance();
        }
    }
    Ok(bits)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tantivy::{Index, ReloadPolicy, TantivyDocument};

    use super::*;
    use crate::schema::{register, schema};

    /// A segment of so many documents, each with the words whose number divides its own, as often as it is long.
    fn segment(documents: u32, words: &[u32]) -> (Segment, Fields) {
        let (schema, fields) = schema();
        let index = Index::create_in_ram(schema);
        register(&index);
        let mut writer = index.writer_with_num_threads(1, 50_000_000).expect("a writer");
        for number in 0..documents {
            let mut document = TantivyDocument::new();
            let has = words.iter().filter(|&&word| number.is_multiple_of(word));
            let list: String = has.map(|word| format!("\u{1f}w{word}").repeat(times(number) as usize)).collect();
            document.add_text(fields.text, list);
            for column in [fields.ordinal, fields.class, fields.created] {
                document.add_i64(column, number.into());
            }
            document.add_u64(fields.length, 1);
            writer.add_document(document).expect("added");
        }
        writer.commit().expect("written");
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into().expect("a reader");
        let reader: tantivy::IndexReader = reader;
        (Segment::open(&reader.searcher().segment_readers()[0], &fields).expect("opened"), fields)
    }

    fn times(document: u32) -> u32 {
        1 + document % 3
    }

    /// Everybody and nobody, who sees long runs, many short ones and single documents: all find what looking at every
    /// document finds.
    #[test]
    fn what_is_not_seen_is_passed_over_and_nothing_else() {
        type Sees = fn(u32) -> bool;
        const DOCUMENTS: u32 = 5_000;
        let words = [1, 2, 7, 39, 40, 900, 4_999];
        let (segment, fields) = segment(DOCUMENTS, &words);
        let seen: [(&str, Sees); 9] = [
            ("all", |_| true),
            ("none", |_| false),
            ("the first", |it| it < 1_000),
            ("the last", |it| it >= 4_872),
            ("runs", |it| it / 700 % 2 == 1),
            ("short runs", |it| it / 40 % 3 == 0),
            ("every other", |it| it % 2 == 0),
            ("few", |it| it % 977 == 5),
            ("a run and a few", |it| it < 2_048 || it % 500 == 0),
        ];
        for (name, sees) in seen {
            let mut documents = Bits::none(DOCUMENTS);
            (0..DOCUMENTS).filter(|&it| sees(it)).for_each(|it| documents.insert(it));
            let visible = Visible { count: documents.count(), words: 0, documents: Arc::new(documents) };
            for it in words {
                let expected: Occurrences = (0..DOCUMENTS)
                    .filter(|&document| sees(document) && document.is_multiple_of(it))
                    .map(|document| (document, times(document)))
                    .collect();
                let forms = known(&segment, &fields, &[format!("w{it}")]).expect("read");
                assert_eq!(word(&segment, &forms, &visible).expect("read"), expected, "{name}, every {it}th");
                let mut passed = Occurrences::new();
                pass_over(segment.blocks(&forms[0]).expect("read"), &visible.documents, |documents, times| {
                    passed.extend(documents.iter().copied().zip(times.iter().copied()));
                });
                assert_eq!(passed, expected, "{name}, every {it}th");
                let count = count_in_blocks(segment.documents(&forms[0]).expect("read"), &visible.documents);
                assert_eq!(count, expected.len() as u64, "{name}, every {it}th");
            }
        }
    }

    #[test]
    fn lists_add_up_in_order() {
        assert_eq!(sum(&[(1, 1), (3, 2)], &[(0, 5), (3, 1), (9, 1)]), [(0, 5), (1, 1), (3, 3), (9, 1)]);
        assert_eq!(sum(&[], &[(7, 1)]), [(7, 1)]);
    }
}
