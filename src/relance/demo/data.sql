-- row: where it stands.
SELECT state, asked_at, asked_by, ended_at, told, told_until, position, erasure_id, definitions, outcome FROM demo_data WHERE id = 1;

-- begin: somebody asked for it; from nothing, or after it was removed.
INSERT INTO demo_data (id, state, asked_at, asked_by, definitions) VALUES (1, 'loading', :now, :by, :definitions)
ON CONFLICT (id) DO UPDATE SET state = 'loading', asked_at = excluded.asked_at, asked_by = excluded.asked_by, ended_at = NULL, told = 0,
    told_until = 0, position = 0, erasure_id = NULL, definitions = excluded.definitions, outcome = NULL;

-- told: so many stand in the log.
UPDATE demo_data SET told = :told, told_until = :until WHERE id = 1 AND state = 'loading' AND asked_at = :asked_at;

-- all_told: and these were the last.
UPDATE demo_data SET position = :position WHERE id = 1 AND state = 'loading' AND asked_at = :asked_at;

-- loaded: everything is there.
UPDATE demo_data SET state = 'loaded', ended_at = :now, definitions = :definitions, outcome = :outcome
WHERE id = 1 AND state = 'loading' AND asked_at = :asked_at;

-- remove: somebody wants it out.
UPDATE demo_data SET state = 'removing', asked_by = :by, ended_at = NULL, outcome = NULL WHERE id = 1 AND state IN ('loading', 'loaded');

-- erasing: who goes is known, and asked for.
UPDATE demo_data SET erasure_id = :erasure_id, outcome = :outcome WHERE id = 1 AND state = 'removing';

-- removed: nothing of it is left, but for what the outcome says.
UPDATE demo_data SET state = 'removed', ended_at = :now, definitions = '[]' WHERE id = 1 AND state = 'removing';

-- any_person: whether anybody is here.
SELECT 1 FROM profiles WHERE merged_into IS NULL LIMIT 1;

-- any_definition: one that is in force, or being written.
SELECT kind, id FROM definitions WHERE state = 'current' AND kind <> 'settings'
UNION ALL SELECT kind, id FROM drafts WHERE kind <> 'settings' ORDER BY kind, id LIMIT 1;

-- made_ids: the ids of made people, and to whom they led, the last place last.
SELECT alias, profile_id FROM aliases WHERE alias LIKE 'demo-%' ORDER BY since_seq;

-- became: of some profiles those that became part of another (0: they were erased).
SELECT profile_id, merged_into FROM profiles WHERE merged_into IS NOT NULL AND profile_id IN {values};

-- saved_at: when a draft was.
SELECT saved_at FROM drafts WHERE kind = :kind AND id = :id;

-- drop_source: nothing comes from it any more.
DELETE FROM sources WHERE source = :source AND NOT EXISTS (SELECT 1 FROM write_keys WHERE source = :source);
