//! What is asked: a text and filters.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{SearchCursor, SearchSort};
use crate::error::{Error, Problem, Result};
use crate::id::{MemberId, TeamId};
use crate::model::{Grade, Language, RecordKind, RecordRef, ResourceKind, SchoolYear};

/// Most hits a page may have.
pub const MAX_LIMIT: usize = 1_000;
/// Most hits that may be skipped and returned together.
pub const MAX_REACH: usize = 10_000;

/// A question to the library: its resources, and its stories, goals, cycles and convenings.
///
/// Every text is a query; nothing in it is an error. In it stand, between spaces:
///
/// | | |
/// |---|---|
/// | `fractions decimals` | Words are alternatives, and the more of them match the better. Words such as `the` only count where nothing else is asked. |
/// | `tikcet` | A word of four letters or more that nothing seen has is read as the three most frequent words that are one slip away; [`SearchHits::respelled`](super::SearchHits::respelled) says so. |
/// | `"number line"` | A phrase must occur as it stands; then the other words need not occur, but still count. |
/// | `-decimals` `-"number line"` `-grade:5` | What stands behind a `-` must not occur. A number stays one: `-3` and `-3/4` exclude nothing, `-"3"` does. |
/// | `frac*` | Words that begin so, at least two letters: the 50 that occur in most of what is seen. Words are known without their endings, so `fractio*` finds as much as `fraction*`, but `compari*` not what `compar*` does. |
/// | `grade:5` | A filter, below. |
/// | `"number line" OR grade:5` | One of these must hold. Words beside a group of words and phrases alone need not occur, as beside a phrase. Between words alone `OR` changes nothing: they are alternatives anyway. At an end, beside another or beside a `-` it is a word. |
///
/// The filters narrow: values of one filter are alternatives, different filters must all hold. An empty text lists
/// everything the filters leave. Each filter is a field of the query, and can be typed as well, with commas between
/// values and quotes around those with spaces in them (`""` is a quote then):
///
/// | | |
/// |---|---|
/// | `kind:task,"lesson plan"` | kinds of resources |
/// | `record:story` | kinds of records |
/// | `grade:K,5` `subject:"language arts"` `standard:5.NF` `lang:es` | what it is for, and in which language |
/// | `team:"Grade 5 team"` | teams, by name as far as the viewer sees them, or by id |
/// | `by:me` `by:"Ana Ruiz"` | who made it, by name as far as the viewer sees the members, or by id |
/// | `year:2024-25` `year:2024` | school years |
/// | `after:2024-07-01` `before:2025-07-01` | made on that day or later; before that day (UTC). Not behind a `-` or beside an `OR`. |
///
/// A value that is not understood (`grade:potato`) does not narrow, and is reported in
/// [`SearchHits::not_understood`](super::SearchHits::not_understood); what is no filter (`foo:bar`) is words.
///
/// ```
/// use cop_core::{ResourceKind, SearchQuery};
/// let query = SearchQuery::new("\"number line\" fractions -decimals")
///     .with_kind(ResourceKind::Task)
///     .with_grade("05".parse()?)
///     .with_standard("5.NF")
///     .with_limit(20);
/// let typed = SearchQuery::parse("\"number line\" fractions -decimals kind:task grade:5 standard:5.NF").with_limit(20);
/// assert_eq!(typed, query);
/// # Ok::<(), cop_core::Problem>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SearchQuery {
    /// What to look for.
    pub text: String,
    /// Kinds of records: `resource`, `story`, `goal`, `cycle`, `convening`.
    pub records: BTreeSet<RecordKind>,
    /// Kinds of resources.
    pub kinds: BTreeSet<ResourceKind>,
    /// Grades.
    pub grades: BTreeSet<Grade>,
    /// Subjects, in any case.
    pub subjects: BTreeSet<String>,
    /// Standards, in any usual spelling; each finds what is aligned to it or to anything below it.
    pub standards: BTreeSet<String>,
    /// Languages; `es` also finds `es-419`.
    pub languages: BTreeSet<Language>,
    /// Teams.
    pub teams: BTreeSet<TeamId>,
    /// School years.
    pub school_years: BTreeSet<SchoolYear>,
    /// Who made it: its maker, a resource's creators, a cycle's lead. A story is found by its teller where they are
    /// named in it, and by themselves.
    pub by: BTreeSet<MemberId>,
    /// Made on this day (UTC) or later.
    pub created_from: Option<NaiveDate>,
    /// Made before this day (UTC).
    pub created_before: Option<NaiveDate>,
    /// Records like this one, which shares with them the words that tell most of it: its own hits are not among them.
    pub like: Option<RecordRef>,
    /// Whether to look for more than is asked: for words that mean the same, and for standards that come before or
    /// after those asked for, or have to do with them.
    pub widen: bool,
    /// In which order.
    pub sort: SearchSort,
    /// Go on after this page.
    pub after: Option<SearchCursor>,
    /// How many hits to skip.
    pub offset: usize,
    /// How many hits to return, at most [`MAX_LIMIT`].
    pub limit: usize,
    /// Whether to count facets.
    pub facets: bool,
    /// Whether to cut snippets, which is most of the work where there are many hits.
    pub snippets: bool,
    /// Whether to say of every hit what its score is the sum of.
    pub explain: bool,
    /// Whether newer records count more.
    pub prefer_recent: bool,
}

impl Default for SearchQuery {
    fn default() -> Self {
        Self {
            text: String::new(),
            records: BTreeSet::new(),
            kinds: BTreeSet::new(),
            grades: BTreeSet::new(),
            subjects: BTreeSet::new(),
            standards: BTreeSet::new(),
            languages: BTreeSet::new(),
            teams: BTreeSet::new(),
            school_years: BTreeSet::new(),
            by: BTreeSet::new(),
            created_from: None,
            created_before: None,
            like: None,
            widen: false,
            sort: SearchSort::default(),
            after: None,
            offset: 0,
            limit: 10,
            facets: true,
            snippets: true,
            explain: false,
            prefer_recent: false,
        }
    }
}

impl SearchQuery {
    /// A query for `text`, without filters: the first ten hits, with facets.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Only (or also) records of this kind.
    #[must_use]
    pub fn with_record(mut self, record: RecordKind) -> Self {
        self.records.insert(record);
        self
    }

    /// Only (or also) resources of this kind.
    #[must_use]
    pub fn with_kind(mut self, kind: ResourceKind) -> Self {
        self.kinds.insert(kind);
        self
    }

    /// Only (or also) resources for this grade.
    #[must_use]
    pub fn with_grade(mut self, grade: Grade) -> Self {
        self.grades.insert(grade);
        self
    }

    /// Only (or also) resources on this subject.
    #[must_use]
    pub fn with_subject(mut self, subject: impl Into<String>) -> Self {
        self.subjects.insert(subject.into());
        self
    }

    /// Only (or also) resources aligned to this standard or one below it.
    #[must_use]
    pub fn with_standard(mut self, code: impl Into<String>) -> Self {
        self.standards.insert(code.into());
        self
    }

    /// Only (or also) resources in this language.
    #[must_use]
    pub fn with_language(mut self, language: Language) -> Self {
        self.languages.insert(language);
        self
    }

    /// Only (or also) resources of this team.
    #[must_use]
    pub fn with_team(mut self, team: TeamId) -> Self {
        self.teams.insert(team);
        self
    }

    /// Only (or also) resources of this school year.
    #[must_use]
    pub fn with_school_year(mut self, year: SchoolYear) -> Self {
        self.school_years.insert(year);
        self
    }

    /// Only (or also) what this member made.
    #[must_use]
    pub fn with_by(mut self, member: MemberId) -> Self {
        self.by.insert(member);
        self
    }

    /// Only what was made on this day (UTC) or later.
    #[must_use]
    pub fn with_created_from(mut self, day: NaiveDate) -> Self {
        self.created_from = Some(day);
        self
    }

    /// Only what was made before this day (UTC).
    #[must_use]
    pub fn with_created_before(mut self, day: NaiveDate) -> Self {
        self.created_before = Some(day);
        self
    }

    /// Only records like this one, without it, as far as they answer the rest of the query; the best only, without
    /// further pages.
    ///
    /// ```
    /// # use cop_core::{CommunityOptions, NewCommunity, NewResource, ScriptedIds, SearchQuery};
    /// # let cop = CommunityOptions::new().with_ids(ScriptedIds::new(1)).in_memory(NewCommunity::new("Math CoP"))?;
    /// # let me = cop.steward();
    /// # for title in ["Ratios", "A number line"] { me.add_resource(NewResource::new("task", title))?; }
    /// let strips = me.add_resource(NewResource::new("task", "Fraction strips").with_body("On a number line."))?;
    /// let found = me.search(SearchQuery::default().with_like(strips.id))?;
    /// assert_eq!(found.hits.iter().map(|hit| hit.title.as_str()).collect::<Vec<_>>(), ["A number line"]);
    /// # Ok::<(), cop_core::Error>(())
    /// ```
    #[must_use]
    pub fn with_like(mut self, record: impl Into<RecordRef>) -> Self {
        self.like = Some(record.into());
        self
    }

    /// Looks for more than is asked, for whoever found too little: also for the words that mean the same, those that
    /// come with the library ([`SYNONYMS`](super::SYNONYMS)) and the community's own
    /// ([`Policies::synonyms`](crate::Policies::synonyms)); and for the standards that are learned before or after those
    /// asked for, say the same or have to do with them.
    ///
    /// ```
    /// # use cop_core::{CommunityOptions, NewCommunity, NewResource, ScriptedIds, SearchQuery};
    /// # let cop = CommunityOptions::new().with_ids(ScriptedIds::new(1)).in_memory(NewCommunity::new("Math CoP"))?;
    /// # let me = cop.steward();
    /// me.add_resource(NewResource::new("task", "Fractions on a number line"))?;
    /// assert_eq!(me.search("recta numérica")?.total, 0);
    /// assert_eq!(me.search(SearchQuery::new("recta numérica").widened())?.total, 1);
    /// # Ok::<(), cop_core::Error>(())
    /// ```
    #[must_use]
    pub fn widened(mut self) -> Self {
        self.widen = true;
        self
    }

    /// In this order.
    #[must_use]
    pub fn with_sort(mut self, sort: SearchSort) -> Self {
        self.sort = sort;
        self
    }

    /// The page after the one that ended with this cursor. Whatever is added, changed or deleted meanwhile, a record
    /// that did not change is on one page, and on no other; so, unlike with an offset, nothing is missed. (Two
    /// exceptions: a prefix that more than 50 words begin with may stand for others by then; and by relevance, when a
    /// thousand better ones were added, a record whose words stand near each other may come twice.)
    ///
    /// ```
    /// # use cop_core::{CommunityOptions, NewCommunity, NewResource, ScriptedIds, SearchQuery, SearchSort};
    /// # let cop = CommunityOptions::new().with_ids(ScriptedIds::new(1)).in_memory(NewCommunity::new("Math CoP"))?;
    /// # let me = cop.steward();
    /// # for title in ["Ratios", "Area", "Fractions"] { me.add_resource(NewResource::new("task", title))?; }
    /// let query = SearchQuery::default().with_sort(SearchSort::Title).with_limit(2);
    /// let first = me.search(query.clone())?;
    /// let second = me.search(query.after(first.next))?;
    /// assert_eq!(second.hits[0].title, "Ratios");
    /// assert_eq!(second.next, None);
    /// # Ok::<(), cop_core::Error>(())
    /// ```
    #[must_use]
    pub fn after(mut self, cursor: impl Into<Option<SearchCursor>>) -> Self {
        self.after = cursor.into();
        self
    }

    /// Skips `offset` hits; of those after the cursor, where there is one.
    #[must_use]
    pub fn with_offset(mut self, offset: usize) -> Self {
        self.offset = offset;
        self
    }

    /// Returns at most `limit` hits.
    #[must_use]
    pub fn with_limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// Leaves the facets out.
    #[must_use]
    pub fn without_facets(mut self) -> Self {
        self.facets = false;
        self
    }

    /// Leaves the snippets empty: for lists of titles, and for many hits at once.
    #[must_use]
    pub fn without_snippets(mut self) -> Self {
        self.snippets = false;
        self
    }

    /// Says of every hit what its score is the sum of: [`SearchHit::explanation`](super::SearchHit::explanation).
    ///
    /// ```
    /// # use cop_core::{CommunityOptions, NewCommunity, NewResource, ScriptedIds, SearchQuery};
    /// # let cop = CommunityOptions::new().with_ids(ScriptedIds::new(1)).in_memory(NewCommunity::new("Math CoP"))?;
    /// # let me = cop.steward();
    /// # for title in ["Ratios", "A number line", "Number talks"] { me.add_resource(NewResource::new("task", title))?; }
    /// let found = me.search(SearchQuery::new("number line").explained())?;
    /// let reasons: Vec<String> = found.hits[0].explanation.iter().map(|reason| reason.text.clone()).collect();
    /// assert_eq!(reasons[0], "“number” stands there 3 times, and in 2 of 3 records: 0.71");
    /// # Ok::<(), cop_core::Error>(())
    /// ```
    #[must_use]
    pub fn explained(mut self) -> Self {
        self.explain = true;
        self
    }

    /// Has newer records count more: what was made a year ago counts 0.91 of what is made today, after ten years 0.74.
    /// Without it the order does not depend on the day.
    ///
    /// ```
    /// # use cop_core::{CommunityOptions, NewCommunity, NewResource, ScriptedIds, SearchQuery};
    /// # let cop = CommunityOptions::new().with_ids(ScriptedIds::new(1)).in_memory(NewCommunity::new("Math CoP"))?;
    /// # cop.steward().add_resource(NewResource::new("task", "Number talks"))?;
    /// let found = cop.steward().search(SearchQuery::new("number talks").preferring_recent())?;
    /// assert_eq!(found.total, 1);
    /// # Ok::<(), cop_core::Error>(())
    /// ```
    #[must_use]
    pub fn preferring_recent(mut self) -> Self {
        self.prefer_recent = true;
        self
    }

    /// Checks the numbers; the text cannot be wrong.
    ///
    /// # Errors
    /// `InvalidInput` naming `limit` and `offset` when they reach too far, and `after` where there are no pages.
    pub fn check(&self) -> Result<()> {
        let mut problems = Vec::new();
        if self.limit > MAX_LIMIT {
            problems.push(Problem::new("limit", "search.limit", format!("at most {MAX_LIMIT} hits a page")));
        }
        if self.like.is_some() && self.after.is_some() {
            problems.push(Problem::new("after", "search.cursor", "what is like another record has one page"));
        }
        if self.offset.saturating_add(self.limit.min(MAX_LIMIT)) > MAX_REACH {
            problems.push(Problem::new("offset", "search.offset", format!("reaches at most {MAX_REACH} hits deep")));
        }
        if problems.is_empty() { Ok(()) } else { Err(Error::InvalidInput(problems)) }
    }
}
