-- candidates: what may be handed over on a channel now, the longest waiting first, with all that its last check and its rendering need.
SELECT m.message_id, m.profile_id, m.source, m.step_id, m.template, m.variant, m.marketing, m.address, m.expires_at, m.attempts + 1,
    e.status, v.state, p.user_id, p.known, p.traits, p.timezone, ev.name, ev.properties, ev.at, m.channel, CAST(:now AS BIGINT)
FROM messages m
JOIN enrollments e ON e.enrollment_id = m.enrollment_id
JOIN journey_versions v ON v.version_id = m.version_id
JOIN profiles p ON p.profile_id = m.profile_id
LEFT JOIN journey_events ev ON ev.profile_id = m.profile_id AND ev.seq = m.event_seq
WHERE m.message_id IN (
    SELECT w.message_id FROM messages w WHERE w.status = 'ready' AND w.channel = :channel AND w.due_at <= :now
    ORDER BY w.due_at, w.message_id LIMIT :most)
ORDER BY m.due_at, m.message_id;

-- anything: whether there is something to claim on a channel.
SELECT 1 FROM messages WHERE status = 'ready' AND channel = :channel AND due_at <= :now LIMIT 1;

-- suppressed: which of these addresses get nothing any more.
SELECT address FROM suppressions WHERE channel = :channel AND suppressed = 1 AND address IN {values};

-- consents: what these people said about a channel and its groups.
SELECT profile_id, group_id, state FROM consent WHERE channel = :channel AND profile_id IN {values};

-- revision: while somebody pauses or stops a journey nothing is claimed, and the other way round.
SELECT revision FROM definitions_revision WHERE id = 1;

-- park: its journey is paused: all checks are made again when it goes on.
UPDATE messages SET status = 'queued', decided_at = NULL, decided_seq = NULL WHERE message_id = ? AND status = 'ready';

-- claim: ours from now on; a second worker finds the row taken.
UPDATE messages SET status = 'claimed', claimed_by = :by, claimed_at = :now, attempts = attempts + 1
WHERE status = 'ready' AND message_id IN {values} RETURNING message_id;

-- tell_refused: the journeys are to hear of what is refused next.
INSERT INTO message_outcomes (message_id, decided_at) SELECT message_id, :now FROM messages WHERE status = 'ready' AND message_id IN {values} RETURNING message_id;

-- refuse: blocked or expired at the last check.
UPDATE messages SET status = ?, reason = ?, decided_at = ? WHERE message_id = ? AND status = 'ready';

-- hold: quiet hours began while it waited.
UPDATE messages SET due_at = ? WHERE message_id = ? AND status = 'ready';

-- tell_decided: the journeys are to hear of what is decided next. The claim is the hand-off.
INSERT INTO message_outcomes (message_id, decided_at)
SELECT message_id, claimed_at FROM messages WHERE status = 'claimed' AND claimed_by = :by AND message_id IN {values} RETURNING message_id;

-- decide: what came of a claimed message.
UPDATE messages SET status = ?, reason = ?, decided_at = ?, provider_ref = ?, subject = ?, body = ?
WHERE message_id = ? AND status = 'claimed' AND claimed_by = ?;

-- proven: which of these messages somebody has reacted to while they were with the provider.
SELECT message_id FROM messages WHERE message_id IN {values} AND proven = 1 AND status = 'claimed' AND claimed_by = :by;

-- prove: what a dead worker claimed was handed over: somebody has reacted to it. The claim is the hand-off.
UPDATE messages SET status = 'sent', reason = NULL, decided_at = claimed_at WHERE message_id = ? AND status = 'claimed' AND claimed_by = ?;

-- retry: back in the line, for later. The attempt came to nothing, whatever anybody said of it.
UPDATE messages SET status = 'ready', due_at = ?, claimed_by = NULL, claimed_at = NULL, attempts = ?, proven = 0
WHERE message_id = ? AND status = 'claimed' AND claimed_by = ?;

-- fault: why an attempt came to nothing.
INSERT INTO message_faults (message_id, attempt, at, provider, outcome, detail) VALUES (?, ?, ?, ?, ?, ?);

-- abandoned: claimed by a worker that is gone: it may have handed them over, or not.
SELECT message_id, channel, marketing, attempts, claimed_by, proven FROM messages WHERE status = 'claimed' AND claimed_by <> :me AND claimed_at <= :until;

-- tell_abandoned: the journeys are to hear of those that are decided now.
INSERT INTO message_outcomes (message_id, decided_at)
SELECT message_id, :now FROM messages WHERE status = 'claimed' AND claimed_by <> :me AND claimed_at <= :until AND (marketing = 1 OR proven = 1);

-- give_up: marketing is never repeated when its outcome is unknown.
UPDATE messages SET status = 'failed', reason = 'unknown_outcome', decided_at = ? WHERE message_id = ? AND status = 'claimed' AND claimed_by = ?;

-- repeat: transactional goes again, under the same key.
UPDATE messages SET status = 'ready', due_at = ?, claimed_by = NULL, claimed_at = NULL WHERE message_id = ? AND status = 'claimed' AND claimed_by = ?;

-- put_back: of what a worker had claimed, what another one put back in the line.
SELECT message_id FROM messages WHERE status = 'ready' AND message_id IN {values};

-- take_back: nobody claimed it since.
UPDATE messages SET status = 'claimed', claimed_by = ?, claimed_at = ? WHERE message_id = ? AND status = 'ready';

-- backlog: how much waits on each channel, and since when.
SELECT channel, COUNT(*), MIN(due_at) FROM messages WHERE status = 'ready' GROUP BY channel;

-- known_target: the number of a link's target.
SELECT target_id FROM link_targets WHERE digest = :digest;

-- add_target: a link not seen before.
INSERT INTO link_targets (digest, target) VALUES (:digest, :target) ON CONFLICT (digest) DO NOTHING;

-- target: where a short link leads.
SELECT target FROM link_targets WHERE target_id = :target_id;

-- message_facts: of which message a link is, and whose.
SELECT m.message_id, m.profile_id, p.user_id, p.known, m.source, m.step_id, m.channel, m.template, m.address, m.decided_at
FROM messages m JOIN profiles p ON p.profile_id = m.profile_id WHERE m.message_id = :message_id;

-- person: whom a link names; a merged profile answers as the one it became part of.
SELECT p.profile_id, p.user_id, p.known, p.traits, p.merged_into FROM profiles p WHERE p.profile_id = :profile_id;

-- choices: what a person said about channels and groups.
SELECT channel, group_id, state FROM consent WHERE profile_id = :profile_id ORDER BY channel, group_id;

-- people_of_phone: who has this number; several may share it.
SELECT profile_id, user_id, known FROM profiles WHERE phone = :phone AND merged_into IS NULL ORDER BY profile_id LIMIT 20;
