-- report_sources: every journey or campaign ever published, by name.
SELECT DISTINCT source FROM journey_versions WHERE kind = :kind ORDER BY source;

-- report_versions: the bodies of a journey, newest first.
SELECT version_id, body FROM journey_versions WHERE source = :source ORDER BY version DESC;

-- report_enrollments: how the passages stood at an instant, by state and reason.
SELECT status, reason, count(*)
FROM (
    SELECT
        CASE WHEN status <> 4 AND ended_at > :until THEN 0 ELSE status END AS status,
        CASE WHEN status <> 4 AND ended_at > :until THEN NULL ELSE reason END AS reason
    FROM enrollments
    WHERE source = :source AND entered_at <= :until
) AS passages
GROUP BY status, reason;

-- report_goals: passages whose goal was reached.
SELECT count(DISTINCT g.enrollment_id)
FROM enrollment_goals AS g
JOIN enrollments AS e ON e.enrollment_id = g.enrollment_id
WHERE e.source = :source AND e.status <> 4 AND e.entered_at <= :until AND g.at <= :until;

-- report_steps: each step entered, with where its people went; the step after a passage's last is NULL, and then its state tells why.
SELECT version_id, step, next_step, status, reason, count(*)
FROM (
    SELECT
        version_id, step, next_step,
        CASE WHEN next_step IS NULL THEN status END AS status,
        CASE WHEN next_step IS NULL THEN reason END AS reason
    FROM (
        SELECT
            e.version_id, p.step,
            lead(p.step) OVER (PARTITION BY p.enrollment_id ORDER BY p.visit) AS next_step,
            CASE WHEN e.ended_at > :until THEN 0 ELSE e.status END AS status,
            CASE WHEN e.ended_at > :until THEN NULL ELSE e.reason END AS reason
        FROM enrollment_path AS p
        JOIN enrollments AS e ON e.enrollment_id = p.enrollment_id
        WHERE e.source = :source AND e.status <> 4 AND e.entered_at <= :until AND p.step >= 0 AND p.at <= :until
    ) AS visits
) AS moves
GROUP BY version_id, step, next_step, status, reason;

-- report_messages: what became of the messages of each step and channel.
SELECT step_id, channel, status, reason, count(*)
FROM (
    SELECT
        step_id, channel,
        CASE WHEN decided_at > :until THEN 'queued' ELSE status END AS status,
        CASE WHEN decided_at > :until THEN NULL ELSE reason END AS reason
    FROM messages
    WHERE source = :source AND queued_at <= :until
) AS outcomes
GROUP BY step_id, channel, status, reason;

-- report_published: the newest version of every journey and campaign.
SELECT v.source, v.kind, v.id, v.version, v.state, v.published_at, v.body
FROM journey_versions AS v
WHERE v.version = (SELECT max(w.version) FROM journey_versions AS w WHERE w.source = v.source)
    AND (:source = '' OR v.source = :source)
    AND (:kind = '' OR v.kind = :kind)
ORDER BY v.kind DESC, v.id;
