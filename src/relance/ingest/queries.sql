-- add_source: a source, unless it is there.
INSERT INTO sources (source, name, trusted, correct_skew, created_at)
VALUES (:source, :name, :trusted, :correct_skew, :now)
ON CONFLICT (source) DO NOTHING;

-- source: one source.
SELECT source, name, trusted, correct_skew, created_at FROM sources WHERE source = :source;

-- sources: all sources, with how many keys they have.
SELECT s.source, s.name, s.trusted, s.correct_skew, s.created_at,
    (SELECT count(*) FROM write_keys k WHERE k.source = s.source AND k.revoked_at IS NULL)
FROM sources s ORDER BY s.source;

-- update_source: whether a source is trusted and its clients' clocks are corrected.
UPDATE sources SET name = :name, trusted = :trusted, correct_skew = :correct_skew WHERE source = :source;

-- add_write_key: a key of a source.
INSERT INTO write_keys (source, key_hash, hint, created_at) VALUES (:source, :key_hash, :hint, :now);

-- write_key: the source that a key opens.
SELECT k.key_hash, s.source, s.trusted, s.correct_skew
FROM write_keys k JOIN sources s ON s.source = k.source
WHERE k.key_hash = :key_hash AND k.revoked_at IS NULL;

-- write_keys: the keys of a source.
SELECT key_id, hint, created_at, revoked_at FROM write_keys WHERE source = :source ORDER BY key_id;

-- revoke_write_key: the key opens nothing any more.
UPDATE write_keys SET revoked_at = :now WHERE key_id = :key_id AND revoked_at IS NULL;

-- add_api_key: a key for the management interface.
INSERT INTO api_keys (name, key_hash, hint, scopes, created_at) VALUES (:name, :key_hash, :hint, :scopes, :now);

-- api_key: whose key it is and what it may.
SELECT key_hash, key_id, name, scopes FROM api_keys WHERE key_hash = :key_hash AND revoked_at IS NULL;

-- api_keys: all keys, without what opens.
SELECT key_id, name, hint, scopes, created_at, revoked_at FROM api_keys ORDER BY key_id;

-- any_api_key: whether there ever was a key.
SELECT 1 FROM api_keys LIMIT 1;

-- revoke_api_key: the key opens nothing any more.
UPDATE api_keys SET revoked_at = :now WHERE key_id = :key_id AND revoked_at IS NULL;

-- add_rejected: an item that is no event, unless it is filed.
INSERT INTO rejected_events (position, source, received_at, code, pointer, message, raw)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (position) DO NOTHING;

-- rejected: the latest items that are no events, before a position.
SELECT position, source, received_at, code, pointer, message, raw
FROM rejected_events
WHERE position < :before AND (:source = '' OR source = :source) AND (:code = '' OR code = :code)
ORDER BY position DESC LIMIT :n;

-- count_rejected: how many items are no events, by source and code, from an instant on.
SELECT source, code, count(*), max(received_at) FROM rejected_events WHERE received_at >= :since
GROUP BY source, code ORDER BY 3 DESC, 1, 2;

-- prune_rejected: forget all but the latest items.
DELETE FROM rejected_events
WHERE position <= (SELECT position FROM rejected_events ORDER BY position DESC LIMIT 1 OFFSET :kept);
