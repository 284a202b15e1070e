-- ------------------------------------------------------------------ the people of a tick

-- find_outcomes: what the drain decided since the last tick.
INSERT INTO w_decided (message_id, enrollment_id, profile_id, version_id, step, visit, channel, status, reason, decided_at)
SELECT m.message_id, m.enrollment_id, m.profile_id, m.version_id, m.step, m.visit, m.channel, m.status, m.reason, m.decided_at
FROM message_outcomes o JOIN messages m ON m.message_id = o.message_id WHERE o.decided_at <= :until;

-- take_outcomes: the journeys know of it from now on.
DELETE FROM message_outcomes WHERE message_id IN (SELECT message_id FROM w_decided);

-- add_decided_members: the people whose messages these are.
INSERT INTO w_member (profile_id, lane)
SELECT DISTINCT m.profile_id, m.profile_id FROM w_decided m WHERE NOT EXISTS (SELECT 1 FROM w_member x WHERE x.profile_id = m.profile_id);

-- open_lanes: where each lane's life has come to.
INSERT INTO w_lane (lane, at, seq, opened_seq, whole)
SELECT m.lane, :at, MAX(COALESCE(p.last_seq, 0)), MAX(COALESCE(p.last_seq, 0)), 1
FROM w_member m LEFT JOIN profile_seqs p ON p.profile_id = m.profile_id GROUP BY m.lane;

-- find_decided: passages whose messages are all decided go on, as if a timer had fired.
INSERT INTO w_timer (lane, due_at, enrollment_id, due_stamp, due_life)
SELECT b.lane, d.at, e.enrollment_id, d.at, 0
FROM (SELECT m.enrollment_id, m.visit, MAX(m.decided_at) AS at FROM w_decided m GROUP BY m.enrollment_id, m.visit) d
JOIN enrollments e ON e.enrollment_id = d.enrollment_id AND e.status = 0 AND e.visit = d.visit JOIN w_member b ON b.profile_id = e.profile_id
JOIN w_version v ON v.version_id = e.version_id AND v.still = 0;

-- drop_undecided: but where a step has several channels, not before the last of them.
DELETE FROM w_timer WHERE enrollment_id IN (
    SELECT e.enrollment_id FROM enrollments e JOIN messages m ON m.enrollment_id = e.enrollment_id AND m.visit = e.visit
    WHERE e.enrollment_id IN (SELECT d.enrollment_id FROM w_decided d)
        AND (m.status IN ('queued', 'ready', 'claimed') OR EXISTS (SELECT 1 FROM message_outcomes o WHERE o.message_id = m.message_id)));

-- find_timers: what else is due within the tick for those who are in it.
INSERT INTO w_timer (lane, due_at, enrollment_id, due_stamp, due_life)
SELECT m.lane, t.due_at, t.enrollment_id, t.due_stamp, t.due_life
FROM w_member m
JOIN enrollments e ON e.profile_id = m.profile_id AND e.status = 0 AND e.due_at <= :until
JOIN timers t ON t.due_at = e.due_at AND t.profile_id = e.profile_id AND t.enrollment_id = e.enrollment_id
WHERE NOT EXISTS (SELECT 1 FROM w_timer x WHERE x.lane = m.lane AND x.enrollment_id = e.enrollment_id);

-- take_timers: they fire in this tick.
DELETE FROM timers WHERE (due_at, profile_id, enrollment_id) IN (
    SELECT e.due_at, e.profile_id, e.enrollment_id FROM w_timer t JOIN enrollments e ON e.enrollment_id = t.enrollment_id);

-- last_due: up to where a tick takes the timers of people who have nothing else to do in it.
SELECT due_at, profile_id FROM timers WHERE due_at <= :until ORDER BY due_at, profile_id LIMIT 1 OFFSET :most;

-- count_due: how many there are, and of how many people.
SELECT COUNT(*), COUNT(DISTINCT profile_id) FROM timers WHERE (due_at, profile_id) <= (:last_at, :last_profile);

-- find_due: their timers. A person's timers of one instant come together.
INSERT INTO w_timer (lane, due_at, enrollment_id, due_stamp, due_life)
SELECT profile_id, due_at, enrollment_id, due_stamp, due_life FROM timers
WHERE (due_at, profile_id) <= (:last_at, :last_profile);

-- take_due: they fire in this tick.
DELETE FROM timers WHERE (due_at, profile_id) <= (:last_at, :last_profile);

-- open_due_lanes: where the lives of these people have come to.
INSERT INTO w_lane (lane, at, seq, opened_seq, whole)
SELECT t.lane, :at, COALESCE(p.last_seq, 0), COALESCE(p.last_seq, 0), 0
FROM (SELECT DISTINCT lane FROM w_timer) t LEFT JOIN profile_seqs p ON p.profile_id = t.lane
WHERE NOT EXISTS (SELECT 1 FROM w_lane l WHERE l.lane = t.lane);

-- changed_lanes: where something was emitted after the last received event.
SELECT m.profile_id, l.seq FROM w_member m JOIN w_lane l ON l.lane = m.lane WHERE l.seq <> l.opened_seq AND (l.seq & :own_bits) <> 0
UNION ALL SELECT l.lane, l.seq FROM w_lane l WHERE l.whole = 0 AND l.seq <> l.opened_seq AND (l.seq & :own_bits) <> 0;

-- move_seqs: that place is kept.
UPDATE profile_seqs SET last_seq = x.seq FROM ({changed}) x WHERE x.profile_id = profile_seqs.profile_id;

-- count_changed: how many they are.
SELECT COUNT(*) FROM ({changed}) x;

-- add_seqs: also of those of whom nothing was emitted before. (PostgreSQL looks through a table for each row that is new in it, when it takes it for empty.)
INSERT INTO profile_seqs (profile_id, last_seq) SELECT x.profile_id, x.seq FROM ({changed}) x WHERE 1 = 1 ON CONFLICT (profile_id) DO NOTHING;

-- ------------------------------------------------------------------ turns

-- pick_items: the next received event of each lane that has one.
INSERT INTO w_turn (lane, at, seq, ts, profile_id) SELECT i.lane, i.at, i.seq, i.ts, i.profile_id FROM w_item i WHERE i.n = :n;

-- move_lanes: time passes in the lanes whose turn it is.
UPDATE w_lane SET at = t.at, seq = t.seq FROM w_turn t WHERE t.lane = w_lane.lane;

-- count_timers: how many are due in the tick, and in how many lanes.
SELECT CAST(COALESCE(SUM(x.n), 0) AS BIGINT), COUNT(*) FROM (SELECT COUNT(*) AS n FROM w_timer GROUP BY lane) x;

-- fire_timers: the first timer of each lane that has one; at one instant an event beats a timer. Waits are over, and so are listeners unless the log may hold what they wait for: the next step is entered; every other step is asked, and was entered in no round of this tick.
WITH x AS MATERIALIZED (
    SELECT t.lane, t.due_stamp, t.due_at, t.due_life, CASE WHEN {place} > a.seq THEN {place} ELSE a.seq END AS seq,
        e.enrollment_id, e.profile_id, e.version_id, e.step, e.visit, e.step_at, e.step_seq, e.event_seq, e.deadline, e.entered_at,
        CASE WHEN t.due_life = 1 THEN 1 WHEN k.kind <> 'listen' THEN 0 WHEN EXISTS (
            SELECT 1 FROM w_rule r JOIN journey_signals g ON g.profile_id = e.profile_id AND g.rule_id = r.rule_id WHERE r.version_id = e.version_id AND r.step = e.step) THEN 1 ELSE 0 END AS asked
    FROM {timers}
    JOIN enrollments e ON e.enrollment_id = t.enrollment_id JOIN w_step k ON k.version_id = e.version_id AND k.step = e.step
    {where}
)
INSERT INTO w_walker (lane, enrollment_id, profile_id, version_id, state, step, kind, visit, at, seq, step_at, step_seq, event_seq, life_at, due_at, life, cause, cause_ref, deadline, round)
SELECT x.lane, x.enrollment_id, x.profile_id, x.version_id, f.state, f.next, f.kind, x.visit + f.enters, x.due_stamp, x.seq, CASE f.enters WHEN 1 THEN x.due_stamp ELSE x.step_at END,
    CASE f.enters WHEN 1 THEN x.seq ELSE x.step_seq END, x.event_seq, x.entered_at + v.lifetime, x.due_at, x.due_life, f.cause, NULL, CASE f.enters WHEN 1 THEN x.due_stamp + f.wait ELSE x.deadline END,
    CASE f.enters WHEN 1 THEN :round ELSE -1 END
FROM x
CROSS JOIN w_version v CROSS JOIN w_fired f
WHERE v.version_id = x.version_id AND f.version_id = x.version_id AND f.step = x.step AND f.asked = x.asked;

-- open_fired_lanes: where the lives of those have come to who have one timer and nothing else in the tick.
INSERT INTO w_lane (lane, at, seq, opened_seq, whole)
SELECT w.lane, w.due_at, w.seq, w.seq, 0 FROM w_walker w;

-- move_lanes_on: time passes in their lanes. A hand-off that is told late, and what comes due by it, leads nobody back to before what was told meanwhile.
UPDATE w_lane SET at = CASE WHEN w.due_at > w_lane.at THEN w.due_at ELSE w_lane.at END, seq = w.seq FROM w_walker w WHERE w.lane = w_lane.lane;

-- drop_fired: whoever moves is no longer waited for.
DELETE FROM w_timer WHERE EXISTS (SELECT 1 FROM w_walker w WHERE w.lane = w_timer.lane AND w.enrollment_id = w_timer.enrollment_id);

-- stop_timers: nor after the tick.
DELETE FROM timers WHERE (due_at, profile_id, enrollment_id) IN (SELECT w.due_at, w.profile_id, w.enrollment_id FROM w_walker w WHERE w.due_at IS NOT NULL);

-- drop_ended: nor is whoever ends.
DELETE FROM w_timer WHERE EXISTS (SELECT 1 FROM w_end x WHERE x.enrollment_id = w_timer.enrollment_id);

-- stop_ended: nor after the tick. Whoever walks to the end has no timer.
DELETE FROM timers WHERE (due_at, profile_id, enrollment_id) IN (
    SELECT e.due_at, e.profile_id, e.enrollment_id FROM w_end x JOIN enrollments e ON e.enrollment_id = x.enrollment_id WHERE x.status <> 1);

-- ------------------------------------------------------------------ an event is applied

-- find_exits: passages that the event ends: later than their mark, and of their key.
INSERT INTO w_end (enrollment_id, lane, status, reason, at)
SELECT x.enrollment_id, x.lane, 2, x.reason, x.at FROM (
    SELECT e.enrollment_id, t.lane, r.reason, t.at, ROW_NUMBER() OVER (PARTITION BY e.enrollment_id ORDER BY r.rank) AS place
    FROM w_turn t
    JOIN w_hit h ON h.profile_id = t.profile_id AND h.seq = t.seq
    JOIN w_rule r ON r.rule_id = h.rule_id AND r.role = 'exit'
    JOIN enrollments e ON e.profile_id = t.profile_id AND e.version_id = r.version_id AND e.status = 0
    WHERE (h.key = '' OR h.key = e.key) AND (t.ts > e.mark_at OR (t.ts = e.mark_at AND t.seq > e.mark_seq))
) x WHERE x.place = 1;

-- find_listeners: passages at a listener that waits for the event.
INSERT INTO w_todo (lane, phase, rank, entered_at, mark_seq, enrollment_id, version_id, profile_id, key, next, visit, ts, event_seq)
SELECT x.lane, 0, x.source_rank, x.entered_at, x.mark_seq, x.enrollment_id, x.version_id, x.profile_id, x.key, x.next, x.visit, x.ts, x.seq FROM (
    SELECT t.lane, v.rank AS source_rank, e.entered_at, e.mark_seq, e.enrollment_id, e.version_id, e.profile_id, e.key, r.next, e.visit, t.ts, t.seq,
        ROW_NUMBER() OVER (PARTITION BY e.enrollment_id ORDER BY r.rank) AS place
    FROM w_turn t
    JOIN w_hit h ON h.profile_id = t.profile_id AND h.seq = t.seq
    JOIN w_rule r ON r.rule_id = h.rule_id AND r.role = 'listen'
    JOIN enrollments e ON e.profile_id = t.profile_id AND e.version_id = r.version_id AND e.status = 0 AND e.step = r.step
    JOIN w_version v ON v.version_id = e.version_id AND v.still = 0
    LEFT JOIN enrollment_handed d ON d.enrollment_id = e.enrollment_id AND d.step = r.message_step
    LEFT JOIN journey_signals s ON s.profile_id = t.profile_id AND s.seq = t.seq AND s.rule_id = r.rule_id
    WHERE (h.key = '' OR h.key = e.key) AND (e.deadline IS NULL OR t.ts <= e.deadline)
        AND ((t.ts > {mark_at}) OR (t.ts = {mark_at} AND t.seq > {mark_seq}))
        AND (r.message_step IS NULL OR {answers})
) x WHERE x.place = 1;

-- find_starts: journeys that the event starts.
INSERT INTO w_todo (lane, phase, rank, entered_at, mark_seq, enrollment_id, version_id, profile_id, key, next, visit, ts, event_seq)
SELECT t.lane, 1, v.rank, 0, 0, 0, v.version_id, t.profile_id, h.key, NULL, NULL, t.ts, t.seq
FROM w_turn t
JOIN w_hit h ON h.profile_id = t.profile_id AND h.seq = t.seq
JOIN w_rule r ON r.rule_id = h.rule_id AND r.role = 'entry'
JOIN w_version v ON v.version_id = r.version_id AND v.current = 1;

-- take_todo: the first thing to do in each lane.
INSERT INTO w_doing (lane, phase, rank, entered_at, mark_seq, enrollment_id, version_id, profile_id, key, next, visit, ts, event_seq, at, seq, refused)
SELECT x.lane, x.phase, x.rank, x.entered_at, x.mark_seq, x.enrollment_id, x.version_id, x.profile_id, x.key, x.next, x.visit, x.ts, x.event_seq, l.at, l.seq, NULL
FROM (SELECT d.*, ROW_NUMBER() OVER (PARTITION BY d.lane ORDER BY d.phase, d.rank, d.entered_at, d.mark_seq, d.enrollment_id, d.key) AS place FROM w_todo d) x
JOIN w_lane l ON l.lane = x.lane WHERE x.place = 1;

-- drop_taken: what was taken is no longer to do.
DELETE FROM w_todo WHERE EXISTS (SELECT 1 FROM w_doing d WHERE d.lane = w_todo.lane AND d.phase = w_todo.phase AND d.rank = w_todo.rank
    AND d.entered_at = w_todo.entered_at AND d.mark_seq = w_todo.mark_seq AND d.enrollment_id = w_todo.enrollment_id AND d.key = w_todo.key);

-- hear: a listener that heard moves its person, unless something else did since.
INSERT INTO w_walker (lane, enrollment_id, profile_id, version_id, state, step, kind, visit, at, seq, step_at, step_seq, event_seq, life_at, due_at, life, cause, cause_ref, deadline, round)
SELECT d.lane, d.enrollment_id, d.profile_id, d.version_id, n.entered, n.step, n.kind, e.visit + n.enters, d.at, d.seq, d.at, d.seq, d.event_seq, e.entered_at + v.lifetime, e.due_at, 0, 'heard', d.event_seq, d.at + n.wait, :round
FROM w_doing d JOIN enrollments e ON e.enrollment_id = d.enrollment_id AND e.status = 0 AND e.visit = d.visit JOIN w_version v ON v.version_id = d.version_id
JOIN w_step n ON n.version_id = d.version_id AND n.step = d.next
WHERE d.phase = 0;

-- refuse_starts: each start gets the number that its passage will have. None before a journey begins, nor from its end on; one open passage for a source, profile and key; then the re-entry rule.
UPDATE w_doing SET enrollment_id = :base + x.place, refused = CASE
    WHEN w_doing.at < v.starts_at OR w_doing.at >= v.ends_at THEN 'closed'
    WHEN EXISTS (SELECT 1 FROM enrollments e WHERE e.profile_id = w_doing.profile_id AND e.source = v.source AND e.key = w_doing.key AND e.status = 0) THEN 'already_enrolled'
    WHEN v.reentry = 'once' AND EXISTS (
        SELECT 1 FROM enrollments e WHERE e.profile_id = w_doing.profile_id AND e.source = v.source AND e.key = w_doing.key AND e.status <> 4) THEN 'reentry'
    WHEN v.reentry = 'after' AND EXISTS (
        SELECT 1 FROM enrollments e WHERE e.profile_id = w_doing.profile_id AND e.source = v.source AND e.key = w_doing.key AND e.status <> 4
            AND e.entered_at > w_doing.at - v.reentry_after) THEN 'reentry'
    END
FROM w_version v, (SELECT d.lane, ROW_NUMBER() OVER (ORDER BY d.lane) AS place FROM w_doing d WHERE d.phase = 1) x
WHERE x.lane = w_doing.lane AND v.version_id = w_doing.version_id AND w_doing.phase = 1;

-- start: passages begin, those refused are kept as suppressed.
INSERT INTO enrollments (enrollment_id, version_id, source, profile_id, key, status, reason, entered_at, ended_at, mark_at, mark_seq, visit, event_seq)
SELECT d.enrollment_id, d.version_id, v.source, d.profile_id, d.key, CASE WHEN d.refused IS NULL THEN 0 ELSE 4 END, d.refused,
    d.at, CASE WHEN d.refused IS NULL THEN NULL ELSE d.at END, d.ts, COALESCE(d.event_seq, d.seq), 0, d.event_seq
FROM w_doing d JOIN w_version v ON v.version_id = d.version_id WHERE d.phase = 1;

-- walk_started: those who began go to the first step.
INSERT INTO w_walker (lane, enrollment_id, profile_id, version_id, state, step, kind, visit, at, seq, step_at, step_seq, event_seq, life_at, life, cause, cause_ref, deadline, round)
SELECT d.lane, d.enrollment_id, d.profile_id, d.version_id, n.entered, n.step, n.kind, n.enters, d.at, d.seq, d.at, d.seq, d.event_seq, d.at + v.lifetime, 0, 'start', d.event_seq, d.at + n.wait, :round
FROM w_doing d JOIN w_version v ON v.version_id = d.version_id JOIN w_step n ON n.version_id = v.version_id AND n.step = v.start
WHERE d.phase = 1 AND d.refused IS NULL;

-- emit_entered: the start is told.
INSERT INTO w_own (lane, profile_id, name, ts, properties, hits)
SELECT d.lane, d.profile_id, 'Journey Entered', d.at, '{' || v.reference || '}', 0
FROM w_doing d JOIN w_version v ON v.version_id = d.version_id WHERE d.phase = 1 AND d.refused IS NULL ORDER BY d.lane;

-- ------------------------------------------------------------------ from step to step

-- end_lifetimes: passages whose lifetime is over.
INSERT INTO w_end (enrollment_id, lane, status, reason, at) SELECT w.enrollment_id, w.lane, 2, 'lifetime', w.at FROM w_walker w WHERE w.life = 1;

-- time_out: listeners that heard nothing until their deadline take the time-out edge.
UPDATE w_walker SET {enter}, cause = 'timeout'
FROM w_step s, w_step n WHERE s.version_id = w_walker.version_id AND s.step = w_walker.step AND n.version_id = s.version_id AND n.step = s.timeout_next
    AND w_walker.state = 3 AND w_walker.kind = 'listen' AND w_walker.deadline <= w_walker.at;

-- listen_on: those who were only asked whether they had heard, and have not, wait on.
UPDATE w_walker SET state = 2 WHERE state = 3 AND kind = 'listen';

-- steps_asked: the kinds of steps that are to answer.
SELECT DISTINCT w.kind FROM w_walker w WHERE w.state = :state;

-- finish: whoever comes to the end has finished.
INSERT INTO w_end (enrollment_id, lane, status, reason, at) SELECT w.enrollment_id, w.lane, 1, NULL, w.at FROM w_walker w WHERE w.state = 0;

-- keep_path: the steps that were entered, and why.
INSERT INTO enrollment_path (enrollment_id, visit, step, at, cause, cause_ref, seq)
SELECT w.enrollment_id, w.visit, w.step, w.at, w.cause, w.cause_ref, w.seq FROM w_walker w WHERE w.round = :round AND w.state <> 0;

-- pass_on: waits that keep nobody.
UPDATE w_walker SET {enter}, cause = 'waited', cause_ref = NULL
FROM w_step s, w_step n WHERE s.version_id = w_walker.version_id AND s.step = w_walker.step AND n.version_id = s.version_id AND n.step = s.next AND w_walker.state = 4;

-- ask_log: the first event in the log that a listener of the group waits for.
INSERT INTO w_heard (lane, next, seq, received_at)
SELECT x.lane, x.next, x.seq, x.received_at FROM (
    SELECT w.lane, r.next, s.seq, s.received_at, ROW_NUMBER() OVER (PARTITION BY w.lane ORDER BY s.at, s.seq, r.rank) AS place
    FROM w_walker w
    JOIN w_rule r ON r.version_id = w.version_id AND r.step = w.step AND r.role = 'listen'
    JOIN journey_signals s ON s.profile_id = w.profile_id AND s.rule_id = r.rule_id AND s.seq <= w.seq
    JOIN enrollments e ON e.enrollment_id = w.enrollment_id
    LEFT JOIN enrollment_handed d ON d.enrollment_id = w.enrollment_id AND d.step = r.message_step
    WHERE w.state = :state AND w.kind = 'listen' AND (s.key = '' OR s.key = e.key) AND (w.deadline IS NULL OR s.at <= w.deadline)
        AND ((s.at > {mark_at}) OR (s.at = {mark_at} AND s.seq > {mark_seq}))
        AND (r.message_step IS NULL OR {answers})
) x WHERE x.place = 1;

-- move_heard: whoever heard goes on; what arrived late moves when it arrived.
UPDATE w_walker SET {enter_at}, event_seq = h.seq, cause = 'heard', cause_ref = h.seq
FROM w_heard h, w_step n WHERE h.lane = w_walker.lane AND n.version_id = w_walker.version_id AND n.step = h.next;

-- rest_listeners: the others wait.
UPDATE w_walker SET state = 2 WHERE state = 1 AND kind = 'listen' AND round < :round;

-- take_answers: what was found out for each of them: some go on, others rest.
UPDATE w_walker SET state = 2, deadline = a.deadline FROM w_answer a WHERE a.lane = w_walker.lane AND a.state = 2;

-- enter_answers: those who go on.
UPDATE w_walker SET {enter}, cause = a.cause, cause_ref = a.cause_ref
FROM w_answer a, w_step n WHERE a.lane = w_walker.lane AND a.state = 0 AND n.version_id = w_walker.version_id AND n.step = a.step;

-- end_here: an explicit end.
INSERT INTO w_end (enrollment_id, lane, status, reason, at) SELECT w.enrollment_id, w.lane, 1, NULL, w.at FROM w_walker w WHERE w.state = 1 AND w.kind = 'end';

-- settle: those who stay are written down, with when they are due next: at their deadline or at the end of their lifetime, whichever is stamped earlier.
UPDATE enrollments SET step = w.step, step_at = w.step_at, step_seq = w.step_seq, visit = w.visit, event_seq = w.event_seq, deadline = w.deadline, due_at = {due_at}
FROM w_walker w WHERE enrollments.enrollment_id = w.enrollment_id AND w.state = 2;

-- set_timers: their timers.
INSERT INTO timers (due_at, profile_id, enrollment_id, due_stamp, due_life)
SELECT {due_at}, w.profile_id, w.enrollment_id, {due_stamp}, {due_life} FROM w_walker w WHERE w.state = 2;

-- find_soon: whoever rests may be due again within the tick.
INSERT INTO w_timer (lane, due_at, enrollment_id, due_stamp, due_life)
SELECT w.lane, {due_at}, w.enrollment_id, {due_stamp}, {due_life} FROM w_walker w JOIN w_lane l ON l.lane = w.lane
WHERE w.state = 2 AND (w.deadline <= :until OR w.life_at <= :until) AND {due_at} <= CASE WHEN l.whole = 1 THEN :until ELSE :last_at END
    AND (l.whole = 1 OR {due_at} < :last_at OR w.profile_id <= :last_profile);

-- take_soon: their timers fire in this tick.
DELETE FROM timers WHERE (due_at, profile_id, enrollment_id) IN (
    SELECT t.due_at, w.profile_id, t.enrollment_id FROM w_walker w JOIN w_timer t ON t.lane = w.lane AND t.enrollment_id = w.enrollment_id WHERE w.state = 2);

-- forget_resting: they walk no more.
DELETE FROM w_walker WHERE state = 2;

-- ------------------------------------------------------------------ passages end

-- end: nothing is waited for any more.
UPDATE enrollments SET status = x.status, reason = x.reason, ended_at = x.at, deadline = NULL, due_at = NULL
FROM w_end x WHERE enrollments.enrollment_id = x.enrollment_id AND enrollments.status = 0;

-- end_left: whoever has no place in the journey any more leaves it.
INSERT INTO w_end (enrollment_id, lane, status, reason, at) SELECT enrollment_id, lane, 2, reason, at FROM w_left;

-- emit_cancelled: held messages of an ended passage are told as blocked. Whoever walks to the end has none.
INSERT INTO w_own (lane, profile_id, name, ts, properties, hits)
SELECT x.lane, m.profile_id, 'Message Blocked', x.at,
    '{"message_id": "' || :prefix || CAST(m.message_id AS TEXT) || '", ' || v.reference || ', "step": ' || s.step_json || ', "channel": "' || m.channel || '", "reason": "exited"}', 0
FROM w_end x JOIN messages m ON m.enrollment_id = x.enrollment_id AND m.status IN ('queued', 'ready')
JOIN w_version v ON v.version_id = m.version_id JOIN w_step s ON s.version_id = m.version_id AND s.step = m.step
WHERE x.status <> 1
ORDER BY x.lane, v.rank, m.message_id;

-- cancel_messages: held messages of an ended passage are blocked.
UPDATE messages SET status = 'blocked', reason = 'exited', decided_at = x.at
FROM w_end x WHERE x.status <> 1 AND messages.enrollment_id = x.enrollment_id AND messages.status IN ('queued', 'ready');

-- give_own: what was told of whom a merge has made another, and is not kept yet, is told of that one.
UPDATE w_own SET profile_id = m.kept_id FROM w_merge m WHERE w_own.profile_id = m.merged_id;

-- emit_ended: the end is told.
INSERT INTO w_own (lane, profile_id, name, ts, properties, hits)
SELECT x.lane, e.profile_id, 'Journey Ended', x.at,
    '{' || v.reference || ', "status": "' || CASE x.status WHEN 1 THEN 'finished' WHEN 3 THEN 'failed' ELSE 'exited' END || '", "reason": ' || COALESCE(q.reason_json, 'null') || '}', 0
FROM w_end x JOIN enrollments e ON e.enrollment_id = x.enrollment_id
JOIN w_version v ON v.version_id = e.version_id
LEFT JOIN w_reason q ON q.reason = x.reason
ORDER BY x.lane, v.rank, e.entered_at, e.mark_seq, e.enrollment_id;

-- drop_late_goals: a goal counts until the end and its `within`.
DELETE FROM enrollment_goals WHERE (enrollment_id, goal, seq) IN (
    SELECT g.enrollment_id, g.goal, g.seq FROM w_end x JOIN enrollments e ON e.enrollment_id = x.enrollment_id
    JOIN w_rule r ON r.version_id = e.version_id AND r.role = 'goal'
    JOIN enrollment_goals g ON g.enrollment_id = x.enrollment_id AND g.goal = r.rank WHERE g.at > e.ended_at + r.within);

-- forget_ended: those who ended walk no more.
DELETE FROM w_walker WHERE EXISTS (SELECT 1 FROM w_end x WHERE x.enrollment_id = w_walker.enrollment_id);

-- ------------------------------------------------------------------ goals

-- reach_goals: events of this tick for passages, and passages of this tick for events.
INSERT INTO enrollment_goals (enrollment_id, goal, seq, at)
SELECT DISTINCT e.enrollment_id, r.rank, s.seq, s.at
FROM {people} m
JOIN enrollments e ON e.profile_id = m.profile_id AND e.status <> 4
JOIN w_rule r ON r.version_id = e.version_id AND r.role = 'goal'
JOIN journey_signals s ON s.profile_id = m.profile_id AND s.rule_id = r.rule_id
WHERE (s.key = '' OR s.key = e.key) AND (s.at > e.mark_at OR (s.at = e.mark_at AND s.seq > e.mark_seq))
    AND (e.ended_at IS NULL OR s.at <= e.ended_at + r.within)
    AND NOT EXISTS (SELECT 1 FROM enrollment_goals g WHERE g.enrollment_id = e.enrollment_id AND g.goal = r.rank AND g.seq = s.seq);

-- ------------------------------------------------------------------ events of our own

-- count_own: how many there are, in how many lanes, and the first and the last.
SELECT CAST(COALESCE(SUM(x.n), 0) AS BIGINT), COUNT(*), MIN(x.first), MAX(x.last) FROM (SELECT COUNT(*) AS n, MIN(own_id) AS first, MAX(own_id) AS last FROM w_own GROUP BY lane) x;

-- keep_own_alone: where no rule waits for any of them and each lane has one, all get their place at once.
INSERT INTO own_events (own_id, profile_id, seq, name, at, properties, tick)
SELECT :before + o.own_id, o.profile_id, l.seq + 1, o.name, o.ts, o.properties, :tick FROM w_own o JOIN w_lane l ON l.lane = o.lane;

-- move_lanes_own_alone: they come right after what caused them.
UPDATE w_lane SET seq = w_lane.seq + 1 FROM w_own o WHERE o.lane = w_lane.lane;

-- keep_own_at_once: the same where some lanes have several.
INSERT INTO own_events (own_id, profile_id, seq, name, at, properties, tick)
SELECT :before + o.own_id, o.profile_id, l.seq + ROW_NUMBER() OVER (PARTITION BY o.lane ORDER BY o.own_id), o.name, o.ts, o.properties, :tick
FROM w_own o JOIN w_lane l ON l.lane = o.lane;

-- move_lanes_own_at_once: they come right after what caused them.
UPDATE w_lane SET seq = w_lane.seq + x.n FROM (SELECT lane, COUNT(*) AS n FROM w_own GROUP BY lane) x WHERE x.lane = w_lane.lane;

-- wait_own: those that some rule waits for.
UPDATE w_own SET hits = 1 WHERE hits = 0 AND own_id IN (SELECT own_id FROM w_own_hit);

-- pick_own: in each lane, the events of our own up to the first that some rule waits for.
INSERT INTO w_own_turn (own_id, lane, seq, hits)
SELECT o.own_id, o.lane, l.seq + ROW_NUMBER() OVER (PARTITION BY o.lane ORDER BY o.own_id), o.hits
FROM w_own o JOIN w_lane l ON l.lane = o.lane
WHERE NOT EXISTS (SELECT 1 FROM w_own f WHERE f.lane = o.lane AND f.own_id < o.own_id AND f.hits = 1);

-- keep_own: they are on their way to the log.
INSERT INTO own_events (own_id, profile_id, seq, name, at, properties, tick)
SELECT :base + ROW_NUMBER() OVER (ORDER BY o.lane, o.own_id), o.profile_id, t.seq, o.name, o.ts, o.properties, :tick
FROM w_own_turn t JOIN w_own o ON o.own_id = t.own_id;

-- move_lanes_own: they come right after what caused them.
UPDATE w_lane SET seq = x.seq FROM (SELECT lane, MAX(seq) AS seq FROM w_own_turn GROUP BY lane) x WHERE x.lane = w_lane.lane;

-- turn_own: those that some rule waits for are applied like any event.
INSERT INTO w_turn (lane, at, seq, ts, profile_id)
SELECT o.lane, l.at, t.seq, o.ts, o.profile_id FROM w_own_turn t JOIN w_own o ON o.own_id = t.own_id JOIN w_lane l ON l.lane = o.lane WHERE t.hits = 1;

-- hit_own: what they match.
INSERT INTO w_hit (seq, profile_id, rule_id, key)
SELECT t.seq, o.profile_id, h.rule_id, h.key FROM w_own_turn t JOIN w_own o ON o.own_id = t.own_id JOIN w_own_hit h ON h.own_id = t.own_id WHERE t.hits = 1;

-- keep_own_events: they are kept for listeners and templates.
INSERT INTO journey_events (seq, profile_id, name, at, received_at, properties)
SELECT t.seq, o.profile_id, o.name, o.ts, l.at, o.properties FROM w_own_turn t JOIN w_own o ON o.own_id = t.own_id JOIN w_lane l ON l.lane = o.lane WHERE t.hits = 1;

-- keep_own_signals: and which rules they match.
INSERT INTO journey_signals (profile_id, rule_id, seq, at, received_at, key)
SELECT o.profile_id, h.rule_id, t.seq, o.ts, l.at, h.key
FROM w_own_turn t JOIN w_own o ON o.own_id = t.own_id JOIN w_lane l ON l.lane = o.lane JOIN w_own_hit h ON h.own_id = t.own_id WHERE t.hits = 1;

-- drop_own: they are no longer waiting.
DELETE FROM w_own WHERE EXISTS (SELECT 1 FROM w_own_turn t WHERE t.own_id = w_own.own_id);

-- drop_own_hits: nor is what they match: SQLite gives their numbers to others.
DELETE FROM w_own_hit WHERE own_id IN (SELECT own_id FROM w_own_turn);

-- ------------------------------------------------------------------ messages

-- try_entered: those who entered a message step try its channel of one rank.
INSERT INTO w_try (message_id, enrollment_id, profile_id, version_id, source, step, step_id, visit, channel, channel_rank, template, variant, marketing, event_seq, at, seq, expires_at, address, address_key, valid, timezone, reason, hold)
SELECT :base + ROW_NUMBER() OVER (ORDER BY w.lane), w.enrollment_id, w.profile_id, w.version_id, v.source, w.step, s.step_id, w.visit, m.channel, m.rank,
    m.template, NULL, s.marketing, w.event_seq, w.at, w.seq, w.at + s.expires_in, {address}, {address_key}, {valid}, p.timezone, NULL, NULL
FROM w_walker w
JOIN w_step s ON s.version_id = w.version_id AND s.step = w.step
JOIN w_channel m ON m.version_id = w.version_id AND m.step = w.step
JOIN w_version v ON v.version_id = w.version_id
JOIN profiles p ON p.profile_id = w.profile_id
WHERE w.state = 1 AND w.kind = 'message' AND s.first_reachable = 0 AND m.rank = :rank;

-- try_reachable: those who entered a first_reachable step try all its channels, to choose one.
INSERT INTO w_try (message_id, enrollment_id, profile_id, version_id, source, step, step_id, visit, channel, channel_rank, template, variant, marketing, event_seq, at, seq, expires_at, address, address_key, valid, timezone, reason, hold)
SELECT :base + ROW_NUMBER() OVER (ORDER BY w.lane, m.rank), w.enrollment_id, w.profile_id, w.version_id, v.source, w.step, s.step_id, w.visit, m.channel, m.rank,
    m.template, NULL, s.marketing, w.event_seq, w.at, w.seq, w.at + s.expires_in, {address}, {address_key}, {valid}, p.timezone, NULL, NULL
FROM w_walker w
JOIN w_step s ON s.version_id = w.version_id AND s.step = w.step
JOIN w_channel m ON m.version_id = w.version_id AND m.step = w.step
JOIN w_version v ON v.version_id = w.version_id
JOIN profiles p ON p.profile_id = w.profile_id
WHERE w.state = 1 AND w.kind = 'message' AND s.first_reachable = 1;

-- refuse_left: whoever has no place in the journey any more gets nothing.
UPDATE w_try SET reason = 'exited' WHERE enrollment_id IN (SELECT enrollment_id FROM w_left);

-- drop_unchosen: only the first reachable channel is kept, or the first when none is.
DELETE FROM w_try WHERE message_id NOT IN (
    SELECT COALESCE(MIN(CASE WHEN x.reason IS NULL THEN x.message_id END), MIN(x.message_id)) FROM w_try x GROUP BY x.enrollment_id);

-- any_held: whether some hold is over.
SELECT 1 FROM messages WHERE status = 'queued' AND due_at <= :until LIMIT 1;

-- try_held: those whose hold is over try again, one channel at a time.
INSERT INTO w_try (message_id, enrollment_id, profile_id, version_id, source, step, step_id, visit, channel, channel_rank, template, variant, marketing, event_seq, at, seq, expires_at, address, address_key, valid, timezone, reason, hold)
SELECT m.message_id, m.enrollment_id, m.profile_id, m.version_id, m.source, m.step, m.step_id, m.visit, m.channel, m.channel_rank,
    m.template, m.variant, m.marketing, m.event_seq, w.at, w.seq, m.expires_at, {address}, {address_key}, {valid}, p.timezone, NULL, NULL
FROM w_walker w
JOIN messages m ON m.enrollment_id = w.enrollment_id AND m.visit = w.visit AND m.status = 'queued' AND m.due_at <= w.at
JOIN profiles p ON p.profile_id = w.profile_id
WHERE w.state = 3 AND w.kind = 'message' AND NOT EXISTS (
    SELECT 1 FROM messages n WHERE n.enrollment_id = w.enrollment_id AND n.visit = w.visit AND n.status = 'queued' AND n.due_at <= w.at AND n.channel_rank < m.channel_rank);

-- emit_decided: what became of messages is told.
INSERT INTO w_own (lane, profile_id, name, ts, properties, hits)
SELECT COALESCE(b.lane, m.profile_id), m.profile_id,
    CASE WHEN m.status = 'blocked' THEN 'Message Blocked' WHEN m.channel = 'email' THEN 'Email Sent' WHEN m.channel = 'sms' THEN 'SMS Sent'
         WHEN m.channel = 'push' THEN 'Push Notification Sent' WHEN m.channel = 'in_app' THEN 'In-App Message Sent' ELSE 'Webhook Sent' END,
    {told_at},
    '{{"message_id": "' || :prefix || CAST(m.message_id AS TEXT) || '", ' || v.reference || ', "step": ' || s.step_json || ', "channel": "' || m.channel || '", "reason": '
        || CASE WHEN m.reason IS NULL THEN 'null' ELSE '"' || m.reason || '"' END || '}}', 0
FROM {tried} LEFT JOIN w_member b ON b.profile_id = m.profile_id JOIN w_version v ON v.version_id = m.version_id JOIN w_step s ON s.version_id = m.version_id AND s.step = m.step
WHERE m.status IN ('sent', 'blocked') AND {scope}
ORDER BY 1, v.rank, m.message_id;

-- keep_handed: when a step last handed over a message.
INSERT INTO enrollment_handed (enrollment_id, step, at, seq)
SELECT m.enrollment_id, m.step, MAX(m.decided_at), MAX(l.seq) FROM {tried} LEFT JOIN w_member b ON b.profile_id = m.profile_id JOIN w_lane l ON l.lane = COALESCE(b.lane, m.profile_id)
WHERE m.status = 'sent' AND {scope} GROUP BY m.enrollment_id, m.step
ON CONFLICT (enrollment_id, step) DO UPDATE SET at = excluded.at, seq = excluded.seq;

-- rest_at_messages: where all messages wait for the drain, so do their people.
UPDATE w_walker SET state = 2, deadline = NULL WHERE state = 1 AND kind = 'message';

-- leave_messages: once each channel is decided the person goes on: next, or the edge for none sent; else it stays, until the first hold ends.
UPDATE w_walker SET state = CASE WHEN x.waiting > 0 THEN 2 ELSE n.entered END, step = n.step, kind = n.kind,
    deadline = CASE WHEN x.waiting > 0 THEN x.first_hold ELSE w_walker.at + n.wait END, visit = CASE WHEN x.waiting > 0 THEN w_walker.visit ELSE w_walker.visit + n.enters END,
    step_at = CASE WHEN x.waiting > 0 THEN w_walker.step_at ELSE w_walker.at END, step_seq = CASE WHEN x.waiting > 0 THEN w_walker.step_seq ELSE w_walker.seq END,
    cause = CASE WHEN x.sent > 0 THEN 'next' WHEN x.failed > 0 THEN 'failed' ELSE 'blocked' END, cause_ref = NULL,
    round = CASE WHEN x.waiting > 0 THEN w_walker.round ELSE :round END
FROM (
    SELECT y.*, CASE WHEN y.waiting > 0 THEN s.step WHEN y.sent > 0 THEN s.next WHEN y.failed > 0 THEN COALESCE(s.failed_next, s.next) ELSE COALESCE(s.blocked_next, s.next) END AS next
    FROM (
        SELECT w.lane, w.version_id, w.step, SUM(CASE WHEN m.status IN ('queued', 'ready', 'claimed') THEN 1 ELSE 0 END) AS waiting, SUM(CASE WHEN m.status = 'sent' THEN 1 ELSE 0 END) AS sent,
            SUM(CASE WHEN m.status = 'failed' THEN 1 ELSE 0 END) AS failed, MIN(CASE WHEN m.status = 'queued' THEN m.due_at END) AS first_hold
        FROM w_walker w LEFT JOIN messages m ON m.enrollment_id = w.enrollment_id AND m.visit = w.visit
        WHERE w.state = :state AND w.kind = 'message' GROUP BY w.lane, w.version_id, w.step
    ) y JOIN w_step s ON s.version_id = y.version_id AND s.step = y.step
) x, w_step n
WHERE x.lane = w_walker.lane AND n.version_id = x.version_id AND n.step = x.next;

-- ------------------------------------------------------------------ reactions

-- keep_reactions: what was told of messages by their ids.
INSERT INTO message_reactions (message_id, kind, machine, first_at)
SELECT m.message_id, r.kind, r.machine, MIN(r.at) FROM w_reaction r JOIN messages m ON m.message_id = r.message_ref GROUP BY m.message_id, r.kind, r.machine
ON CONFLICT (message_id, kind, machine) DO UPDATE SET first_at = excluded.first_at WHERE excluded.first_at < message_reactions.first_at;

-- keep_named_reactions: the others name source and step.
INSERT INTO named_reactions (profile_id, seq, at, kind, machine, channel, source, step_id)
SELECT profile_id, seq, at, kind, machine, channel, message_source, message_step FROM w_reaction WHERE message_ref IS NULL;
