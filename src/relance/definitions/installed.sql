-- seen: the names of events that were received, or told by us
SELECT name FROM events_seen;

-- addresses: whether there are people, and whether any has each kind of address
SELECT EXISTS (SELECT 1 FROM profiles WHERE merged_into IS NULL),
    EXISTS (SELECT 1 FROM profiles WHERE merged_into IS NULL AND email_valid = 1),
    EXISTS (SELECT 1 FROM profiles WHERE merged_into IS NULL AND phone_valid = 1),
    EXISTS (SELECT 1 FROM profiles WHERE merged_into IS NULL AND push_token IS NOT NULL);

-- empty_lists: those of these lists that hold nobody
SELECT l.list_id FROM lists l
WHERE l.list_id IN {values} AND NOT EXISTS (
    SELECT 1 FROM list_changes c WHERE c.list_id = l.list_id AND c.member = 1
        AND NOT EXISTS (SELECT 1 FROM list_changes d WHERE d.list_id = c.list_id AND d.profile_id = c.profile_id AND d.at > c.at));

-- made_people: whether people of the demo shop are here
SELECT 1 FROM demo_data WHERE state <> 'removed';

-- archived: journeys and campaigns out of lists
SELECT source, at FROM archived_journeys;

-- knows_facts: whether the store is of a release that keeps all that
SELECT 1 FROM migrations WHERE name = '0026_demo_data.sql';
