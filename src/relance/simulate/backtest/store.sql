-- merged: profiles that became part of others, and whether they had said anything that the warehouse may have dropped.
SELECT profile_id, merged_into, user_id, CASE WHEN traits = '{}' AND push_token IS NULL THEN 0 ELSE 1 END FROM profiles
WHERE merged_into IS NOT NULL ORDER BY profile_id;

-- first_seqs: where in the order of events some profiles first came.
SELECT alias, MIN(since_seq) FROM aliases WHERE alias IN {values} GROUP BY alias;

-- alias_seqs: by which calls ids came to some profiles.
SELECT DISTINCT since_seq FROM aliases WHERE profile_id IN {values};

-- lists: who was put on some lists and taken off them.
SELECT change_id, list_id, profile_id, member, at FROM list_changes WHERE at <= :until AND list_id IN {values} ORDER BY change_id;

-- live_messages: marketing messages that caps count, or may.
SELECT message_id, profile_id, version_id, source, step, step_id, visit, channel, channel_rank, template, marketing, queued_at, due_at, decided_at
FROM messages WHERE status = 'sent' AND decided_at > :since AND decided_at <= :until AND marketing = 1 ORDER BY message_id;

-- decided: what became of the messages of a journey or campaign.
SELECT m.profile_id, m.decided_at, m.message_id, m.source, m.step_id, m.status FROM messages m
WHERE m.source = :source AND m.status IN ('sent', 'blocked', 'expired', 'failed') AND m.decided_at <= :until
    AND NOT EXISTS (SELECT 1 FROM message_outcomes o WHERE o.message_id = m.message_id)
ORDER BY m.message_id;

-- moves: where the passages of a journey went.
SELECT e.profile_id, p.at, e.enrollment_id, e.version_id, p.step, COALESCE(o.step, -1)
FROM enrollments e JOIN enrollment_path p ON p.enrollment_id = e.enrollment_id
LEFT JOIN enrollment_path o ON o.enrollment_id = e.enrollment_id AND o.visit = p.visit - 1
WHERE e.source = :source AND e.status <> 4 AND p.at <= :until ORDER BY e.enrollment_id, p.visit;

-- ends: how they ended.
SELECT e.profile_id, e.ended_at, e.enrollment_id, e.version_id, e.status, COALESCE(p.step, -1)
FROM enrollments e LEFT JOIN enrollment_path p ON p.enrollment_id = e.enrollment_id
    AND p.visit = (SELECT MAX(l.visit) FROM enrollment_path l WHERE l.enrollment_id = e.enrollment_id)
WHERE e.source = :source AND e.status IN (1, 2, 3) AND e.ended_at <= :until ORDER BY e.enrollment_id;

-- bodies: the definitions of a journey's versions.
SELECT version_id, body FROM journey_versions WHERE source = :source;

-- message_prefix: what stands before a message's number outside.
SELECT value FROM installation WHERE name = 'message_prefix';

-- ids_of: whose ids these are now.
SELECT a.alias, a.profile_id, p.merged_into FROM aliases a JOIN profiles p ON p.profile_id = a.profile_id WHERE a.alias IN {values} ORDER BY a.since_seq;

-- also_inside: how many of some people were in other journeys and campaigns meanwhile.
SELECT source, COUNT(DISTINCT profile_id) FROM enrollments
WHERE status <> 4 AND entered_at <= :until AND (ended_at IS NULL OR ended_at >= :since) AND source <> :source AND profile_id IN {values}
GROUP BY source ORDER BY source;

-- really_sent: what really went to some people meanwhile.
SELECT source, channel, COUNT(*), COUNT(DISTINCT profile_id) FROM messages
WHERE status = 'sent' AND decided_at >= :since AND decided_at <= :until AND profile_id IN {values}
GROUP BY source, channel ORDER BY source, channel;

-- really_reached: how many of them got anything.
SELECT COUNT(DISTINCT profile_id) FROM messages
WHERE status = 'sent' AND decided_at >= :since AND decided_at <= :until AND profile_id IN {values};

-- people_before: those who were there when the time began.
INSERT INTO profiles (profile_id, user_id, known, created_at, updated_at, traits, timezone, email, email_key, email_valid, phone, phone_valid, push_token)
VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- per_day: messages by quarter of an hour, from which days of any zone are made.
SELECT step_id, channel, status, decided_at / 900000000, COUNT(*) FROM messages
WHERE source = :source AND status IN ('sent', 'blocked', 'expired', 'failed') GROUP BY step_id, channel, status, decided_at / 900000000
ORDER BY 4, 1, 2, 3;

-- suppressed_starts: starts that did not happen, and why.
SELECT reason, COUNT(*) FROM enrollments WHERE source = :source AND status = 4 GROUP BY reason ORDER BY reason;

-- goals: passages that reached each goal.
SELECT g.goal, COUNT(DISTINCT g.enrollment_id) FROM enrollment_goals g JOIN enrollments e ON e.enrollment_id = g.enrollment_id
WHERE e.source = :source AND e.status <> 4 GROUP BY g.goal ORDER BY g.goal;

-- entrants: who entered.
SELECT DISTINCT p.user_id FROM enrollments e JOIN profiles p ON p.profile_id = e.profile_id
WHERE e.source = :source AND e.status <> 4 ORDER BY p.user_id;

-- entries_per_day: entries by quarter of an hour.
SELECT entered_at / 900000000, COUNT(*) FROM enrollments WHERE source = :source AND status <> 4 GROUP BY entered_at / 900000000 ORDER BY 1;
