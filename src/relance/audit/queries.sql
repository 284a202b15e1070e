-- entries: what was done, the last first; what is '' asks for everything.
SELECT entry_id, at, actor, action, kind, id, version, detail FROM audit_entries
WHERE entry_id < :before AND at >= :since AND at <= :until
    AND (:kind = '' OR kind = :kind) AND (:id = '' OR id = :id) AND (:actor = '' OR actor = :actor) AND (:action = '' OR action = :action)
ORDER BY entry_id DESC LIMIT :limit;
