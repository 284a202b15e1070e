-- report_sources: every journey or campaign ever published, by name.
SELECT DISTINCT source FROM journey_versions WHERE kind = :kind ORDER BY source;

-- report_versions: the bodies of a journey, newest first.
SELECT version_id, body FROM journey_versions WHERE source = :source ORDER BY version DESC;

-- report_enrollments: how the passages of each version stood at an instant, by state and reason.
SELECT version_id, status, reason, count(*)
FROM (
    SELECT
        version_id,
        CASE WHEN status <> 4 AND ended_at > :until THEN 0 ELSE status END AS status,
        CASE WHEN status <> 4 AND ended_at > :until THEN NULL ELSE reason END AS reason
    FROM enrollments
    WHERE source = :source AND entered_at <= :until
) AS passages
GROUP BY version_id, status, reason;

-- report_goals: passages of each version whose main goal was reached.
SELECT e.version_id, count(DISTINCT g.enrollment_id)
FROM enrollment_goals AS g
JOIN enrollments AS e ON e.enrollment_id = g.enrollment_id
WHERE e.source = :source AND e.status <> 4 AND e.entered_at <= :until AND g.goal = 0 AND g.at <= :until
GROUP BY e.version_id;

-- report_steps: each step entered, with where its people went; the step after a passage's last is NULL, and then its state tells why. Whoever was moved to another version entered its earlier steps in the earlier one.
SELECT version_id, step, next_version_id, next_step, status, reason, count(*)
FROM (
    SELECT
        version_id, step, lead(version_id) OVER (PARTITION BY enrollment_id ORDER BY visit) AS next_version_id, next_step,
        CASE WHEN next_step IS NULL THEN status END AS status,
        CASE WHEN next_step IS NULL THEN reason END AS reason
    FROM (
        SELECT
            p.enrollment_id, p.visit, COALESCE((
                SELECT k.from_version_id FROM enrollment_moves AS k
                WHERE k.enrollment_id = p.enrollment_id AND k.visit > p.visit ORDER BY k.visit LIMIT 1
            ), e.version_id) AS version_id, p.step,
            lead(p.step) OVER (PARTITION BY p.enrollment_id ORDER BY p.visit) AS next_step,
            CASE WHEN e.ended_at > :until THEN 0 ELSE e.status END AS status,
            CASE WHEN e.ended_at > :until THEN NULL ELSE e.reason END AS reason
        FROM enrollment_path AS p
        JOIN enrollments AS e ON e.enrollment_id = p.enrollment_id
        WHERE e.source = :source AND e.status <> 4 AND e.entered_at <= :until AND p.step >= 0 AND p.at <= :until
    ) AS visits
) AS moves
GROUP BY version_id, step, next_version_id, next_step, status, reason;

-- report_ways: by which way people went from one step to the next of the same version: why the next one was entered, with the number of the choice or the event that was heard.
SELECT m.version_id, m.step, m.next_step, m.cause, CASE WHEN m.cause IN ('branch', 'split') THEN m.cause_ref END, c.name, count(*)
FROM (
    SELECT
        profile_id, version_id, step,
        lead(version_id) OVER (PARTITION BY enrollment_id ORDER BY visit) AS next_version_id,
        lead(step) OVER (PARTITION BY enrollment_id ORDER BY visit) AS next_step,
        lead(cause) OVER (PARTITION BY enrollment_id ORDER BY visit) AS cause,
        lead(cause_ref) OVER (PARTITION BY enrollment_id ORDER BY visit) AS cause_ref
    FROM (
        SELECT
            p.enrollment_id, e.profile_id, p.visit, COALESCE((
                SELECT k.from_version_id FROM enrollment_moves AS k
                WHERE k.enrollment_id = p.enrollment_id AND k.visit > p.visit ORDER BY k.visit LIMIT 1
            ), e.version_id) AS version_id, p.step, p.cause, p.cause_ref
        FROM enrollment_path AS p
        JOIN enrollments AS e ON e.enrollment_id = p.enrollment_id
        WHERE e.source = :source AND e.status <> 4 AND e.entered_at <= :until AND p.step >= 0 AND p.at <= :until
    ) AS visits
) AS m
LEFT JOIN journey_events AS c ON m.cause = 'heard' AND c.profile_id = m.profile_id AND c.seq = m.cause_ref
WHERE m.next_step IS NOT NULL AND m.next_version_id = m.version_id
GROUP BY 1, 2, 3, 4, 5, 6;

-- report_messages: what became of the messages of each version, step, channel and variant.
SELECT version_id, step_id, channel, coalesce(variant, ''), status, reason, count(*)
FROM (
    SELECT
        version_id, step_id, channel, variant,
        CASE WHEN decided_at > :until THEN 'queued' ELSE status END AS status,
        CASE WHEN decided_at > :until THEN NULL ELSE reason END AS reason
    FROM messages
    WHERE source = :source AND queued_at <= :until
) AS outcomes
GROUP BY version_id, step_id, channel, variant, status, reason;

-- report_reactions: how many of the messages that were sent people and providers told something of, once a message.
SELECT m.version_id, m.step_id, m.channel, coalesce(m.variant, ''), r.kind, r.machine, count(*)
FROM (
    SELECT r.message_id, r.kind, r.machine FROM message_reactions AS r
    JOIN messages AS n ON n.message_id = r.message_id
    WHERE n.source = :source AND r.first_at <= :until
    UNION
    SELECT (
        SELECT n.message_id FROM messages AS n
        WHERE n.profile_id = r.profile_id AND n.source = r.source AND n.step_id = r.step_id AND n.channel = r.channel AND n.status = 'sent'
            AND n.decided_at <= r.at
        ORDER BY n.decided_at DESC, n.message_id DESC LIMIT 1
    ) AS message_id, r.kind, r.machine
    FROM named_reactions AS r
    WHERE r.source = :source AND r.at <= :until
) AS r
JOIN messages AS m ON m.message_id = r.message_id
WHERE m.status = 'sent' AND m.decided_at <= :until
GROUP BY m.version_id, m.step_id, m.channel, m.variant, r.kind, r.machine;

-- report_reaction_hours: in which hour from an instant on people first opened and clicked the messages that were sent.
SELECT t.kind, (t.at - :start) / :hour, count(*)
FROM (
    SELECT r.message_id, r.kind, min(r.at) AS at
    FROM (
        SELECT r.message_id, r.kind, r.first_at AS at FROM message_reactions AS r
        JOIN messages AS n ON n.message_id = r.message_id
        WHERE n.source = :source AND r.machine = 0 AND r.kind IN ('opened', 'clicked')
        UNION ALL
        SELECT (
            SELECT n.message_id FROM messages AS n
            WHERE n.profile_id = r.profile_id AND n.source = r.source AND n.step_id = r.step_id AND n.channel = r.channel AND n.status = 'sent'
                AND n.decided_at <= r.at
            ORDER BY n.decided_at DESC, n.message_id DESC LIMIT 1
        ) AS message_id, r.kind, r.at
        FROM named_reactions AS r
        WHERE r.source = :source AND r.machine = 0 AND r.kind IN ('opened', 'clicked')
    ) AS r
    JOIN messages AS m ON m.message_id = r.message_id
    WHERE m.status = 'sent'
    GROUP BY r.message_id, r.kind
) AS t
GROUP BY 1, 2;

-- report_sent_hours: in which hour from an instant on messages were sent.
SELECT (decided_at - :start) / :hour, count(*) FROM messages WHERE source = :source AND status = 'sent' GROUP BY 1;

-- report_first_sent: when the first message was sent; null when none was.
SELECT min(decided_at) FROM messages WHERE source = :source AND status = 'sent';

-- report_published: the newest version of every journey and campaign that is not archived, or of one that is named.
SELECT v.source, v.kind, v.id, v.version, v.state, v.published_at, v.body
FROM journey_versions AS v
WHERE v.version = (SELECT max(w.version) FROM journey_versions AS w WHERE w.source = v.source)
    AND (v.source = :source OR (:source = '' AND NOT EXISTS (SELECT 1 FROM archived_journeys AS a WHERE a.source = v.source)))
    AND (:kind = '' OR v.kind = :kind)
ORDER BY v.kind DESC, v.id;

-- report_history: all versions, the newest first.
SELECT version_id, version, state, published_at, body FROM journey_versions WHERE source = :source ORDER BY version DESC;
