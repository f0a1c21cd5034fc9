-- The digest of duplicate groups.

-- Duplicates as they were told last.
CREATE TABLE duplicate (
    -- The same from day to day, as long as it is about the same name.
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    severity TEXT NOT NULL,
    name TEXT NOT NULL,
    -- The whole of it, as JSON.
    as_told TEXT NOT NULL,
    first_told BIGINT NOT NULL,
    last_told BIGINT NOT NULL,
    -- 0 while it is there.
    resolved_at BIGINT NOT NULL
);

-- Duplicates that are laid aside for a while.
CREATE TABLE snooze (
    duplicate TEXT PRIMARY KEY,
    who TEXT NOT NULL,
    reason TEXT NOT NULL,
    -- How bad it was then.
    severity TEXT NOT NULL,
    until BIGINT NOT NULL
);

-- Digests that were posted, by the local day.
CREATE TABLE digest (
    day TEXT PRIMARY KEY,
    posted_at BIGINT NOT NULL,
    -- Where it stands; empty where there was nothing to post.
    channel TEXT NOT NULL,
    ts TEXT NOT NULL,
    groups_checked BIGINT NOT NULL,
    duplicates BIGINT NOT NULL,
    -- 0 where a duplicate may have been overlooked.
    complete BIGINT NOT NULL
);
CREATE INDEX digest_by_age ON digest (posted_at);

-- The groups that the last digest saw, and those that are gone, as one JSON: they are read and written whole.
CREATE TABLE census (
    id BIGINT PRIMARY KEY,
    known TEXT NOT NULL
);
