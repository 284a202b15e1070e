-- moves: where passages went since they were last told of; of whoever was moved to another version, the older steps are of the older one.
SELECT e.enrollment_id, e.profile_id, e.source, COALESCE((SELECT k.from_version_id FROM enrollment_moves k WHERE k.enrollment_id = e.enrollment_id AND k.visit > p.visit ORDER BY k.visit LIMIT 1), e.version_id), p.at, p.step, COALESCE(o.step, -1), p.visit,
    COALESCE((SELECT k.from_version_id FROM enrollment_moves k WHERE k.enrollment_id = e.enrollment_id AND k.visit > p.visit - 1 ORDER BY k.visit LIMIT 1), e.version_id)
FROM {passages}
LEFT JOIN told_passages t ON t.enrollment_id = e.enrollment_id
JOIN enrollment_path p ON p.enrollment_id = e.enrollment_id AND p.visit > COALESCE(t.visit, 0)
LEFT JOIN enrollment_path o ON o.enrollment_id = e.enrollment_id AND o.visit = p.visit - 1
WHERE e.status <> 4
ORDER BY e.enrollment_id, p.visit;

-- ends: passages that ended since.
SELECT e.enrollment_id, e.profile_id, e.source, e.version_id, e.ended_at, e.status, COALESCE(p.step, -1)
FROM {passages}
LEFT JOIN told_passages t ON t.enrollment_id = e.enrollment_id
LEFT JOIN enrollment_path p ON p.enrollment_id = e.enrollment_id
    AND p.visit = (SELECT MAX(l.visit) FROM enrollment_path l WHERE l.enrollment_id = e.enrollment_id)
WHERE e.status IN (1, 2, 3) AND COALESCE(t.ended, 0) = 0
ORDER BY e.enrollment_id;

-- decided: messages whose outcome the journeys know since.
SELECT m.message_id, m.profile_id, m.source, m.step_id, m.decided_at, m.status
FROM {messages}
WHERE m.status IN ('sent', 'blocked', 'expired', 'failed') AND NOT EXISTS (SELECT 1 FROM message_outcomes o WHERE o.message_id = m.message_id)
    AND NOT EXISTS (SELECT 1 FROM told_messages t WHERE t.message_id = m.message_id)
ORDER BY m.message_id;

-- told_moves: up to where it was told.
INSERT INTO told_passages (enrollment_id, visit, ended) VALUES (?, ?, 0) ON CONFLICT (enrollment_id) DO UPDATE SET visit = excluded.visit;

-- told_ends: a passage of which there is nothing more to tell.
INSERT INTO told_passages (enrollment_id, visit, ended) VALUES (?, 0, 1) ON CONFLICT (enrollment_id) DO UPDATE SET ended = 1;

-- list_changes: who was put on lists and taken off them since.
SELECT change_id, profile_id, at, list_id, member FROM list_changes WHERE told = 0 ORDER BY change_id LIMIT :most;

-- told_list_changes: up to which change it was told.
UPDATE list_changes SET told = 1 WHERE told = 0 AND change_id <= :last;

-- archived_changes: who is in segments that were archived since.
SELECT change_id, profile_id, at, list_id, member FROM list_changes
WHERE told = 0 AND list_id LIKE 'segment:%' ORDER BY change_id LIMIT :most;

-- told_archived_changes: up to which change it was told.
UPDATE list_changes SET told = 1 WHERE told = 0 AND change_id <= :last AND list_id LIKE 'segment:%';

-- untold_scores: what predictions say of people since.
SELECT prediction, profile_id, at, score, category, place, percentile, value FROM prediction_scores WHERE told = 0 ORDER BY prediction, profile_id LIMIT :most;

-- told_scores: the warehouse knows.
UPDATE prediction_scores SET told = 1 WHERE prediction = ? AND profile_id = ?;
