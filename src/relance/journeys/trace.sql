-- trace_enrollments: a person's passages and starts that did not happen, the newest first, with the event that began each.
SELECT
    e.enrollment_id, e.version_id, v.body, e.source, e.key, e.status, e.reason, e.entered_at, e.ended_at, e.step, e.due_at,
    s.name, s.at, s.properties, g.at
FROM enrollments AS e
JOIN journey_versions AS v ON v.version_id = e.version_id
LEFT JOIN journey_events AS s ON s.profile_id = e.profile_id AND s.seq = e.event_seq
LEFT JOIN (
    SELECT enrollment_id, min(at) AS at FROM enrollment_goals WHERE goal = 0 GROUP BY enrollment_id
) AS g ON g.enrollment_id = e.enrollment_id
WHERE e.profile_id = :profile_id
ORDER BY e.entered_at DESC, e.enrollment_id DESC
LIMIT :limit;

-- trace_paths: the steps of a person's passages, with the event that a step was taken for; of a passage that was moved to another version, with the version of each step.
SELECT
    p.enrollment_id, p.visit, p.step, p.at, p.cause, p.cause_ref, c.name, c.at, (
        SELECT k.from_version_id FROM enrollment_moves AS k
        WHERE k.enrollment_id = p.enrollment_id AND k.visit > p.visit ORDER BY k.visit LIMIT 1
    )
FROM enrollment_path AS p
JOIN enrollments AS e ON e.enrollment_id = p.enrollment_id
LEFT JOIN journey_events AS c ON p.cause = 'heard' AND c.profile_id = e.profile_id AND c.seq = p.cause_ref
WHERE e.profile_id = :profile_id
ORDER BY p.enrollment_id, p.visit;

-- trace_version: the body of a version.
SELECT body FROM journey_versions WHERE version_id = :version_id;

-- trace_events: what a person did, as far as some journey waits for it, and what the engine told about them; the last first.
SELECT seq, name, at, properties, own
FROM (
    SELECT seq, name, at, properties, 0 AS own FROM journey_events WHERE profile_id = :profile_id
    UNION ALL
    SELECT seq, name, at, properties, 1 AS own FROM own_events WHERE profile_id = :profile_id
) AS told
ORDER BY seq DESC
LIMIT :limit;
