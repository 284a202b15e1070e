-- versions: of a journey, the newest first.
SELECT version, version_id, body FROM journey_versions WHERE source = :source ORDER BY version DESC;

-- people: who stands where.
SELECT version_id, step, COUNT(*) FROM enrollments WHERE source = :source AND status = 0 GROUP BY version_id, step;

-- choose: some people who stand where the map leads on; of each the oldest passage.
INSERT INTO w_moving (enrollment_id, profile_id, version_id, step, visit, next, how, keeps_deadline)
SELECT x.enrollment_id, x.profile_id, x.version_id, x.step, x.visit, x.next, x.how, x.keeps_deadline FROM (
    SELECT e.enrollment_id, e.profile_id, e.version_id, e.step, e.visit, m.next, m.how, m.keeps_deadline,
        ROW_NUMBER() OVER (PARTITION BY e.profile_id ORDER BY e.enrollment_id) AS place
    FROM w_move m JOIN enrollments e ON e.version_id = m.version_id AND e.step = m.step
    WHERE e.source = :source AND e.status = 0
) x WHERE x.place = 1 ORDER BY x.profile_id LIMIT :most;

-- movers: they.
SELECT profile_id FROM w_moving ORDER BY profile_id;

-- old_versions: where they come from.
SELECT DISTINCT version_id FROM w_moving WHERE how <> 2;

-- remember: from which visit on their path is of the new version.
INSERT INTO enrollment_moves (enrollment_id, visit, from_version_id, to_version_id, at)
SELECT m.enrollment_id, CASE m.how WHEN 0 THEN m.visit ELSE m.visit + 1 END, m.version_id, :to, :at FROM w_moving m WHERE m.how <> 2
ON CONFLICT (enrollment_id, visit) DO UPDATE SET to_version_id = excluded.to_version_id, at = excluded.at;

-- cancel_pending: a message that still waits does not leave a step that its person has left.
UPDATE messages SET status = 'blocked', reason = 'exited', decided_at = :at
FROM w_moving m WHERE m.how = 1 AND messages.enrollment_id = m.enrollment_id AND messages.visit = m.visit AND messages.status IN ('queued', 'ready');

-- carry_messages: what was sent counts as the message of the new step.
UPDATE messages SET version_id = :to, step = s.next
FROM w_moving m, w_move s WHERE m.how <> 2 AND messages.enrollment_id = m.enrollment_id AND s.version_id = messages.version_id AND s.step = messages.step AND s.is_message = 1;

-- take_handed: when a step last handed something over.
INSERT INTO w_handed (enrollment_id, step, at, seq)
SELECT h.enrollment_id, s.next, MAX(h.at), MAX(h.seq) FROM w_moving m JOIN enrollment_handed h ON h.enrollment_id = m.enrollment_id
JOIN w_move s ON s.version_id = m.version_id AND s.step = h.step WHERE m.how <> 2 AND s.is_message = 1 GROUP BY h.enrollment_id, s.next;

-- forget_handed: the numbers of steps are others now.
DELETE FROM enrollment_handed WHERE enrollment_id IN (SELECT enrollment_id FROM w_moving WHERE how <> 2);

-- carry_handed: it counts for the new step.
INSERT INTO enrollment_handed (enrollment_id, step, at, seq) SELECT h.enrollment_id, h.step, h.at, h.seq FROM w_handed h;

-- stop_timers: they wait anew.
DELETE FROM timers WHERE (due_at, profile_id, enrollment_id) IN (
    SELECT e.due_at, e.profile_id, e.enrollment_id FROM w_moving m JOIN enrollments e ON e.enrollment_id = m.enrollment_id WHERE m.how <> 2 AND e.due_at IS NOT NULL);

-- carry_signals: what they did counts for the rule that says the same.
INSERT INTO journey_signals (profile_id, rule_id, seq, at, received_at, key, message_ref, message_source, message_step)
SELECT g.profile_id, :after, g.seq, g.at, g.received_at, g.key, g.message_ref, g.message_source, g.message_step
FROM w_moving m JOIN journey_signals g ON g.profile_id = m.profile_id AND g.rule_id = :before
WHERE m.how <> 2 AND NOT EXISTS (SELECT 1 FROM journey_signals h WHERE h.profile_id = g.profile_id AND h.rule_id = :after AND h.seq = g.seq);

-- keep: those who go on waiting, listening or with their message do so in the new version; a length is counted from when they began.
UPDATE enrollments SET version_id = :to, step = m.next,
    deadline = CASE WHEN m.keeps_deadline = 1 OR s.kind = 'message' THEN enrollments.deadline ELSE enrollments.step_at + s.wait END
FROM w_moving m JOIN w_step s ON s.version_id = :to AND s.step = m.next WHERE m.how = 0 AND enrollments.enrollment_id = m.enrollment_id;

-- keep_visit: and their path says so.
UPDATE enrollment_path SET step = m.next FROM w_moving m WHERE m.how = 0 AND enrollment_path.enrollment_id = m.enrollment_id AND enrollment_path.visit = m.visit;

-- set_due: when they are due.
UPDATE enrollments SET due_at = {due} FROM w_moving m, w_version v, w_step s
WHERE m.how = 0 AND enrollments.enrollment_id = m.enrollment_id AND v.version_id = enrollments.version_id AND s.version_id = enrollments.version_id AND s.step = enrollments.step;

-- start_clocks: their timers.
INSERT INTO timers (due_at, profile_id, enrollment_id, due_stamp, due_life)
SELECT e.due_at, e.profile_id, e.enrollment_id, {stamp}, {life}
FROM w_moving m JOIN enrollments e ON e.enrollment_id = m.enrollment_id JOIN w_version v ON v.version_id = e.version_id JOIN w_step s ON s.version_id = e.version_id AND s.step = e.step
WHERE m.how = 0;

-- leave: those whom the map sends out.
INSERT INTO w_end (enrollment_id, lane, status, reason, at)
SELECT m.enrollment_id, p.lane, 2, :reason, :at FROM w_moving m JOIN {people} p ON p.profile_id = m.profile_id WHERE m.how = 2;

-- enter: the others enter the new step.
INSERT INTO w_walker (lane, enrollment_id, profile_id, version_id, state, step, kind, visit, at, seq, step_at, step_seq, event_seq, life_at, life, cause, deadline, round)
SELECT p.lane, e.enrollment_id, e.profile_id, :to, n.entered, n.step, n.kind, m.visit + n.enters, :at, l.seq, :at, l.seq, e.event_seq, e.entered_at + v.lifetime, 0, 'migrated', :at + n.wait, :round
FROM w_moving m JOIN enrollments e ON e.enrollment_id = m.enrollment_id JOIN {people} p ON p.profile_id = m.profile_id JOIN w_lane l ON l.lane = p.lane
JOIN w_version v ON v.version_id = :to JOIN w_step n ON n.version_id = :to AND n.step = m.next
WHERE m.how = 1;

-- enter_version: and are of the new version.
UPDATE enrollments SET version_id = :to FROM w_moving m WHERE m.how = 1 AND enrollments.enrollment_id = m.enrollment_id;
