-- all_lists: every list with the number of its members.
SELECT l.list_id, l.name, l.created_at, COUNT(m.profile_id)
FROM lists l LEFT JOIN (
    SELECT c.list_id, c.profile_id FROM list_changes c
    WHERE c.member = 1 AND NOT EXISTS (
        SELECT 1 FROM list_changes n WHERE n.list_id = c.list_id AND n.profile_id = c.profile_id AND (n.at > c.at OR (n.at = c.at AND n.change_id > c.change_id)))
) m ON m.list_id = l.list_id
WHERE :list_id = '' OR l.list_id = :list_id
GROUP BY l.list_id, l.name, l.created_at ORDER BY l.list_id;

-- members: who is on a list, since when, in the order of their ids.
SELECT p.user_id, c.at
FROM list_changes c JOIN profiles p ON p.profile_id = c.profile_id
WHERE c.list_id = :list_id AND c.member = 1 AND p.user_id > :after AND NOT EXISTS (
    SELECT 1 FROM list_changes n WHERE n.list_id = c.list_id AND n.profile_id = c.profile_id AND (n.at > c.at OR (n.at = c.at AND n.change_id > c.change_id)))
ORDER BY p.user_id LIMIT :limit;

-- last_changes: the latest changes of some people.
SELECT c.profile_id, c.member, c.at FROM list_changes c
WHERE c.list_id = :list_id AND c.profile_id IN {values} ORDER BY c.at, c.change_id;

-- everybody: the profiles that are on a list, or were.
SELECT DISTINCT profile_id FROM list_changes WHERE list_id = :list_id ORDER BY profile_id;

-- owners: the profiles that ids lead to, the newest last.
SELECT a.alias, p.profile_id, p.merged_into FROM aliases a JOIN profiles p ON p.profile_id = a.profile_id WHERE a.alias IN {values} ORDER BY a.since_seq;

-- kept: what profiles became part of.
SELECT profile_id, merged_into FROM profiles WHERE profile_id IN {values};
