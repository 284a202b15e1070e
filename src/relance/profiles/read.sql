-- read_profile_of_alias: the profile that an id belongs to now; after a merge, the one it became part of.
WITH RECURSIVE chain (profile_id, depth) AS (
    SELECT profile_id, 0
    FROM (SELECT profile_id FROM aliases WHERE alias = :alias ORDER BY since_seq DESC LIMIT 1) AS newest
    UNION ALL
    SELECT p.merged_into, chain.depth + 1
    FROM chain JOIN profiles AS p ON p.profile_id = chain.profile_id
    WHERE p.merged_into IS NOT NULL AND chain.depth < 100
)
SELECT profile_id FROM chain ORDER BY depth DESC LIMIT 1;

-- read_profile: one person.
SELECT profile_id, user_id, known, created_at, updated_at, traits, timezone, email, email_valid, phone, phone_valid, push_token
FROM profiles WHERE profile_id = :profile_id;

-- read_aliases: every id that leads to a person.
SELECT DISTINCT alias FROM aliases WHERE profile_id = :profile_id ORDER BY alias LIMIT 100;

-- read_consent: the states of consent in force.
SELECT channel, group_id, state, at FROM consent WHERE profile_id = :profile_id ORDER BY channel, group_id;

-- read_suppressions: which of a person's addresses get nothing any more.
SELECT s.channel, s.address, s.reason, s.at
FROM suppressions AS s
JOIN profiles AS p ON p.profile_id = :profile_id
WHERE s.suppressed = 1
    AND (
        (s.channel = 'email' AND s.address = p.email_key)
        OR (s.channel = 'sms' AND s.address = p.phone)
        OR (s.channel = 'push' AND s.address = p.push_token)
    )
ORDER BY s.channel;

-- newest_profiles: a page of people, the last that came first.
SELECT profile_id, user_id, known, created_at, updated_at, traits, email FROM profiles
WHERE merged_into IS NULL AND profile_id < :before ORDER BY profile_id DESC LIMIT :limit;

-- newest_of_known: the same of those who are known, or of those who are not.
SELECT profile_id, user_id, known, created_at, updated_at, traits, email FROM profiles
WHERE merged_into IS NULL AND known = :known AND profile_id < :before ORDER BY profile_id DESC LIMIT :limit;

-- named_profiles: people whose id or address is just this text; `known` below 0: known or not.
SELECT profile_id, user_id, known, created_at, updated_at, traits, email FROM profiles
WHERE merged_into IS NULL AND (user_id = :text OR email_key = :key OR profile_id IN (SELECT profile_id FROM aliases WHERE alias = :text))
    AND (known = :known OR :known < 0)
ORDER BY profile_id DESC LIMIT :limit;

-- search_profiles: a page of people whose id or traits hold a text; `known` below 0: known or not.
SELECT profile_id, user_id, known, created_at, updated_at, traits, email FROM profiles
WHERE merged_into IS NULL AND profile_id < :before AND (lower(user_id) LIKE :pattern ESCAPE '!' OR lower(traits) LIKE :pattern ESCAPE '!')
    AND (known = :known OR :known < 0)
ORDER BY profile_id DESC LIMIT :limit;

-- count_profiles: how many people there are, and how many of them are known.
SELECT count(*), coalesce(sum(known), 0) FROM profiles WHERE merged_into IS NULL;

-- names_of: the traits of those whom some ids belong to, in the order in which they came to belong; `{ids}` is a list of placeholders.
SELECT a.alias, p.traits
FROM aliases AS a JOIN profiles AS p ON p.profile_id = a.profile_id
WHERE a.alias IN ({ids})
ORDER BY a.since_seq;
