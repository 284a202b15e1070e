-- list_messages: messages, the last decided or queued first; `:source`, `:profile_id` and `:status` choose, when given. Each half is read along its index.
SELECT
    m.message_id, m.queued_at, m.decided_at, m.due_at, p.user_id, p.traits, m.source, m.step_id, m.channel, m.address,
    m.template, m.variant, m.status, m.reason, m.subject, m.body, m.enrollment_id, m.visit
FROM (
    SELECT * FROM (
        SELECT message_id, decided_at AS moved_at FROM messages
        WHERE decided_at IS NOT NULL AND decided_at <= :before_at AND (decided_at < :before_at OR message_id < :before_id)
            AND (:source = '' OR source = :source) AND (:profile_id = 0 OR profile_id = :profile_id)
            AND (:status = '' OR status = :status)
        ORDER BY decided_at DESC, message_id DESC LIMIT :limit
    ) AS decided
    UNION ALL
    SELECT * FROM (
        SELECT message_id, queued_at AS moved_at FROM messages
        WHERE status IN ('queued', 'ready', 'claimed') AND decided_at IS NULL
            AND queued_at <= :before_at AND (queued_at < :before_at OR message_id < :before_id)
            AND (:source = '' OR source = :source) AND (:profile_id = 0 OR profile_id = :profile_id)
            AND (:status = '' OR status = :status)
        ORDER BY queued_at DESC, message_id DESC LIMIT :limit
    ) AS undecided
) AS found
JOIN messages AS m ON m.message_id = found.message_id
JOIN profiles AS p ON p.profile_id = m.profile_id
ORDER BY found.moved_at DESC, m.message_id DESC
LIMIT :limit;

-- message_prefix: what stands before a message's number outside.
SELECT value FROM installation WHERE name = 'message_prefix';
