-- newest: what was last asked of a journey, and its newest version.
SELECT state, version, version_id, body FROM journey_versions WHERE source = :source ORDER BY version DESC LIMIT 1;

-- set_state: what is asked for now is heeded at once.
UPDATE journey_versions SET state = :state WHERE source = :source;

-- add_act: it waits for the engine.
INSERT INTO journey_acts (source, action, at, detail, actor, asked_at, state) VALUES (:source, :action, :at, :detail, :actor, :now, 'waiting') RETURNING act_id;

-- cancel_act: only what was asked for later, and not yet done.
UPDATE journey_acts SET state = 'cancelled', ended_at = :now WHERE act_id = :act_id AND source = :source AND state = 'waiting' AND at > :now;

-- last_pause: what it was before.
SELECT detail FROM journey_acts WHERE source = :source AND action = 'pause' AND state IN ('waiting', 'done') ORDER BY at DESC, act_id DESC LIMIT 1;

-- in_flight: messages that providers were given before, and have not answered for.
SELECT COUNT(*) FROM messages WHERE source = :source AND status = 'claimed';

-- n_inside: who is inside.
SELECT COUNT(*) FROM enrollments WHERE source = :source AND status = 0;

-- due_act: the first whose instant has come. People are moved to another version when their journey is not paused any more.
SELECT act_id, source, action, at, detail, actor, asked_at FROM journey_acts WHERE state = 'waiting' AND at <= :until
    AND NOT (action = 'migrate' AND EXISTS (SELECT 1 FROM journey_states s WHERE s.source = journey_acts.source AND s.state = 'paused'))
ORDER BY at, act_id LIMIT 1;

-- act: one of them.
SELECT act_id, source, action, at, detail, actor, asked_at, state, outcome, ended_at FROM journey_acts WHERE act_id = :act_id;

-- outcome: what came of it so far.
SELECT outcome FROM journey_acts WHERE act_id = :act_id;

-- acts: the last of a journey.
SELECT act_id, source, action, at, detail, actor, asked_at, state, outcome, ended_at FROM journey_acts WHERE source = :source ORDER BY act_id DESC LIMIT :limit;

-- end_act: it was done, or did not fit.
UPDATE journey_acts SET state = :state, outcome = :outcome, ended_at = :at WHERE act_id = :act_id;

-- asked_later: whether something else was asked of it since and is still to be done: then that decides what the drain may do.
SELECT 1 FROM journey_acts WHERE source = :source AND state = 'waiting' AND at = asked_at AND act_id <> :act_id LIMIT 1;

-- next_revision: the engine takes up how journeys stand.
UPDATE definitions_revision SET revision = revision + 1 WHERE id = 1;

-- is_archived: whether it is.
SELECT 1 FROM archived_journeys WHERE source = :source;

-- archive: out of lists.
INSERT INTO archived_journeys (source, at, archived_by) VALUES (:source, :at, :by);

-- restore: and back.
DELETE FROM archived_journeys WHERE source = :source;

-- standings: how journeys stand, as far as the engine has come.
SELECT source, state, since_at, clocks, entries FROM journey_states;

-- standing: of one.
SELECT state, since_at, clocks, entries FROM journey_states WHERE source = :source;

-- archived: those out of lists.
SELECT source, at FROM archived_journeys;

-- stand: how one stands from now on.
INSERT INTO journey_states (source, state, since_at, clocks, entries) VALUES (:source, :state, :at, :clocks, :entries)
ON CONFLICT (source) DO UPDATE SET state = excluded.state, since_at = excluded.since_at, clocks = excluded.clocks, entries = excluded.entries;

-- show: the same for this tick.
UPDATE w_version SET gate = :gate, still = :still WHERE source = :source;

-- ------------------------------------------------------------------ pause and stop

-- park_messages: what waits for the drain goes back to where all its checks are still to come.
UPDATE messages SET status = 'queued', decided_at = NULL, decided_seq = NULL WHERE source = :source AND status = 'ready';

-- stop_clocks: nobody's timer fires. When it would have stays with the passage.
DELETE FROM timers WHERE (due_at, profile_id, enrollment_id) IN (
    SELECT e.due_at, e.profile_id, e.enrollment_id FROM enrollments e WHERE e.source = :source AND e.status = 0 AND e.due_at IS NOT NULL);

-- insiders: some of the people inside.
SELECT DISTINCT profile_id FROM enrollments WHERE source = :source AND status = 0 ORDER BY profile_id LIMIT :most;

-- end_insiders: they leave.
INSERT INTO w_end (enrollment_id, lane, status, reason, at)
SELECT e.enrollment_id, p.lane, 2, :reason, :at FROM {people} p JOIN enrollments e ON e.profile_id = p.profile_id AND e.source = :source AND e.status = 0;

-- ------------------------------------------------------------------ resume

-- shift_deadlines: a clock that stood still has as much left as it had: waits of a length, and time-outs.
UPDATE enrollments SET deadline = deadline + :pause
FROM w_step s WHERE s.version_id = enrollments.version_id AND s.step = enrollments.step AND s.wait IS NOT NULL
    AND enrollments.source = :source AND enrollments.status = 0 AND enrollments.deadline IS NOT NULL;

-- set_due: when each person is due next: what fell due meanwhile is due now. Whoever may have heard something, and whoever stands at a message, is asked at once.
UPDATE enrollments SET due_at = {due}
FROM w_version v, w_step s WHERE v.version_id = enrollments.version_id AND s.version_id = enrollments.version_id AND s.step = enrollments.step
    AND enrollments.source = :source AND enrollments.status = 0;

-- start_clocks: their timers.
INSERT INTO timers (due_at, profile_id, enrollment_id, due_stamp, due_life)
SELECT e.due_at, e.profile_id, e.enrollment_id, {stamp}, {life}
FROM enrollments e JOIN w_version v ON v.version_id = e.version_id JOIN w_step s ON s.version_id = e.version_id AND s.step = e.step
WHERE e.source = :source AND e.status = 0;

-- held: who would have come in meanwhile, in order.
SELECT h.entry_id, h.profile_id, h.key, h.ts, h.event_seq FROM held_entries h WHERE h.source = :source ORDER BY h.entry_id LIMIT :most;

-- let_go: they have been let in, or refused.
DELETE FROM held_entries WHERE source = :source AND entry_id <= :last;

-- current: the version that people enter, and its place among sources.
SELECT version_id, rank FROM w_version WHERE source = :source AND current = 1;

-- refuse_held: whoever waited for a journey that is stopped now does not come in.
INSERT INTO enrollments (enrollment_id, version_id, source, profile_id, key, status, reason, entered_at, ended_at, mark_at, mark_seq, visit, event_seq)
SELECT :base + ROW_NUMBER() OVER (ORDER BY h.entry_id), :version_id, h.source, h.profile_id, h.key, 4, 'closed', h.at, h.at, h.ts, COALESCE(h.event_seq, 0), 0, h.event_seq
FROM held_entries h WHERE h.source = :source;

-- drop_held: nor do they wait any more.
DELETE FROM held_entries WHERE source = :source;

-- ------------------------------------------------------------------ starts, in any tick

-- hold_starts: who would come in while a journey is paused waits until it is resumed.
INSERT INTO held_entries (source, profile_id, key, at, ts, event_seq)
SELECT v.source, d.profile_id, d.key, d.at, d.ts, d.event_seq FROM w_doing d JOIN w_version v ON v.version_id = d.version_id
WHERE d.phase = 1 AND v.gate = 3 ORDER BY d.lane;

-- drop_held_starts: it is not let in now.
DELETE FROM w_doing WHERE phase = 1 AND EXISTS (SELECT 1 FROM w_version v WHERE v.version_id = w_doing.version_id AND v.gate = 3);

-- refuse_gated: nor is anybody else into what is closed, or paused and holds nobody.
UPDATE w_doing SET refused = CASE v.gate WHEN 1 THEN 'closed' ELSE 'paused' END
FROM w_version v WHERE v.version_id = w_doing.version_id AND w_doing.phase = 1 AND w_doing.refused IS NULL AND v.gate IN (1, 2);

-- exit_late_starts: whoever is let in late, and has done meanwhile what ends the journey, leaves at once.
INSERT INTO w_end (enrollment_id, lane, status, reason, at)
SELECT x.enrollment_id, x.lane, 2, x.reason, x.at FROM (
    SELECT e.enrollment_id, w.lane, r.reason, w.at, ROW_NUMBER() OVER (PARTITION BY e.enrollment_id ORDER BY s.at, s.seq, r.rank) AS place
    FROM w_walker w
    JOIN enrollments e ON e.enrollment_id = w.enrollment_id
    JOIN w_rule r ON r.version_id = w.version_id AND r.role = 'exit'
    JOIN journey_signals s ON s.profile_id = w.profile_id AND s.rule_id = r.rule_id
    WHERE w.cause = 'start' AND (s.key = '' OR s.key = e.key) AND (s.at > e.mark_at OR (s.at = e.mark_at AND s.seq > e.mark_seq)) AND s.seq <= w.seq
) x WHERE x.place = 1;

-- ------------------------------------------------------------------ looking

-- all: every journey, or campaign, with how many are inside.
SELECT v.id, v.state, v.version, v.published_at, a.at, COALESCE(e.n, 0), v.body
FROM journey_versions v
LEFT JOIN archived_journeys a ON a.source = v.source
LEFT JOIN (SELECT source, COUNT(*) AS n FROM enrollments WHERE status = 0 GROUP BY source) e ON e.source = v.source
WHERE v.kind = :kind AND v.version = (SELECT MAX(w.version) FROM journey_versions w WHERE w.source = v.source)
ORDER BY v.id;

-- one: how it stands, and how many wait to be let in.
SELECT v.state, a.at, (SELECT COUNT(*) FROM held_entries h WHERE h.source = v.source)
FROM journey_versions v LEFT JOIN archived_journeys a ON a.source = v.source
WHERE v.source = :source ORDER BY v.version DESC LIMIT 1;
