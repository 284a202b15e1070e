-- versions: of a journey, the newest first.
SELECT version_id, version, body FROM journey_versions WHERE source = :source ORDER BY version DESC;

-- count: how many are inside, and where.
SELECT version_id, step, COUNT(*) FROM enrollments WHERE source = :source AND status = 0 GROUP BY version_id, step ORDER BY version_id DESC, step;

-- people: they, in the order in which they entered.
SELECT e.enrollment_id, p.user_id, e.key, e.version_id, e.step, e.entered_at, e.step_at, e.due_at
FROM enrollments e JOIN profiles p ON p.profile_id = e.profile_id
WHERE e.source = :source AND e.status = 0 AND e.enrollment_id > :after AND e.version_id * :steps + e.step IN {values}
ORDER BY e.enrollment_id LIMIT :limit;
