-- make_events: What was read of events, as it was told; places in the order of arrival come later.
CREATE TABLE IF NOT EXISTS s_events (profile_id BIGINT, seq BIGINT, "at" BIGINT, received_at BIGINT, name VARCHAR, properties VARCHAR);

-- make_states: What was read of people's traits.
CREATE TABLE IF NOT EXISTS s_states (profile_id BIGINT, seq BIGINT, received_at BIGINT, traits VARCHAR, user_id VARCHAR, timezone VARCHAR,
    email VARCHAR, email_valid BOOLEAN, phone VARCHAR, phone_valid BOOLEAN, push_token VARCHAR, created_at BIGINT);

-- make_consents: What was read of consent.
CREATE TABLE IF NOT EXISTS s_consents (profile_id BIGINT, seq BIGINT, "at" BIGINT, received_at BIGINT, channel VARCHAR, group_id VARCHAR, state VARCHAR);

-- make_suppressions: Who gets nothing any more, since when.
CREATE TABLE IF NOT EXISTS s_suppressions (channel VARCHAR, address VARCHAR, seq BIGINT, received_at BIGINT, suppressed BOOLEAN);

-- make_scores: What predictions said.
CREATE TABLE IF NOT EXISTS s_scores (profile_id BIGINT, seq BIGINT, "at" BIGINT, prediction VARCHAR, score DOUBLE, category VARCHAR, place BIGINT, percentile DOUBLE, "value" DOUBLE);

-- make_merged: Profiles that became part of others.
CREATE TABLE IF NOT EXISTS s_merged (profile_id BIGINT, kept_id BIGINT, user_id VARCHAR);

-- make_apart: People whose past can not be cut in two as it stands here: they are lived again from their first call on.
CREATE TABLE IF NOT EXISTS s_apart (profile_id BIGINT);

-- make_requests: Requests to start, of sources that may ask.
CREATE TABLE IF NOT EXISTS s_trusted (seq BIGINT);

-- make_calls: The calls of those people, as the log has them.
CREATE TABLE IF NOT EXISTS s_calls (seq BIGINT, received_at BIGINT, call BLOB);

-- note_unordered: Whose rows did not come in the order of arrival, as by an import.
INSERT INTO s_apart
SELECT DISTINCT profile_id FROM (
    SELECT profile_id, received_at < max(received_at) OVER (
        PARTITION BY profile_id ORDER BY seq, received_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS back
    FROM (SELECT profile_id, seq, received_at FROM s_states UNION ALL SELECT profile_id, seq, received_at FROM s_consents)
) WHERE back;

-- note_merged: Who was another before, and may have been when the time began that is lived again.
INSERT INTO s_apart
SELECT DISTINCT m.kept_id FROM s_merged m JOIN s_states s ON s.profile_id = m.kept_id AND s.received_at >= $start;

-- note_told_again: Whose traits were told while a journey changes them, too.
INSERT INTO s_apart
SELECT DISTINCT profile_id FROM s_states WHERE received_at >= $start AND seq % 1048576 = 0;

-- apart: Those people.
SELECT DISTINCT profile_id FROM s_apart ORDER BY profile_id;

-- positions: Of their calls, as far as they changed anything or have a name.
SELECT DISTINCT seq // 1048576 AS position FROM (
    SELECT profile_id, seq FROM s_states UNION ALL SELECT profile_id, seq FROM s_consents
) WHERE seq % 1048576 = 0 AND profile_id IN (SELECT profile_id FROM s_apart);

-- place: All that was read, in the order in which it arrived.
CREATE OR REPLACE TABLE s_places AS
SELECT received_at, seq, row_number() OVER (ORDER BY received_at, seq) AS place FROM (
    SELECT received_at, seq FROM s_events UNION SELECT received_at, seq FROM s_states UNION SELECT received_at, seq FROM s_consents
    UNION SELECT received_at, seq FROM s_suppressions UNION SELECT received_at, seq FROM s_calls);

-- drop_apart_states: Those people come anew.
DELETE FROM s_states WHERE profile_id IN (SELECT profile_id FROM s_apart);

-- drop_apart_consents: Those people come anew.
DELETE FROM s_consents WHERE profile_id IN (SELECT profile_id FROM s_apart);

-- drop_apart_events: Of them, what the engine said itself stays.
DELETE FROM s_events WHERE seq % 1048576 = 0 AND profile_id IN (SELECT profile_id FROM s_apart);

-- drop_remade: What the engine said of what runs here, and made of other events: it does so again.
DELETE FROM s_events WHERE received_at >= $start AND seq % 1048576 <> 0
    AND (list_contains($derived, name) OR name IN ('Segment Entered', 'Segment Left')
        OR (contains(properties, '"journey"') AND list_contains($journeys, json_extract_string(properties, '$.journey'))));

-- drop_others_requests: Of requests to start, those of other journeys, or of sources that may not ask.
DELETE FROM s_events WHERE received_at >= $start AND name = 'Journey Requested'
    AND (coalesce(json_extract_string(properties, '$.journey'), '') <> $journey OR seq NOT IN (SELECT seq FROM s_trusted));

-- put_events: What conditions look at, and the engine does not see pass.
INSERT INTO events
SELECT e.profile_id, p.place * 1048576, e."at", e.received_at, e.name, e.properties, p.place, 0, by_machine(e.properties)
FROM s_events e JOIN s_places p ON p.received_at = e.received_at AND p.seq = e.seq
WHERE e.received_at < $start OR NOT ($all_names OR list_contains($names, e.name))
    OR (e.profile_id, e.received_at, e.seq) IN (SELECT (profile_id, received_at, seq) FROM s_idle)
ORDER BY p.place;

-- put_states: How people were when the time began.
INSERT INTO profile_history
SELECT s.profile_id, p.place * 1048576, 4611686018427387904, s.received_at, s.traits, s.user_id, s.timezone, s.email, s.email_valid, s.phone,
    s.phone_valid, s.push_token, s.created_at, 0
FROM (SELECT *, row_number() OVER (PARTITION BY profile_id ORDER BY received_at DESC, seq DESC) AS nth FROM s_states WHERE received_at < $start) s
JOIN s_places p ON p.received_at = s.received_at AND p.seq = s.seq
WHERE s.nth = 1 ORDER BY p.place;

-- put_consents: What they had said.
INSERT INTO consent_history
SELECT c.profile_id, p.place * 1048576, 4611686018427387904, c."at", c.received_at, c.channel, c.group_id, c.state, 0
FROM (SELECT *, row_number() OVER (PARTITION BY profile_id, channel, group_id ORDER BY received_at DESC, seq DESC) AS nth
    FROM s_consents WHERE received_at < $start) c
JOIN s_places p ON p.received_at = c.received_at AND p.seq = c.seq
WHERE c.nth = 1 ORDER BY p.place;

-- put_suppressions: Who gets nothing, from which place on.
INSERT INTO suppression_history
SELECT s.channel, s.address, p.place * 1048576,
    lead(p.place * 1048576, 1, 4611686018427387904) OVER (PARTITION BY s.channel, s.address ORDER BY p.place), s.suppressed, 0
FROM s_suppressions s JOIN s_places p ON p.received_at = s.received_at AND p.seq = s.seq;

-- put_scores: What predictions said; known from its instant on.
INSERT INTO score_history SELECT profile_id, 0, "at", prediction, score, category, 0, place, percentile, "value" FROM s_scores;

-- share_apart: Of several that live a past together, the first one takes all who are lived again from their first call on.
DELETE FROM s_apart WHERE $nth > 0;

-- share_calls: The same.
DELETE FROM s_calls WHERE $nth > 0;

-- share_states: Its share of the people, and those people.
DELETE FROM s_states WHERE profile_id % $of <> $nth AND NOT ($nth = 0 AND profile_id IN (SELECT profile_id FROM s_apart));

-- share_consents: The same.
DELETE FROM s_consents WHERE profile_id % $of <> $nth AND NOT ($nth = 0 AND profile_id IN (SELECT profile_id FROM s_apart));

-- share_events: The same.
DELETE FROM s_events WHERE profile_id % $of <> $nth AND NOT ($nth = 0 AND profile_id IN (SELECT profile_id FROM s_apart));

-- share_scores: The same.
DELETE FROM s_scores WHERE profile_id % $of <> $nth AND NOT ($nth = 0 AND profile_id IN (SELECT profile_id FROM s_apart));

-- find_idle: What no rule can hear: an answer to a message that the journey never sent, what happened before anybody's first possible entry.
CREATE OR REPLACE TABLE s_idle AS
SELECT e.profile_id, e.received_at, e.seq FROM s_events e
LEFT JOIN (SELECT profile_id, min("at") AS first_at FROM s_events WHERE received_at >= $start AND list_contains($entries, name) GROUP BY 1) f
    ON f.profile_id = e.profile_id
WHERE e.received_at >= $start AND $may_idle AND NOT list_contains($entries, e.name) AND NOT list_contains($moving, e.name)
    AND (coalesce(e."at" < f.first_at, true)
        OR (list_contains($answers, e.name) AND len(list_filter($journeys, lambda j: contains(e.properties, '"' || j || '"'))) = 0
            AND NOT regexp_matches(e.properties, '"message_id" *: *("backtest-[0-9]|"?[0-9]+"?[,} ])')));

-- make_feed: What passes: events with the changes that they brought, in their order.
CREATE OR REPLACE TABLE s_feed AS
WITH
changes AS (
    SELECT * FROM (
        SELECT profile_id, received_at, seq, traits, push_token, lag(traits) OVER w AS traits_before, lag(push_token) OVER w AS token_before
        FROM s_states WINDOW w AS (PARTITION BY profile_id ORDER BY received_at, seq)
    ) WHERE received_at >= $start
),
granted AS (SELECT DISTINCT profile_id, received_at, seq FROM s_consents WHERE received_at >= $start AND state = 'subscribed'),
passing AS (
    SELECT * FROM s_events WHERE received_at >= $start AND ($all_names OR list_contains($names, name))
        AND (profile_id, received_at, seq) NOT IN (SELECT (profile_id, received_at, seq) FROM s_idle)
)
SELECT p.place, coalesce(e.received_at, c.received_at) AS received_at, u.user_id, e."at", e.name, e.properties,
    c.traits, c.traits_before, c.push_token, c.token_before, g.seq IS NOT NULL AS trusted, coalesce(e.seq, c.seq) % 1048576 <> 0 AS own, NULL::BLOB AS call
FROM passing e
FULL JOIN changes c ON c.profile_id = e.profile_id AND c.received_at = e.received_at AND c.seq = e.seq
JOIN s_places p ON p.received_at = coalesce(e.received_at, c.received_at) AND p.seq = coalesce(e.seq, c.seq)
LEFT JOIN s_ids u ON u.profile_id = coalesce(e.profile_id, c.profile_id)
LEFT JOIN granted g ON g.profile_id = e.profile_id AND g.received_at = e.received_at AND g.seq = e.seq
UNION ALL
SELECT p.place, a.received_at, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, true, false, a.call
FROM s_calls a JOIN s_places p ON p.received_at = a.received_at AND p.seq = a.seq;

-- order_feed: To be read in its order.
CREATE OR REPLACE TABLE feed AS SELECT * FROM s_feed ORDER BY place;

-- count_feed: How much passes.
SELECT count(*) FROM feed;

-- feed: What passes, in its order.
SELECT place, received_at, user_id, "at", name, properties, traits, traits_before, push_token, token_before, trusted, own, call FROM feed ORDER BY place;

-- instants: Where the feed may be cut, and how much passes until then: after each so many rows, at the next instant.
SELECT max(received_at), max(place) FROM (SELECT received_at, place, (row_number() OVER (ORDER BY place) - 1) // $rows AS part FROM feed) GROUP BY part ORDER BY 2;

-- people_then: Those who were there when the time began.
SELECT profile_id, user_id, traits, push_token, created_at, received_at FROM profile_history ORDER BY profile_id;

-- consents_then: What they had said.
SELECT profile_id, channel, group_id, state, "at" FROM consent_history ORDER BY profile_id;

-- suppressions_then: Addresses that get nothing any more.
SELECT channel, address, min(seq) FROM suppression_history WHERE suppressed GROUP BY 1, 2 ORDER BY 1, 2;

-- ids: The numbers of those who come later.
SELECT user_id, min(profile_id) FROM (
    SELECT user_id, profile_id FROM s_ids UNION ALL SELECT user_id, profile_id FROM s_merged
) GROUP BY 1;

-- keep_ids: The numbers of all, before some of them go.
CREATE OR REPLACE TABLE s_ids AS SELECT arg_max(user_id, seq) AS user_id, profile_id FROM s_states GROUP BY profile_id;

-- apart_ids: The ids of those who are lived again from their first call on.
SELECT i.user_id FROM s_ids i JOIN s_apart a ON a.profile_id = i.profile_id;
