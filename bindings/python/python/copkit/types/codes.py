"""The vocabularies: ``str`` enums, equal to their codes."""

from __future__ import annotations

from enum import Enum

__all__ = [
    "Admission",
    "AlignmentKind",
    "AssociationKind",
    "AttendanceRole",
    "AttendanceStatus",
    "Attribution",
    "Cadence",
    "ChartKind",
    "Code",
    "CommunityRole",
    "ConsentState",
    "Contact",
    "ConveningFact",
    "ConveningKind",
    "ConveningState",
    "CycleKind",
    "DecisionKind",
    "DevelopmentStage",
    "Direction",
    "EntryKind",
    "FindingKind",
    "FindingState",
    "GoalKind",
    "GoalStatus",
    "Life",
    "MeasureRole",
    "MemberEvent",
    "MemberState",
    "MembershipFact",
    "MembershipState",
    "MentorshipFact",
    "MentorshipKind",
    "MentorshipState",
    "MissingReason",
    "Mode",
    "OrganizationKind",
    "OrganizationStatus",
    "ParticipationLevel",
    "Phase",
    "PredictionOutcome",
    "RecordKind",
    "ResourceKind",
    "ResourceState",
    "Role",
    "Rounding",
    "RuleSet",
    "StoryKind",
    "StoryValue",
    "TeamFact",
    "TeamKind",
    "TeamRole",
    "TeamState",
    "Unit",
    "Verdict",
]


class Code(str, Enum):
    """A word of a vocabulary: equal to its code, and printed as it."""

    def __str__(self) -> str:
        return str(self.value)


class RecordKind(Code):
    """The kinds of records."""

    COMMUNITY = "community"
    ORGANIZATION = "organization"
    MEMBER = "member"
    TEAM = "team"
    MEMBERSHIP = "membership"
    FRAMEWORK = "framework"
    STANDARD = "standard"
    ASSOCIATION = "association"
    RESOURCE = "resource"
    GOAL = "goal"
    CYCLE = "cycle"
    MEASURE = "measure"
    OBSERVATION = "observation"
    CONVENING = "convening"
    ATTENDANCE = "attendance"
    STORY = "story"
    MENTORSHIP = "mentorship"
    ENTRY = "entry"
    FINDING = "finding"


class Life(Code):
    """What happened to a record's life."""

    CREATED = "created"
    REVISED = "revised"
    DELETED = "deleted"
    RESTORED = "restored"


class OrganizationKind(Code):
    """What an organization is. Open."""

    STATE = "state"
    COUNTY_OFFICE = "county_office"
    DISTRICT = "district"
    SCHOOL = "school"
    UNIVERSITY = "university"
    PARTNER = "partner"
    NETWORK = "network"


class OrganizationStatus(Code):
    """Whether an organization is at work."""

    ACTIVE = "active"
    PENDING = "pending"
    CLOSED = "closed"


class Role(Code):
    """What a member does in an organization. Open."""

    TEACHER = "teacher"
    COACH = "coach"
    SPECIALIST = "specialist"
    SITE_ADMIN = "site_admin"
    DISTRICT_ADMIN = "district_admin"
    COUNTY_LEADER = "county_leader"
    UNIVERSITY_PARTNER = "university_partner"
    RESEARCHER = "researcher"
    COMMUNITY_PARTNER = "community_partner"


class CommunityRole(Code):
    """What a member may do in the community as a whole."""

    OWNER = "owner"
    STEWARD = "steward"
    CONVENER = "convener"
    MEMBER = "member"
    OBSERVER = "observer"


class Contact(Code):
    """Who sees a member's e-mail addresses."""

    PRIVATE = "private"
    COMMUNITY = "community"


class MemberEvent(Code):
    """What happens to a member."""

    INVITED = "invited"
    REQUESTED = "requested"
    APPROVED = "approved"
    ACCEPTED = "accepted"
    ACTIVATED = "activated"
    PAUSED = "paused"
    RESUMED = "resumed"
    DECLINED = "declined"
    LEFT = "left"
    REMOVED = "removed"
    ERASED = "erased"


class MemberState(Code):
    """Where a member stands."""

    KNOWN = "known"
    INVITED = "invited"
    REQUESTED = "requested"
    ONBOARDING = "onboarding"
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"
    MERGED = "merged"
    ERASED = "erased"


class TeamKind(Code):
    """What a team is for. Open."""

    REGIONAL = "regional"
    CROSS_DISTRICT = "cross_district"
    DISTRICT = "district"
    SITE = "site"
    WORKING_GROUP = "working_group"
    PROJECT = "project"
    COURSE = "course"
    COHORT = "cohort"


class Admission(Code):
    """How one gets into a team."""

    OPEN = "open"
    REQUEST = "request"
    APPLICATION = "application"
    INVITE_ONLY = "invite_only"
    CLOSED = "closed"


class DevelopmentStage(Code):
    """How mature a team is, for information (Wenger, McDermott & Snyder 2002)."""

    POTENTIAL = "potential"
    COALESCING = "coalescing"
    MATURING = "maturing"
    STEWARDSHIP = "stewardship"
    TRANSFORMATION = "transformation"


class TeamFact(Code):
    """Something that happened to a team; facts are only ever added."""

    ACTIVATED = "activated"
    ARCHIVED = "archived"


class TeamState(Code):
    """Where a team stands."""

    FORMING = "forming"
    ACTIVE = "active"
    ARCHIVED = "archived"


class MembershipFact(Code):
    """Something that happened between a member and a team; facts are only ever added."""

    INVITED = "invited"
    REQUESTED = "requested"
    APPROVED = "approved"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    REMOVED = "removed"
    LEFT = "left"
    COMPLETED = "completed"


class MembershipState(Code):
    """Where a membership stands."""

    INVITED = "invited"
    REQUESTED = "requested"
    ACTIVE = "active"
    ENDED = "ended"


class TeamRole(Code):
    """What a member may do in a team."""

    LEAD = "lead"
    FACILITATOR = "facilitator"
    MENTOR = "mentor"
    MEMBER = "member"
    OBSERVER = "observer"


class AssociationKind(Code):
    """How two standards are related. Open."""

    IS_CHILD_OF = "isChildOf"
    IS_PEER_OF = "isPeerOf"
    IS_PART_OF = "isPartOf"
    EXACT_MATCH_OF = "exactMatchOf"
    PRECEDES = "precedes"
    IS_RELATED_TO = "isRelatedTo"
    REPLACED_BY = "replacedBy"
    EXEMPLAR = "exemplar"
    HAS_SKILL_LEVEL = "hasSkillLevel"
    IS_TRANSLATION_OF = "isTranslationOf"


class ResourceKind(Code):
    """What a resource is. Open."""

    TOOL = "tool"
    TASK = "task"
    RUBRIC = "rubric"
    CASE_STUDY = "case_study"
    VIDEO = "video"
    SLIDES = "slides"
    HANDOUT = "handout"
    ARTICLE = "article"
    BOOK = "book"
    TOOLKIT = "toolkit"
    PROTOCOL = "protocol"
    LESSON_PLAN = "lesson_plan"
    FRAMEWORK = "framework"
    POLICY_UPDATE = "policy_update"
    RESEARCH_UPDATE = "research_update"
    MINUTES = "minutes"
    DATASET = "dataset"
    WEBSITE = "website"


class ResourceState(Code):
    """Where a resource stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    RETIRED = "retired"


class AlignmentKind(Code):
    """What a resource does with a standard."""

    TEACHES = "teaches"
    ASSESSES = "assesses"
    REQUIRES = "requires"


class Verdict(Code):
    """What a reviewer finds."""

    APPROVED = "approved"
    CHANGES_REQUESTED = "changes_requested"


class GoalKind(Code):
    """What a goal is in the theory of improvement."""

    GOAL = "goal"
    STRATEGY = "strategy"
    OBJECTIVE = "objective"
    OUTCOME = "outcome"
    PROBLEM = "problem"
    AIM = "aim"
    DRIVER = "driver"
    CHANGE_IDEA = "change_idea"


class GoalStatus(Code):
    """Where a goal stands."""

    OPEN = "open"
    MET = "met"
    DROPPED = "dropped"
    SUPERSEDED = "superseded"


class CycleKind(Code):
    """What a cycle turns through."""

    PDSA = "pdsa"
    LESSON_STUDY = "lesson_study"
    ACTION_RESEARCH = "action_research"
    DESIGN_THINKING = "design_thinking"
    INQUIRY = "inquiry"
    CUSTOM = "custom"


class ParticipationLevel(Code):
    """How much somebody takes part, from the core outwards."""

    #: Leads, or is nearly always there, and contributes.
    CORE = "core"
    #: Is often there, or contributes.
    ACTIVE = "active"
    #: Was there, or contributed, once at least.
    OCCASIONAL = "occasional"
    #: Belongs to the community, and did nothing of that.
    PERIPHERAL = "peripheral"
    #: Does not belong to the community, but was there or contributed.
    TRANSACTIONAL = "transactional"


class Phase(Code):
    """A phase of a cycle; custom cycles have their own. Open."""

    PLAN = "plan"
    DO = "do"
    STUDY = "study"
    ACT = "act"
    TEACH = "teach"
    REFLECT = "reflect"
    OBSERVE = "observe"
    EMPATHIZE = "empathize"
    DEFINE = "define"
    IDEATE = "ideate"
    PROTOTYPE = "prototype"
    TEST = "test"
    LAUNCH = "launch"
    INVESTIGATE = "investigate"
    CLOSED = "closed"


class PredictionOutcome(Code):
    """What became of a prediction."""

    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    UNCLEAR = "unclear"


class DecisionKind(Code):
    """What is decided about the change that was tested."""

    ADOPT = "adopt"
    ADAPT = "adapt"
    ABANDON = "abandon"
    INCONCLUSIVE = "inconclusive"


class MeasureRole(Code):
    """What a measure is for (Langley et al. 2009)."""

    OUTCOME = "outcome"
    PROCESS = "process"
    BALANCING = "balancing"
    CONTEXT = "context"


class Unit(Code):
    """What one observation is."""

    VALUE = "value"
    PROPORTION = "proportion"
    RATE = "rate"
    COUNT = "count"
    TIME_BETWEEN = "time_between"
    COUNT_BETWEEN = "count_between"


class Direction(Code):
    """Which way is better."""

    INCREASE = "increase"
    DECREASE = "decrease"
    NEUTRAL = "neutral"


class Cadence(Code):
    """How often it is observed. Open."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    TERMLY = "termly"
    YEARLY = "yearly"


class ChartKind(Code):
    """How it is charted. Open."""

    RUN = "run"
    I = "i"  # noqa: E741
    MR = "mr"
    I_PRIME = "i_prime"
    P = "p"
    P_PRIME = "p_prime"
    C = "c"
    U = "u"
    U_PRIME = "u_prime"
    G = "g"
    T = "t"


class RuleSet(Code):
    """The rules by which a chart signals. Open."""

    ANHOEJ = "anhoej"
    IHI_RUN = "ihi_run"
    MAKING_DATA_COUNT = "making_data_count"
    IHI_SHEWHART = "ihi_shewhart"
    NELSON = "nelson"


class MissingReason(Code):
    """Why there is no number. Open."""

    SUPPRESSED = "suppressed"
    NOT_COLLECTED = "not_collected"
    NOT_APPLICABLE = "not_applicable"


class ConveningKind(Code):
    """What a convening is. Open."""

    CONVENING = "convening"
    WORKSHOP = "workshop"
    ORIENTATION = "orientation"
    COURSE_SESSION = "course_session"
    CONSULTANCY = "consultancy"
    TEAM_MEETING = "team_meeting"
    DATA_REFLECTION = "data_reflection"
    LESSON_OBSERVATION = "lesson_observation"


class Mode(Code):
    """How people meet."""

    IN_PERSON = "in_person"
    VIRTUAL = "virtual"
    HYBRID = "hybrid"


class ConveningFact(Code):
    """Something that happened to a convening; facts are only ever added."""

    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"
    HELD = "held"


class ConveningState(Code):
    """Where a convening stands."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"
    HELD = "held"


class AttendanceRole(Code):
    """As what somebody attends."""

    ATTENDEE = "attendee"
    PRESENTER = "presenter"
    FACILITATOR = "facilitator"
    OBSERVER = "observer"
    STAFF = "staff"


class AttendanceStatus(Code):
    """Where an attendance stands, from the weakest to the strongest."""

    CANCELLED = "cancelled"
    INVITED = "invited"
    WAITLISTED = "waitlisted"
    REGISTERED = "registered"
    NO_SHOW = "no_show"
    EXCUSED = "excused"
    ATTENDED = "attended"


class StoryKind(Code):
    """What a story is. Open."""

    VALUE_CREATION = "value_creation"
    TESTIMONIAL = "testimonial"
    OUTCOME_REPORT = "outcome_report"


class StoryValue(Code):
    """A cycle of value creation (Wenger, Trayner & de Laat 2011). Open."""

    IMMEDIATE = "immediate"
    POTENTIAL = "potential"
    APPLIED = "applied"
    REALIZED = "realized"
    REFRAMING = "reframing"


class Attribution(Code):
    """How the teller is named."""

    ANONYMOUS = "anonymous"
    ROLE = "role"
    NAME = "name"


class ConsentState(Code):
    """Where the teller's consent stands."""

    NONE = "none"
    GRANTED = "granted"
    WITHDRAWN = "withdrawn"


class MentorshipKind(Code):
    """What ties the two. Open."""

    MENTORING = "mentoring"
    COACHING = "coaching"
    ADVICE = "advice"
    CO_LEADING = "co_leading"


class MentorshipFact(Code):
    """Something that happened to a mentorship; facts are only ever added."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    ENDED = "ended"


class MentorshipState(Code):
    """Where a mentorship stands."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    ENDED = "ended"


class EntryKind(Code):
    """What a note is. Open."""

    PLAN = "plan"
    REFLECTION = "reflection"
    MINUTES = "minutes"
    DECISION = "decision"
    DATA = "data"
    COMMENT = "comment"
    NOTE = "note"


class FindingKind(Code):
    """What was noticed. Open."""

    DUPLICATE_EMAIL = "duplicate_email"
    FORMATION_RULE = "formation_rule"
    OVER_CAPACITY = "over_capacity"
    CORRECTED_NUMBER = "corrected_number"
    NO_LEAD = "no_lead"
    TERM_OVER = "term_over"
    POSSIBLE_MEMBER = "possible_member"
    NO_AFFILIATION = "no_affiliation"


class FindingState(Code):
    """Where a finding stands."""

    OPEN = "open"
    RESOLVED = "resolved"


class Rounding(Code):
    """Which way hours are rounded."""

    DOWN = "down"
    NEAREST = "nearest"
    UP = "up"
