package org.copkit

// The codes that the library knows of open vocabularies. An app may write codes of its own, and may read some that a
// newer version or another app has written: keep an `else`.

/** How two standards are related. */
public object AssociationKinds {
    /** The origin is below the destination. */
    public const val IS_CHILD_OF: String = "isChildOf"
    /** They are on a level. */
    public const val IS_PEER_OF: String = "isPeerOf"
    /** The origin is part of the destination. */
    public const val IS_PART_OF: String = "isPartOf"
    /** They say the same. */
    public const val EXACT_MATCH_OF: String = "exactMatchOf"
    /** The origin is learned before the destination. */
    public const val PRECEDES: String = "precedes"
    /** They have to do with each other. */
    public const val IS_RELATED_TO: String = "isRelatedTo"
    /** The destination replaces the origin. */
    public const val REPLACED_BY: String = "replacedBy"
    /** The destination is an example of the origin. */
    public const val EXEMPLAR: String = "exemplar"
    /** The destination is the skill level of the origin. */
    public const val HAS_SKILL_LEVEL: String = "hasSkillLevel"
    /** They say the same in different languages (CASE 1.1). */
    public const val IS_TRANSLATION_OF: String = "isTranslationOf"
}

/** How often it is observed. */
public object Cadences {
    /** Every day. */
    public const val DAILY: String = "daily"
    /** Every week. */
    public const val WEEKLY: String = "weekly"
    /** Every month. */
    public const val MONTHLY: String = "monthly"
    /** Every quarter. */
    public const val QUARTERLY: String = "quarterly"
    /** Every term. */
    public const val TERMLY: String = "termly"
    /** Every school year. */
    public const val YEARLY: String = "yearly"
}

/** How it is charted. */
public object ChartKinds {
    /** A run chart. */
    public const val RUN: String = "run"
    /** Individuals. */
    public const val I: String = "i"
    /** Moving ranges. */
    public const val MR: String = "mr"
    /** Individuals, for unequal denominators. */
    public const val IPRIME: String = "i_prime"
    /** Proportions. */
    public const val P: String = "p"
    /** Proportions, corrected for overdispersion. */
    public const val PPRIME: String = "p_prime"
    /** Counts. */
    public const val C: String = "c"
    /** Rates. */
    public const val U: String = "u"
    /** Rates, corrected for overdispersion. */
    public const val UPRIME: String = "u_prime"
    /** Cases between events. */
    public const val G: String = "g"
    /** Times between events. */
    public const val T: String = "t"
}

/** What a convening is. */
public object ConveningKinds {
    /** A gathering of the community. */
    public const val CONVENING: String = "convening"
    /** Work on one thing. */
    public const val WORKSHOP: String = "workshop"
    /** The way in. */
    public const val ORIENTATION: String = "orientation"
    /** A session of a course. */
    public const val COURSE_SESSION: String = "course_session"
    /** Peers consult on somebody's dilemma. */
    public const val CONSULTANCY: String = "consultancy"
    /** A team meets. */
    public const val TEAM_MEETING: String = "team_meeting"
    /** Looking at aggregate data together. */
    public const val DATA_REFLECTION: String = "data_reflection"
    /** A lesson is observed. */
    public const val LESSON_OBSERVATION: String = "lesson_observation"
}

/** What a note is. */
public object EntryKinds {
    /** A plan. */
    public const val PLAN: String = "plan"
    /** Looking back. */
    public const val REFLECTION: String = "reflection"
    /** What was said and agreed. */
    public const val MINUTES: String = "minutes"
    /** A decision. */
    public const val DECISION: String = "decision"
    /** Data in words. */
    public const val DATA: String = "data"
    /** A comment. */
    public const val COMMENT: String = "comment"
    /** Anything else. */
    public const val NOTE: String = "note"
}

/** What was noticed. */
public object FindingKinds {
    /** Two live members have the same e-mail address. */
    public const val DUPLICATE_EMAIL: String = "duplicate_email"
    /** A working team no longer meets its formation rule. */
    public const val FORMATION_RULE: String = "formation_rule"
    /** More people have seats than there are. */
    public const val OVER_CAPACITY: String = "over_capacity"
    /** A number was corrected: both values are kept. */
    public const val CORRECTED_NUMBER: String = "corrected_number"
    /** A team works without a lead. */
    public const val NO_LEAD: String = "no_lead"
    /** A working group, course or cohort works beyond its term. */
    public const val TERM_OVER: String = "term_over"
    /** A walk-in looks like a member. */
    public const val POSSIBLE_MEMBER: String = "possible_member"
    /** A member without a current affiliation takes part. */
    public const val NO_AFFILIATION: String = "no_affiliation"
}

/** What ties the two. */
public object MentorshipKinds {
    /** The one mentors the other. */
    public const val MENTORING: String = "mentoring"
    /** The one coaches the other. */
    public const val COACHING: String = "coaching"
    /** The one gives advice to the other. */
    public const val ADVICE: String = "advice"
    /** Both lead together. */
    public const val CO_LEADING: String = "co_leading"
}

/** Why there is no number. */
public object MissingReasons {
    /** Too few people to be shown. */
    public const val SUPPRESSED: String = "suppressed"
    /** Nobody counted. */
    public const val NOT_COLLECTED: String = "not_collected"
    /** There was nothing to count. */
    public const val NOT_APPLICABLE: String = "not_applicable"
}

/** What an organization is. */
public object OrganizationKinds {
    /** A state agency. */
    public const val STATE: String = "state"
    /** A county office of education (COE). */
    public const val COUNTY_OFFICE: String = "county_office"
    /** A school district, or another local agency. */
    public const val DISTRICT: String = "district"
    /** A school. */
    public const val SCHOOL: String = "school"
    /** A college or university. */
    public const val UNIVERSITY: String = "university"
    /** A partner outside the system. */
    public const val PARTNER: String = "partner"
    /** A network of organizations. */
    public const val NETWORK: String = "network"
}

/** A phase of a cycle; custom cycles have their own. */
public object Phases {
    /** PDSA, lesson study, action research: decide what to try and what will happen. */
    public const val PLAN: String = "plan"
    /** PDSA: try it. */
    public const val DO: String = "do"
    /** PDSA: compare with what was predicted; lesson study: study content and standards. */
    public const val STUDY: String = "study"
    /** PDSA: decide; action research: try it; inquiry: run cycles. */
    public const val ACT: String = "act"
    /** Lesson study: teach and observe. */
    public const val TEACH: String = "teach"
    /** Look back. */
    public const val REFLECT: String = "reflect"
    /** Action research: gather data. */
    public const val OBSERVE: String = "observe"
    /** Design thinking: understand people. */
    public const val EMPATHIZE: String = "empathize"
    /** Design thinking: name the problem. */
    public const val DEFINE: String = "define"
    /** Design thinking: find ideas. */
    public const val IDEATE: String = "ideate"
    /** Design thinking: make something. */
    public const val PROTOTYPE: String = "prototype"
    /** Design thinking: try it with people, and decide. */
    public const val TEST: String = "test"
    /** Inquiry: choose the problem, form the team. */
    public const val LAUNCH: String = "launch"
    /** Inquiry: understand the problem. */
    public const val INVESTIGATE: String = "investigate"
    /** The cycle is over. */
    public const val CLOSED: String = "closed"
}

/** What a resource is. */
public object ResourceKinds {
    /** A tool. */
    public const val TOOL: String = "tool"
    /** A task for students. */
    public const val TASK: String = "task"
    /** A rubric. */
    public const val RUBRIC: String = "rubric"
    /** A case study. */
    public const val CASE_STUDY: String = "case_study"
    /** A video. */
    public const val VIDEO: String = "video"
    /** Slides. */
    public const val SLIDES: String = "slides"
    /** A handout. */
    public const val HANDOUT: String = "handout"
    /** An article. */
    public const val ARTICLE: String = "article"
    /** A book or a part of one. */
    public const val BOOK: String = "book"
    /** A set of tools. */
    public const val TOOLKIT: String = "toolkit"
    /** A protocol for working together. */
    public const val PROTOCOL: String = "protocol"
    /** A lesson plan. */
    public const val LESSON_PLAN: String = "lesson_plan"
    /** A framework. */
    public const val FRAMEWORK: String = "framework"
    /** News about law or policy. */
    public const val POLICY_UPDATE: String = "policy_update"
    /** News from research. */
    public const val RESEARCH_UPDATE: String = "research_update"
    /** Minutes. */
    public const val MINUTES: String = "minutes"
    /** Data. */
    public const val DATASET: String = "dataset"
    /** A website. */
    public const val WEBSITE: String = "website"
}

/** What a member does in an organization. */
public object Roles {
    /** Teaches. */
    public const val TEACHER: String = "teacher"
    /** Coaches teachers. */
    public const val COACH: String = "coach"
    /** A subject or programme specialist. */
    public const val SPECIALIST: String = "specialist"
    /** Leads a school. */
    public const val SITE_ADMIN: String = "site_admin"
    /** Leads in a district. */
    public const val DISTRICT_ADMIN: String = "district_admin"
    /** Leads in a county office. */
    public const val COUNTY_LEADER: String = "county_leader"
    /** Teaches or works at a university. */
    public const val UNIVERSITY_PARTNER: String = "university_partner"
    /** Studies the community. */
    public const val RESEARCHER: String = "researcher"
    /** Works with a partner organization. */
    public const val COMMUNITY_PARTNER: String = "community_partner"
}

/** The rules by which a chart signals. */
public object RuleSets {
    /** Longest run and crossings (Anhøj & Olesen 2014). */
    public const val ANHOEJ: String = "anhoej"
    /** Run chart rules (Perla, Provost & Murray 2011). */
    public const val IHI_RUN: String = "ihi_run"
    /** Making Data Count (NHS England). */
    public const val MAKING_DATA_COUNT: String = "making_data_count"
    /** Shewhart chart rules (Institute for Healthcare Improvement). */
    public const val IHI_SHEWHART: String = "ihi_shewhart"
    /** Eight tests (Nelson 1984). */
    public const val NELSON: String = "nelson"
}

/** What a story is. */
public object StoryKinds {
    /** How an activity led to value (Wenger, Trayner & de Laat 2011). */
    public const val VALUE_CREATION: String = "value_creation"
    /** What somebody says of the community. */
    public const val TESTIMONIAL: String = "testimonial"
    /** What came of something. */
    public const val OUTCOME_REPORT: String = "outcome_report"
}

/** A cycle of value creation (Wenger, Trayner & de Laat 2011). */
public object StoryValues {
    /** Activities and interactions. */
    public const val IMMEDIATE: String = "immediate"
    /** Knowledge capital. */
    public const val POTENTIAL: String = "potential"
    /** Changes in practice. */
    public const val APPLIED: String = "applied"
    /** Better performance. */
    public const val REALIZED: String = "realized"
    /** New ideas of what success is. */
    public const val REFRAMING: String = "reframing"
}

/** What a team is for. */
public object TeamKinds {
    /** The people of a region; needs a region. */
    public const val REGIONAL: String = "regional"
    /** People of several districts on a shared problem of practice. */
    public const val CROSS_DISTRICT: String = "cross_district"
    /** The people of a district. */
    public const val DISTRICT: String = "district"
    /** The people of a school. */
    public const val SITE: String = "site"
    /** A group with a task and an end; needs a term. */
    public const val WORKING_GROUP: String = "working_group"
    /** A project. */
    public const val PROJECT: String = "project"
    /** A course; needs a term. */
    public const val COURSE: String = "course"
    /** A cohort that learns together; needs a term. */
    public const val COHORT: String = "cohort"
}
