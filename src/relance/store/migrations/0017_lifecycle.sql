-- What people do with journeys and campaigns once they are published, what they are about to publish, and who did what.
-- The column `state` of journey_versions, alike for all versions of a source, is what was asked for last: the drain goes by it at once.

-- How the engine treats a journey or campaign, as far as it has come; without a row it runs and lets people in.
-- state: published paused closed stopped. While paused: clocks (run, freeze), entries (hold, refuse).
CREATE TABLE journey_states (
    source TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    since_at BIGINT NOT NULL,
    clocks TEXT NOT NULL,
    entries TEXT NOT NULL
);

-- Acts, each in its place among events by its instant `at`; one that is asked for now has its `asked_at` there.
-- state: waiting -> done (the engine did it), void (it no longer fitted), cancelled. detail, outcome: JSON.
CREATE TABLE journey_acts (
    act_id {{id}},
    source TEXT NOT NULL,
    action TEXT NOT NULL,
    at BIGINT NOT NULL,
    detail TEXT NOT NULL,
    actor TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    outcome TEXT,
    ended_at BIGINT
);
CREATE INDEX journey_acts_waiting ON journey_acts (at, act_id) WHERE state = 'waiting';
CREATE INDEX journey_acts_source ON journey_acts (source, act_id);

-- Who would have come in while a journey was paused, in order. ts, event_seq: of what would have started it; at: when.
CREATE TABLE held_entries (
    entry_id {{id}},
    source TEXT NOT NULL,
    profile_id BIGINT NOT NULL,
    key TEXT NOT NULL,
    at BIGINT NOT NULL,
    ts BIGINT NOT NULL,
    event_seq BIGINT
);
CREATE INDEX held_entries_source ON held_entries (source, entry_id);
CREATE INDEX held_entries_profile ON held_entries (profile_id);

-- Passages that were moved to another version: from this visit on their path is of the new one.
CREATE TABLE enrollment_moves (
    enrollment_id BIGINT NOT NULL,
    visit BIGINT NOT NULL,
    from_version_id BIGINT NOT NULL,
    to_version_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (enrollment_id, visit)
) {{clustered}};

-- Out of lists, and not to be used again until they are restored.
CREATE TABLE archived_journeys (
    source TEXT PRIMARY KEY,
    at BIGINT NOT NULL,
    archived_by TEXT NOT NULL
);

-- What is being written and not yet published.
CREATE TABLE drafts (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    body TEXT NOT NULL,
    saved_at BIGINT NOT NULL,
    saved_by TEXT NOT NULL,
    PRIMARY KEY (kind, id)
);

-- Who changed what, and when: written in the transaction of the act, never rewritten. version: of the definition afterwards. detail: JSON.
CREATE TABLE audit_entries (
    entry_id {{id}},
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    version BIGINT,
    detail TEXT NOT NULL
);
CREATE INDEX audit_entries_subject ON audit_entries (kind, id, entry_id);
CREATE INDEX audit_entries_actor ON audit_entries (actor, entry_id);
