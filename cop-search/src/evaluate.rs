//! Answers a query from one state of the index, for one viewer.
//!
//! Invariant: answers are those of `cop_core::search::ScanIndex`, bit for bit. Everything is counted over the
//! documents the viewer sees, in every part, before anything is scored; scores are sums in the query's
//! order; ties go to the document that was added first, wherever it lies.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use cop_core::Viewer;
use cop_core::search::{
    Analyzer, Asked, Bm25, CLOSE_LOOK, Document, Group, Hits, MOST_CLOSE, Pairs, Resume, SearchHits, SearchQuery,
    SearchSort, SearchSource, SortKey, Statistics, likened, meant, sort_facets, widened,
};

use crate::bits::Bits;
use crate::bounded::Bounded;
use crate::facets::Counts;
use crate::fault::Fault;
use crate::matches::Matches;
use crate::memory::{Classes, Lengths, Memory, Words};
use crate::part::Part;
use crate::postings::Stands;
use crate::ranking::{Ranking, rank};
use crate::schema::Fields;
use crate::state::State;
use crate::top::{Ranked, Top};
use crate::visible::Visible;

/// What an answer is made from.
pub(crate) struct Evaluation<'a> {
    pub state: &'a State,
    pub fields: &'a Fields,
    pub analyzer: &'a dyn Analyzer,
    pub memory: &'a Memory,
    pub source: &'a dyn SearchSource,
    pub viewer: &'a Viewer,
}

/// What one part has for the viewer.
pub(crate) struct Found<'a> {
    pub part: Part<'a>,
    pub classes: Classes,
    pub lengths: Arc<Lengths>,
    /// What was visible when the part was committed: what is remembered is of that.
    pub committed: Arc<Visible>,
    /// Of these, those that are gone, in order.
    pub gone: Vec<u32>,
    /// What is visible.
    pub visible: Arc<Visible>,
}

/// The words and phrases of a query as they occur in each part.
type Units = Vec<Vec<Arc<Bounded>>>;

impl Evaluation<'_> {
    /// The answer.
    pub fn answer(&self, query: &SearchQuery) -> Result<SearchHits, Fault> {
        let (query, synonyms) = &widened(query, self.source, self.viewer)?;
        let like = likened(self.source, self.viewer, query)?;
        let found = self.found()?;
        let bm25 = Bm25 {
            documents: found.iter().map(|found| found.visible.count).sum(),
            words: found.iter().map(|found| found.visible.words).sum(),
        };
        let (asked, units, matching) =
            self.ask(query, synonyms, like.as_ref().map(|(_, document)| document), &found, bm25)?;
        let mut statistics = asked.statistics(Statistics { bm25, matching, recency: None, last_close: None });

        let mut total = 0;
        let mut counts = Counts::new();
        let mut rankings = Vec::with_capacity(found.len());
        let itself = like.and_then(|(ordinal, _)| self.state.find(self.fields, ordinal).transpose()).transpose()?;
        for (number, (found, units)) in found.iter().zip(units).enumerate() {
            let mut matches = self.matches(found, &units, &asked)?;
            if let Some((_, itself)) = itself.filter(|(part, _)| *part == number) {
                let mut others = matches.set();
                Arc::make_mut(&mut others).remove(itself);
                matches = Matches::Set(others);
            }
            total += matches.count();
            if query.facets {
                self.memory.count_facets(found.part, &matches, &mut counts)?;
            }
            rankings.push(Ranking::new(found, units, matches, &statistics));
        }

        let mut page = self.page(query, &asked, &rankings, &mut statistics)?;
        let more = page.len() > query.limit;
        page.truncate(query.limit);
        let last = page.last().filter(|_| more);
        let next = last.and_then(|last| asked.next(last.key.clone(), last.ordinal, &statistics));
        let of = Hits::new(&asked, &statistics, self.analyzer);
        let ordinals: Vec<i64> = page.iter().map(|ranked| ranked.ordinal).collect();
        // The store has the last word on what may be seen; that it differs means that the index is wrong.
        let documents = match asked.shows_snippets() || asked.explains() {
            true => ordinals.iter().map(|&ordinal| self.source.visible(self.viewer, ordinal)).collect(),
            false => self.source.named(self.viewer, &ordinals),
        };
        let mut hits = Vec::with_capacity(page.len());
        for (ranked, document) in page.into_iter().zip(documents?) {
            let Some(document) = document else {
                return Err(Fault::Index(format!("document {} is not the viewer's to see", ranked.ordinal)));
            };
            let score = match ranked.key {
                SortKey::Score(score) => score,
                _ => rankings[ranked.at.0].score(ranked.at.1),
            };
            hits.push(of.hit(document, score));
        }
        let Asked { not_understood, respelled, .. } = asked;
        Ok(SearchHits { total, hits, facets: sort_facets(counts), not_understood, respelled, next })
    }

    /// What each part has for the viewer.
    pub fn found(&self) -> Result<Vec<Found<'_>>, Fault> {
        let classes = self.memory.classes(&self.source.classes(self.viewer)?);
        Ok(self.state.parts(self.fields)?.map(|(part, gone)| self.find(part, gone, &classes)).collect())
    }

    fn find<'a>(&self, part: Part<'a>, gone: &[u32], classes: &Classes) -> Found<'a> {
        let lengths = self.memory.lengths(part);
        let committed = self.memory.visible(part, classes, &lengths);
        let gone: Vec<u32> = gone.iter().copied().filter(|&document| committed.documents.has(document)).collect();
        let visible = match gone.is_empty() {
            true => Arc::clone(&committed),
            false => Arc::new(committed.without(&gone, &lengths.0)),
        };
        Found { part, classes: classes.clone(), lengths, committed, gone, visible }
    }

    /// Reads the query, where its words and phrases occur, and in how many visible documents each does.
    fn ask(
        &self,
        query: &SearchQuery,
        synonyms: &[Vec<String>],
        like: Option<&Document>,
        found: &[Found<'_>],
        bm25: Bm25,
    ) -> Result<(Asked, Units, Vec<u64>), Fault> {
        let mut asked = Asked::read(query, self.viewer, self.analyzer, synonyms)?;
        asked.expand(|prefix| {
            let mut counts = BTreeMap::new();
            found.iter().try_for_each(|it| it.part.continued(prefix, &it.visible, &mut counts))?;
            Ok::<_, Fault>(counts)
        })?;
        if let Some(like) = like {
            asked.resemble(like, self.analyzer, bm25, |terms| self.count(found, terms))?;
        }
        let read = |asked: &Asked| -> Result<Units, Fault> {
            let words: Vec<Words> = asked.units.iter().map(|unit| Words::new(unit.words.as_slice().into())).collect();
            let unit = |found, words| self.memory.unit(found, self.fields, words, bm25);
            found.iter().map(|found| words.iter().map(|words| unit(found, words)).collect()).collect()
        };
        let mut units = read(&asked)?;
        let mut counts = matching(found, &units, asked.units.len());
        let look = |word: &str| meant(word, self.analyzer, |terms| self.count(found, terms));
        if asked.mend(&counts, |word| self.memory.meant(found, word, || look(word)))? {
            units = read(&asked)?;
            counts = matching(found, &units, asked.units.len());
        }
        Ok((asked, units, counts))
    }

    /// In how many visible documents each term occurs; terms that occur in none may be left out.
    fn count(&self, found: &[Found<'_>], terms: &BTreeSet<String>) -> Result<BTreeMap<String, u64>, Fault> {
        let mut counts = BTreeMap::new();
        for term in terms {
            let of = |found: &Found<'_>| found.part.count(self.fields, term, &found.visible);
            let count: u64 = found.iter().map(of).sum::<Result<_, _>>()?;
            if count > 0 {
                counts.insert(term.clone(), count);
            }
        }
        Ok(counts)
    }

    /// The documents that answer the query.
    fn matches(&self, found: &Found<'_>, units: &[Arc<Bounded>], asked: &Asked) -> Result<Matches, Fault> {
        let always = asked.created == (i64::MIN..i64::MAX);
        if let [Group { units: of_group, keys }] = asked.groups.as_slice()
            && let ([unit], true) = (of_group.as_slice(), keys.is_empty())
            && asked.excluded.is_empty()
            && asked.excluded_keys.is_empty()
            && found.gone.is_empty()
            && always
        {
            return Ok(Matches::Of(Arc::clone(&units[*unit])));
        }
        let size = found.part.size();
        let mut matches: Option<Arc<Bits>> = None;
        for group in &asked.groups {
            let holds = match group.units.as_slice() {
                [unit] if group.keys.is_empty() => units[*unit].set(),
                of_group => {
                    let mut holds = match group.keys.is_empty() {
                        true => Bits::none(size),
                        false => found.part.keyed(self.fields, &group.keys)?,
                    };
                    of_group.iter().for_each(|&unit| units[unit].mark(&mut holds));
                    Arc::new(holds)
                }
            };
            let mut holds = match &mut matches {
                None => holds,
                Some(matches) => {
                    Arc::make_mut(matches).keep(&holds);
                    continue;
                }
            };
            // What units mark is visible, unless it is gone since.
            if !group.keys.is_empty() || !found.gone.is_empty() {
                Arc::make_mut(&mut holds).keep(&found.visible.documents);
            }
            matches = Some(holds);
        }
        let mut matches = matches.unwrap_or_else(|| Arc::clone(&found.visible.documents));
        if !asked.excluded_keys.is_empty() {
            Arc::make_mut(&mut matches).drop(&found.part.keyed(self.fields, &asked.excluded_keys)?);
        }
        for unit in &asked.excluded {
            for (document, _) in found.part.phrase(self.fields, &unit.words, &found.visible)? {
                Arc::make_mut(&mut matches).remove(document);
            }
        }
        if !always {
            let made = |document: &u32| asked.created.contains(&found.part.created(*document));
            let others: Vec<u32> = matches.iter().filter(|document| !made(document)).collect();
            others.into_iter().for_each(|document| Arc::make_mut(&mut matches).remove(document));
        }
        Ok(Matches::Set(matches))
    }

    /// The documents of the page, and one more if there is one.
    fn page(
        &self,
        query: &SearchQuery,
        asked: &Asked,
        rankings: &[Ranking<'_>],
        statistics: &mut Statistics,
    ) -> Result<Vec<Ranked>, Fault> {
        let most = query.offset + query.limit + 1;
        let first = |most: usize, after: &Option<Resume>, until| -> Result<Vec<Ranked>, Fault> {
            let mut top = Top::new(most, asked.sort(), after.clone()).until(until);
            match asked.sort() {
                SearchSort::Relevance => rank(rankings, &mut top),
                _ => rankings
                    .iter()
                    .enumerate()
                    .try_for_each(|(number, it)| top.take(number, it.part(), &it.matches.set()))?,
            }
            Ok(top.into_sorted())
        };
        let pairs = Pairs::of(asked);
        let mut page = match &asked.resume {
            _ if asked.sort() != SearchSort::Relevance || pairs.is_empty() => first(most, &asked.resume, None)?,
            None => {
                let mut best = first(most.max(CLOSE_LOOK), &None, None)?;
                statistics.last_close = best.get(CLOSE_LOOK - 1).and_then(Ranked::place);
                let close = CLOSE_LOOK.min(best.len());
                self.look_closely(asked, &pairs, rankings, statistics, &mut best[..close])?;
                best
            }
            Some(after) => {
                let mut best = first(MOST_CLOSE, &None, statistics.last_close)?;
                let close: HashSet<_> = best.iter().map(|ranked| ranked.at).collect();
                self.look_closely(asked, &pairs, rankings, statistics, &mut best)?;
                best.retain(|ranked| (&ranked.key, ranked.ordinal) > (&after.key, after.ordinal));
                let others = first(most + close.len(), &asked.resume, None)?;
                best.extend(others.into_iter().filter(|ranked| !close.contains(&ranked.at)));
                best
            }
        };
        page.sort_unstable();
        page.truncate(most);
        page.drain(..query.offset.min(page.len()));
        Ok(page)
    }

    /// Adds to the scores what words count that stand near each other.
    fn look_closely(
        &self,
        asked: &Asked,
        pairs: &Pairs,
        rankings: &[Ranking<'_>],
        statistics: &Statistics,
        best: &mut [Ranked],
    ) -> Result<(), Fault> {
        let mut of_part: BTreeMap<usize, Vec<&mut Ranked>> = BTreeMap::new();
        for ranked in best {
            of_part.entry(ranked.at.0).or_default().push(ranked);
        }
        for (number, mut best) in of_part {
            best.sort_unstable_by_key(|ranked| ranked.at.1);
            let documents: Vec<u32> = best.iter().map(|ranked| ranked.at.1).collect();
            let mut stand = vec![Stands::default(); asked.units.len()];
            for unit in pairs.units() {
                let [forms] = asked.units[unit].words.as_slice() else { continue };
                stand[unit] = rankings[number].part().places(self.fields, forms, &documents)?;
            }
            for (at, ranked) in best.into_iter().enumerate() {
                let factor = statistics.factor(rankings[number].part().created(ranked.at.1));
                if let SortKey::Score(score) = &mut ranked.key {
                    *score += pairs.score(statistics, |unit| stand[unit].of(at)) * factor;
                }
            }
        }
        Ok(())
    }
}

/// In how many visible documents each word and phrase occurs.
fn matching(found: &[Found<'_>], units: &Units, count: usize) -> Vec<u64> {
    let of_part = |(found, unit): (&Found<'_>, &Bounded)| {
        unit.len() - found.gone.iter().filter(|&&document| unit.has(document)).count() as u64
    };
    let of = |at: usize| found.iter().zip(units.iter().map(|units| units[at].as_ref())).map(of_part).sum();
    (0..count).map(of).collect()
}
