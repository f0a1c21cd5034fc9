-- A duplicate is known by its groups, and by how many it hurts.

ALTER TABLE duplicate ADD COLUMN hurt BIGINT NOT NULL DEFAULT 0;
-- The ids of its groups, as JSON.
ALTER TABLE duplicate ADD COLUMN group_ids TEXT NOT NULL DEFAULT '[]';
-- How many it hurt then.
ALTER TABLE snooze ADD COLUMN hurt BIGINT NOT NULL DEFAULT 0;

-- Who is posting the digest of a day: the queue, or a command beside it.
CREATE TABLE digest_claim (
    day TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    -- By the database's own clock.
    held_until BIGINT NOT NULL
);
