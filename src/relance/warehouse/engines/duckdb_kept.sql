-- mark: How far memberships are kept.
SELECT nth, "at", seq, tick FROM segment_mark;

-- clear_mark: The mark before it is written anew.
DELETE FROM segment_mark;

-- insert_mark: The mark.
INSERT INTO segment_mark VALUES (?, ?, ?, ?);

-- bodies: The segments that are kept.
SELECT segment, body FROM kept_segments ORDER BY segment;

-- drop_body: A segment that is kept no more.
DELETE FROM kept_segments WHERE segment = ?;

-- insert_body: A segment that is kept from now on.
INSERT INTO kept_segments VALUES (?, ?);

-- drop_changes: All that was kept of a segment.
DELETE FROM segment_history WHERE segment = ?;

-- insert_changes: A batch.
INSERT INTO segment_history SELECT profile_id, segment, "at", entered, ?, ? FROM batch;

-- forgotten_until: Up to when stays that ended are forgotten.
SELECT coalesce(max(until), 0) FROM segment_forgotten;

-- clear_forgotten: Before it is written anew.
DELETE FROM segment_forgotten;

-- insert_forgotten: Up to when.
INSERT INTO segment_forgotten VALUES (?);

-- next_ends: When the last of the next stays ended, if there are so many.
SELECT "at" FROM segment_history WHERE NOT entered AND "at" > ? AND "at" <= ? ORDER BY "at" LIMIT 1 OFFSET ?;

-- forget_ended: All that came before an end, and the end itself.
DELETE FROM segment_history USING (
    SELECT segment, profile_id, max(nth) AS nth, arg_max("at", (nth, "at")) AS "at"
    FROM segment_history WHERE NOT entered AND "at" > $low AND "at" <= $high GROUP BY segment, profile_id
) AS ends
WHERE segment_history."at" <= $high AND segment_history.segment = ends.segment AND segment_history.profile_id = ends.profile_id
    AND (segment_history.nth < ends.nth OR segment_history.nth = ends.nth AND segment_history."at" <= ends."at");

-- members: Whose last change is an entry.
SELECT profile_id FROM segment_history WHERE segment = ? GROUP BY profile_id HAVING arg_max(entered, (nth, "at"));

-- since: When some people entered last.
SELECT profile_id, max("at") AS since FROM segment_history
WHERE segment = ? AND entered AND profile_id IN (SELECT unnest(?)) GROUP BY profile_id;

-- changes: Entries and exits, added up.
SELECT CASE WHEN "at" <= $low THEN $low ELSE ("at" + $step - 1) // $step * $step END AS "at", count(*) FILTER (entered) AS entered, count(*) FILTER (NOT entered) AS "left"
FROM segment_history WHERE segment = $segment AND "at" <= $high GROUP BY 1 ORDER BY 1;

-- changes_of: The last changes of one person.
SELECT segment, "at", entered FROM segment_history WHERE profile_id = ? ORDER BY nth DESC, "at" DESC, segment LIMIT ?;

-- touched: Whom something happened to.
SELECT profile_id, received_at AS "at", max(seq) AS seq FROM events WHERE tick > $after AND tick <= $until GROUP BY 1, 2
UNION ALL SELECT profile_id, received_at, max(seq) FROM profile_history WHERE tick > $after AND tick <= $until GROUP BY 1, 2
UNION ALL SELECT profile_id, received_at, max(seq) FROM consent_history WHERE tick > $after AND tick <= $until GROUP BY 1, 2
UNION ALL SELECT profile_id, "at", 0 FROM message_history WHERE tick > $after AND tick <= $until
UNION ALL SELECT profile_id, "at", 0 FROM journey_history WHERE tick > $after AND tick <= $until
UNION ALL SELECT profile_id, "at", 0 FROM list_history WHERE tick > $after AND tick <= $until
UNION ALL SELECT profile_id, "at", 0 FROM score_history WHERE tick > $after AND tick <= $until;

-- suppressed_in: How many addresses were suppressed, or are not any more.
SELECT count(*) FROM suppression_history WHERE tick > $after AND tick <= $until;

-- touched_by_address: Who has such an address. When, says the event with the same place.
SELECT p.profile_id, coalesce(e.received_at, -1) AS "at", s.seq
FROM (SELECT DISTINCT channel, address, seq FROM suppression_history WHERE tick > $after AND tick <= $until) AS s
JOIN profile_history AS p ON s.address = CASE s.channel
    WHEN 'email' THEN p.email WHEN 'sms' THEN p.phone WHEN 'push' THEN p.push_token ELSE p.user_id END
LEFT JOIN (SELECT seq, received_at FROM events WHERE tick > $after AND tick <= $until) AS e ON e.seq = s.seq
WHERE p.until_seq = 4611686018427387904;

-- merged: Who is another one now.
SELECT merged, kept FROM profile_merges WHERE tick > $after AND tick <= $until;

-- passed: Whose events left a window.
SELECT profile_id, "at" + $within AS "at" FROM events
WHERE "at" > $low - $within AND "at" <= $high - $within AND list_contains($names, name);

-- passed_messages: The same for what became of messages.
SELECT DISTINCT profile_id, "at" + $within AS "at" FROM message_history WHERE "at" > $low - $within AND "at" <= $high - $within;

-- passed_scores: The same for scores.
SELECT DISTINCT profile_id, "at" + $within AS "at" FROM score_history WHERE "at" > $low - $within AND "at" <= $high - $within;

-- latest: The last arrival, and the last place in the log.
SELECT max("at"), max(seq) FROM (
    SELECT coalesce(max(received_at), 0) AS "at", coalesce(max(seq), 0) AS seq FROM events
    UNION ALL SELECT coalesce(max(received_at), 0), coalesce(max(seq), 0) FROM profile_history
    UNION ALL SELECT coalesce(max(received_at), 0), coalesce(max(seq), 0) FROM consent_history
    UNION ALL SELECT 0, coalesce(max(seq), 0) FROM suppression_history);

-- everybody: All profiles.
SELECT DISTINCT profile_id FROM profile_history WHERE until_seq = 4611686018427387904 ORDER BY 1;

-- drop_people: Those who are no more.
DELETE FROM segment_history WHERE profile_id IN (SELECT unnest(?));
