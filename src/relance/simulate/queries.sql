-- messages: all that were decided.
SELECT m.decided_at, p.user_id, m.source, m.step_id, m.channel, m.address, m.template, m.variant, m.status, m.reason, m.message_id, m.subject, m.body, e.key
FROM messages m JOIN profiles p ON p.profile_id = m.profile_id JOIN enrollments e ON e.enrollment_id = m.enrollment_id
WHERE m.status IN ('sent', 'blocked', 'expired', 'failed') ORDER BY m.message_id;

-- versions: the bodies, for the names of steps.
SELECT version_id, body FROM journey_versions;

-- paths: the steps of each passage.
SELECT h.enrollment_id, e.version_id, h.step, h.at FROM enrollment_path h JOIN enrollments e ON e.enrollment_id = h.enrollment_id ORDER BY h.enrollment_id, h.visit;

-- enrollments: the passages of journeys.
SELECT e.enrollment_id, e.source, p.user_id, e.key, e.entered_at, e.ended_at, e.status, e.reason,
    (SELECT MIN(g.at) FROM enrollment_goals g WHERE g.enrollment_id = e.enrollment_id AND g.goal = 0)
FROM enrollments e JOIN profiles p ON p.profile_id = e.profile_id JOIN journey_versions v ON v.version_id = e.version_id
WHERE v.kind = 'journey'
ORDER BY e.entered_at, p.user_id, e.source, e.key, e.mark_seq, e.status, e.enrollment_id;
