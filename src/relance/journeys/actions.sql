-- pass_seq: a change of traits takes the next place in its lane, so that what was decided before it can be asked again.
UPDATE w_lane SET seq = w_lane.seq + 1 FROM w_walker w WHERE w.lane = w_lane.lane AND w.state = 1 AND w.kind = 'update_profile';

-- follow_seq: what the person decides from here on sees the change.
UPDATE w_walker SET seq = l.seq FROM w_lane l WHERE l.lane = w_walker.lane AND w_walker.state = 1 AND w_walker.kind = 'update_profile';

-- updates: who is changed, where in the order, and by which step.
SELECT w.profile_id, w.seq, w.at, w.version_id, w.step FROM w_walker w WHERE w.state = 1 AND w.kind = 'update_profile' ORDER BY w.lane;

-- keep_updates: the log is told at the very place where the traits changed, so that a rebuild changes them there too.
INSERT INTO own_events (own_id, profile_id, seq, name, at, properties, tick)
SELECT :base + ROW_NUMBER() OVER (ORDER BY w.lane), w.profile_id, w.seq, a.name, w.at, a.properties, :tick
FROM w_walker w JOIN w_action a ON a.version_id = w.version_id AND a.step = w.step WHERE w.state = 1 AND w.kind = 'update_profile';

-- track: an event of our own, which comes when all have walked.
INSERT INTO w_own (lane, profile_id, name, ts, properties, hits)
SELECT w.lane, w.profile_id, a.name, w.at, a.properties, 0
FROM w_walker w JOIN w_action a ON a.version_id = w.version_id AND a.step = w.step WHERE w.state = 1 AND w.kind = 'track' ORDER BY w.lane;

-- tell_audiences: who comes into an ad audience and who goes out of it; whoever is in it already, or is not, changes nothing.
INSERT INTO audience_changes (audience, profile_id, member, at, enrollment_id, source, step_id)
SELECT a.name, w.profile_id, CASE a.properties WHEN 'add' THEN 1 ELSE 0 END, w.at, w.enrollment_id, v.source, s.step_id
FROM w_walker w
JOIN w_action a ON a.version_id = w.version_id AND a.step = w.step
JOIN w_version v ON v.version_id = w.version_id
JOIN w_step s ON s.version_id = w.version_id AND s.step = w.step
LEFT JOIN audience_members m ON m.audience = a.name AND m.profile_id = w.profile_id
WHERE w.state = 1 AND w.kind = 'audience' AND CASE a.properties WHEN 'add' THEN 1 ELSE 0 END <> CASE WHEN m.profile_id IS NULL THEN 0 ELSE 1 END
    AND NOT EXISTS (SELECT 1 FROM w_spared p WHERE p.lane = w.lane)
ORDER BY w.lane;

-- join_audiences: those who come are in it.
INSERT INTO audience_members (audience, profile_id, since_at)
SELECT a.name, w.profile_id, w.at FROM w_walker w JOIN w_action a ON a.version_id = w.version_id AND a.step = w.step
WHERE w.state = 1 AND w.kind = 'audience' AND a.properties = 'add' AND NOT EXISTS (SELECT 1 FROM w_spared p WHERE p.lane = w.lane)
ON CONFLICT (audience, profile_id) DO NOTHING;

-- leave_audiences: those who go are not.
DELETE FROM audience_members WHERE (audience, profile_id) IN (
    SELECT a.name, w.profile_id FROM w_walker w JOIN w_action a ON a.version_id = w.version_id AND a.step = w.step
    WHERE w.state = 1 AND w.kind = 'audience' AND a.properties = 'remove' AND NOT EXISTS (SELECT 1 FROM w_spared p WHERE p.lane = w.lane));

-- go_on: whoever acted goes on at once.
UPDATE w_walker SET {enter}, cause = 'next', cause_ref = NULL
FROM w_step s, w_step n WHERE s.version_id = w_walker.version_id AND s.step = w_walker.step AND n.version_id = s.version_id AND n.step = s.next
    AND w_walker.state = 1 AND w_walker.kind = :kind;

-- start_others: what moved the person last starts the other journey, too.
INSERT INTO w_doing (lane, phase, rank, entered_at, mark_seq, enrollment_id, version_id, profile_id, key, next, visit, ts, event_seq, at, seq, refused)
SELECT w.lane, 1, c.rank, 0, 0, 0, c.version_id, w.profile_id, '', NULL, NULL, COALESCE(e.at, w.at), w.event_seq, w.at, w.seq, NULL
FROM w_walker w
JOIN w_action a ON a.version_id = w.version_id AND a.step = w.step
JOIN w_version c ON c.source = a.name AND c.current = 1
LEFT JOIN journey_events e ON e.profile_id = w.profile_id AND e.seq = w.event_seq
WHERE w.state = 1 AND w.kind = 'start_journey';

-- starting_events: what the keys of these starts are read from.
SELECT d.lane, d.version_id, e.name, e.properties FROM w_doing d JOIN journey_events e ON e.profile_id = d.profile_id AND e.seq = d.event_seq;

-- park: whoever started another journey waits until that person rests or has ended in it. (How deep they are is found for all at once: PostgreSQL looks through what it has just added for each person, when it takes the table for empty.)
INSERT INTO w_parked (lane, depth, enrollment_id, profile_id, version_id, step, kind, visit, at, event_seq, life_at)
SELECT w.lane, 1 + COALESCE(d.depth, 0), w.enrollment_id, w.profile_id, w.version_id, s.next, w.kind, w.visit, w.at, w.event_seq, w.life_at
FROM w_walker w JOIN w_step s ON s.version_id = w.version_id AND s.step = w.step
LEFT JOIN (SELECT p.lane, MAX(p.depth) AS depth FROM w_parked p GROUP BY p.lane) d ON d.lane = w.lane
WHERE w.state = 1 AND w.kind = 'start_journey';

-- make_way: the lane is free for the other journey.
DELETE FROM w_walker WHERE state = 1 AND kind = 'start_journey';

-- take_up: where nobody walks any more, the one parked last goes on, and sees what the other journey changed.
INSERT INTO w_walker (lane, enrollment_id, profile_id, version_id, state, step, kind, visit, at, seq, step_at, step_seq, event_seq, life_at, life, cause, deadline, round)
SELECT p.lane, p.enrollment_id, p.profile_id, p.version_id, n.entered, n.step, n.kind, p.visit + n.enters, p.at, l.seq, p.at, l.seq, p.event_seq, p.life_at, 0, 'next', p.at + n.wait, :round
FROM w_parked p JOIN w_lane l ON l.lane = p.lane JOIN w_step n ON n.version_id = p.version_id AND n.step = p.step
WHERE p.depth = (SELECT MAX(q.depth) FROM w_parked q WHERE q.lane = p.lane) AND NOT EXISTS (SELECT 1 FROM w_walker w WHERE w.lane = p.lane);

-- forget_parked: they walk again.
DELETE FROM w_parked WHERE EXISTS (SELECT 1 FROM w_walker w WHERE w.lane = w_parked.lane AND w.enrollment_id = w_parked.enrollment_id);

-- refuse_loops: journeys that start each other at one instant come to an end: one event, or one timer, lets somebody in so often and no more.
UPDATE w_doing SET refused = 'entry_limit'
FROM w_version v
WHERE v.version_id = w_doing.version_id AND w_doing.phase = 1 AND w_doing.refused IS NULL AND :most <= (
    SELECT COUNT(*) FROM enrollments e
    WHERE e.profile_id = w_doing.profile_id AND e.source = v.source AND e.key = w_doing.key AND e.status <> 4 AND e.entered_at = w_doing.at
        AND (e.mark_seq >> :seq_bits) = (COALESCE(w_doing.event_seq, w_doing.seq) >> :seq_bits));
