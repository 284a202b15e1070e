-- zones: those that people have, each looked up behind the one before: there are few, and many people.
WITH RECURSIVE z(zone) AS (
    SELECT (SELECT MIN(timezone) FROM profiles WHERE merged_into IS NULL AND timezone > '')
    UNION ALL
    SELECT (SELECT MIN(p.timezone) FROM profiles p WHERE p.merged_into IS NULL AND p.timezone > z.zone) FROM z WHERE z.zone IS NOT NULL)
SELECT zone FROM z WHERE zone IS NOT NULL;

-- people_of_zone: who has it; '' stands for none.
SELECT profile_id FROM profiles WHERE merged_into IS NULL AND timezone = :zone
UNION ALL SELECT profile_id FROM profiles WHERE merged_into IS NULL AND timezone IS NULL AND :zone = '';

-- new_members: who became a member of a segment since an occurrence last considered them.
SELECT m.profile_id FROM segment_members m
LEFT JOIN considered_members c ON c.source = :source AND c.profile_id = m.profile_id
WHERE m.segment = :segment AND (c.at IS NULL OR m.since_at > c.at) ORDER BY m.profile_id;

-- consider: an occurrence considered somebody.
INSERT INTO considered_members (source, profile_id, at) VALUES (?, ?, ?) ON CONFLICT (source, profile_id) DO UPDATE SET at = excluded.at;

-- keep_run: an occurrence fired.
INSERT INTO schedule_runs (source, at, zone, started) VALUES (:source, :at, :zone, :n) ON CONFLICT (source, at, zone) DO NOTHING;

-- add_entered: how many it let in.
UPDATE schedule_runs SET entered = entered + :n WHERE source = :source AND at = :at AND zone = :zone;

-- rank: the place of a version's source among all.
SELECT rank FROM w_version WHERE version_id = :version_id;

-- next_turn: when those who wait are let in next; no row when nobody waits.
SELECT COALESCE((SELECT p.next_at FROM entry_pace p WHERE p.source = :source), 0) FROM (SELECT 1 FROM entry_queue WHERE source = :source LIMIT 1) q;

-- waiting_people: everybody who waits to be let into a journey.
SELECT profile_id FROM entry_queue WHERE source = :source;

-- waiting: whose turn it is.
SELECT run_at, zone, place, profile_id FROM entry_queue WHERE source = :source ORDER BY place LIMIT :most;

-- last_place: of those who wait.
SELECT COALESCE(MAX(place), -1) FROM entry_queue WHERE source = :source;

-- stop_waiting: they wait no more.
DELETE FROM entry_queue WHERE source = :source AND place <= :place;

-- pace: when the next are let in at the earliest.
INSERT INTO entry_pace (source, next_at) VALUES (:source, :at) ON CONFLICT (source) DO UPDATE SET next_at = excluded.next_at;
