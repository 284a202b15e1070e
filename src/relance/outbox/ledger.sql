-- list_messages: messages, the newest first; `:source` and `:profile_id` choose, when given.
SELECT
    m.message_id, m.queued_at, m.decided_at, m.due_at, p.user_id, p.traits, m.source, m.step_id, m.channel, m.address,
    m.template, m.variant, m.status, m.reason, m.subject, m.body, m.enrollment_id, m.visit
FROM messages AS m
JOIN profiles AS p ON p.profile_id = m.profile_id
WHERE (:source = '' OR m.source = :source)
    AND (:profile_id = 0 OR m.profile_id = :profile_id)
    AND (:status = '' OR m.status = :status)
    AND m.message_id < :before
ORDER BY m.message_id DESC
LIMIT :limit;
