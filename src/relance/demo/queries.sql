-- sent_messages: what left at or after an instant, for those who will react to it.
SELECT m.message_id, p.user_id, m.source, m.step_id, m.channel, m.decided_at, m.subject
FROM messages AS m
JOIN profiles AS p ON p.profile_id = m.profile_id
WHERE m.status = 'sent' AND m.decided_at >= :since
ORDER BY m.decided_at, m.message_id;
