-- passages: a person's passages and starts that did not happen, the newest first.
SELECT e.enrollment_id, e.version_id, v.version, v.body, e.source, e.key, e.status, e.reason, e.entered_at, e.ended_at, e.step, e.step_at, e.deadline, e.due_at,
    s.name, s.at, s.received_at, s.properties
FROM enrollments AS e
JOIN journey_versions AS v ON v.version_id = e.version_id
LEFT JOIN journey_events AS s ON s.profile_id = e.profile_id AND s.seq = e.event_seq
WHERE e.profile_id = :profile_id AND (:source = '' OR e.source = :source)
ORDER BY e.entered_at DESC, e.enrollment_id DESC
LIMIT :limit;

-- visits: the steps of a passage, with the event that each was entered for; of a passage that was moved to another version, with the earlier version of earlier steps.
SELECT p.visit, p.step, p.at, p.seq, p.cause, p.cause_ref, (
        SELECT k.from_version_id FROM enrollment_moves AS k
        WHERE k.enrollment_id = p.enrollment_id AND k.visit > p.visit ORDER BY k.visit LIMIT 1
    ), c.name, c.at, c.received_at, c.properties
FROM enrollment_path AS p
LEFT JOIN journey_events AS c ON p.cause IN ('heard', 'start') AND c.profile_id = :profile_id AND c.seq = p.cause_ref
WHERE p.enrollment_id = :enrollment_id AND p.step >= 0
ORDER BY p.visit;

-- messages: those of a passage, in order.
SELECT m.message_id, m.step_id, m.visit, m.channel, m.template, m.variant, m.marketing, m.status, m.reason, m.address, m.queued_at, m.due_at, m.expires_at, m.decided_at, m.decided_seq
FROM messages AS m WHERE m.enrollment_id = :enrollment_id ORDER BY m.visit, m.channel_rank;

-- used_up: a person's marketing messages that count for a cap at an instant, the latest first; `sent` 0: it was on its way then, and what became of it is known by now.
SELECT m.message_id, m.source, m.step_id, m.channel, m.status, CASE WHEN m.decided_at <= :at AND m.status = 'sent' THEN m.decided_at ELSE m.queued_at END,
    CASE WHEN m.decided_at <= :at AND m.status = 'sent' THEN 1 ELSE 0 END
FROM messages AS m
WHERE m.profile_id = :profile_id AND m.message_id <> :message_id AND m.marketing = 1 AND m.decided_at > :at - :per AND m.queued_at <= :at
    AND m.status IN ('ready', 'claimed', 'sent', 'failed') AND (:channel = 'any' OR m.channel = :channel)
ORDER BY 7 DESC, 6 DESC, m.message_id DESC
LIMIT :most;

-- suppression: why an address gets nothing any more.
SELECT reason, at, soft_bounces FROM suppressions WHERE channel = :channel AND address = :address;

-- consent: what a person had said of a channel and group by then, the last first.
SELECT state, at, source FROM consent_ledger
WHERE profile_id = :profile_id AND channel = :channel AND group_id = :group_id AND applied = 1 AND received_at <= :at
ORDER BY at DESC, seq DESC LIMIT 1;

-- fault: what a provider said at the last attempt.
SELECT provider, outcome, detail FROM message_faults WHERE message_id = :message_id ORDER BY attempt DESC, at DESC LIMIT 1;

-- prefix: what stands before a message's number outside.
SELECT value FROM installation WHERE name = 'message_prefix';

-- settings: those in force at an instant.
SELECT body FROM definitions WHERE kind = 'settings' AND created_at <= :at ORDER BY version DESC LIMIT 1;

-- template_group: the subscription group of a template, as it is now.
SELECT body FROM definitions WHERE kind = 'template' AND id = :template AND state = 'current';

-- exits: events that some rule of a version ended the passage for, at the instant of its end.
SELECT s.rule_id, c.name, c.at, c.received_at, c.properties
FROM journey_signals AS s
JOIN journey_events AS c ON c.profile_id = s.profile_id AND c.seq = s.seq
WHERE s.profile_id = :profile_id AND s.received_at = :at AND s.rule_id >= :first_rule AND s.rule_id < :end_rule
ORDER BY s.seq;

-- late: the first event that a rule waited for and that happened, or arrived, after a deadline.
SELECT c.name, c.at, c.received_at, c.properties
FROM journey_signals AS s
JOIN journey_events AS c ON c.profile_id = s.profile_id AND c.seq = s.seq
WHERE s.profile_id = :profile_id AND s.rule_id IN {values} AND s.at >= :since AND (s.at > :deadline OR s.received_at > :deadline)
ORDER BY s.at, s.seq LIMIT 1;

-- goals: what reached the goals of a passage, in order. goal: its place among the journey's goals.
SELECT g.goal, g.at, c.name, c.at, c.received_at, c.properties
FROM enrollment_goals AS g
LEFT JOIN journey_events AS c ON c.profile_id = :profile_id AND c.seq = g.seq
WHERE g.enrollment_id = :enrollment_id ORDER BY g.at, g.seq;

-- heard: the first event that a rule waited for, from a step's entry to a deadline, that had arrived by the end.
SELECT c.seq, c.name, c.at, c.received_at, c.properties
FROM journey_signals AS s
JOIN journey_events AS c ON c.profile_id = s.profile_id AND c.seq = s.seq
WHERE s.profile_id = :profile_id AND s.rule_id IN {values} AND s.received_at = :ended_at AND s.at <= :deadline
ORDER BY s.at, s.seq LIMIT 1;

-- before: the passages that stood in the way of a start, the last first.
SELECT enrollment_id, entered_at, ended_at, status, step FROM enrollments
WHERE profile_id = :profile_id AND source = :source AND key = :key AND status <> 4 AND enrollment_id < :enrollment_id
ORDER BY entered_at DESC, enrollment_id DESC LIMIT 1;

-- published: the newest version of a journey or campaign.
SELECT version_id, version, state, published_at, body FROM journey_versions WHERE source = :source ORDER BY version DESC LIMIT 1;

-- last_run: when the schedule of a journey or campaign last fired.
SELECT MAX(at) FROM schedule_runs WHERE source = :source;

-- version: one version of a journey or campaign.
SELECT kind, version, body FROM journey_versions WHERE version_id = :version_id;
