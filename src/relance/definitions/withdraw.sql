-- in_force: which version of each definition, and since when.
SELECT kind, id, version, created_at FROM definitions WHERE state = 'current';

-- written: drafts, since when, and what they say.
SELECT kind, id, saved_at, body FROM drafts;

-- drop_definition: with all its versions.
DELETE FROM definitions WHERE kind = ? AND id = ?;

-- drop_draft: what was being written.
DELETE FROM drafts WHERE kind = ? AND id = ?;
