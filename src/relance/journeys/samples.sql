-- Rows like those of a tick, for engines that plan by samples: how often a state, a kind or a flag is met. Of versions and steps there is one: a share of
-- those that are there, whichever they are.
-- Numbers are far apart, up to higher ones than there are: PostgreSQL expects a table that is read in their order to end where those of the tick do.
INSERT INTO w_member (profile_id, lane) WITH RECURSIVE n(i, id) AS (SELECT 1, CAST(1000000000 AS BIGINT) UNION ALL SELECT i + 1, id + 1000000000 FROM n WHERE i < 1000) SELECT id, id FROM n;
INSERT INTO w_lane (lane, at, seq, opened_seq, whole) WITH RECURSIVE n(i, id) AS (SELECT 1, CAST(1000000000 AS BIGINT) UNION ALL SELECT i + 1, id + 1000000000 FROM n WHERE i < 1000) SELECT id, i % 100, id, id, i % 2 FROM n;
INSERT INTO w_timer (lane, due_at, enrollment_id, due_stamp, due_life) WITH RECURSIVE n(i, id) AS (SELECT 1, CAST(1000000000 AS BIGINT) UNION ALL SELECT i + 1, id + 1000000000 FROM n WHERE i < 1000) SELECT id, i % 100, id, i % 100, i % 2 FROM n;
INSERT INTO w_decided (message_id, enrollment_id, profile_id, version_id, step, visit, channel, status, reason, decided_at)
WITH RECURSIVE n(i, id) AS (SELECT 1, CAST(1000000000 AS BIGINT) UNION ALL SELECT i + 1, id + 1000000000 FROM n WHERE i < 1000)
SELECT id, id, id, 1, 1, i % 9, CASE i % 3 WHEN 0 THEN 'email' WHEN 1 THEN 'sms' ELSE 'push' END, CASE i % 4 WHEN 0 THEN 'blocked' WHEN 1 THEN 'failed' ELSE 'sent' END, NULL, i % 100 FROM n;
INSERT INTO w_walker (lane, enrollment_id, profile_id, version_id, state, step, kind, visit, at, seq, life_at, life, cause, round)
WITH RECURSIVE n(i, id) AS (SELECT 1, CAST(1000000000 AS BIGINT) UNION ALL SELECT i + 1, id + 1000000000 FROM n WHERE i < 1000)
SELECT id, id, id, 1, i % 5, 1,
    CASE i / 5 % 10 WHEN 0 THEN 'wait' WHEN 1 THEN 'listen' WHEN 2 THEN 'branch' WHEN 3 THEN 'split' WHEN 4 THEN 'update_profile' WHEN 5 THEN 'track' WHEN 6 THEN 'message' WHEN 7 THEN 'start_journey' WHEN 8 THEN 'audience' ELSE 'end' END,
    i % 9, i % 100, id, i % 100, i % 2, 'waited', i % 3 FROM n;
INSERT INTO w_doing (lane, phase, rank, entered_at, mark_seq, enrollment_id, version_id, profile_id, key, ts, at, seq, refused)
WITH RECURSIVE n(i, id) AS (SELECT 1, CAST(1000000000 AS BIGINT) UNION ALL SELECT i + 1, id + 1000000000 FROM n WHERE i < 1000)
SELECT id, i % 2, 1, i % 100, id, id, 1, id, '', i % 100, i % 100, id, CASE i % 3 WHEN 0 THEN 'reentry' WHEN 1 THEN 'already_enrolled' END FROM n;
INSERT INTO w_end (enrollment_id, lane, status, reason, at) WITH RECURSIVE n(i, id) AS (SELECT 1, CAST(1000000000 AS BIGINT) UNION ALL SELECT i + 1, id + 1000000000 FROM n WHERE i < 1000) SELECT id, id, 1 + i % 3, CASE i % 2 WHEN 0 THEN 'lifetime' END, i % 100 FROM n;
INSERT INTO w_own (lane, profile_id, name, ts, properties, hits) WITH RECURSIVE n(i, id) AS (SELECT 1, CAST(1000000000 AS BIGINT) UNION ALL SELECT i + 1, id + 1000000000 FROM n WHERE i < 1000) SELECT id, id, 'Email Sent', i % 100, '{}', i % 2 FROM n;
INSERT INTO w_try (message_id, enrollment_id, profile_id, version_id, source, step, step_id, visit, channel, channel_rank, template, marketing, at, seq, valid, reason, hold)
WITH RECURSIVE n(i, id) AS (SELECT 1, CAST(1000000000 AS BIGINT) UNION ALL SELECT i + 1, id + 1000000000 FROM n WHERE i < 1000)
SELECT id, id, id, 1, 'journey', 1, 'mail', i % 9, CASE i % 3 WHEN 0 THEN 'email' WHEN 1 THEN 'sms' ELSE 'push' END, i % 2, 'template', i % 2, i % 100, id, i % 2,
    CASE i % 3 WHEN 0 THEN 'suppressed' WHEN 1 THEN 'no_consent' END, CASE i % 3 WHEN 0 THEN i END FROM n;
INSERT INTO w_item (n, lane, seq, profile_id, at, ts, effect, touch) WITH RECURSIVE n(i, id) AS (SELECT 1, CAST(1000000000 AS BIGINT) UNION ALL SELECT i + 1, id + 1000000000 FROM n WHERE i < 1000) SELECT i / 500, id, id, id, i % 100, i % 100, i % 2, i % 2 FROM n;
INSERT INTO w_hit (seq, profile_id, rule_id, key) WITH RECURSIVE n(i, id) AS (SELECT 1, CAST(1000000000 AS BIGINT) UNION ALL SELECT i + 1, id + 1000000000 FROM n WHERE i < 1000) SELECT id, id, 1, '' FROM n;
INSERT INTO w_turn (lane, at, seq, ts, profile_id) WITH RECURSIVE n(i, id) AS (SELECT 1, CAST(1000000000 AS BIGINT) UNION ALL SELECT i + 1, id + 1000000000 FROM n WHERE i < 1000) SELECT id, i % 100, id, i % 100, id FROM n;
INSERT INTO w_todo (lane, phase, rank, entered_at, mark_seq, enrollment_id, version_id, profile_id, key, ts) WITH RECURSIVE n(i, id) AS (SELECT 1, CAST(1000000000 AS BIGINT) UNION ALL SELECT i + 1, id + 1000000000 FROM n WHERE i < 1000) SELECT id, i % 2, 1, i % 100, id, id, 1, id, '', i % 100 FROM n;
INSERT INTO w_parked (lane, depth, enrollment_id, profile_id, version_id, step, kind, visit, at, life_at) WITH RECURSIVE n(i, id) AS (SELECT 1, CAST(1000000000 AS BIGINT) UNION ALL SELECT i + 1, id + 1000000000 FROM n WHERE i < 1000) SELECT id, 1, id, id, 1, 1, 'start_journey', i % 9, i % 100, i % 100 FROM n;
INSERT INTO w_heard (lane, next, seq, received_at) WITH RECURSIVE n(i, id) AS (SELECT 1, CAST(1000000000 AS BIGINT) UNION ALL SELECT i + 1, id + 1000000000 FROM n WHERE i < 1000) SELECT id, 1, id, i % 100 FROM n;
INSERT INTO w_answer (lane, state, step, cause) WITH RECURSIVE n(i, id) AS (SELECT 1, CAST(1000000000 AS BIGINT) UNION ALL SELECT i + 1, id + 1000000000 FROM n WHERE i < 1000) SELECT id, i % 2 * 2, 1, 'branch' FROM n;
INSERT INTO w_own_turn (own_id, lane, seq, hits) WITH RECURSIVE n(i, id) AS (SELECT 1, CAST(1000000000 AS BIGINT) UNION ALL SELECT i + 1, id + 1000000000 FROM n WHERE i < 1000) SELECT id, id, id, i % 2 FROM n;
INSERT INTO w_own_hit (own_id, rule_id, key) WITH RECURSIVE n(i, id) AS (SELECT 1, CAST(1000000000 AS BIGINT) UNION ALL SELECT i + 1, id + 1000000000 FROM n WHERE i < 1000) SELECT id, 1, '' FROM n;
