-- People. Times are milliseconds since 1970, 0 for none; lists and visibility are
-- JSON, for they are read and written whole; switches are 0 or 1.

-- +goose Up

-- Every change of what is stored of people takes the next number. Who keeps people
-- in memory asks for what has a later number than the one it knows.
CREATE TABLE change (
    one    SMALLINT PRIMARY KEY CHECK (one = 1),
    number BIGINT NOT NULL
);
INSERT INTO change (one, number) VALUES (1, 0);

CREATE TABLE salt (
    purpose TEXT PRIMARY KEY,
    hex     TEXT NOT NULL
);

CREATE TABLE member (
    id           BIGINT PRIMARY KEY CHECK (id BETWEEN 1 AND 4294967295), -- random
    email        TEXT NOT NULL UNIQUE, -- canonical: to compare
    smtp         TEXT NOT NULL,        -- as it is written on a letter
    status       TEXT NOT NULL CHECK (status IN ('active', 'paused', 'left')),
    audiences    TEXT NOT NULL,
    family       TEXT NOT NULL,
    given        TEXT NOT NULL,
    family_kana  TEXT NOT NULL,
    given_kana   TEXT NOT NULL,
    former       TEXT NOT NULL,
    latin        TEXT NOT NULL,
    language     TEXT NOT NULL,
    joined_in    INTEGER NOT NULL, -- years, 0 if unknown
    left_in      INTEGER NOT NULL,
    department   TEXT NOT NULL,
    title        TEXT NOT NULL,
    skills       TEXT NOT NULL,
    interests    TEXT NOT NULL,
    region       TEXT NOT NULL,
    note         TEXT NOT NULL,
    visibility   TEXT NOT NULL,
    format       TEXT NOT NULL,
    frequency    TEXT NOT NULL,
    paused_until BIGINT NOT NULL,
    valid_after  BIGINT NOT NULL,
    created      BIGINT NOT NULL,
    updated      BIGINT NOT NULL,
    changed      BIGINT NOT NULL -- number of the last change
);
CREATE INDEX member_changed ON member (changed);

-- Only ever added to. What is left of a person who was erased: that somebody with
-- this random id agreed, to which text, when, and how.
CREATE TABLE consent (
    member  BIGINT NOT NULL,
    number  BIGINT NOT NULL,
    purpose TEXT NOT NULL,
    version TEXT NOT NULL, -- of the text
    given   SMALLINT NOT NULL,
    at      BIGINT NOT NULL,
    by_whom TEXT NOT NULL,
    channel TEXT NOT NULL,
    PRIMARY KEY (member, purpose, number)
);

-- Likewise. The last row of a member and a list says how it is; none means
-- subscribed. List 0 is all mail.
CREATE TABLE subscription (
    member     BIGINT NOT NULL,
    list       BIGINT NOT NULL,
    number     BIGINT NOT NULL,
    subscribed SMALLINT NOT NULL,
    at         BIGINT NOT NULL,
    channel    TEXT NOT NULL,
    PRIMARY KEY (member, list, number)
);

-- Addresses that were erased, hashed with the salt: they are not imported again.
CREATE TABLE suppression (
    hash TEXT PRIMARY KEY,
    at   BIGINT NOT NULL
);

-- Ids of those who were erased: they are never given to anybody else, because
-- links with such an id may still lie in somebody's mail.
CREATE TABLE erased (
    id      BIGINT PRIMARY KEY,
    at      BIGINT NOT NULL,
    changed BIGINT NOT NULL
);
CREATE INDEX erased_changed ON erased (changed);
