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
