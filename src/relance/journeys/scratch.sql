-- What one tick works with: temporary tables, empty between ticks. `w_` stands for wave.

-- How published versions look to SQL. Filled when definitions change. gate: how starts are met (0 let in, 1 closed, 2 refused while paused, 3 held); still: 1 when nobody moves. entered: the state of whoever enters the step; enters: 0 at the end, which nobody enters.
CREATE TEMP TABLE IF NOT EXISTS w_version (version_id {{key}}, source TEXT NOT NULL, reference TEXT NOT NULL, rank BIGINT NOT NULL, reentry TEXT NOT NULL, reentry_after BIGINT NOT NULL, lifetime BIGINT NOT NULL, starts_at BIGINT, ends_at BIGINT, start BIGINT NOT NULL, current BIGINT NOT NULL, gate BIGINT NOT NULL, still BIGINT NOT NULL);
CREATE TEMP TABLE IF NOT EXISTS w_step (version_id BIGINT NOT NULL, step BIGINT NOT NULL, step_id TEXT NOT NULL, step_json TEXT NOT NULL, kind TEXT NOT NULL, next BIGINT NOT NULL, wait BIGINT, timeout_next BIGINT, blocked_next BIGINT, failed_next BIGINT, marketing BIGINT NOT NULL, first_reachable BIGINT NOT NULL, expires_in BIGINT, entered BIGINT NOT NULL, enters BIGINT NOT NULL, PRIMARY KEY (version_id, step)) {{clustered}};
-- What becomes of whoever stands at a step when its timer fires. asked: 1 when the log may hold what it waits for, or its lifetime is over; next: where it is then; the others are of the step that it enters by that, if any.
CREATE TEMP TABLE IF NOT EXISTS w_fired (version_id BIGINT NOT NULL, step BIGINT NOT NULL, asked BIGINT NOT NULL, state BIGINT NOT NULL, next BIGINT NOT NULL, kind TEXT NOT NULL, wait BIGINT, enters BIGINT NOT NULL, cause TEXT NOT NULL, PRIMARY KEY (version_id, step, asked)) {{clustered}};
CREATE TEMP TABLE IF NOT EXISTS w_channel (version_id BIGINT NOT NULL, step BIGINT NOT NULL, rank BIGINT NOT NULL, channel TEXT NOT NULL, template TEXT NOT NULL, PRIMARY KEY (version_id, step, rank)) {{clustered}};
CREATE TEMP TABLE IF NOT EXISTS w_action (version_id BIGINT NOT NULL, step BIGINT NOT NULL, name TEXT NOT NULL, properties TEXT NOT NULL, PRIMARY KEY (version_id, step)) {{clustered}};
CREATE TEMP TABLE IF NOT EXISTS w_reason (reason TEXT PRIMARY KEY, reason_json TEXT NOT NULL);
CREATE TEMP TABLE IF NOT EXISTS w_rule (rule_id {{key}}, version_id BIGINT NOT NULL, role TEXT NOT NULL, step BIGINT, rank BIGINT NOT NULL, next BIGINT, message_step BIGINT, since TEXT NOT NULL, reason TEXT NOT NULL, within BIGINT NOT NULL);
CREATE INDEX IF NOT EXISTS w_rule_step ON w_rule (version_id, step);

-- Lanes: a lane is a person, or several who merge within the tick. Members are those who do not come for their timers alone. `at` and `seq` are where its life has come to. whole: 1 when all that is due for it is in the tick.
CREATE TEMP TABLE IF NOT EXISTS w_member (profile_id {{key}}, lane BIGINT NOT NULL) {{scratch}};
CREATE TEMP TABLE IF NOT EXISTS w_lane (lane {{key}}, at BIGINT NOT NULL, seq BIGINT NOT NULL, opened_seq BIGINT NOT NULL, whole BIGINT NOT NULL) {{updated}} {{scratch}};
-- Received events that do something, by their number in their lane, and the rules they match.
CREATE TEMP TABLE IF NOT EXISTS w_item (n BIGINT NOT NULL, lane BIGINT NOT NULL, seq BIGINT NOT NULL, profile_id BIGINT NOT NULL, at BIGINT NOT NULL, ts BIGINT NOT NULL, effect BIGINT NOT NULL, touch BIGINT NOT NULL, PRIMARY KEY (n, lane)) {{clustered}} {{scratch}};
CREATE TEMP TABLE IF NOT EXISTS w_hit (seq BIGINT NOT NULL, profile_id BIGINT NOT NULL, rule_id BIGINT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (profile_id, seq, rule_id)) {{clustered}} {{scratch}};
-- Messages about which the drain decided since the last tick.
CREATE TEMP TABLE IF NOT EXISTS w_decided (message_id {{key}}, enrollment_id BIGINT NOT NULL, profile_id BIGINT NOT NULL, version_id BIGINT NOT NULL, step BIGINT NOT NULL, visit BIGINT NOT NULL, channel TEXT NOT NULL, status TEXT NOT NULL, reason TEXT, decided_at BIGINT NOT NULL) {{hashed}} {{scratch}};
-- What was received up to when.
CREATE TEMP TABLE IF NOT EXISTS w_arrival (at {{key}}, seq BIGINT NOT NULL) {{scratch}};
-- Timers that are due within the tick.
CREATE TEMP TABLE IF NOT EXISTS w_timer (lane BIGINT NOT NULL, due_at BIGINT NOT NULL, enrollment_id BIGINT NOT NULL, due_stamp BIGINT NOT NULL, due_life BIGINT NOT NULL, PRIMARY KEY (lane, due_at, enrollment_id)) {{clustered}} {{hashed}} {{scratch}};
-- One turn: at most one event a lane.
CREATE TEMP TABLE IF NOT EXISTS w_turn (lane {{key}}, at BIGINT NOT NULL, seq BIGINT NOT NULL, ts BIGINT NOT NULL, profile_id BIGINT NOT NULL) {{scratch}};
-- What an event still has to do in a lane, in order: listeners that heard it (phase 0), starts (phase 1).
CREATE TEMP TABLE IF NOT EXISTS w_todo (lane BIGINT NOT NULL, phase BIGINT NOT NULL, rank BIGINT NOT NULL, entered_at BIGINT NOT NULL, mark_seq BIGINT NOT NULL, enrollment_id BIGINT NOT NULL, version_id BIGINT NOT NULL, profile_id BIGINT NOT NULL, key TEXT NOT NULL, next BIGINT, visit BIGINT, ts BIGINT NOT NULL, event_seq BIGINT, PRIMARY KEY (lane, phase, rank, entered_at, mark_seq, enrollment_id, key)) {{clustered}} {{scratch}};
CREATE TEMP TABLE IF NOT EXISTS w_doing (lane {{key}}, phase BIGINT NOT NULL, rank BIGINT NOT NULL, entered_at BIGINT NOT NULL, mark_seq BIGINT NOT NULL, enrollment_id BIGINT NOT NULL, version_id BIGINT NOT NULL, profile_id BIGINT NOT NULL, key TEXT NOT NULL, next BIGINT, visit BIGINT, ts BIGINT NOT NULL, event_seq BIGINT, at BIGINT NOT NULL, seq BIGINT NOT NULL, refused TEXT) {{scratch}};
-- Those who are on their way from step to step, one a lane. state: 0 has come to the end, 1 has entered `step` and is asked, 2 rests there, 3 stands there and its timer fired, 4 entered a wait that keeps nobody. round: when it entered the step. due_at: of the timer it had; life: 1 when that is the end of its lifetime, at `life_at`.
CREATE TEMP TABLE IF NOT EXISTS w_walker (lane {{key}}, enrollment_id BIGINT NOT NULL, profile_id BIGINT NOT NULL, version_id BIGINT NOT NULL, state BIGINT NOT NULL, step BIGINT NOT NULL, visit BIGINT NOT NULL, round BIGINT NOT NULL, at BIGINT NOT NULL, seq BIGINT NOT NULL, life_at BIGINT NOT NULL, life BIGINT NOT NULL, step_at BIGINT, step_seq BIGINT, due_at BIGINT, deadline BIGINT, kind TEXT NOT NULL, cause TEXT NOT NULL, event_seq BIGINT, cause_ref BIGINT) {{updated}} {{scratch}};
-- Those who started another journey and wait until the same person rests or has ended in it; of one lane the deepest goes on first.
CREATE TEMP TABLE IF NOT EXISTS w_parked (lane BIGINT NOT NULL, depth BIGINT NOT NULL, enrollment_id BIGINT NOT NULL, profile_id BIGINT NOT NULL, version_id BIGINT NOT NULL, step BIGINT NOT NULL, kind TEXT NOT NULL, visit BIGINT NOT NULL, at BIGINT NOT NULL, event_seq BIGINT, life_at BIGINT NOT NULL, PRIMARY KEY (lane, depth)) {{clustered}} {{scratch}};
-- What a listener found in the log.
CREATE TEMP TABLE IF NOT EXISTS w_heard (lane {{key}}, next BIGINT NOT NULL, seq BIGINT NOT NULL, received_at BIGINT NOT NULL) {{scratch}};
-- What a step answers that no statement can find out by itself.
CREATE TEMP TABLE IF NOT EXISTS w_answer (lane {{key}}, state BIGINT NOT NULL, step BIGINT NOT NULL, deadline BIGINT, cause TEXT NOT NULL, cause_ref BIGINT) {{scratch}};
-- Passages that end now.
CREATE TEMP TABLE IF NOT EXISTS w_end (enrollment_id {{key}}, lane BIGINT NOT NULL, status BIGINT NOT NULL, reason TEXT, at BIGINT NOT NULL) {{hashed}} {{scratch}};
-- Passages of people who have no place in their journey any more, found when they were about to be handed a message. And people who are kept out of a journey for comparison.
CREATE TEMP TABLE IF NOT EXISTS w_left (enrollment_id {{key}}, lane BIGINT NOT NULL, reason TEXT NOT NULL, at BIGINT NOT NULL) {{scratch}};
CREATE TEMP TABLE IF NOT EXISTS w_spared (lane {{key}}) {{scratch}};
-- Events of our own, first in first out in each lane. hits: 1 when some rule waits for it.
CREATE TEMP TABLE IF NOT EXISTS w_own (own_id {{id}}, lane BIGINT NOT NULL, profile_id BIGINT NOT NULL, name TEXT NOT NULL, ts BIGINT NOT NULL, properties TEXT NOT NULL, hits BIGINT NOT NULL) {{hashed}} {{scratch}};
CREATE INDEX IF NOT EXISTS w_own_lane ON w_own (lane, own_id) {{hashed}};
CREATE TEMP TABLE IF NOT EXISTS w_own_hit (own_id BIGINT NOT NULL, rule_id BIGINT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (own_id, rule_id)) {{clustered}} {{scratch}};
CREATE TEMP TABLE IF NOT EXISTS w_own_turn (own_id {{key}}, lane BIGINT NOT NULL, seq BIGINT NOT NULL, hits BIGINT NOT NULL) {{scratch}};

-- Memberships of segments. Whom something happened to that may change theirs; when time alone may, within the tick; who is being looked at, and when the next time is.
CREATE TEMP TABLE IF NOT EXISTS w_stale (profile_id {{key}}, lane BIGINT NOT NULL) {{scratch}};
CREATE TEMP TABLE IF NOT EXISTS w_edge (profile_id {{key}}, lane BIGINT NOT NULL, at BIGINT NOT NULL) {{scratch}};
CREATE INDEX IF NOT EXISTS w_edge_lane ON w_edge (lane, at);
CREATE TEMP TABLE IF NOT EXISTS w_due_edge (profile_id {{key}}, lane BIGINT NOT NULL, at BIGINT NOT NULL) {{scratch}};
CREATE TEMP TABLE IF NOT EXISTS w_seen (profile_id {{key}}, lane BIGINT NOT NULL, next_at BIGINT, until BIGINT NOT NULL) {{scratch}};

-- What the events of the tick say of messages. message_ref: the number that they name, else they name source and step.
CREATE TEMP TABLE IF NOT EXISTS w_reaction (profile_id BIGINT NOT NULL, seq BIGINT NOT NULL, at BIGINT NOT NULL, kind TEXT NOT NULL, machine BIGINT NOT NULL, channel TEXT NOT NULL, message_ref BIGINT, message_source TEXT, message_step TEXT) {{scratch}};
-- Where the people of a step go when they are moved to another version, and some of them. how: 0 goes on there, 1 enters it, 2 leaves the journey.
CREATE TEMP TABLE IF NOT EXISTS w_move (version_id BIGINT NOT NULL, step BIGINT NOT NULL, next BIGINT NOT NULL, how BIGINT NOT NULL, is_message BIGINT NOT NULL, keeps_deadline BIGINT NOT NULL, PRIMARY KEY (version_id, step)) {{clustered}} {{scratch}};
CREATE TEMP TABLE IF NOT EXISTS w_moving (enrollment_id {{key}}, profile_id BIGINT NOT NULL, version_id BIGINT NOT NULL, step BIGINT NOT NULL, visit BIGINT NOT NULL, next BIGINT NOT NULL, how BIGINT NOT NULL, keeps_deadline BIGINT NOT NULL) {{scratch}};
CREATE TEMP TABLE IF NOT EXISTS w_handed (enrollment_id BIGINT NOT NULL, step BIGINT NOT NULL, at BIGINT NOT NULL, seq BIGINT NOT NULL, PRIMARY KEY (enrollment_id, step)) {{clustered}} {{scratch}};
