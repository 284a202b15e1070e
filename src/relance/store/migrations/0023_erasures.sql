-- People who were erased. Nothing here names them: ids and addresses stand as keyed hashes.

-- One row a wish. state: waiting -> applied (nobody finds the person any more) -> done (what was freed is overwritten, as far as engines can).
-- profile_id: whose it is, 0 once it is done; what figures count stands under its negative. suppress: 1 when later calls of the ids are refused; refused: how many were.
-- tick: in which it was applied. calls: how many calls were emptied in the log.
CREATE TABLE erasures (
    erasure_id {{id}},
    profile_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    suppress BIGINT NOT NULL,
    state TEXT NOT NULL,
    applied_at BIGINT,
    done_at BIGINT,
    tick BIGINT NOT NULL DEFAULT 0,
    calls BIGINT NOT NULL DEFAULT 0,
    refused BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX erasures_open ON erasures (at) WHERE state <> 'done';

-- The ids that led to them. refused: 1 while later calls of theirs are.
CREATE TABLE erased_ids (
    mask TEXT NOT NULL,
    erasure_id BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    PRIMARY KEY (mask, erasure_id)
) {{clustered}};

-- Addresses that may not be written to although nobody has them any more. kind: suppressed (reason: why), unsubscribed (group_id: from what, '' for the channel).
-- since_seq: whoever comes with such an address after it gets the same.
CREATE TABLE erased_addresses (
    channel TEXT NOT NULL,
    mask TEXT NOT NULL,
    kind TEXT NOT NULL,
    group_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    since_seq BIGINT NOT NULL,
    PRIMARY KEY (channel, mask, kind, group_id)
) {{clustered}};

-- Told with the going of somebody who was erased: the SHA-256 of the id that the feed had told.
ALTER TABLE audience_changes ADD COLUMN erased_id TEXT;
