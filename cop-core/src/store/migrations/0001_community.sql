-- One community. Portable between SQLite and PostgreSQL: ROWKEY, ID, CLUSTERED, REAL and TEXT are replaced by each
-- engine's own words (see store/schema.rs). Times are microseconds since 1970 (UTC), dates are ISO text,
-- lists are JSON kept as text. No foreign keys and no unique names on records that stores may one day merge.

CREATE TABLE scope (
    one          BIGINT PRIMARY KEY,   -- always 1: the row that every writer locks first
    store        ID NOT NULL,          -- which store this is; an index remembers it
    schema       BIGINT NOT NULL,      -- number of the last migration applied
    compat       BIGINT NOT NULL,      -- oldest library schema that can read this file
    head         BIGINT NOT NULL,      -- position of the last change
    stamp        BIGINT NOT NULL       -- hybrid logical stamp of the last change
);

CREATE TABLE change_log (
    seq          ROWKEY,               -- 1, 2, 3, … without gaps
    stamp        BIGINT NOT NULL,      -- hybrid logical stamp: 48 bits of milliseconds, 16 of counter
    op_seq       BIGINT NOT NULL,      -- seq of the first change of the same operation
    op           TEXT NOT NULL,        -- the operation's name
    actor        ID,                   -- the member who acted; null for the host
    kind         TEXT NOT NULL,        -- the record's kind
    record       ID NOT NULL,          -- the record
    life         TEXT NOT NULL,        -- created, revised or deleted
    previous     BIGINT NOT NULL,      -- seq of the record's previous change; 0 for its first
    patch        TEXT NOT NULL         -- JSON: the fields that changed
);

CREATE TABLE lookup (                  -- the keys by which records are found; derived from the records
    kind         TEXT NOT NULL,
    key          TEXT NOT NULL,        -- cds:…, email:…, role:owner, organization:…, id:<system>:<value>
    record       ID NOT NULL,
    PRIMARY KEY (kind, key, record)
) CLUSTERED;

CREATE TABLE audience_class (          -- one row per distinct audience; derived
    id           ROWKEY,
    digest       ID NOT NULL UNIQUE,   -- version 5 UUID of tokens: as long as they may be, found by an index
    tokens       TEXT NOT NULL         -- the audience's tokens, sorted, separated by spaces
);

CREATE TABLE audience_token (          -- which classes a token opens; derived
    token        TEXT NOT NULL,
    class        BIGINT NOT NULL,
    since        TEXT NOT NULL,        -- the day from which the token opens it; empty for always
    PRIMARY KEY (token, class)
) CLUSTERED;

CREATE TABLE community (
    seq          ROWKEY,               -- position of the change that made the record
    id           ID NOT NULL UNIQUE,
    created_by   ID,                   -- the member; null for the host
    created_at   BIGINT NOT NULL,
    revised_at   BIGINT NOT NULL,
    revision     BIGINT NOT NULL,      -- position of the record's last change
    deleted      BIGINT NOT NULL,      -- 0 or 1
    audience     BIGINT NOT NULL,      -- audience class; 0 where all records of the kind share one
    name         TEXT NOT NULL,
    language     TEXT NOT NULL,
    charter      TEXT NOT NULL,        -- {domain, community, practice}
    hub          ID,
    policies     TEXT NOT NULL         -- the community's own rules
);
CREATE INDEX community_hub ON community (hub);

CREATE TABLE organization (
    seq          ROWKEY,
    id           ID NOT NULL UNIQUE,
    created_by   ID,
    created_at   BIGINT NOT NULL,
    revised_at   BIGINT NOT NULL,
    revision     BIGINT NOT NULL,
    deleted      BIGINT NOT NULL,
    audience     BIGINT NOT NULL,
    kind         TEXT NOT NULL,        -- state, county_office, district, school, university, partner, network, …
    name         TEXT NOT NULL,
    parent       ID,
    cds          TEXT,                 -- 14 digits
    external_ids TEXT NOT NULL,        -- [{system, value}]
    status       TEXT NOT NULL         -- active, pending, closed
);
CREATE INDEX organization_parent ON organization (parent);

CREATE TABLE member (
    seq          ROWKEY,
    id           ID NOT NULL UNIQUE,
    created_by   ID,
    created_at   BIGINT NOT NULL,
    revised_at   BIGINT NOT NULL,
    revision     BIGINT NOT NULL,
    deleted      BIGINT NOT NULL,
    audience     BIGINT NOT NULL,
    given        TEXT NOT NULL,
    family       TEXT NOT NULL,
    display      TEXT NOT NULL,
    emails       TEXT NOT NULL,        -- [address]
    contact      TEXT NOT NULL,        -- private or community
    affiliations TEXT NOT NULL,        -- [{organization, role, grades, since, until}]
    external_ids TEXT NOT NULL,
    roles        TEXT NOT NULL,        -- [owner | steward | convener | member | observer]
    facts        TEXT NOT NULL,        -- [event | event:n], such as invited, left:2
    state        TEXT NOT NULL,        -- what the facts amount to
    pronouns     TEXT,
    bio          TEXT,
    steps        TEXT NOT NULL,        -- [code] of the onboarding steps taken
    commitments  TEXT NOT NULL,        -- [{school_year, at}]
    decision     TEXT,                 -- {approved, by, at, reason}
    same_as      TEXT NOT NULL,        -- [member id] of the same person
    merged_into  ID                    -- what same_as amounts to
);

CREATE TABLE team (
    seq          ROWKEY,
    id           ID NOT NULL UNIQUE,
    created_by   ID,
    created_at   BIGINT NOT NULL,
    revised_at   BIGINT NOT NULL,
    revision     BIGINT NOT NULL,
    deleted      BIGINT NOT NULL,
    audience     BIGINT NOT NULL,
    kind         TEXT NOT NULL,
    name         TEXT NOT NULL,
    charter      TEXT NOT NULL,
    parent       ID,
    organizations TEXT NOT NULL,       -- [organization id]
    region       TEXT,                 -- {scheme, code}
    term         TEXT,                 -- {starts, ends}
    admission    TEXT NOT NULL,
    default_visibility TEXT NOT NULL,
    maximum_visibility TEXT NOT NULL,
    state        TEXT NOT NULL,        -- what the facts amount to
    facts        TEXT NOT NULL,        -- [activated | archived]
    hub          ID,
    stage        TEXT,
    formation    TEXT,                 -- {min_members, min_distinct_roles, …}
    questions    TEXT NOT NULL         -- [question] of an application
);
CREATE INDEX team_parent ON team (parent);
CREATE INDEX team_hub ON team (hub);
CREATE INDEX team_created_by ON team (created_by);

CREATE TABLE membership (
    seq          ROWKEY,
    id           ID NOT NULL UNIQUE,
    created_by   ID,
    created_at   BIGINT NOT NULL,
    revised_at   BIGINT NOT NULL,
    revision     BIGINT NOT NULL,
    deleted      BIGINT NOT NULL,
    audience     BIGINT NOT NULL,
    member       ID NOT NULL,
    team         ID NOT NULL,
    episode      BIGINT NOT NULL,      -- the how-manieth time, from 1
    roles        TEXT NOT NULL,        -- [lead | facilitator | mentor | member | observer]
    facts        TEXT NOT NULL,        -- [invited | requested | approved | accepted | rejected | removed | left | completed]
    state        TEXT NOT NULL,        -- what the facts amount to
    public       BIGINT NOT NULL,      -- 0 or 1
    answers      TEXT NOT NULL,        -- [{question, answer}]
    decision     TEXT                  -- {approved, by, at, reason}
);
CREATE INDEX membership_member ON membership (member);
CREATE INDEX membership_team ON membership (team);

CREATE TABLE framework (
    seq          ROWKEY,
    id           ID NOT NULL UNIQUE,
    created_by   ID,
    created_at   BIGINT NOT NULL,
    revised_at   BIGINT NOT NULL,
    revision     BIGINT NOT NULL,
    deleted      BIGINT NOT NULL,
    audience     BIGINT NOT NULL,
    identifier   TEXT NOT NULL,        -- GUID as written by the publisher
    title        TEXT NOT NULL,
    creator      TEXT NOT NULL,
    version      TEXT,
    language     TEXT,
    extra        TEXT NOT NULL         -- the rest of the CASE object
);

CREATE TABLE standard (
    seq          ROWKEY,
    id           ID NOT NULL UNIQUE,
    created_by   ID,
    created_at   BIGINT NOT NULL,
    revised_at   BIGINT NOT NULL,
    revision     BIGINT NOT NULL,
    deleted      BIGINT NOT NULL,
    audience     BIGINT NOT NULL,
    framework    ID NOT NULL,
    identifier   TEXT NOT NULL,
    code         TEXT,                 -- as written: CCSS.Math.Content.5.NF.B.3
    code_key     TEXT,                 -- normal form: 5.nf.b.3
    statement    TEXT NOT NULL,
    kind         TEXT,
    education_levels TEXT NOT NULL,    -- [grade as written]
    parent       ID,
    position     BIGINT,
    extra        TEXT NOT NULL
);
CREATE INDEX standard_framework ON standard (framework);
CREATE INDEX standard_parent ON standard (parent);
CREATE INDEX standard_code_key ON standard (code_key);

CREATE TABLE association (
    seq          ROWKEY,
    id           ID NOT NULL UNIQUE,
    created_by   ID,
    created_at   BIGINT NOT NULL,
    revised_at   BIGINT NOT NULL,
    revision     BIGINT NOT NULL,
    deleted      BIGINT NOT NULL,
    audience     BIGINT NOT NULL,
    framework    ID NOT NULL,
    identifier   TEXT NOT NULL,
    kind         TEXT NOT NULL,        -- isChildOf, precedes, …
    origin       TEXT NOT NULL,        -- {identifier, uri, title}
    destination  TEXT NOT NULL,        -- may lie outside every framework here
    sequence     BIGINT,
    extra        TEXT NOT NULL
);
CREATE INDEX association_framework ON association (framework);

CREATE TABLE resource (
    seq          ROWKEY,
    id           ID NOT NULL UNIQUE,
    created_by   ID,
    created_at   BIGINT NOT NULL,
    revised_at   BIGINT NOT NULL,
    revision     BIGINT NOT NULL,
    deleted      BIGINT NOT NULL,
    audience     BIGINT NOT NULL,      -- audience class: who may read it now
    kind         TEXT NOT NULL,
    title        TEXT NOT NULL,
    description  TEXT NOT NULL,
    body         TEXT NOT NULL,
    creators     TEXT NOT NULL,        -- [{member, name}]
    links        TEXT NOT NULL,        -- [{url, label}]
    language     TEXT NOT NULL,
    grades       TEXT NOT NULL,        -- [CEDS code]
    subjects     TEXT NOT NULL,        -- [subject]
    alignments   TEXT NOT NULL,        -- [{code, standard, kind}]
    tags         TEXT NOT NULL,        -- [keyword]
    licence      TEXT,                 -- SPDX id or URL
    published_on TEXT,                 -- date
    school_year  TEXT,                 -- 2021-22
    team         ID,
    part_of      TEXT,                 -- {resource, position}
    external_ids TEXT NOT NULL,
    visibility   TEXT NOT NULL,        -- public, community, organization:…, team:…, private
    grants       TEXT NOT NULL,        -- [member:… | team:… | organization:…]
    sealed       BIGINT NOT NULL,      -- 0 or 1
    state        TEXT NOT NULL,        -- draft, in_review, published, retired
    files        TEXT NOT NULL,        -- [{sha256, bytes, media_type, label}]
    convening    ID,
    cycle        ID,
    supersedes   ID,
    embargo      TEXT,                 -- date
    reviews      TEXT NOT NULL         -- [{number, at, by, verdict, comment}]
);
CREATE INDEX resource_team ON resource (team);
CREATE INDEX resource_created_by ON resource (created_by);
CREATE INDEX resource_convening ON resource (convening);
CREATE INDEX resource_cycle ON resource (cycle);
CREATE INDEX resource_supersedes ON resource (supersedes);

CREATE TABLE goal (
    seq          ROWKEY,
    id           ID NOT NULL UNIQUE,
    created_by   ID,
    created_at   BIGINT NOT NULL,
    revised_at   BIGINT NOT NULL,
    revision     BIGINT NOT NULL,
    deleted      BIGINT NOT NULL,
    audience     BIGINT NOT NULL,
    kind          TEXT NOT NULL,       -- goal, strategy, objective, outcome, problem, aim, driver, change_idea
    team          ID,
    title         TEXT NOT NULL,
    body          TEXT NOT NULL,
    parents       TEXT NOT NULL,       -- [goal id]
    school_year   TEXT,
    aim           TEXT,                -- {what, how_much, for_whom, by_when}
    measures      TEXT NOT NULL,       -- [measure id]
    visibility    TEXT NOT NULL,
    status        TEXT NOT NULL,       -- open, met, dropped, superseded
    superseded_by ID
);
CREATE INDEX goal_team ON goal (team);
CREATE INDEX goal_created_by ON goal (created_by);
CREATE INDEX goal_superseded_by ON goal (superseded_by);

CREATE TABLE cycle (
    seq          ROWKEY,
    id           ID NOT NULL UNIQUE,
    created_by   ID,
    created_at   BIGINT NOT NULL,
    revised_at   BIGINT NOT NULL,
    revision     BIGINT NOT NULL,
    deleted      BIGINT NOT NULL,
    audience     BIGINT NOT NULL,
    team         ID NOT NULL,
    kind         TEXT NOT NULL,        -- pdsa, lesson_study, action_research, design_thinking, inquiry, custom
    phases       TEXT NOT NULL,        -- [phase], in order
    title        TEXT NOT NULL,
    question     TEXT NOT NULL,
    lenses       TEXT NOT NULL,        -- [code]
    school_year  TEXT,
    starts_on    TEXT,                 -- date
    ends_on      TEXT,                 -- date
    parent       ID,                   -- the year-long inquiry it is a part of
    previous     ID,                   -- the cycle it continues
    problem      ID,                   -- a goal
    tests        TEXT NOT NULL,        -- [goal id]
    measures     TEXT NOT NULL,        -- [measure id]
    lead         ID,                   -- a member
    participants TEXT NOT NULL,        -- [member id]
    predictions  TEXT NOT NULL,        -- [{id, question, predicted, by, at, late, result}]
    steps        TEXT NOT NULL,        -- [{number, at, by, from, to, reason}]
    phase        TEXT NOT NULL,        -- what the steps amount to
    decision     TEXT,                 -- {kind, rationale, no_successor, by, at}
    visibility   TEXT NOT NULL
);
CREATE INDEX cycle_team ON cycle (team);
CREATE INDEX cycle_parent ON cycle (parent);
CREATE INDEX cycle_previous ON cycle (previous);
CREATE INDEX cycle_created_by ON cycle (created_by);
CREATE INDEX cycle_problem ON cycle (problem);

CREATE TABLE measure (
    seq          ROWKEY,
    id           ID NOT NULL UNIQUE,
    created_by   ID,
    created_at   BIGINT NOT NULL,
    revised_at   BIGINT NOT NULL,
    revision     BIGINT NOT NULL,
    deleted      BIGINT NOT NULL,
    audience     BIGINT NOT NULL,
    team                   ID NOT NULL,
    name                   TEXT NOT NULL,
    role                   TEXT NOT NULL, -- outcome, process, balancing, context
    operational_definition TEXT NOT NULL,
    unit                   TEXT NOT NULL, -- value, proportion, rate, count, time_between, count_between
    direction              TEXT NOT NULL, -- increase, decrease, neutral
    target                 REAL,
    cadence                TEXT,
    chart                  TEXT,
    rule_set               TEXT,
    screening              BIGINT NOT NULL, -- 0 or 1
    phases                 TEXT NOT NULL, -- [{starts_on, freeze_after, reason, cycle}]
    exclusions             TEXT NOT NULL, -- [{observation, reason}]
    student_counts         BIGINT NOT NULL, -- 0 or 1
    visibility             TEXT NOT NULL
);
CREATE INDEX measure_team ON measure (team);
CREATE INDEX measure_created_by ON measure (created_by);

CREATE TABLE observation (             -- aggregates only: there is no person column, ever
    seq          ROWKEY,
    id           ID NOT NULL UNIQUE,
    created_by   ID,
    created_at   BIGINT NOT NULL,
    revised_at   BIGINT NOT NULL,
    revision     BIGINT NOT NULL,
    deleted      BIGINT NOT NULL,
    audience     BIGINT NOT NULL,
    measure        ID NOT NULL,
    period         TEXT NOT NULL,      -- {starts_on, ends_on}
    organization   ID,
    student_group  TEXT,               -- {program, id}
    numerator      REAL,
    denominator    REAL,
    value          REAL,
    missing_reason TEXT,
    n              BIGINT,
    source         TEXT NOT NULL
);
CREATE INDEX observation_measure ON observation (measure);
CREATE INDEX observation_organization ON observation (organization);
CREATE INDEX observation_created_by ON observation (created_by);

CREATE TABLE convening (
    seq          ROWKEY,
    id           ID NOT NULL UNIQUE,
    created_by   ID,
    created_at   BIGINT NOT NULL,
    revised_at   BIGINT NOT NULL,
    revision     BIGINT NOT NULL,
    deleted      BIGINT NOT NULL,
    audience     BIGINT NOT NULL,
    kind              TEXT NOT NULL,
    title             TEXT NOT NULL,
    body              TEXT NOT NULL,
    teams             TEXT NOT NULL,   -- [team id]
    parent            ID,              -- the convening it is a session of
    cycle             ID,
    starts            TEXT NOT NULL,   -- civil time, 2021-09-14T15:30:00
    ends              TEXT NOT NULL,
    time_zone         TEXT NOT NULL,   -- IANA
    starts_at         BIGINT NOT NULL, -- what starts means, in microseconds since 1970 (UTC)
    ends_at           BIGINT NOT NULL,
    mode              TEXT NOT NULL,   -- in_person, virtual, hybrid
    place             TEXT,
    join_url          TEXT,
    capacity          BIGINT,
    protocol          ID,              -- a resource
    series            TEXT,            -- {name, index}
    topics            TEXT NOT NULL,   -- [keyword]
    sequence          BIGINT NOT NULL,
    visibility        TEXT NOT NULL,
    facts             TEXT NOT NULL,   -- [scheduled | cancelled | held]
    state             TEXT NOT NULL,   -- what the facts amount to
    cancelled_because TEXT
);
CREATE INDEX convening_parent ON convening (parent);
CREATE INDEX convening_cycle ON convening (cycle);
CREATE INDEX convening_protocol ON convening (protocol);
CREATE INDEX convening_created_by ON convening (created_by);

CREATE TABLE attendance (
    seq          ROWKEY,
    id           ID NOT NULL UNIQUE,
    created_by   ID,
    created_at   BIGINT NOT NULL,
    revised_at   BIGINT NOT NULL,
    revision     BIGINT NOT NULL,
    deleted      BIGINT NOT NULL,
    audience     BIGINT NOT NULL,
    convening    ID NOT NULL,
    member       ID,
    walk_in      TEXT,                 -- {name, email, organization}
    role         TEXT NOT NULL,        -- attendee, presenter, facilitator, observer, staff
    status       TEXT NOT NULL,        -- cancelled, invited, waitlisted, registered, no_show, excused, attended
    check_in     BIGINT,
    check_out    BIGINT,
    minutes      BIGINT,
    source       TEXT NOT NULL
);
CREATE INDEX attendance_convening ON attendance (convening);
CREATE INDEX attendance_member ON attendance (member);

CREATE TABLE story (
    seq          ROWKEY,
    id           ID NOT NULL UNIQUE,
    created_by   ID,
    created_at   BIGINT NOT NULL,
    revised_at   BIGINT NOT NULL,
    revision     BIGINT NOT NULL,
    deleted      BIGINT NOT NULL,
    audience     BIGINT NOT NULL,
    kind         TEXT NOT NULL,
    title        TEXT NOT NULL,
    body         TEXT NOT NULL,
    language     TEXT NOT NULL,
    about        TEXT NOT NULL,        -- [{kind, id}]
    team         ID,
    teller       ID,                   -- a member
    worth        TEXT NOT NULL,
    facts        TEXT NOT NULL,        -- [{granted: {number, scope, attribution}} | withdrawn]
    consent      TEXT NOT NULL         -- what the facts amount to
);
CREATE INDEX story_team ON story (team);
CREATE INDEX story_teller ON story (teller);
CREATE INDEX story_created_by ON story (created_by);

CREATE TABLE mentorship (
    seq          ROWKEY,
    id           ID NOT NULL UNIQUE,
    created_by   ID,
    created_at   BIGINT NOT NULL,
    revised_at   BIGINT NOT NULL,
    revision     BIGINT NOT NULL,
    deleted      BIGINT NOT NULL,
    audience     BIGINT NOT NULL,
    kind         TEXT NOT NULL,
    mentor       ID NOT NULL,
    mentee       ID NOT NULL,
    proposed_by  ID NOT NULL,
    team         ID,
    goals        TEXT NOT NULL,
    since        TEXT,                 -- date
    until        TEXT,                 -- date
    facts        TEXT NOT NULL,        -- [proposed | accepted | ended]
    state        TEXT NOT NULL         -- what the facts amount to
);
CREATE INDEX mentorship_mentor ON mentorship (mentor);
CREATE INDEX mentorship_mentee ON mentorship (mentee);
CREATE INDEX mentorship_team ON mentorship (team);

CREATE TABLE entry (
    seq          ROWKEY,
    id           ID NOT NULL UNIQUE,
    created_by   ID,
    created_at   BIGINT NOT NULL,
    revised_at   BIGINT NOT NULL,
    revision     BIGINT NOT NULL,
    deleted      BIGINT NOT NULL,
    audience     BIGINT NOT NULL,
    about        TEXT NOT NULL,        -- the kind of record it is about
    subject      ID NOT NULL,          -- the record
    kind         TEXT NOT NULL,
    phase        TEXT,
    on_date      TEXT NOT NULL,        -- the day it is about
    body         TEXT NOT NULL,
    private      BIGINT NOT NULL       -- 0 or 1
);
CREATE INDEX entry_subject ON entry (subject);
CREATE INDEX entry_created_by ON entry (created_by);

CREATE TABLE finding (
    seq          ROWKEY,
    id           ID NOT NULL UNIQUE,
    created_by   ID,
    created_at   BIGINT NOT NULL,
    revised_at   BIGINT NOT NULL,
    revision     BIGINT NOT NULL,
    deleted      BIGINT NOT NULL,
    audience     BIGINT NOT NULL,
    kind         TEXT NOT NULL,
    about        TEXT NOT NULL,        -- [{kind, id}]
    team         ID,
    detail       TEXT NOT NULL,
    facts        TEXT NOT NULL,        -- [{raised: n} | {resolved: n}]
    state        TEXT NOT NULL,        -- what the facts amount to
    resolution   TEXT                  -- {by, at, note}
);
CREATE INDEX finding_team ON finding (team);
