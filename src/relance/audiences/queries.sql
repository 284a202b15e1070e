-- all_audiences: every audience, with its members and what changed.
SELECT c.audience, m.members, c.added, c.removed, c.last_at
FROM (
    SELECT audience, CAST(SUM(member) AS BIGINT) AS added, CAST(SUM(1 - member) AS BIGINT) AS removed, MAX(at) AS last_at
    FROM audience_changes WHERE :audience = '' OR audience = :audience GROUP BY audience
) c
LEFT JOIN (SELECT audience, COUNT(*) AS members FROM audience_members WHERE :audience = '' OR audience = :audience GROUP BY audience) m
    ON m.audience = c.audience
ORDER BY c.audience;

-- steps_of_audience: the steps that changed one.
SELECT source, step_id, CAST(SUM(member) AS BIGINT), CAST(SUM(1 - member) AS BIGINT)
FROM audience_changes WHERE audience = :audience GROUP BY source, step_id ORDER BY source, step_id;

-- count_by_step: what the steps of a journey changed.
SELECT step_id, audience, CAST(SUM(member) AS BIGINT), CAST(SUM(1 - member) AS BIGINT)
FROM audience_changes WHERE source = :source AND at <= :until GROUP BY step_id, audience ORDER BY step_id, audience;

-- members: who is in one, since when, in the order of their ids.
SELECT p.user_id, m.since_at FROM audience_members m JOIN profiles p ON p.profile_id = m.profile_id
WHERE m.audience = :audience AND p.user_id > :after ORDER BY p.user_id LIMIT :limit;

-- changes: who came and who went.
SELECT c.change_id, c.at, p.user_id, c.member, c.source, c.step_id, c.erased_id
FROM audience_changes c LEFT JOIN profiles p ON p.profile_id = c.profile_id
WHERE c.audience = :audience AND c.change_id > :after AND (p.profile_id IS NOT NULL OR c.erased_id IS NOT NULL)
ORDER BY c.change_id LIMIT :limit;

-- audiences_of: in which somebody is.
SELECT audience, since_at FROM audience_members WHERE profile_id = :profile_id ORDER BY audience;
