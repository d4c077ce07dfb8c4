-- +goose Up

-- Where a consent came from: an address without its end, 203.0.113.0/24. It goes
-- with the person.
ALTER TABLE consent ADD COLUMN network TEXT NOT NULL DEFAULT '';

-- The texts that people agreed to, word for word, by their version. Nothing in them
-- is personal, and nothing is ever replaced.
CREATE TABLE consent_text (
    version TEXT PRIMARY KEY,
    text    TEXT NOT NULL
);
