-- visits: visits of a step, in the order in which their passages began: where each went from there, or that it is still there. Of a passage that was moved to another version, each visit is of the version it was in then.
SELECT e.enrollment_id, p.visit, u.user_id, u.traits, u.email, u.phone, e.key, COALESCE((SELECT k.from_version_id FROM enrollment_moves AS k WHERE k.enrollment_id = p.enrollment_id AND k.visit > p.visit ORDER BY k.visit LIMIT 1), e.version_id), e.status, e.reason, e.entered_at, e.ended_at, p.step, p.at, n.step, n.at, e.due_at,
    COALESCE((SELECT k.from_version_id FROM enrollment_moves AS k WHERE k.enrollment_id = p.enrollment_id AND k.visit > p.visit + 1 ORDER BY k.visit LIMIT 1), e.version_id)
FROM enrollment_path AS p
JOIN enrollments AS e ON e.enrollment_id = p.enrollment_id
JOIN profiles AS u ON u.profile_id = e.profile_id
LEFT JOIN enrollment_path AS n ON n.enrollment_id = p.enrollment_id AND n.visit = p.visit + 1
WHERE e.source = :source AND e.status <> 4 AND COALESCE((SELECT k.from_version_id FROM enrollment_moves AS k WHERE k.enrollment_id = p.enrollment_id AND k.visit > p.visit ORDER BY k.visit LIMIT 1), e.version_id) * :steps + p.step IN {values}
    AND (e.enrollment_id > :enrollment_id OR (e.enrollment_id = :enrollment_id AND p.visit > :visit))
    AND (:state = '' OR (:state = 'inside' AND n.step IS NULL AND e.status = 0) OR (:state = 'left' AND (n.step IS NOT NULL OR e.status <> 0)))
ORDER BY e.enrollment_id, p.visit LIMIT :limit;

-- passages: passages of a journey, in the order in which they began.
SELECT e.enrollment_id, 0, u.user_id, u.traits, u.email, u.phone, e.key, e.version_id, e.status, e.reason, e.entered_at, e.ended_at, e.step, e.step_at, NULL, NULL, e.due_at, e.version_id
FROM enrollments AS e
JOIN profiles AS u ON u.profile_id = e.profile_id
WHERE e.source = :source AND e.version_id IN {values} AND e.enrollment_id > :enrollment_id AND (:status = -1 OR e.status = :status)
    AND (:reason = '' OR COALESCE(e.reason, '') = :reason)
ORDER BY e.enrollment_id LIMIT :limit;
