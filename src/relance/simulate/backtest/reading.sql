-- entrants: who did what might let somebody in.
SELECT DISTINCT profile_id FROM events WHERE name IN ({names}) AND received_at >= {start} AND received_at <= {until}

-- events: what conditions look at, and what passes.
SELECT profile_id, seq, "at", received_at, name, properties FROM events
WHERE ({chosen}) AND received_at <= {until}{of_people}

-- states: how people were, at all times.
SELECT profile_id, seq, received_at, traits, user_id, timezone, email, email_valid, phone, phone_valid, push_token, created_at
FROM profile_history WHERE received_at <= {until}{of_people}

-- consents: what they said.
SELECT profile_id, seq, "at", received_at, channel, group_id, state FROM consent_history WHERE received_at <= {until}{of_people}

-- suppressions: addresses that get nothing any more, since what was received when.
SELECT s.channel AS channel, s.address AS address, s.seq AS seq, coalesce(e.received_at, 0) AS received_at, s.suppressed AS suppressed
FROM suppression_history AS s
LEFT JOIN (SELECT seq, min(received_at) AS received_at FROM events WHERE name IN ({names}) GROUP BY seq) AS e ON e.seq = s.seq
WHERE coalesce(e.received_at, 0) <= {until}

-- scores: what predictions said.
SELECT profile_id, seq, "at", prediction, score, category, place, percentile, "value" FROM score_history
WHERE prediction IN ({names}) AND "at" <= {until}{of_people}

-- calls: where in the log the named calls of some people stand.
SELECT DISTINCT position FROM events WHERE seq % 1048576 = 0 AND received_at <= {until}{of_people}

-- requests: requests to start, and where in the log they stand.
SELECT DISTINCT seq FROM events WHERE name = {request} AND received_at >= {start} AND received_at <= {until}{of_people}
