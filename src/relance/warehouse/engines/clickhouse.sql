-- create_loaded: One row a tick that was committed.
CREATE TABLE IF NOT EXISTS loaded (tick Int64, position Int64) ENGINE = MergeTree ORDER BY tick;

-- create_events: By name and time, as conditions ask. The profile is no part of the key: a merge changes it.
CREATE TABLE IF NOT EXISTS events (
    profile_id Int64, seq Int64, at Int64, received_at Int64, name LowCardinality(String), properties String, position Int64, tick Int64
) ENGINE = MergeTree ORDER BY (name, at, seq);

-- create_events_machine: What the clause {path: machine, op: eq, value: true} says; also of rows that were there before the column was.
ALTER TABLE events ADD COLUMN IF NOT EXISTS machine Bool MATERIALIZED position(properties, '"machine"') > 0
    AND (JSONExtractRaw(properties, 'machine') = 'true' OR has(JSONExtractArrayRaw(properties, 'machine'), 'true'));

-- create_profile_rows: `nth` tells rows of one seq apart.
CREATE TABLE IF NOT EXISTS profile_rows (
    profile_id Int64, seq Int64, received_at Int64, traits String, user_id String, timezone Nullable(String), email Nullable(String),
    email_valid Bool, phone Nullable(String), phone_valid Bool, push_token Nullable(String), created_at Int64, tick Int64, nth Int64
) ENGINE = MergeTree ORDER BY (tick, nth);

-- create_consent_rows: The same for consent.
CREATE TABLE IF NOT EXISTS consent_rows (
    profile_id Int64, seq Int64, at Int64, received_at Int64, channel LowCardinality(String), group_id String, state LowCardinality(String),
    tick Int64, nth Int64
) ENGINE = MergeTree ORDER BY (tick, nth);

-- create_suppression_rows: The same for suppression.
CREATE TABLE IF NOT EXISTS suppression_rows (
    channel LowCardinality(String), address String, seq Int64, suppressed Bool, tick Int64, nth Int64
) ENGINE = MergeTree ORDER BY (tick, nth);

-- create_message_history: What became of messages.
CREATE TABLE IF NOT EXISTS message_history (
    profile_id Int64, seq Int64, at Int64, message_id String, source LowCardinality(String), step LowCardinality(String),
    status LowCardinality(String), tick Int64
) ENGINE = MergeTree ORDER BY (source, step, at);

-- create_journey_history: Each move of each passage through a journey.
CREATE TABLE IF NOT EXISTS journey_history (
    profile_id Int64, seq Int64, at Int64, enrollment_id Int64, journey LowCardinality(String), step LowCardinality(String),
    previous LowCardinality(String), state LowCardinality(String), tick Int64
) ENGINE = MergeTree ORDER BY (journey, at);

-- create_list_history: Who was put on which list, and taken off it.
CREATE TABLE IF NOT EXISTS list_history (
    profile_id Int64, seq Int64, at Int64, list_id LowCardinality(String), member Bool, tick Int64
) ENGINE = MergeTree ORDER BY (list_id, at);

-- create_score_history: What predictions said of people.
CREATE TABLE IF NOT EXISTS score_history (
    profile_id Int64, seq Int64, at Int64, prediction LowCardinality(String), score Float64, category LowCardinality(String), tick Int64,
    place Int64 DEFAULT 0, percentile Float64 DEFAULT -1, value Float64 DEFAULT -1
) ENGINE = MergeTree ORDER BY (prediction, at);

-- create_score_places: Of a warehouse that was there before the columns were.
ALTER TABLE score_history ADD COLUMN IF NOT EXISTS place Int64 DEFAULT 0, ADD COLUMN IF NOT EXISTS percentile Float64 DEFAULT -1,
    ADD COLUMN IF NOT EXISTS value Float64 DEFAULT -1;

-- create_segment_history: Who entered and left segments, as refreshes found; `nth` is the number of the refresh.
CREATE TABLE IF NOT EXISTS segment_history (
    profile_id Int64, segment LowCardinality(String), at Int64, entered Bool, nth Int64, tick Int64
) ENGINE = MergeTree ORDER BY (segment, profile_id, nth);

-- create_segment_mark: How far memberships are kept: the last row.
CREATE TABLE IF NOT EXISTS segment_mark (nth Int64, at Int64, seq Int64, tick Int64) ENGINE = MergeTree ORDER BY nth;

-- create_segment_forgotten: Up to when stays that ended are forgotten: the last row.
CREATE TABLE IF NOT EXISTS segment_forgotten (until Int64) ENGINE = MergeTree ORDER BY until;

-- create_kept_segments: The segments that are kept, with what they mean.
CREATE TABLE IF NOT EXISTS kept_segments (segment String, body String) ENGINE = MergeTree ORDER BY segment;

-- create_profile_merges: Who is another one since a tick.
CREATE TABLE IF NOT EXISTS profile_merges (merged Int64, kept Int64, tick Int64) ENGINE = MergeTree ORDER BY tick;

-- create_united: Whose rows, as they were before the last tick with a merge, are kept beside them, so that it can be taken back.
CREATE TABLE IF NOT EXISTS united (profile_id Int64, tick Int64) ENGINE = MergeTree ORDER BY tick;

-- create_united_events: The same of events.
CREATE TABLE IF NOT EXISTS united_events AS events;

-- create_united_profile_rows: The same of profile_rows.
CREATE TABLE IF NOT EXISTS united_profile_rows AS profile_rows;

-- create_united_consent_rows: The same of consent_rows.
CREATE TABLE IF NOT EXISTS united_consent_rows AS consent_rows;

-- create_united_message_history: The same of message_history.
CREATE TABLE IF NOT EXISTS united_message_history AS message_history;

-- create_united_journey_history: The same of journey_history.
CREATE TABLE IF NOT EXISTS united_journey_history AS journey_history;

-- create_united_list_history: The same of list_history.
CREATE TABLE IF NOT EXISTS united_list_history AS list_history;

-- create_united_score_history: The same of score_history.
CREATE TABLE IF NOT EXISTS united_score_history AS score_history;

-- create_united_score_places: Of a warehouse that was there before the columns were.
ALTER TABLE united_score_history ADD COLUMN IF NOT EXISTS place Int64 DEFAULT 0, ADD COLUMN IF NOT EXISTS percentile Float64 DEFAULT -1,
    ADD COLUMN IF NOT EXISTS value Float64 DEFAULT -1;

-- create_profile_history: A row is in force from its seq to before its until_seq.
CREATE OR REPLACE VIEW profile_history AS SELECT *, leadInFrame(seq, 1, toInt64(4611686018427387904)) OVER (
    PARTITION BY profile_id ORDER BY seq, tick, nth ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS until_seq FROM profile_rows;

-- create_profile_now: The rows that are in force now. A tuple, because `argMax` passes over what is missing.
CREATE OR REPLACE VIEW profile_now AS SELECT profile_id, argMax(p.seq, (p.seq, p.tick, p.nth)) AS seq, toInt64(4611686018427387904) AS until_seq,
    argMax(p.traits, (p.seq, p.tick, p.nth)) AS traits, argMax(p.user_id, (p.seq, p.tick, p.nth)) AS user_id,
    argMax(tuple(p.timezone), (p.seq, p.tick, p.nth)).1 AS timezone, argMax(tuple(p.email), (p.seq, p.tick, p.nth)).1 AS email,
    argMax(p.email_valid, (p.seq, p.tick, p.nth)) AS email_valid, argMax(tuple(p.phone), (p.seq, p.tick, p.nth)).1 AS phone,
    argMax(p.phone_valid, (p.seq, p.tick, p.nth)) AS phone_valid, argMax(tuple(p.push_token), (p.seq, p.tick, p.nth)).1 AS push_token
FROM profile_rows AS p GROUP BY profile_id;

-- create_consent_history: The same for each profile, channel and group.
CREATE OR REPLACE VIEW consent_history AS SELECT *, leadInFrame(seq, 1, toInt64(4611686018427387904)) OVER (
    PARTITION BY profile_id, channel, group_id ORDER BY seq, tick, nth ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS until_seq
FROM consent_rows;

-- create_suppression_history: The same for each address of a channel.
CREATE OR REPLACE VIEW suppression_history AS SELECT *, leadInFrame(seq, 1, toInt64(4611686018427387904)) OVER (
    PARTITION BY channel, address ORDER BY seq, tick, nth ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS until_seq
FROM suppression_rows;

-- define_value_key: '' when there is none.
CREATE OR REPLACE FUNCTION value_key AS (json, key) -> JSONExtractRaw(ifNull(json, ''), key);

-- define_value_inside: The JSON text at a key of the object at a key.
CREATE OR REPLACE FUNCTION value_inside AS (json, outer_key, inner_key) -> JSONExtractRaw(ifNull(json, ''), outer_key, inner_key);

-- define_value_keys: Some of them, in their order.
CREATE OR REPLACE FUNCTION value_keys AS (json, keys) -> arrayMap(key -> JSONExtractRaw(ifNull(json, ''), key), keys);

-- define_value_items: The JSON texts of a list.
CREATE OR REPLACE FUNCTION value_items AS (json) -> JSONExtractArrayRaw(ifNull(json, ''));

-- define_value_text: The text of a JSON text.
CREATE OR REPLACE FUNCTION value_text AS (json) -> if(startsWith(ifNull(json, ''), '"'), JSONExtractString(ifNull(json, '')), NULL);

-- define_value_number: The first character tells a number.
CREATE OR REPLACE FUNCTION value_number AS (json) -> if(match(ifNull(json, ''), '^[-0-9]'), JSONExtractFloat(ifNull(json, '')), NULL);

-- define_value_integer: Exactly, of 64 bits.
CREATE OR REPLACE FUNCTION value_integer AS (json) -> if(match(ifNull(json, ''), '^-?[0-9]{1,20}$')
    AND toInt128OrZero(ifNull(json, '')) BETWEEN toInt128('-9223372036854775808') AND toInt128('18446744073709551615'),
    toDecimal128OrNull(ifNull(json, ''), 0), NULL);

-- define_value_millionths: Half up; beyond 10^20 it is 10^20.
CREATE OR REPLACE FUNCTION value_millionths AS (json) -> multiIf(
    match(ifNull(json, ''), '^-?[0-9]{1,20}$'), toDecimal128OrNull(ifNull(json, ''), 0) * toDecimal128(1000000, 0),
    match(ifNull(json, ''), '^[-0-9]'), toDecimal128OrNull(toString(toInt128(greatest(least(floor(JSONExtractFloat(ifNull(json, '')) * 1e6 + 0.5), 1e26), -1e26))), 0),
    NULL);

-- define_value_identity: 1 and 1.0 are one, 1 and "1" are two.
CREATE OR REPLACE FUNCTION value_identity AS (json) -> multiIf(
    NOT match(ifNull(json, ''), '^[-0-9]') OR match(ifNull(json, ''), '^-?[1-9][0-9]{0,18}$'), ifNull(json, ''),
    abs(JSONExtractFloat(ifNull(json, ''))) < 1.8e19 AND floor(JSONExtractFloat(ifNull(json, ''))) = JSONExtractFloat(ifNull(json, '')),
    toString(toInt128(JSONExtractFloat(ifNull(json, '')))),
    toString(JSONExtractFloat(ifNull(json, ''))));

-- define_casefold: Full case folding.
CREATE OR REPLACE FUNCTION casefold AS (text) -> caseFoldUTF8(text);

-- define_bucket_of: A salted hash.
CREATE OR REPLACE FUNCTION bucket_of AS (salt, user_id) ->
    toInt64(reinterpretAsUInt64(reverse(substring(SHA256(concat('bucket:', salt, char(31), user_id)), 1, 8))) % 10000);

-- last_tick: The last tick.
SELECT max(tick) FROM loaded;

-- position: The last position.
SELECT max(position) FROM loaded;

-- drop_merged_states: States of merged profiles from where the kept one has its own.
ALTER TABLE profile_rows DELETE WHERE profile_id = {merged:Int64}
    AND seq >= (SELECT if(count() = 0, 4611686018427387904, min(seq)) FROM profile_rows WHERE profile_id = {kept:Int64});

-- unite: All rows of a table carry the kept id.
ALTER TABLE {table:Identifier} UPDATE profile_id = {kept:Int64} WHERE profile_id = {merged:Int64};

-- keep_united: The rows of some profiles, as they were before a tick.
INSERT INTO {kept:Identifier} SELECT * FROM {table:Identifier} WHERE profile_id IN {ids:Array(Int64)} AND tick < {tick:Int64};

-- drop_united: Those to whom rows were given, or whose rows were.
ALTER TABLE {table:Identifier} DELETE WHERE profile_id IN (SELECT profile_id FROM united);

-- restore_united: Their rows as they were.
INSERT INTO {table:Identifier} SELECT * FROM {kept:Identifier};

-- empty: Nothing is kept any more.
TRUNCATE TABLE {table:Identifier};

-- erase_people: All rows of some people.
ALTER TABLE {table:Identifier} DELETE WHERE profile_id IN {ids:Array(Int64)};

-- erase_address: What was said about an address that nobody has any more.
ALTER TABLE suppression_rows DELETE WHERE channel = {channel:String} AND address = {address:String};

-- newest: The last tick that a table has rows of.
SELECT max(tick) FROM {table:Identifier};

-- united: Whose rows are kept, and of which tick.
SELECT profile_id, tick FROM united;

-- merges_lost: Whether merges would have to be taken back of which nothing is kept.
SELECT count() FROM profile_merges WHERE tick > {tick:Int64} AND tick NOT IN (SELECT tick FROM united);

-- forget: What later ticks brought to a table.
ALTER TABLE {table:Identifier} DELETE WHERE tick > {tick:Int64};

-- seq_known_at: The last thing received by an instant.
SELECT greatest(
    (SELECT max(seq) FROM events WHERE received_at <= {at:Int64}),
    (SELECT max(seq) FROM profile_rows WHERE received_at <= {at:Int64}),
    (SELECT max(seq) FROM consent_rows WHERE received_at <= {at:Int64}));

-- find_profiles: Who carries an id now.
SELECT profile_id FROM profile_history WHERE user_id = {user_id:String} AND until_seq = 4611686018427387904 ORDER BY profile_id;

-- events_of: All events of some profiles, in order.
SELECT profile_id, seq, at, received_at, name, properties, position, tick FROM events WHERE profile_id IN {ids:Array(Int64)} ORDER BY seq;

-- states_of: All states of some profiles, in order.
SELECT profile_id, seq, received_at, traits, user_id, timezone, email, email_valid, phone, phone_valid, push_token, created_at, tick
FROM profile_rows WHERE profile_id IN {ids:Array(Int64)} ORDER BY seq, tick, nth;

-- states_at: The state in force of each of some profiles at a place in the order of events. The bounds prune the scan.
SELECT profile_id, seq, received_at, traits, user_id, timezone, email, email_valid, phone, phone_valid, push_token, created_at, tick
FROM profile_history WHERE profile_id IN {ids:Array(Int64)} AND profile_id BETWEEN {low:Int64} AND {high:Int64}
    AND seq <= {seq:Int64} AND until_seq > {seq:Int64} ORDER BY profile_id;

-- consents_of: All consent changes of some profiles, in order.
SELECT profile_id, seq, at, received_at, channel, group_id, state, tick
FROM consent_rows WHERE profile_id IN {ids:Array(Int64)} ORDER BY seq, tick, nth;

-- suppressions_of: What was ever said about some addresses, in order.
SELECT channel, address, seq, suppressed, tick FROM suppression_rows WHERE address IN {addresses:Array(String)} ORDER BY seq, tick, nth;

-- message_history_of: What became of the messages of some profiles, in order.
SELECT profile_id, seq, at, message_id, source, step, status, tick FROM message_history WHERE profile_id IN {ids:Array(Int64)} ORDER BY seq;

-- journey_history_of: All moves of some profiles, in order.
SELECT profile_id, seq, at, enrollment_id, journey, step, previous, state, tick
FROM journey_history WHERE profile_id IN {ids:Array(Int64)} ORDER BY seq;

-- list_history_of: When some profiles were put on lists and taken off, in order.
SELECT profile_id, seq, at, list_id, member, tick FROM list_history WHERE profile_id IN {ids:Array(Int64)} ORDER BY seq;

-- score_history_of: All scores of some profiles, in order.
SELECT profile_id, seq, at, prediction, score, category, tick, place, percentile, value FROM score_history WHERE profile_id IN {ids:Array(Int64)} ORDER BY seq;
