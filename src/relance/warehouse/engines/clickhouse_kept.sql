-- mark: How far memberships are kept: the last of them.
SELECT nth, at, seq, tick FROM segment_mark ORDER BY nth DESC LIMIT 1;

-- clear_mark: Those before it.
ALTER TABLE segment_mark DELETE WHERE nth < {nth:Int64};

-- bodies: The segments that are kept.
SELECT segment, body FROM kept_segments ORDER BY segment;

-- drop_body: A segment that is kept no more.
ALTER TABLE kept_segments DELETE WHERE segment = {segment:String};

-- drop_changes: All that was kept of a segment.
ALTER TABLE segment_history DELETE WHERE segment = {segment:String};

-- drop_unmarked: What a refresh wrote that did not come to its end.
ALTER TABLE segment_history DELETE WHERE nth > {nth:Int64};

-- forgotten_until: Up to when stays that ended are forgotten.
SELECT max(until) FROM segment_forgotten;

-- clear_forgotten: What was written before.
ALTER TABLE segment_forgotten DELETE WHERE until < {until:Int64};

-- next_ends: When the last of the next stays ended, if there are so many.
SELECT at FROM segment_history WHERE NOT entered AND at > {low:Int64} AND at <= {until:Int64} ORDER BY at LIMIT 1 OFFSET {most:Int64};

-- forget_ended: All that came before an end, and the end itself.
ALTER TABLE segment_history DELETE WHERE at <= {high:Int64} AND (segment, profile_id, nth, at) IN (
    SELECT h.segment, h.profile_id, h.nth, h.at FROM segment_history AS h
    JOIN (
        SELECT segment, profile_id, max((nth, at)) AS last
        FROM segment_history WHERE NOT entered AND at > {low:Int64} AND at <= {high:Int64} GROUP BY segment, profile_id
    ) AS ends ON ends.segment = h.segment AND ends.profile_id = h.profile_id
    WHERE h.at <= {high:Int64} AND (h.nth, h.at) <= ends.last);

-- members: Whose last change is an entry.
SELECT profile_id FROM segment_history WHERE segment = {segment:String} GROUP BY profile_id HAVING argMax(entered, (nth, at)) ORDER BY profile_id;

-- since: When some people entered last.
SELECT profile_id, max(at) AS since FROM segment_history
WHERE segment = {segment:String} AND entered AND profile_id IN {people:Array(Int64)} GROUP BY profile_id;

-- changes: Entries and exits, added up.
SELECT toInt64(if(segment_history.at <= {low:Int64}, {low:Int64}, intDiv(segment_history.at + {step:Int64} - 1, {step:Int64}) * {step:Int64})) AS at, toInt64(countIf(segment_history.entered)) AS entered,
    toInt64(countIf(NOT segment_history.entered)) AS left
FROM segment_history WHERE segment = {segment:String} AND segment_history.at <= {high:Int64} GROUP BY 1 ORDER BY 1;

-- changes_of: The last changes of one person.
SELECT segment, at, entered FROM segment_history WHERE profile_id = {profile_id:Int64} ORDER BY nth DESC, at DESC, segment LIMIT {most:Int64};

-- touched: Whom something happened to.
SELECT profile_id, received_at AS at, max(seq) AS seq FROM events WHERE tick > {after:Int64} AND tick <= {until:Int64} GROUP BY profile_id, received_at
UNION ALL SELECT profile_id, received_at, max(seq) FROM profile_rows WHERE tick > {after:Int64} AND tick <= {until:Int64} GROUP BY profile_id, received_at
UNION ALL SELECT profile_id, received_at, max(seq) FROM consent_rows WHERE tick > {after:Int64} AND tick <= {until:Int64} GROUP BY profile_id, received_at
UNION ALL SELECT profile_id, at, toInt64(0) FROM message_history WHERE tick > {after:Int64} AND tick <= {until:Int64}
UNION ALL SELECT profile_id, at, toInt64(0) FROM journey_history WHERE tick > {after:Int64} AND tick <= {until:Int64}
UNION ALL SELECT profile_id, at, toInt64(0) FROM list_history WHERE tick > {after:Int64} AND tick <= {until:Int64}
UNION ALL SELECT profile_id, at, toInt64(0) FROM score_history WHERE tick > {after:Int64} AND tick <= {until:Int64};

-- touched_by_address: Who has an address that was suppressed, or is not any more. When, says the event with the same place.
SELECT p.profile_id AS profile_id, toInt64(coalesce(e.received_at, -1)) AS at, s.seq AS seq
FROM (SELECT DISTINCT channel, address, seq FROM suppression_rows WHERE tick > {after:Int64} AND tick <= {until:Int64}) AS s
JOIN (
    SELECT profile_id, 'email' AS channel, email AS address FROM profile_history WHERE until_seq = 4611686018427387904
    UNION ALL SELECT profile_id, 'sms', phone FROM profile_history WHERE until_seq = 4611686018427387904
    UNION ALL SELECT profile_id, 'push', push_token FROM profile_history WHERE until_seq = 4611686018427387904
) AS p ON p.channel = s.channel AND p.address = s.address
LEFT JOIN (SELECT DISTINCT seq, received_at FROM events WHERE tick > {after:Int64} AND tick <= {until:Int64}) AS e ON e.seq = s.seq;

-- merged: Who is another one now.
SELECT merged, kept FROM profile_merges WHERE tick > {after:Int64} AND tick <= {until:Int64};

-- passed: Whose events left a window.
SELECT DISTINCT profile_id, events.at + {within:Int64} AS at FROM events
WHERE events.at > {low:Int64} - {within:Int64} AND events.at <= {high:Int64} - {within:Int64} AND name IN {names:Array(String)};

-- passed_messages: The same for what became of messages.
SELECT DISTINCT profile_id, message_history.at + {within:Int64} AS at FROM message_history
WHERE message_history.at > {low:Int64} - {within:Int64} AND message_history.at <= {high:Int64} - {within:Int64};

-- passed_scores: The same for scores.
SELECT DISTINCT profile_id, score_history.at + {within:Int64} AS at FROM score_history
WHERE score_history.at > {low:Int64} - {within:Int64} AND score_history.at <= {high:Int64} - {within:Int64};

-- latest: The last arrival, and the last place in the log.
SELECT max(last_at), max(last_seq) FROM (
    SELECT max(received_at) AS last_at, max(seq) AS last_seq FROM events
    UNION ALL SELECT max(received_at), max(seq) FROM profile_rows
    UNION ALL SELECT max(received_at), max(seq) FROM consent_rows
    UNION ALL SELECT toInt64(0), max(seq) FROM suppression_rows);

-- everybody: All profiles.
SELECT DISTINCT profile_id FROM profile_rows ORDER BY profile_id;

-- drop_people: Those who are no more.
ALTER TABLE segment_history DELETE WHERE profile_id IN {people:Array(Int64)};
