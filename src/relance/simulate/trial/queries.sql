-- next_due: when a timer, or the edge of a window, is due next.
SELECT MIN(at) FROM (SELECT MIN(due_at) AS at FROM timers UNION ALL SELECT MIN(at) AS at FROM segment_edges) AS due;

-- messages: what was sent, or was not, in order.
SELECT m.message_id, p.user_id, COALESCE(m.decided_at, m.queued_at), m.step_id, m.channel, m.template, m.address, m.status, m.reason, m.subject, m.body
FROM messages m JOIN profiles p ON p.profile_id = m.profile_id
WHERE m.message_id > :after AND (:user_id = '' OR p.user_id = :user_id) ORDER BY m.message_id;

-- outbound: what was sent, with all that its rendering needs.
SELECT m.message_id, p.user_id, m.decided_at, m.source, m.step_id, m.channel, m.template, m.address, m.marketing, p.traits, e.name, e.properties, e.at
FROM messages m JOIN profiles p ON p.profile_id = m.profile_id
LEFT JOIN journey_events e ON e.profile_id = m.profile_id AND e.seq = m.event_seq
WHERE m.message_id > :after AND m.status = 'sent' ORDER BY m.message_id;

-- versions: the bodies, for the names of steps.
SELECT version_id, body FROM journey_versions;

-- paths: the steps of each passage, and why it came there.
SELECT h.enrollment_id, e.version_id, h.step, h.at, h.cause FROM enrollment_path h JOIN enrollments e ON e.enrollment_id = h.enrollment_id
WHERE h.step >= 0 ORDER BY h.enrollment_id, h.visit;

-- passages: where testers are and were.
SELECT e.enrollment_id, e.version_id, e.source, p.user_id, e.status, e.reason, e.entered_at, e.ended_at, e.step, e.due_at
FROM enrollments e JOIN profiles p ON p.profile_id = e.profile_id ORDER BY e.enrollment_id;
