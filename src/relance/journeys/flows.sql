-- everybody: people, some at a time.
SELECT profile_id FROM profiles WHERE profile_id > :after AND merged_into IS NULL ORDER BY profile_id LIMIT :most;

-- expect_edge: when time may change what somebody is in next.
INSERT INTO segment_edges (profile_id, at) VALUES (?, ?)
ON CONFLICT (profile_id) DO UPDATE SET at = CASE WHEN excluded.at < segment_edges.at THEN excluded.at ELSE segment_edges.at END;

-- expect_list_changes: whoever was put on a list, or taken off it, is looked at for that instant. Archiving a segment changes nobody's.
INSERT INTO segment_edges (profile_id, at)
SELECT c.profile_id, MIN(c.at) FROM list_changes c WHERE c.told = 0 AND c.list_id NOT LIKE 'segment:%' GROUP BY c.profile_id
ON CONFLICT (profile_id) DO UPDATE SET at = CASE WHEN excluded.at < segment_edges.at THEN excluded.at ELSE segment_edges.at END;

-- add_edge_members: people whose membership time may change join the tick.
INSERT INTO w_member (profile_id, lane)
SELECT e.profile_id, e.profile_id FROM segment_edges e
WHERE e.at <= :until AND NOT EXISTS (SELECT 1 FROM w_member m WHERE m.profile_id = e.profile_id);

-- find_edges: when that may be.
INSERT INTO w_edge (profile_id, lane, at)
SELECT e.profile_id, m.lane, e.at FROM w_member m JOIN segment_edges e ON e.profile_id = m.profile_id WHERE e.at <= :until;

-- mark_items: people to whom something happens that counts in a watched segment.
INSERT INTO w_stale (profile_id, lane)
SELECT i.profile_id, i.lane FROM w_item i WHERE i.n = :n AND (i.touch = 1 OR :all = 1) ON CONFLICT (profile_id) DO NOTHING;

-- mark_walkers: people who move, where that counts.
INSERT INTO w_stale (profile_id, lane) SELECT w.profile_id, w.lane FROM w_walker w WHERE 1 = 1 ON CONFLICT (profile_id) DO NOTHING;

-- mark_doing: people who are about to.
INSERT INTO w_stale (profile_id, lane) SELECT d.profile_id, d.lane FROM w_doing d WHERE 1 = 1 ON CONFLICT (profile_id) DO NOTHING;

-- mark_own: people of whom something was told.
INSERT INTO w_stale (profile_id, lane) SELECT DISTINCT o.profile_id, o.lane FROM w_own o WHERE 1 = 1 ON CONFLICT (profile_id) DO NOTHING;

-- find_due_edges: the next edge of each lane that comes no later than its first timer (memberships change before timers of the instant).
INSERT INTO w_due_edge (profile_id, lane, at)
SELECT e.profile_id, e.lane, e.at FROM w_edge e {before}
WHERE NOT EXISTS (SELECT 1 FROM w_timer t WHERE t.lane = e.lane AND t.due_at < e.at)
    AND NOT EXISTS (SELECT 1 FROM w_edge o WHERE o.lane = e.lane AND (o.at, o.profile_id) < (e.at, e.profile_id));

-- move_lanes_to_edges: time passes in their lanes.
UPDATE w_lane SET at = d.at FROM w_due_edge d WHERE w_lane.lane = d.lane AND d.at > w_lane.at;

-- mark_due_edges: these people are looked at.
INSERT INTO w_stale (profile_id, lane) SELECT d.profile_id, d.lane FROM w_due_edge d WHERE 1 = 1 ON CONFLICT (profile_id) DO NOTHING;

-- stale: who is to be looked at now: not before all events of an instant have been applied, in this tick or in the next.
SELECT s.profile_id, l.at, l.seq, s.lane, l.whole FROM w_stale s JOIN w_lane l ON l.lane = s.lane
WHERE l.at <= :until AND NOT EXISTS (SELECT 1 FROM w_item i WHERE i.n = :next_item AND i.lane = s.lane AND i.at = l.at)
ORDER BY s.profile_id;

-- move_lanes_behind: memberships change behind all that was received until that instant, by whomever.
UPDATE w_lane SET seq = a.seq FROM w_stale s JOIN w_lane l ON l.lane = s.lane JOIN w_arrival a ON a.at = (SELECT MAX(b.at) FROM w_arrival b WHERE b.at <= l.at)
WHERE w_lane.lane = s.lane AND w_lane.seq < a.seq AND l.at <= :until
    AND NOT EXISTS (SELECT 1 FROM w_item i WHERE i.n = :next_item AND i.lane = s.lane AND i.at = l.at);

-- put_off: whose instant is not over when the tick is, is looked at in the next.
INSERT INTO segment_edges (profile_id, at) SELECT s.profile_id, l.at FROM w_stale s JOIN w_lane l ON l.lane = s.lane WHERE 1 = 1
ON CONFLICT (profile_id) DO UPDATE SET at = excluded.at;

-- members_since: who is in a segment, and since when.
SELECT profile_id, since_at FROM segment_members WHERE segment = :segment;

-- members: in what they were.
SELECT m.profile_id, m.segment FROM segment_members m JOIN w_seen s ON s.profile_id = m.profile_id;

-- drop_stale: they were looked at.
DELETE FROM w_stale WHERE profile_id IN (SELECT profile_id FROM w_seen);

-- drop_edges: when they were to be looked at again.
DELETE FROM segment_edges WHERE profile_id IN (SELECT profile_id FROM w_seen);

-- keep_edges: when they are to be.
INSERT INTO segment_edges (profile_id, at) SELECT s.profile_id, s.next_at FROM w_seen s WHERE s.next_at IS NOT NULL;

-- drop_seen_edges: the same within the tick.
DELETE FROM w_edge WHERE profile_id IN (SELECT profile_id FROM w_seen);

-- find_seen_edges: and when, if it is within the tick.
INSERT INTO w_edge (profile_id, lane, at) SELECT s.profile_id, s.lane, s.next_at FROM w_seen s WHERE s.next_at <= s.until;
