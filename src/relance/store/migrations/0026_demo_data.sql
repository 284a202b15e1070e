-- The made shop's past in an installation that was empty, and people who are erased together.

-- One row once it was ever asked for. state: loading -> loaded -> removing -> removed -> loading ...
-- asked_at: where the shop's past ends. told: how many events stand in the log for sure. told_until: the instant of the last one.
-- position: of the log, behind all of them, once they are told. erasure_id: the wish that its people be erased.
-- definitions: JSON, what was published or written as drafts, with its versions. outcome: JSON, what a removal did.
CREATE TABLE demo_data (
    id BIGINT PRIMARY KEY,
    state TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    asked_by TEXT NOT NULL,
    ended_at BIGINT,
    told BIGINT NOT NULL DEFAULT 0,
    told_until BIGINT NOT NULL DEFAULT 0,
    position BIGINT NOT NULL DEFAULT 0,
    erasure_id BIGINT,
    definitions TEXT NOT NULL DEFAULT '[]',
    outcome TEXT
) {{clustered}};

-- The people of a wish that concerns several; `erasures.profile_id` is 0 there. They go when it is done.
CREATE TABLE erasure_people (
    erasure_id BIGINT NOT NULL,
    profile_id BIGINT NOT NULL,
    PRIMARY KEY (erasure_id, profile_id)
) {{clustered}};

-- people: how many. made: 1 when they were made up: nothing is kept of them, not even masks.
ALTER TABLE erasures ADD COLUMN people BIGINT NOT NULL DEFAULT 1;
ALTER TABLE erasures ADD COLUMN made BIGINT NOT NULL DEFAULT 0;
