// The codes that the library knows of open vocabularies. An app may write codes of its own, and may read some that a
// newer version or another app has written: keep a `default`.

/// How two standards are related.
public enum AssociationKinds {
    /// The origin is below the destination.
    public static let isChildOf = "isChildOf"
    /// They are on a level.
    public static let isPeerOf = "isPeerOf"
    /// The origin is part of the destination.
    public static let isPartOf = "isPartOf"
    /// They say the same.
    public static let exactMatchOf = "exactMatchOf"
    /// The origin is learned before the destination.
    public static let precedes = "precedes"
    /// They have to do with each other.
    public static let isRelatedTo = "isRelatedTo"
    /// The destination replaces the origin.
    public static let replacedBy = "replacedBy"
    /// The destination is an example of the origin.
    public static let exemplar = "exemplar"
    /// The destination is the skill level of the origin.
    public static let hasSkillLevel = "hasSkillLevel"
    /// They say the same in different languages (CASE 1.1).
    public static let isTranslationOf = "isTranslationOf"
}

/// How often it is observed.
public enum Cadences {
    /// Every day.
    public static let daily = "daily"
    /// Every week.
    public static let weekly = "weekly"
    /// Every month.
    public static let monthly = "monthly"
    /// Every quarter.
    public static let quarterly = "quarterly"
    /// Every term.
    public static let termly = "termly"
    /// Every school year.
    public static let yearly = "yearly"
}

/// How it is charted.
public enum ChartKinds {
    /// A run chart.
    public static let run = "run"
    /// Individuals.
    public static let i = "i"
    /// Moving ranges.
    public static let mr = "mr"
    /// Individuals, for unequal denominators.
    public static let iPrime = "i_prime"
    /// Proportions.
    public static let p = "p"
    /// Proportions, corrected for overdispersion.
    public static let pPrime = "p_prime"
    /// Counts.
    public static let c = "c"
    /// Rates.
    public static let u = "u"
    /// Rates, corrected for overdispersion.
    public static let uPrime = "u_prime"
    /// Cases between events.
    public static let g = "g"
    /// Times between events.
    public static let t = "t"
}

/// What a convening is.
public enum ConveningKinds {
    /// A gathering of the community.
    public static let convening = "convening"
    /// Work on one thing.
    public static let workshop = "workshop"
    /// The way in.
    public static let orientation = "orientation"
    /// A session of a course.
    public static let courseSession = "course_session"
    /// Peers consult on somebody's dilemma.
    public static let consultancy = "consultancy"
    /// A team meets.
    public static let teamMeeting = "team_meeting"
    /// Looking at aggregate data together.
    public static let dataReflection = "data_reflection"
    /// A lesson is observed.
    public static let lessonObservation = "lesson_observation"
}

/// What a note is.
public enum EntryKinds {
    /// A plan.
    public static let plan = "plan"
    /// Looking back.
    public static let reflection = "reflection"
    /// What was said and agreed.
    public static let minutes = "minutes"
    /// A decision.
    public static let decision = "decision"
    /// Data in words.
    public static let data = "data"
    /// A comment.
    public static let comment = "comment"
    /// Anything else.
    public static let note = "note"
}

/// What was noticed.
public enum FindingKinds {
    /// Two live members have the same e-mail address.
    public static let duplicateEmail = "duplicate_email"
    /// A working team no longer meets its formation rule.
    public static let formationRule = "formation_rule"
    /// More people have seats than there are.
    public static let overCapacity = "over_capacity"
    /// A number was corrected: both values are kept.
    public static let correctedNumber = "corrected_number"
    /// A team works without a lead.
    public static let noLead = "no_lead"
    /// A working group, course or cohort works beyond its term.
    public static let termOver = "term_over"
    /// A walk-in looks like a member.
    public static let possibleMember = "possible_member"
    /// A member without a current affiliation takes part.
    public static let noAffiliation = "no_affiliation"
}

/// What ties the two.
public enum MentorshipKinds {
    /// The one mentors the other.
    public static let mentoring = "mentoring"
    /// The one coaches the other.
    public static let coaching = "coaching"
    /// The one gives advice to the other.
    public static let advice = "advice"
    /// Both lead together.
    public static let coLeading = "co_leading"
}

/// Why there is no number.
public enum MissingReasons {
    /// Too few people to be shown.
    public static let suppressed = "suppressed"
    /// Nobody counted.
    public static let notCollected = "not_collected"
    /// There was nothing to count.
    public static let notApplicable = "not_applicable"
}

/// What an organization is.
public enum OrganizationKinds {
    /// A state agency.
    public static let state = "state"
    /// A county office of education (COE).
    public static let countyOffice = "county_office"
    /// A school district, or another local agency.
    public static let district = "district"
    /// A school.
    public static let school = "school"
    /// A college or university.
    public static let university = "university"
    /// A partner outside the system.
    public static let partner = "partner"
    /// A network of organizations.
    public static let network = "network"
}

/// A phase of a cycle; custom cycles have their own.
public enum Phases {
    /// PDSA, lesson study, action research: decide what to try and what will happen.
    public static let plan = "plan"
    /// PDSA: try it.
    public static let `do` = "do"
    /// PDSA: compare with what was predicted; lesson study: study content and standards.
    public static let study = "study"
    /// PDSA: decide; action research: try it; inquiry: run cycles.
    public static let act = "act"
    /// Lesson study: teach and observe.
    public static let teach = "teach"
    /// Look back.
    public static let reflect = "reflect"
    /// Action research: gather data.
    public static let observe = "observe"
    /// Design thinking: understand people.
    public static let empathize = "empathize"
    /// Design thinking: name the problem.
    public static let define = "define"
    /// Design thinking: find ideas.
    public static let ideate = "ideate"
    /// Design thinking: make something.
    public static let prototype = "prototype"
    /// Design thinking: try it with people, and decide.
    public static let test = "test"
    /// Inquiry: choose the problem, form the team.
    public static let launch = "launch"
    /// Inquiry: understand the problem.
    public static let investigate = "investigate"
    /// The cycle is over.
    public static let closed = "closed"
}

/// What a resource is.
public enum ResourceKinds {
    /// A tool.
    public static let tool = "tool"
    /// A task for students.
    public static let task = "task"
    /// A rubric.
    public static let rubric = "rubric"
    /// A case study.
    public static let caseStudy = "case_study"
    /// A video.
    public static let video = "video"
    /// Slides.
    public static let slides = "slides"
    /// A handout.
    public static let handout = "handout"
    /// An article.
    public static let article = "article"
    /// A book or a part of one.
    public static let book = "book"
    /// A set of tools.
    public static let toolkit = "toolkit"
    /// A protocol for working together.
    public static let protocol = "protocol"
    /// A lesson plan.
    public static let lessonPlan = "lesson_plan"
    /// A framework.
    public static let framework = "framework"
    /// News about law or policy.
    public static let policyUpdate = "policy_update"
    /// News from research.
    public static let researchUpdate = "research_update"
    /// Minutes.
    public static let minutes = "minutes"
    /// Data.
    public static let dataset = "dataset"
    /// A website.
    public static let website = "website"
}

/// What a member does in an organization.
public enum Roles {
    /// Teaches.
    public static let teacher = "teacher"
    /// Coaches teachers.
    public static let coach = "coach"
    /// A subject or programme specialist.
    public static let specialist = "specialist"
    /// Leads a school.
    public static let siteAdmin = "site_admin"
    /// Leads in a district.
    public static let districtAdmin = "district_admin"
    /// Leads in a county office.
    public static let countyLeader = "county_leader"
    /// Teaches or works at a university.
    public static let universityPartner = "university_partner"
    /// Studies the community.
    public static let researcher = "researcher"
    /// Works with a partner organization.
    public static let communityPartner = "community_partner"
}

/// The rules by which a chart signals.
public enum RuleSets {
    /// Longest run and crossings (Anhøj & Olesen 2014).
    public static let anhoej = "anhoej"
    /// Run chart rules (Perla, Provost & Murray 2011).
    public static let ihiRun = "ihi_run"
    /// Making Data Count (NHS England).
    public static let makingDataCount = "making_data_count"
    /// Shewhart chart rules (Institute for Healthcare Improvement).
    public static let ihiShewhart = "ihi_shewhart"
    /// Eight tests (Nelson 1984).
    public static let nelson = "nelson"
}

/// What a story is.
public enum StoryKinds {
    /// How an activity led to value (Wenger, Trayner & de Laat 2011).
    public static let valueCreation = "value_creation"
    /// What somebody says of the community.
    public static let testimonial = "testimonial"
    /// What came of something.
    public static let outcomeReport = "outcome_report"
}

/// A cycle of value creation (Wenger, Trayner & de Laat 2011).
public enum StoryValues {
    /// Activities and interactions.
    public static let immediate = "immediate"
    /// Knowledge capital.
    public static let potential = "potential"
    /// Changes in practice.
    public static let applied = "applied"
    /// Better performance.
    public static let realized = "realized"
    /// New ideas of what success is.
    public static let reframing = "reframing"
}

/// What a team is for.
public enum TeamKinds {
    /// The people of a region; needs a region.
    public static let regional = "regional"
    /// People of several districts on a shared problem of practice.
    public static let crossDistrict = "cross_district"
    /// The people of a district.
    public static let district = "district"
    /// The people of a school.
    public static let site = "site"
    /// A group with a task and an end; needs a term.
    public static let workingGroup = "working_group"
    /// A project.
    public static let project = "project"
    /// A course; needs a term.
    public static let course = "course"
    /// A cohort that learns together; needs a term.
    public static let cohort = "cohort"
}
