-- +goose Up

-- One row for each member who is to get an issue, or would be but for the reason
-- that the row gives. States: 0 pending, 1 leased, 2 in flight, 3 sent, 4 deferred,
-- 5 failed, 6 suppressed, 7 unknown (package ledger).
--
-- That there is one row is what keeps anybody from getting an issue twice. The key
-- begins with the member: so it also finds what a person got.
CREATE TABLE delivery (
    issue       TEXT NOT NULL,
    member      BIGINT NOT NULL,
    address     TEXT NOT NULL, -- '' of somebody erased
    domain      TEXT NOT NULL, -- of the address, in lower case
    variant     TEXT NOT NULL,
    message_id  TEXT NOT NULL, -- without < and >
    token       TEXT NOT NULL UNIQUE, -- random: the return path has it
    state       SMALLINT NOT NULL CHECK (state BETWEEN 0 AND 7),
    attempts    INTEGER NOT NULL DEFAULT 0,
    repeats     INTEGER NOT NULL DEFAULT 0, -- of them, how many may have come twice
    next_at     BIGINT NOT NULL DEFAULT 0,
    first_at    BIGINT NOT NULL DEFAULT 0, -- Date of the letter, whenever it is sent again
    sent_at     BIGINT NOT NULL DEFAULT 0,
    lease_by    TEXT NOT NULL DEFAULT '', -- host:pid:random
    lease_until BIGINT NOT NULL DEFAULT 0,
    lease_epoch BIGINT NOT NULL DEFAULT 0, -- how often it was leased
    relay       TEXT NOT NULL DEFAULT '',
    code        INTEGER NOT NULL DEFAULT 0,
    enhanced    TEXT NOT NULL DEFAULT '',
    reply       TEXT NOT NULL DEFAULT '',
    reason      TEXT NOT NULL DEFAULT '', -- a word of the program
    resolved_by TEXT NOT NULL DEFAULT '',
    updated_at  BIGINT NOT NULL,
    PRIMARY KEY (member, issue)
);

-- A claim reads the beginning of one range of it, and sums read nothing else.
CREATE INDEX delivery_due ON delivery (issue, state, next_at, member, domain);
CREATE INDEX delivery_lease ON delivery (lease_until) WHERE state IN (1, 2);
CREATE INDEX delivery_sent ON delivery (sent_at, relay, domain) WHERE sent_at > 0;
CREATE INDEX delivery_repeat ON delivery (issue) WHERE repeats > 0;
CREATE INDEX delivery_message ON delivery (message_id) WHERE message_id <> '';

CREATE TABLE issue_state (
    issue      TEXT PRIMARY KEY,
    policy     TEXT NOT NULL CHECK (policy IN ('hold', 'resend')),
    paused_at  BIGINT NOT NULL DEFAULT 0,
    paused_why TEXT NOT NULL DEFAULT '',
    started    BIGINT NOT NULL DEFAULT 0,
    finished   BIGINT NOT NULL DEFAULT 0
);
