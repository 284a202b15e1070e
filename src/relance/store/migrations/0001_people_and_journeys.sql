-- Profiles, consent, journeys, messages: what the engine keeps, all written in the transaction of a tick.

-- What this installation was given once: its prefix for message ids, the secret of its links.
CREATE TABLE installation (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- One row, id 1: how far the engine has come. `last_own` counts its own events: an id is never given twice. `tick` is also written on warehouse rows, so that what a crashed tick left there can be taken back.
CREATE TABLE engine_state (
    id {{key}},
    position BIGINT NOT NULL,
    tick BIGINT NOT NULL,
    at BIGINT NOT NULL,
    last_own BIGINT NOT NULL
);
INSERT INTO engine_state (id, position, tick, at, last_own) VALUES (1, 0, 0, 0, 0);

-- One row a person. After a merge the row stays and names the profile it became part of.
CREATE TABLE profiles (
    profile_id {{key}},
    user_id TEXT NOT NULL,
    known BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    traits TEXT NOT NULL,
    timezone TEXT,
    email TEXT,
    email_key TEXT,
    email_valid BIGINT NOT NULL DEFAULT 0,
    phone TEXT,
    phone_valid BIGINT NOT NULL DEFAULT 0,
    push_token TEXT,
    merged_into BIGINT
);
CREATE INDEX profiles_user ON profiles (user_id);
CREATE INDEX profiles_email ON profiles (email_key);

-- The last `seq` of those for whom the engine emitted something after their last received event.
CREATE TABLE profile_seqs (
    profile_id {{key}},
    last_seq BIGINT NOT NULL
);

-- Which profile an id (a userId or an anonymousId) belongs to, from which event on: the newest row counts.
CREATE TABLE aliases (
    alias TEXT NOT NULL,
    since_seq BIGINT NOT NULL,
    profile_id BIGINT NOT NULL,
    PRIMARY KEY (alias, since_seq)
) {{clustered}};

-- The state of consent in force. `group_id` is '' for the channel itself.
CREATE TABLE consent (
    profile_id BIGINT NOT NULL,
    channel TEXT NOT NULL,
    group_id TEXT NOT NULL,
    state TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (profile_id, channel, group_id)
) {{clustered}};

-- Every consent change ever told, in force or not. Never rewritten.
CREATE TABLE consent_ledger (
    entry_id {{id}},
    profile_id BIGINT NOT NULL,
    channel TEXT NOT NULL,
    group_id TEXT NOT NULL,
    state TEXT NOT NULL,
    at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    source TEXT,
    applied BIGINT NOT NULL
);
CREATE INDEX consent_ledger_profile ON consent_ledger (profile_id);

-- Addresses that get nothing any more, over all profiles that share them. `since_seq` says from which event on.
CREATE TABLE suppressions (
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    reason TEXT NOT NULL,
    at BIGINT NOT NULL,
    since_seq BIGINT NOT NULL,
    soft_bounces BIGINT NOT NULL DEFAULT 0,
    suppressed BIGINT NOT NULL,
    PRIMARY KEY (channel, address)
) {{clustered}};

-- A published, frozen version of a journey or campaign. `rank` orders sources by name.
CREATE TABLE journey_versions (
    version_id {{key}},
    source TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    version BIGINT NOT NULL,
    state TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (source, version)
);

-- One passage of one profile through one version. status: 0 active, 1 finished, 2 exited, 3 failed, 4 suppressed (a start that did not happen).
-- mark_*: from when on its events count. step, visit, deadline: where it rests, or last rested. due_at: when its next timer fires.
-- Only one is open for a source, profile and key. Numbers come first: where a column begins is then known without reading the texts before it.
CREATE TABLE enrollments (
    enrollment_id {{key}},
    version_id BIGINT NOT NULL,
    profile_id BIGINT NOT NULL,
    status BIGINT NOT NULL,
    entered_at BIGINT NOT NULL,
    mark_at BIGINT NOT NULL,
    mark_seq BIGINT NOT NULL,
    visit BIGINT NOT NULL DEFAULT 0,
    step BIGINT,
    step_at BIGINT,
    step_seq BIGINT,
    deadline BIGINT,
    due_at BIGINT,
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    event_seq BIGINT,
    ended_at BIGINT,
    reason TEXT
) {{updated}};
CREATE UNIQUE INDEX enrollments_open ON enrollments (profile_id, source, key) WHERE status = 0;
CREATE INDEX enrollments_profile ON enrollments (profile_id, source, key);

-- The next timer of each open passage. due_stamp: what it is stamped with; due_life: 1 when it is the end of the lifetime.
CREATE TABLE timers (
    due_at BIGINT NOT NULL,
    profile_id BIGINT NOT NULL,
    enrollment_id BIGINT NOT NULL,
    due_stamp BIGINT NOT NULL,
    due_life BIGINT NOT NULL,
    PRIMARY KEY (due_at, profile_id, enrollment_id)
) {{clustered}};

-- The steps a passage entered, in order, and why. cause: start next heard timeout waited branch otherwise blocked failed. cause_ref: the seq of an event, or the number of a branch.
CREATE TABLE enrollment_path (
    enrollment_id BIGINT NOT NULL,
    visit BIGINT NOT NULL,
    step BIGINT NOT NULL,
    at BIGINT NOT NULL,
    cause TEXT NOT NULL,
    cause_ref BIGINT,
    PRIMARY KEY (enrollment_id, visit)
) {{clustered}};

-- The last hand-off of each message step of a passage.
CREATE TABLE enrollment_handed (
    enrollment_id BIGINT NOT NULL,
    step BIGINT NOT NULL,
    at BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (enrollment_id, step)
) {{clustered}};

-- Events that reached the goal of a passage.
CREATE TABLE enrollment_goals (
    enrollment_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (enrollment_id, seq)
) {{clustered}};

-- Events that some rule of a published journey waits for, kept for listeners that ask the log, for templates and for traces.
CREATE TABLE journey_events (
    seq BIGINT NOT NULL,
    profile_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    properties TEXT NOT NULL
);
CREATE INDEX journey_events_seq ON journey_events (profile_id, seq);
-- Which rules they match. key: the value at the journey's key path as JSON, '' when there is none. message_*: the message an event answers, by its id or by source and step.
CREATE TABLE journey_signals (
    profile_id BIGINT NOT NULL,
    rule_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    key TEXT NOT NULL,
    message_ref BIGINT,
    message_source TEXT,
    message_step TEXT
);
CREATE INDEX journey_signals_rule ON journey_signals (profile_id, rule_id, seq);

-- Every message: the outbox and its ledger.
-- status: queued (waits for its checks, or held until due_at) ready (passed them, waits for hand-off) claimed (the provider is being called) | sent blocked expired failed (decided).
-- resolved: 1 once the journey has moved on. marketing: 1, transactional: 0.
CREATE TABLE messages (
    message_id {{key}},
    enrollment_id BIGINT NOT NULL,
    profile_id BIGINT NOT NULL,
    version_id BIGINT NOT NULL,
    source TEXT NOT NULL,
    step BIGINT NOT NULL,
    step_id TEXT NOT NULL,
    visit BIGINT NOT NULL,
    channel TEXT NOT NULL,
    channel_rank BIGINT NOT NULL,
    template TEXT NOT NULL,
    variant TEXT,
    marketing BIGINT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT,
    address TEXT,
    queued_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    expires_at BIGINT,
    decided_at BIGINT,
    decided_seq BIGINT,
    resolved BIGINT NOT NULL DEFAULT 0,
    event_seq BIGINT,
    attempts BIGINT NOT NULL DEFAULT 0,
    claimed_by TEXT,
    claimed_at BIGINT,
    provider_ref TEXT,
    subject TEXT,
    body TEXT
);
CREATE UNIQUE INDEX messages_once ON messages (enrollment_id, visit, channel);
CREATE INDEX messages_open ON messages (status, due_at) WHERE resolved = 0;
CREATE INDEX messages_profile ON messages (profile_id, decided_at);

-- Events that the engine emitted, on their way to the log.
CREATE TABLE own_events (
    own_id {{key}},
    profile_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    name TEXT NOT NULL,
    at BIGINT NOT NULL,
    properties TEXT NOT NULL,
    tick BIGINT NOT NULL
);

-- Occurrences of schedules that were fired.
CREATE TABLE schedule_runs (
    source TEXT NOT NULL,
    at BIGINT NOT NULL,
    zone TEXT NOT NULL,
    started BIGINT NOT NULL,
    PRIMARY KEY (source, at, zone)
) {{clustered}};
