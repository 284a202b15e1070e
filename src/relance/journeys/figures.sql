-- figures_goals: passages of each version that reached a goal.
SELECT e.version_id, count(DISTINCT g.enrollment_id)
FROM enrollment_goals AS g
JOIN enrollments AS e ON e.enrollment_id = g.enrollment_id
WHERE e.source = :source AND e.status <> 4 AND e.entered_at <= :until AND g.goal = :goal AND g.at <= :until
GROUP BY e.version_id;

-- figures_people: everybody who entered, with the version of the first passage, and whether one of their passages reached the main goal.
SELECT p.user_id, x.version_id, x.reached
FROM (
    SELECT e.profile_id, min(e.version_id) AS version_id, max(CASE WHEN g.enrollment_id IS NULL THEN 0 ELSE 1 END) AS reached
    FROM enrollments AS e
    LEFT JOIN (
        SELECT DISTINCT enrollment_id FROM enrollment_goals WHERE goal = 0 AND at <= :until
    ) AS g ON g.enrollment_id = e.enrollment_id
    WHERE e.source = :source AND e.status <> 4 AND e.entered_at <= :until
    GROUP BY e.profile_id
) AS x
JOIN profiles AS p ON p.profile_id = x.profile_id;

-- figures_conversions: of a version, how many people a message was decided of, by whether they were held out and whether one was sent; and how many of them did what counts within its time after that.
SELECT held, sent, variant, count(*), sum(converted)
FROM (
    SELECT
        profile_id, max(held) AS held, max(sent) AS sent, max(variant) AS variant,
        max(CASE WHEN EXISTS (
            SELECT 1 FROM journey_signals AS s
            WHERE s.profile_id = decided.profile_id AND s.rule_id = :rule_id AND s.at <= :until
                AND (s.at > decided.at OR (s.at = decided.at AND s.seq > decided.seq)) AND s.at - decided.at <= :within
        ) THEN 1 ELSE 0 END) AS converted
    FROM (
        SELECT
            enrollment_id, profile_id,
            max(CASE WHEN reason IN ('holdout', 'control') THEN 1 ELSE 0 END) AS held,
            max(CASE WHEN status = 'sent' THEN 1 ELSE 0 END) AS sent,
            max(coalesce(variant, '')) AS variant,
            min(decided_at) AS at, min(coalesce(decided_seq, 0)) AS seq
        FROM messages
        WHERE version_id = :version_id AND status IN ('sent', 'blocked', 'expired', 'failed') AND decided_at <= :until
        GROUP BY enrollment_id, profile_id
    ) AS decided
    GROUP BY profile_id
) AS people
GROUP BY held, sent, variant;

-- figures_occurrences: the last occurrences of a schedule, and how many each found.
SELECT at, zone, started FROM schedule_runs WHERE source = :source AND at <= :until ORDER BY at DESC, zone LIMIT :most;

-- figures_waiting: how many wait to be let in, and when the next are.
SELECT COUNT(*), (SELECT p.next_at FROM entry_pace p WHERE p.source = :source) FROM entry_queue q WHERE q.source = :source;
