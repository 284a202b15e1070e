-- days: decided messages by day, channel and outcome. Reads every message: whoever asks often remembers the answer.
SELECT decided_at / CAST(:day AS BIGINT), channel, status, count(*) FROM messages
WHERE decided_at >= :since AND decided_at <= :until AND status IN ('sent', 'blocked', 'expired', 'failed')
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
