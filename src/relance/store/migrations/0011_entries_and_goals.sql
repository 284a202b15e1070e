-- How schedules let people in, goals more than one, and ad audiences.

-- Who waits to be let in where a schedule's audience enters at a rate, in the order of their places. run_at, zone: the occurrence that found them.
CREATE TABLE entry_queue (
    source TEXT NOT NULL,
    place BIGINT NOT NULL,
    profile_id BIGINT NOT NULL,
    run_at BIGINT NOT NULL,
    zone TEXT NOT NULL,
    PRIMARY KEY (source, place)
) {{clustered}};
CREATE INDEX entry_queue_profile ON entry_queue (profile_id, source);

-- When the next of them are let in at the earliest.
CREATE TABLE entry_pace (
    source TEXT PRIMARY KEY,
    next_at BIGINT NOT NULL
);

-- Who was let in, or refused, by an occurrence that takes in new members alone, and when last.
CREATE TABLE considered_members (
    source TEXT NOT NULL,
    profile_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (source, profile_id)
) {{clustered}};
CREATE INDEX considered_members_profile ON considered_members (profile_id);

-- started: how many an occurrence found; entered: how many of them were let in, where that is limited.
ALTER TABLE schedule_runs ADD COLUMN entered BIGINT NOT NULL DEFAULT 0;

-- Events that reached a goal of a passage. goal: its place among the journey's goals; the main one is 0.
CREATE TABLE reached_goals (
    enrollment_id BIGINT NOT NULL,
    goal BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (enrollment_id, goal, seq)
) {{clustered}};
INSERT INTO reached_goals (enrollment_id, goal, seq, at) SELECT enrollment_id, 0, seq, at FROM enrollment_goals;
DROP TABLE enrollment_goals;
ALTER TABLE reached_goals RENAME TO enrollment_goals;

-- Who is in an ad audience, and since when.
CREATE TABLE audience_members (
    audience TEXT NOT NULL,
    profile_id BIGINT NOT NULL,
    since_at BIGINT NOT NULL,
    PRIMARY KEY (audience, profile_id)
) {{clustered}};
CREATE INDEX audience_members_profile ON audience_members (profile_id);

-- Every coming (member 1) and going (0), in order: what an ad network is told. enrollment_id, source, step_id: the journey's step that did it.
CREATE TABLE audience_changes (
    change_id {{id}},
    audience TEXT NOT NULL,
    profile_id BIGINT NOT NULL,
    member BIGINT NOT NULL,
    at BIGINT NOT NULL,
    enrollment_id BIGINT NOT NULL,
    source TEXT NOT NULL,
    step_id TEXT NOT NULL
);
CREATE INDEX audience_changes_audience ON audience_changes (audience, change_id);
CREATE INDEX audience_changes_source ON audience_changes (source, step_id);
CREATE INDEX audience_changes_profile ON audience_changes (profile_id);
