-- Delivery: what went wrong on the way out, and where short links lead.

-- Each attempt at handing over a message that did not end with the provider taking it. outcome: channel_unavailable channel_rejected unknown_outcome render_error crashed.
CREATE TABLE message_faults (
    message_id BIGINT NOT NULL,
    attempt BIGINT NOT NULL,
    at BIGINT NOT NULL,
    provider TEXT NOT NULL,
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX message_faults_message ON message_faults (message_id, attempt);

-- Where the short links of text messages lead. digest: of the target, by which it is found again.
CREATE TABLE link_targets (
    target_id {{id}},
    digest TEXT NOT NULL UNIQUE,
    target TEXT NOT NULL
);

-- What waits for hand-off, channel by channel: a long line on one must not slow down the look at another.
CREATE INDEX messages_ready ON messages (channel, due_at, message_id) WHERE status = 'ready' AND resolved = 0;
