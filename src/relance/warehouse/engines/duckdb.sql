-- create_loaded: One row: the last tick that was committed, and the last position of the log that was loaded.
CREATE TABLE IF NOT EXISTS loaded (tick BIGINT NOT NULL, position BIGINT NOT NULL);

-- fill_loaded: What an empty warehouse says.
INSERT INTO loaded SELECT 0, 0 WHERE NOT EXISTS (SELECT 1 FROM loaded);

-- create_events: In order of arrival, which is nearly that of time: a bound on time skips most of it.
CREATE TABLE IF NOT EXISTS events (
    profile_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    "at" BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    name VARCHAR NOT NULL,
    properties VARCHAR NOT NULL,
    position BIGINT NOT NULL,
    tick BIGINT NOT NULL,
    machine BOOLEAN NOT NULL
);

-- create_events_machine: In files that were made before the column was.
ALTER TABLE events ADD COLUMN IF NOT EXISTS machine BOOLEAN;

-- create_profile_history: A row is in force from its seq to before its until_seq.
CREATE TABLE IF NOT EXISTS profile_history (
    profile_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    until_seq BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    traits VARCHAR NOT NULL,
    user_id VARCHAR NOT NULL,
    timezone VARCHAR,
    email VARCHAR,
    email_valid BOOLEAN NOT NULL,
    phone VARCHAR,
    phone_valid BOOLEAN NOT NULL,
    push_token VARCHAR,
    created_at BIGINT NOT NULL,
    tick BIGINT NOT NULL
);

-- create_profile_now: The rows that are in force now.
CREATE OR REPLACE VIEW profile_now AS FROM profile_history WHERE until_seq >= 4611686018427387904;

-- create_consent_history: The same for each profile, channel and group.
CREATE TABLE IF NOT EXISTS consent_history (
    profile_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    until_seq BIGINT NOT NULL,
    "at" BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    channel VARCHAR NOT NULL,
    group_id VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    tick BIGINT NOT NULL
);

-- create_suppression_history: The same for each address of a channel.
CREATE TABLE IF NOT EXISTS suppression_history (
    channel VARCHAR NOT NULL,
    address VARCHAR NOT NULL,
    seq BIGINT NOT NULL,
    until_seq BIGINT NOT NULL,
    suppressed BOOLEAN NOT NULL,
    tick BIGINT NOT NULL
);

-- create_message_history: What became of messages.
CREATE TABLE IF NOT EXISTS message_history (
    profile_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    "at" BIGINT NOT NULL,
    message_id VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    step VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    tick BIGINT NOT NULL
);

-- create_journey_history: Each move of each passage through a journey.
CREATE TABLE IF NOT EXISTS journey_history (
    profile_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    "at" BIGINT NOT NULL,
    enrollment_id BIGINT NOT NULL,
    journey VARCHAR NOT NULL,
    step VARCHAR NOT NULL,
    previous VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    tick BIGINT NOT NULL
);

-- create_list_history: Who was put on which list, and taken off it.
CREATE TABLE IF NOT EXISTS list_history (
    profile_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    "at" BIGINT NOT NULL,
    list_id VARCHAR NOT NULL,
    member BOOLEAN NOT NULL,
    tick BIGINT NOT NULL
);

-- create_score_history: What predictions said of people.
CREATE TABLE IF NOT EXISTS score_history (
    profile_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    "at" BIGINT NOT NULL,
    prediction VARCHAR NOT NULL,
    score DOUBLE NOT NULL,
    category VARCHAR NOT NULL,
    tick BIGINT NOT NULL,
    place BIGINT DEFAULT 0,
    percentile DOUBLE DEFAULT -1,
    "value" DOUBLE DEFAULT -1
);

-- create_score_place: Of a warehouse that was there before the column was.
ALTER TABLE score_history ADD COLUMN IF NOT EXISTS place BIGINT DEFAULT 0;

-- create_score_percentile: The same.
ALTER TABLE score_history ADD COLUMN IF NOT EXISTS percentile DOUBLE DEFAULT -1;

-- create_score_value: The same.
ALTER TABLE score_history ADD COLUMN IF NOT EXISTS "value" DOUBLE DEFAULT -1;

-- create_segment_history: Who entered and left segments, as refreshes found; `nth` is the number of the refresh.
CREATE TABLE IF NOT EXISTS segment_history (
    profile_id BIGINT NOT NULL,
    segment VARCHAR NOT NULL,
    "at" BIGINT NOT NULL,
    entered BOOLEAN NOT NULL,
    nth BIGINT NOT NULL,
    tick BIGINT NOT NULL
);

-- create_segment_mark: How far memberships are kept: one row, or none.
CREATE TABLE IF NOT EXISTS segment_mark (nth BIGINT NOT NULL, "at" BIGINT NOT NULL, seq BIGINT NOT NULL, tick BIGINT NOT NULL);

-- create_segment_forgotten: Up to when stays that ended are forgotten: one row, or none.
CREATE TABLE IF NOT EXISTS segment_forgotten (until BIGINT NOT NULL);

-- create_kept_segments: The segments that are kept, with what they mean.
CREATE TABLE IF NOT EXISTS kept_segments (segment VARCHAR NOT NULL, body VARCHAR NOT NULL);

-- create_profile_merges: Who is another one since a tick.
CREATE TABLE IF NOT EXISTS profile_merges (merged BIGINT NOT NULL, kept BIGINT NOT NULL, tick BIGINT NOT NULL);

-- create_united: Whose rows, as they were before the last tick with a merge, are kept beside them, so that it can be taken back.
CREATE TABLE IF NOT EXISTS united (profile_id BIGINT NOT NULL, tick BIGINT NOT NULL);

-- create_united_events: The same of events.
CREATE TABLE IF NOT EXISTS united_events AS FROM events LIMIT 0;

-- create_united_profile_history: The same of profile_history.
CREATE TABLE IF NOT EXISTS united_profile_history AS FROM profile_history LIMIT 0;

-- create_united_consent_history: The same of consent_history.
CREATE TABLE IF NOT EXISTS united_consent_history AS FROM consent_history LIMIT 0;

-- create_united_message_history: The same of message_history.
CREATE TABLE IF NOT EXISTS united_message_history AS FROM message_history LIMIT 0;

-- create_united_journey_history: The same of journey_history.
CREATE TABLE IF NOT EXISTS united_journey_history AS FROM journey_history LIMIT 0;

-- create_united_list_history: The same of list_history.
CREATE TABLE IF NOT EXISTS united_list_history AS FROM list_history LIMIT 0;

-- create_united_score_history: The same of score_history.
CREATE TABLE IF NOT EXISTS united_score_history AS FROM score_history LIMIT 0;

-- create_united_score_place: Of a warehouse that was there before the column was.
ALTER TABLE united_score_history ADD COLUMN IF NOT EXISTS place BIGINT DEFAULT 0;

-- create_united_score_percentile: The same.
ALTER TABLE united_score_history ADD COLUMN IF NOT EXISTS percentile DOUBLE DEFAULT -1;

-- create_united_score_value: The same.
ALTER TABLE united_score_history ADD COLUMN IF NOT EXISTS "value" DOUBLE DEFAULT -1;

-- note_merge: Who is another one.
INSERT INTO profile_merges VALUES (?, ?, ?);

-- erase_address: What was said about an address that nobody has any more.
DELETE FROM suppression_history WHERE channel = ? AND address = ?;

-- define_value_key: The JSON text at a key; names with quotes go by JSON pointer.
CREATE OR REPLACE MACRO value_key(json, key) AS CAST(json_extract(json,
    CASE WHEN contains(key, '"') OR contains(key, chr(92)) THEN '/' || replace(replace(key, '~', '~0'), '/', '~1') ELSE '$."' || key || '"' END) AS VARCHAR);

-- define_value_inside: The JSON text at a key of the object at a key.
CREATE OR REPLACE MACRO value_inside(json, outer_key, inner_key) AS CAST(json_extract(json, '/' || replace(replace(outer_key, '~', '~0'), '/', '~1')
    || '/' || replace(replace(inner_key, '~', '~0'), '/', '~1')) AS VARCHAR);

-- define_value_keys: The JSON texts at some keys, in their order.
CREATE OR REPLACE MACRO value_keys(json, keys) AS CAST(json_extract(json, list_transform(keys, lambda key:
    CASE WHEN contains(key, '"') OR contains(key, chr(92)) THEN '/' || replace(replace(key, '~', '~0'), '/', '~1') ELSE '$."' || key || '"' END)) AS VARCHAR[]);

-- define_value_items: The JSON texts of a list.
CREATE OR REPLACE MACRO value_items(json) AS CAST(json_extract(json, '$[*]') AS VARCHAR[]);

-- define_value_text: The text of a JSON text.
CREATE OR REPLACE MACRO value_text(json) AS CASE WHEN starts_with(json, '"') THEN json_extract_string(json, '$') END;

-- define_value_number: No JSON text of another type is a number to DuckDB.
CREATE OR REPLACE MACRO value_number(json) AS TRY_CAST(json AS DOUBLE);

-- define_value_integer: Exactly, of 64 bits.
CREATE OR REPLACE MACRO value_integer(json) AS CASE WHEN regexp_full_match(json, '-?[0-9]{1,20}')
    AND TRY_CAST(json AS DECIMAL(38, 0)) BETWEEN -9223372036854775808 AND 18446744073709551615 THEN CAST(json AS DECIMAL(38, 0)) END;

-- define_value_millionths: Half up; beyond 10^20 it is 10^20.
CREATE OR REPLACE MACRO value_millionths(json) AS CASE
    WHEN regexp_full_match(json, '-?[0-9]{1,20}') THEN CAST(json AS DECIMAL(38, 0)) * 1000000
    WHEN TRY_CAST(json AS DOUBLE) IS NOT NULL
        THEN CAST(greatest(least(floor(TRY_CAST(json AS DOUBLE) * 1e6 + 0.5), 1e26), -1e26) AS DECIMAL(38, 0)) END;

-- define_value_identity: 1 and 1.0 are one, 1 and "1" are two.
CREATE OR REPLACE MACRO value_identity(json) AS CASE
    WHEN starts_with(json, '"') OR TRY_CAST(json AS DOUBLE) IS NULL OR regexp_full_match(json, '-?[1-9][0-9]{0,18}') THEN json
    WHEN abs(TRY_CAST(json AS DOUBLE)) < 1.8e19 AND floor(TRY_CAST(json AS DOUBLE)) = TRY_CAST(json AS DOUBLE)
        THEN CAST(CAST(TRY_CAST(json AS DOUBLE) AS HUGEINT) AS VARCHAR)
    ELSE CAST(TRY_CAST(json AS DOUBLE) AS VARCHAR) END;

-- define_bucket_of: A salted hash.
CREATE OR REPLACE MACRO bucket_of(salt, user_id) AS
    CAST(CAST('0x' || left(sha256('bucket:' || salt || chr(31) || user_id), 16) AS UBIGINT) % 10000 AS BIGINT);

-- define_day_of: The day of an instant in UTC; those beyond the calendar at its ends.
CREATE OR REPLACE MACRO day_of(instant) AS CAST(make_timestamp(greatest(least(instant, 253000000000000000), -62000000000000000)) AS DATE);

-- define_near_anniversary: The day of the year, three days of zones and leap years aside. A text that does not begin with a date is none.
CREATE OR REPLACE MACRO near_anniversary(json, instant, length) AS coalesce(
    (dayofyear(TRY_CAST(json[2:11] AS DATE)) - dayofyear(day_of(instant)) + 3 + 732) % 366 <= length // 86400000000 + 7, false);

-- define_near_dates: Days as texts sort like days; two days of zones aside.
CREATE OR REPLACE MACRO near_dates(json, low, high) AS coalesce(
    json[2:11] BETWEEN CAST(day_of(low) - 2 AS VARCHAR) AND CAST(day_of(high) + 2 AS VARCHAR), false);

-- define_surely_before: The same of a valid date alone.
CREATE OR REPLACE MACRO surely_before(json, instant) AS coalesce(regexp_full_match(json, '"[0-9]{4}-[0-9]{2}-[0-9]{2}"')
    AND TRY_CAST(json[2:11] AS DATE) IS NOT NULL AND json[2:11] < CAST(day_of(instant) - 2 AS VARCHAR), false);

-- define_by_machine: What the clause {path: machine, op: eq, value: true} says.
CREATE OR REPLACE MACRO by_machine(json) AS CASE WHEN contains(json, '"machine"') THEN coalesce(
    value_key(json, 'machine') = 'true' OR list_contains(value_items(value_key(json, 'machine')), 'true'), false) ELSE false END;

-- fill_machine: Of rows that were there before the column was.
UPDATE events SET machine = by_machine(properties) WHERE machine IS NULL;

-- save_loaded: What this tick loaded.
UPDATE loaded SET tick = ?, position = greatest(position, ?);

-- last_tick: The last tick.
SELECT tick FROM loaded;

-- position: The last position.
SELECT position FROM loaded;

-- insert_events: A batch in which nothing says who made it.
INSERT INTO events SELECT *, false FROM batch;

-- insert_marked_events: A batch in which something does; to plan this takes two milliseconds more.
INSERT INTO events SELECT *, by_machine(properties) FROM batch;

-- end_profiles: The rows in force of these profiles end where the new ones begin.
UPDATE profile_history SET until_seq = b.seq FROM (SELECT profile_id, min(seq) AS seq FROM batch GROUP BY 1) AS b
WHERE profile_history.profile_id = b.profile_id AND profile_history.until_seq = 4611686018427387904;

-- insert_profile_history: A batch.
INSERT INTO profile_history SELECT * FROM batch;

-- end_consents: The same for consent.
UPDATE consent_history SET until_seq = b.seq FROM (SELECT profile_id, channel, group_id, min(seq) AS seq FROM batch GROUP BY 1, 2, 3) AS b
WHERE consent_history.profile_id = b.profile_id AND consent_history.channel = b.channel AND consent_history.group_id = b.group_id
    AND consent_history.until_seq = 4611686018427387904;

-- insert_consent_history: A batch.
INSERT INTO consent_history SELECT * FROM batch;

-- end_suppressions: The same for suppression.
UPDATE suppression_history SET until_seq = b.seq FROM (SELECT channel, address, min(seq) AS seq FROM batch GROUP BY 1, 2) AS b
WHERE suppression_history.channel = b.channel AND suppression_history.address = b.address
    AND suppression_history.until_seq = 4611686018427387904;

-- insert_suppression_history: A batch.
INSERT INTO suppression_history SELECT * FROM batch;

-- insert_message_history: A batch.
INSERT INTO message_history SELECT * FROM batch;

-- insert_journey_history: A batch.
INSERT INTO journey_history SELECT * FROM batch;

-- insert_list_history: A batch.
INSERT INTO list_history SELECT * FROM batch;

-- insert_score_history: A batch.
INSERT INTO score_history SELECT * FROM batch;

-- drop_merged_states: States of merged profiles from where the kept one has its own.
DELETE FROM profile_history USING (
    SELECT b.merged, min(h.seq) AS since FROM batch AS b JOIN profile_history AS h ON h.profile_id = b.kept GROUP BY 1
) AS k WHERE profile_history.profile_id = k.merged AND profile_history.seq >= k.since;

-- unite_events: All rows carry the kept id.
UPDATE events SET profile_id = b.kept FROM batch AS b WHERE events.profile_id = b.merged;

-- unite_profile_history: All rows carry the kept id.
UPDATE profile_history SET profile_id = b.kept FROM batch AS b WHERE profile_history.profile_id = b.merged;

-- unite_consent_history: All rows carry the kept id.
UPDATE consent_history SET profile_id = b.kept FROM batch AS b WHERE consent_history.profile_id = b.merged;

-- unite_message_history: All rows carry the kept id.
UPDATE message_history SET profile_id = b.kept FROM batch AS b WHERE message_history.profile_id = b.merged;

-- unite_journey_history: All rows carry the kept id.
UPDATE journey_history SET profile_id = b.kept FROM batch AS b WHERE journey_history.profile_id = b.merged;

-- unite_list_history: All rows carry the kept id.
UPDATE list_history SET profile_id = b.kept FROM batch AS b WHERE list_history.profile_id = b.merged;

-- unite_score_history: All rows carry the kept id.
UPDATE score_history SET profile_id = b.kept FROM batch AS b WHERE score_history.profile_id = b.merged;

-- link_profile_history: From when to when the rows of these profiles are in force, anew.
UPDATE profile_history SET until_seq = h.until FROM (
    SELECT p.rowid AS row, lead(p.seq, 1, 4611686018427387904) OVER (PARTITION BY p.profile_id ORDER BY p.seq, p.rowid) AS until
    FROM profile_history AS p WHERE p.profile_id IN (SELECT profile_id FROM touched)
) AS h WHERE profile_history.rowid = h.row AND profile_history.until_seq <> h.until;

-- link_consent_history: The same for consent.
UPDATE consent_history SET until_seq = h.until FROM (
    SELECT c.rowid AS row, lead(c.seq, 1, 4611686018427387904) OVER (
        PARTITION BY c.profile_id, c.channel, c.group_id ORDER BY c.seq, c.rowid) AS until
    FROM consent_history AS c WHERE c.profile_id IN (SELECT profile_id FROM touched)
) AS h WHERE consent_history.rowid = h.row AND consent_history.until_seq <> h.until;

-- link_suppression_history: The same for suppression.
UPDATE suppression_history SET until_seq = h.until FROM (
    SELECT s.rowid AS row, lead(s.seq, 1, 4611686018427387904) OVER (PARTITION BY s.channel, s.address ORDER BY s.seq, s.rowid) AS until
    FROM suppression_history AS s
) AS h WHERE suppression_history.rowid = h.row AND suppression_history.until_seq <> h.until;

-- touched_after: The profiles that later ticks wrote of.
CREATE OR REPLACE TEMP TABLE touched AS
SELECT DISTINCT profile_id FROM profile_history WHERE tick > ? UNION SELECT DISTINCT profile_id FROM consent_history WHERE tick > ?
UNION SELECT profile_id FROM united;

-- merges_lost: Whether merges would have to be taken back of which nothing is kept.
SELECT count(*) FROM profile_merges WHERE tick > $tick AND tick NOT IN (SELECT tick FROM united);

-- unites_after: Whether there are some of which all is kept.
SELECT count(*) FROM united WHERE tick > ?;

-- touched_by_merge: The profiles that were kept.
CREATE OR REPLACE TEMP TABLE touched AS SELECT DISTINCT kept AS profile_id FROM batch;

-- reload: What is left after forgetting.
UPDATE loaded SET tick = ?, position = (SELECT coalesce(max(position), 0) FROM events);

-- seq_known_at: The last thing received by an instant.
SELECT greatest(
    (SELECT coalesce(max(seq), 0) FROM events WHERE received_at <= $at),
    (SELECT coalesce(max(seq), 0) FROM profile_history WHERE received_at <= $at),
    (SELECT coalesce(max(seq), 0) FROM consent_history WHERE received_at <= $at));

-- find_profiles: Who carries an id now.
SELECT profile_id FROM profile_history WHERE user_id = ? AND until_seq = 4611686018427387904 ORDER BY profile_id;

-- events_of: All events of some profiles, in order.
SELECT profile_id, seq, "at", received_at, name, properties, position, tick FROM events WHERE profile_id IN (SELECT unnest(?)) ORDER BY seq;

-- states_of: All states of some profiles, in order.
SELECT profile_id, seq, received_at, traits, user_id, timezone, email, email_valid, phone, phone_valid, push_token, created_at, tick
FROM profile_history WHERE profile_id IN (SELECT unnest(?)) ORDER BY seq, rowid;

-- states_at: The state in force of each of some profiles at a place in the order of events. The bounds prune the scan.
SELECT profile_id, seq, received_at, traits, user_id, timezone, email, email_valid, phone, phone_valid, push_token, created_at, tick
FROM profile_history WHERE profile_id IN (SELECT unnest($ids)) AND profile_id BETWEEN $low AND $high
    AND seq <= $seq AND until_seq > $seq ORDER BY profile_id;

-- consents_of: All consent changes of some profiles, in order.
SELECT profile_id, seq, "at", received_at, channel, group_id, state, tick
FROM consent_history WHERE profile_id IN (SELECT unnest(?)) ORDER BY seq, rowid;

-- suppressions_of: What was ever said about some addresses, in order.
SELECT channel, address, seq, suppressed, tick FROM suppression_history WHERE address IN (SELECT unnest(?)) ORDER BY seq, rowid;

-- message_history_of: What became of the messages of some profiles, in order.
SELECT profile_id, seq, "at", message_id, source, step, status, tick FROM message_history WHERE profile_id IN (SELECT unnest(?)) ORDER BY seq, rowid;

-- journey_history_of: All moves of some profiles, in order.
SELECT profile_id, seq, "at", enrollment_id, journey, step, previous, state, tick
FROM journey_history WHERE profile_id IN (SELECT unnest(?)) ORDER BY seq, rowid;

-- list_history_of: When some profiles were put on lists and taken off, in order.
SELECT profile_id, seq, "at", list_id, member, tick FROM list_history WHERE profile_id IN (SELECT unnest(?)) ORDER BY seq, rowid;

-- score_history_of: All scores of some profiles, in order.
SELECT profile_id, seq, "at", prediction, score, category, tick, place, percentile, "value" FROM score_history WHERE profile_id IN (SELECT unnest(?)) ORDER BY seq, rowid;
