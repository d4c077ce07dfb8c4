-- +goose Up

-- A line that the office writes by hand to one reader of one issue of the
-- newsletter. It goes with the person.
CREATE TABLE letter_note (
    issue   TEXT NOT NULL,
    member  BIGINT NOT NULL,
    text    TEXT NOT NULL,
    updated BIGINT NOT NULL,
    PRIMARY KEY (issue, member)
);
CREATE INDEX letter_note_member ON letter_note (member);
