-- The first schema. Times are milliseconds since 1970, UTC. It is plain enough for SQLite and PostgreSQL alike.

-- Accepted work, until it is done; then only its key, until that may come again.
CREATE TABLE job (
    id TEXT PRIMARY KEY,
    -- 0: a person waits for it; 1: nobody does.
    priority BIGINT NOT NULL,
    -- What makes two orders one. While it is remembered, the same order does nothing.
    key TEXT UNIQUE,
    -- What is to be done; emptied when it is.
    work TEXT,
    run_at BIGINT NOT NULL,
    -- 'ready', 'leased', 'done' or 'dead'.
    state TEXT NOT NULL,
    tries BIGINT NOT NULL,
    -- Who has it, and until when by the database's own clock.
    lease TEXT,
    leased_until BIGINT,
    -- Until when the key is remembered, even if the work is done.
    key_until BIGINT NOT NULL
);
CREATE INDEX job_by_turn ON job (state, priority, run_at, id);

-- Every question that was answered: who asked about whom, and what came of it.
CREATE TABLE question (
    id TEXT PRIMARY KEY,
    reference TEXT NOT NULL,
    asker TEXT NOT NULL,
    about TEXT NOT NULL,
    -- Empty where there is no such account, and then the name is what was typed.
    account_id TEXT NOT NULL,
    account_name TEXT NOT NULL,
    -- Empty where none was asked for.
    permission_set TEXT NOT NULL,
    verdict TEXT NOT NULL,
    -- Empty where none could be named.
    cause TEXT NOT NULL,
    -- The state of each step, to tell what has changed.
    steps TEXT NOT NULL,
    -- When it was looked into.
    checked_at BIGINT NOT NULL,
    took_ms BIGINT NOT NULL,
    -- 1 where the synchronization is at fault, so that it counts for an outage.
    sync_fault BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX question_by_reference ON question (reference, about, checked_at);
CREATE INDEX question_by_person ON question (about, account_id, checked_at);
CREATE INDEX question_by_cause ON question (cause, checked_at);
CREATE INDEX question_by_age ON question (checked_at);

-- Messages that must be posted once, however often it is tried.
CREATE TABLE post (
    key TEXT PRIMARY KEY,
    -- 'sending' or 'sent'.
    state TEXT NOT NULL,
    channel TEXT,
    ts TEXT,
    began_at BIGINT NOT NULL
);

-- Questions that were handed to the help desk.
CREATE TABLE ticket (
    id TEXT PRIMARY KEY,
    reference TEXT NOT NULL,
    -- Who opened it.
    requester TEXT NOT NULL,
    about TEXT NOT NULL,
    account_id TEXT NOT NULL,
    account_name TEXT NOT NULL,
    -- Empty where none was asked for.
    permission_set TEXT NOT NULL,
    -- Where none could be named, the step that could not be seen.
    cause TEXT NOT NULL,
    -- 'new', 'claimed' or 'resolved'.
    state TEXT NOT NULL,
    -- The agent who has it; empty while nobody does.
    agent TEXT NOT NULL,
    -- 1 once a check has found the access in place.
    restored BIGINT NOT NULL,
    -- 1 where the IdP can be made to send what is missing.
    can_be_sent BIGINT NOT NULL,
    -- The report as it was, as a message.
    report TEXT NOT NULL,
    -- Where the help desk sees it; empty until it is posted.
    channel TEXT NOT NULL,
    ts TEXT NOT NULL,
    link TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX ticket_open ON ticket (about, account_id, cause) WHERE state <> 'resolved';
CREATE INDEX ticket_by_message ON ticket (channel, ts);

-- Who asked for it, and where each of them is kept informed; empty until the message is posted.
CREATE TABLE ticket_requester (
    ticket TEXT NOT NULL,
    requester TEXT NOT NULL,
    channel TEXT NOT NULL,
    ts TEXT NOT NULL,
    PRIMARY KEY (ticket, requester)
);
CREATE INDEX ticket_requester_by_person ON ticket_requester (requester);
CREATE INDEX ticket_requester_by_message ON ticket_requester (channel, ts);

-- Who did what to a ticket, and when.
CREATE TABLE ticket_event (
    id TEXT PRIMARY KEY,
    ticket TEXT NOT NULL,
    who TEXT NOT NULL,
    -- 'opened', 'joined', 'claimed', 'handed_over', 'resolved', 'reopened' or 'restored'.
    what TEXT NOT NULL,
    -- To whom it was handed over; else empty.
    whom TEXT NOT NULL,
    at BIGINT NOT NULL,
    -- In the order of happening, where two have the same moment.
    turn TEXT NOT NULL
);
CREATE INDEX ticket_event_by_ticket ON ticket_event (ticket, at);

-- What was said in a ticket's thread and in the direct messages that belong to it.
CREATE TABLE ticket_message (
    id TEXT PRIMARY KEY,
    ticket TEXT NOT NULL,
    author TEXT NOT NULL,
    words TEXT NOT NULL,
    -- Where it was written, and where it was brought.
    channel TEXT NOT NULL,
    ts TEXT NOT NULL,
    brought_channel TEXT NOT NULL,
    brought_ts TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE UNIQUE INDEX ticket_message_once ON ticket_message (channel, ts, brought_channel);
CREATE INDEX ticket_message_by_copy ON ticket_message (brought_channel, brought_ts);

-- "Tell me when it's fixed."
CREATE TABLE watch (
    id TEXT PRIMARY KEY,
    watcher TEXT NOT NULL,
    about TEXT NOT NULL,
    account_id TEXT NOT NULL,
    account_name TEXT NOT NULL,
    -- Empty where any will do.
    permission_set TEXT NOT NULL,
    -- 'open', 'arrived' or 'given_up'.
    state TEXT NOT NULL,
    since BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX watch_open ON watch (watcher, about, account_id, permission_set) WHERE state = 'open';

-- One cause that hit several people: told to the admins once.
CREATE TABLE outage (
    id TEXT PRIMARY KEY,
    cause TEXT NOT NULL,
    -- The first and the newest answer with this cause.
    began_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    -- When the admins were told; 0 until they are.
    told_at BIGINT NOT NULL DEFAULT 0,
    -- 0 while it lasts.
    over_at BIGINT NOT NULL,
    -- 1 where somebody who was hit has been seen with access since.
    cleared BIGINT NOT NULL DEFAULT 0,
    people BIGINT NOT NULL
);
CREATE UNIQUE INDEX outage_now ON outage (cause) WHERE over_at = 0;
