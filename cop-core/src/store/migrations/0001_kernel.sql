-- One community. Portable between SQLite and PostgreSQL: ROWKEY, ID, CLUSTERED and TEXT are replaced by each
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
    tokens       TEXT NOT NULL UNIQUE  -- the audience's tokens, sorted, separated by spaces
);

CREATE TABLE audience_token (          -- which classes a token opens; derived
    token        TEXT NOT NULL,
    class        BIGINT NOT NULL,
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
    hub          ID
);

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
    facts        TEXT NOT NULL,        -- [invited | requested | activated | ended]
    state        TEXT NOT NULL         -- what the facts amount to
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
    state        TEXT NOT NULL         -- forming, active, archived
);
CREATE INDEX team_parent ON team (parent);

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
    public       BIGINT NOT NULL       -- 0 or 1
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
    state        TEXT NOT NULL         -- draft, in_review, published, retired
);
CREATE INDEX resource_team ON resource (team);
CREATE INDEX resource_created_by ON resource (created_by);
