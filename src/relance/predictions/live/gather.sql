-- people: Everybody known before an instant.
SELECT profile_id, min(created_at) AS first_at FROM profile_history WHERE received_at < {as_of} {which} GROUP BY profile_id ORDER BY profile_id;

-- n_events: How many events there are.
SELECT count(*) AS n FROM events WHERE received_at < {as_of} AND name NOT IN ({left_out});

-- begun: When the first of them happened.
SELECT min("at") AS "at" FROM events WHERE received_at < {as_of};

-- events: The events of some people.
SELECT profile_id, seq, "at", received_at AS known, name, {properties} AS properties FROM events
WHERE received_at < {as_of} AND name NOT IN ({left_out}) {which};

-- happened: What happened in a window.
SELECT profile_id, "at", name, properties FROM events WHERE name IN ({names}) AND "at" > {after} AND "at" <= {until};

-- touched: Who did something in some ticks, and when the last of it was received.
SELECT profile_id, max(received_at) AS known FROM events WHERE tick > {after} AND tick <= {until} AND name NOT IN ({left_out}) GROUP BY profile_id;

-- traits: The states of some people.
SELECT profile_id, seq, received_at AS known, traits FROM profile_history
WHERE received_at < {as_of} AND until_seq > seq {which};

-- scores_at: What a prediction said of everybody at an instant.
SELECT s.profile_id, s.score FROM score_history AS s JOIN (
    SELECT profile_id, max("at") AS last_at FROM score_history WHERE prediction = '{prediction}' AND "at" <= {at} GROUP BY profile_id
) AS l ON l.profile_id = s.profile_id AND l.last_at = s."at" WHERE s.prediction = '{prediction}' AND s.category <> '';
