-- check_reach: address, suppression, consent. The first that fails is the reason; transactional messages skip consent, never suppression.
UPDATE w_try SET reason = x.reason FROM (
    SELECT t.message_id, CASE
        WHEN t.address IS NULL OR t.address = '' THEN 'no_address'
        WHEN t.valid = 0 THEN 'invalid_address'
        WHEN EXISTS (SELECT 1 FROM suppressions s WHERE s.channel = t.channel AND s.address = t.address_key AND s.suppressed = 1 AND s.since_seq <= t.seq) THEN 'suppressed'
        WHEN t.marketing = 0 OR COALESCE(o.mode, 'none') = 'none' THEN NULL
        WHEN c.state = 'unsubscribed' THEN 'unsubscribed'
        WHEN o.mode = 'opt_in' AND COALESCE(c.state, '') <> 'subscribed' THEN 'no_consent'
        WHEN COALESCE(g.group_id, '') = '' THEN NULL
        WHEN cg.state = 'unsubscribed' THEN 'unsubscribed'
        WHEN o.mode = 'opt_in' AND COALESCE(cg.state, '') <> 'subscribed' THEN 'no_consent'
        END AS reason
    FROM w_try t
    LEFT JOIN w_consent_mode o ON o.channel = t.channel
    LEFT JOIN w_template g ON g.template = t.template
    LEFT JOIN consent c ON c.profile_id = t.profile_id AND c.channel = t.channel AND c.group_id = ''
    LEFT JOIN consent cg ON cg.profile_id = t.profile_id AND cg.channel = t.channel AND cg.group_id = g.group_id
    WHERE t.reason IS NULL
) x WHERE x.message_id = w_try.message_id AND x.reason IS NOT NULL;

-- check_cap: a rolling window, over what was sent and what is reserved. What waits for its provider counts however long it has waited: its hand-off is still to come.
UPDATE w_try SET reason = 'frequency_cap'
WHERE reason IS NULL AND marketing = 1 AND (:channel = 'any' OR channel = :channel) AND (
    SELECT COUNT(*) FROM messages m
    WHERE m.profile_id = w_try.profile_id AND m.marketing = 1 AND (m.status IN ('ready', 'claimed') OR (m.status = 'sent' AND m.decided_at > w_try.at - :per))
        AND (:channel = 'any' OR m.channel = :channel)) >= :most;

-- check_cap_of_past: the same where messages that others really sent belong to passages with negative numbers, those among them that are still to come.
UPDATE w_try SET reason = 'frequency_cap'
WHERE reason IS NULL AND marketing = 1 AND (:channel = 'any' OR channel = :channel) AND (
    SELECT COUNT(*) FROM messages m
    WHERE m.profile_id = w_try.profile_id AND m.decided_at > w_try.at - :per AND m.marketing = 1 AND m.status IN ('ready', 'claimed', 'sent')
        AND (m.enrollment_id > 0 OR m.decided_at <= w_try.at) AND (:channel = 'any' OR m.channel = :channel)) >= :most;

-- check_expiry: too late to be of use.
UPDATE w_try SET reason = 'expired' WHERE reason IS NULL AND hold IS NULL AND expires_at IS NOT NULL AND at > expires_at;

-- quiet_candidates: whose local time matters.
SELECT message_id, at, timezone FROM w_try WHERE reason IS NULL AND marketing = 1 AND channel = :channel;

-- shares: who may be held out; of those whom no channel reaches that is told, too.
SELECT t.message_id, t.version_id, p.user_id FROM w_try t JOIN profiles p ON p.profile_id = t.profile_id WHERE t.reason IS NULL OR t.reason <> 'exited';

-- add_messages: what was tried for the first time is written with its outcome: held, blocked, expired, or reserved; from here on that counts for the caps.
INSERT INTO messages (message_id, enrollment_id, profile_id, version_id, source, step, step_id, visit, channel, channel_rank, template, variant, marketing, event_seq,
    status, reason, address, queued_at, due_at, expires_at, decided_at, decided_seq)
SELECT t.message_id, t.enrollment_id, t.profile_id, t.version_id, t.source, t.step, t.step_id, t.visit, t.channel, t.channel_rank, t.template, t.variant, t.marketing, t.event_seq,
    CASE WHEN t.hold IS NOT NULL THEN 'queued' WHEN t.reason IS NULL THEN 'ready' WHEN t.reason = 'expired' THEN 'expired' ELSE 'blocked' END,
    t.reason, t.address, t.at, COALESCE(t.hold, t.at), t.expires_at,
    CASE WHEN t.hold IS NULL THEN t.at END, CASE WHEN t.hold IS NULL THEN t.seq END
FROM w_try t;

-- update_messages: what was tried again.
UPDATE messages SET
    status = CASE WHEN t.hold IS NOT NULL THEN 'queued' WHEN t.reason IS NULL THEN 'ready' WHEN t.reason = 'expired' THEN 'expired' ELSE 'blocked' END,
    reason = t.reason, address = t.address, due_at = COALESCE(t.hold, t.at),
    decided_at = CASE WHEN t.hold IS NULL THEN t.at END, decided_seq = CASE WHEN t.hold IS NULL THEN t.seq END
FROM w_try t WHERE t.message_id = messages.message_id;

-- reserved: what may be handed over now, with what its rendering needs.
SELECT t.message_id, t.at, t.channel, t.template, t.address, t.source, m.step_id, m.variant, p.user_id, p.traits, e.name, e.properties, e.at, m.profile_id
FROM w_try t JOIN messages m ON m.message_id = t.message_id JOIN profiles p ON p.profile_id = t.profile_id
LEFT JOIN journey_events e ON e.profile_id = t.profile_id AND e.seq = m.event_seq
WHERE t.reason IS NULL AND t.hold IS NULL ORDER BY t.message_id;
