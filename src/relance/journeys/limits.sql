-- count: how many have entered a journey within some time. Read once, when its limit is first asked for.
SELECT COUNT(*) FROM enrollments WHERE source = :source AND status <> 4 AND entered_at >= :since AND entered_at < :until;

-- count_run: how many an occurrence of its schedule has let in.
SELECT entered FROM schedule_runs WHERE source = :source AND at = :at AND zone = :zone;

-- starting: those who start now, unless they were refused.
SELECT version_id, lane, profile_id, at, seq FROM w_doing WHERE phase = 1 AND refused IS NULL ORDER BY lane;

-- count_starting: how many they are in each version, and when.
SELECT version_id, COUNT(*), MIN(at), MAX(at) FROM w_doing WHERE phase = 1 AND refused IS NULL GROUP BY version_id ORDER BY version_id;

-- starters: those of one version.
SELECT d.lane, d.at, p.user_id FROM w_doing d JOIN profiles p ON p.profile_id = d.profile_id
WHERE d.phase = 1 AND d.refused IS NULL AND d.version_id = :version_id;

-- refuse: somebody does not start.
UPDATE w_doing SET refused = ? WHERE lane = ?;

-- at_messages: those who entered a message step.
SELECT version_id, lane, profile_id, at, seq FROM w_walker WHERE state = 1 AND kind = 'message' ORDER BY lane;

-- at_held: those whose messages were held until now.
SELECT w.version_id, w.lane, w.profile_id, w.at, w.seq FROM w_walker w WHERE w.state = 3 AND w.kind = 'message'
    AND EXISTS (SELECT 1 FROM messages m WHERE m.enrollment_id = w.enrollment_id AND m.visit = w.visit AND m.status = 'queued' AND m.due_at <= w.at)
ORDER BY w.lane;

-- leave: somebody has no place in the journey any more.
INSERT INTO w_left (enrollment_id, lane, reason, at) SELECT enrollment_id, lane, ?, at FROM w_walker WHERE lane = ?;
