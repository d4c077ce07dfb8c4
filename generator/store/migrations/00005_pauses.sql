-- +goose Up

-- When the 48 hours began for which a letter is tried: with its first refusal, later
-- by every pause of its issue; 0: not yet. The Date of the letter is first_at.
ALTER TABLE delivery ADD COLUMN since_at BIGINT NOT NULL DEFAULT 0;
UPDATE delivery SET since_at = first_at WHERE state IN (1, 2, 4, 7);

-- Who hands letters to which relay, and until when that is so unless it is said again.
CREATE TABLE sender (
    worker TEXT PRIMARY KEY, -- host:pid:random
    relay  TEXT NOT NULL,
    until  BIGINT NOT NULL
);
