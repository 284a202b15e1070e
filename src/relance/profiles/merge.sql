-- twins: of two open passages with one source and key, all but the oldest.
SELECT x.enrollment_id, x.kept_id, x.at FROM (
    SELECT e.enrollment_id, m.kept_id, m.at, ROW_NUMBER() OVER (PARTITION BY m.kept_id, e.source, e.key ORDER BY e.entered_at, e.mark_seq, e.enrollment_id) AS place
    FROM (SELECT merged_id AS profile_id, kept_id, at FROM w_merge UNION ALL SELECT kept_id, kept_id, at FROM w_merge) m
    JOIN enrollments e ON e.profile_id = m.profile_id AND e.status = 0
) x WHERE x.place > 1;

-- consent_unsubscribed: an unsubscribe on either side wins.
UPDATE consent SET state = 'unsubscribed', at = CASE WHEN o.at > consent.at THEN o.at ELSE consent.at END
FROM w_merge m JOIN consent o ON o.profile_id = m.merged_id
WHERE consent.profile_id = m.kept_id AND o.channel = consent.channel AND o.group_id = consent.group_id AND o.state = 'unsubscribed' AND consent.state <> 'unsubscribed';

-- consent_filled: what the kept one does not say, the merged one says.
INSERT INTO consent (profile_id, channel, group_id, state, at)
SELECT m.kept_id, o.channel, o.group_id, o.state, o.at FROM w_merge m JOIN consent o ON o.profile_id = m.merged_id
WHERE NOT EXISTS (SELECT 1 FROM consent c WHERE c.profile_id = m.kept_id AND c.channel = o.channel AND c.group_id = o.group_id);

-- consent_states: what holds for the kept ones now.
SELECT c.profile_id, m.seq, c.at, m.at, c.channel, c.group_id, c.state FROM w_merge m JOIN consent c ON c.profile_id = m.kept_id;

-- ledger: every change stays told, under the kept id.
UPDATE consent_ledger SET profile_id = m.kept_id FROM w_merge m WHERE consent_ledger.profile_id = m.merged_id;

-- timers: what passages wait for.
UPDATE timers SET profile_id = m.kept_id FROM w_merge m JOIN enrollments e ON e.profile_id = m.merged_id AND e.status = 0
WHERE timers.due_at = e.due_at AND timers.profile_id = m.merged_id AND timers.enrollment_id = e.enrollment_id;

-- enrollments: passages go on.
UPDATE enrollments SET profile_id = m.kept_id FROM w_merge m WHERE enrollments.profile_id = m.merged_id;

-- held_entries: who waits for a journey to be resumed.
UPDATE held_entries SET profile_id = m.kept_id FROM w_merge m WHERE held_entries.profile_id = m.merged_id;

-- memberships: whoever was in a segment on either side is in it.
INSERT INTO segment_members (profile_id, segment, since_at)
SELECT m.kept_id, s.segment, MIN(s.since_at) FROM w_merge m JOIN segment_members s ON s.profile_id = m.merged_id
WHERE NOT EXISTS (SELECT 1 FROM segment_members k WHERE k.profile_id = m.kept_id AND k.segment = s.segment) GROUP BY m.kept_id, s.segment;

-- no_memberships: and nobody is twice.
DELETE FROM segment_members WHERE profile_id IN (SELECT merged_id FROM w_merge);

-- considered: what took either in took both.
INSERT INTO considered_members (source, profile_id, at)
SELECT c.source, m.kept_id, MAX(c.at) FROM w_merge m JOIN considered_members c ON c.profile_id = m.merged_id GROUP BY c.source, m.kept_id
ON CONFLICT (source, profile_id) DO UPDATE SET at = CASE WHEN excluded.at > considered_members.at THEN excluded.at ELSE considered_members.at END;

-- not_considered: and nobody is twice.
DELETE FROM considered_members WHERE profile_id IN (SELECT merged_id FROM w_merge);

-- queue_twins: whoever waits on both sides waits once.
DELETE FROM entry_queue WHERE profile_id IN (SELECT merged_id FROM w_merge) AND EXISTS (
    SELECT 1 FROM w_merge m JOIN entry_queue k ON k.profile_id = m.kept_id WHERE m.merged_id = entry_queue.profile_id AND k.source = entry_queue.source);

-- queue: whoever waits goes on waiting.
UPDATE entry_queue SET profile_id = m.kept_id FROM w_merge m WHERE entry_queue.profile_id = m.merged_id;

-- audience_twins: whoever is in an ad audience on either side is in it.
INSERT INTO audience_members (audience, profile_id, since_at)
SELECT a.audience, m.kept_id, MIN(a.since_at) FROM w_merge m JOIN audience_members a ON a.profile_id = m.merged_id GROUP BY a.audience, m.kept_id
ON CONFLICT (audience, profile_id) DO NOTHING;

-- no_audiences: and nobody is twice.
DELETE FROM audience_members WHERE profile_id IN (SELECT merged_id FROM w_merge);

-- audience_changes: what was told of either was told of both.
UPDATE audience_changes SET profile_id = m.kept_id FROM w_merge m WHERE audience_changes.profile_id = m.merged_id;

-- messages: caps and answers see them.
UPDATE messages SET profile_id = m.kept_id FROM w_merge m WHERE messages.profile_id = m.merged_id;

-- lists: memberships unite; of each list the latest change counts.
UPDATE list_changes SET profile_id = m.kept_id FROM w_merge m WHERE list_changes.profile_id = m.merged_id;

-- events: kept events.
UPDATE journey_events SET profile_id = m.kept_id FROM w_merge m WHERE journey_events.profile_id = m.merged_id;

-- signals: and what they match.
UPDATE journey_signals SET profile_id = m.kept_id FROM w_merge m WHERE journey_signals.profile_id = m.merged_id;

-- reactions: what is told of messages.
UPDATE named_reactions SET profile_id = m.kept_id FROM w_merge m WHERE named_reactions.profile_id = m.merged_id;

-- own_events: what is on its way to the log. What changed the traits of one of them is told of that one: a rebuild merges them again.
UPDATE own_events SET profile_id = m.kept_id FROM w_merge m WHERE own_events.profile_id = m.merged_id AND own_events.name <> 'Profile Updated by Journey';

-- profiles: the merged one names the kept one.
UPDATE profiles SET merged_into = m.kept_id FROM w_merge m WHERE profiles.profile_id = m.merged_id;
