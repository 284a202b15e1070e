-- What the drain decided and the journeys do not know yet: each decision adds a row here, the next tick takes it away. A mark in
-- the message itself made each of them a new version of a wide row, in all of its indexes.
CREATE TABLE message_outcomes (
    message_id {{key}},
    decided_at BIGINT NOT NULL
);
INSERT INTO message_outcomes (message_id, decided_at)
SELECT message_id, decided_at FROM messages WHERE resolved = 0 AND status IN ('sent', 'blocked', 'expired', 'failed');

DROP INDEX messages_open;
DROP INDEX messages_ready;
ALTER TABLE messages DROP COLUMN resolved;
CREATE INDEX messages_ready ON messages (channel, due_at, message_id) WHERE status = 'ready';
CREATE INDEX messages_held ON messages (due_at) WHERE status = 'queued';
CREATE INDEX messages_claimed ON messages (claimed_at) WHERE status = 'claimed';

-- Room beside the rows, which change with each event of our own.
CREATE TABLE seqs_before AS SELECT profile_id, last_seq FROM profile_seqs;
DROP TABLE profile_seqs;
CREATE TABLE profile_seqs (
    profile_id {{key}},
    last_seq BIGINT NOT NULL
) {{updated}};
INSERT INTO profile_seqs (profile_id, last_seq) SELECT profile_id, last_seq FROM seqs_before;
DROP TABLE seqs_before;
