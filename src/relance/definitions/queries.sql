-- next_revision: counts the publication, and keeps others out until it is committed
UPDATE definitions_revision SET revision = revision + 1 WHERE id = 1;

-- revision: how often something was published
SELECT revision FROM definitions_revision WHERE id = 1;

-- current: every definition in force
SELECT kind, id, version, body FROM definitions WHERE state = 'current' ORDER BY kind, id;

-- listed: what is in force, of one kind or of all, and who published it when
SELECT kind, id, version, body, created_at, created_by FROM definitions
WHERE state = 'current' AND (:kind = '' OR kind = :kind) ORDER BY kind, id;

-- versions: the history of one definition, the newest first
SELECT version, state, body, created_at, created_by FROM definitions WHERE kind = :kind AND id = :id ORDER BY version DESC;

-- supersede: the version in force makes room
UPDATE definitions SET state = 'superseded' WHERE kind = :kind AND id = :id AND state = 'current';

-- add_version: the new version in force
INSERT INTO definitions (kind, id, version, state, body, created_at, created_by)
VALUES (:kind, :id, :version, 'current', :body, :now, :by);

-- last_version_id: journeys and campaigns number their frozen versions together
SELECT coalesce(max(version_id), 0) FROM journey_versions;

-- last_state: a paused or closed journey stays so when it is published anew
SELECT state FROM journey_versions WHERE source = :source ORDER BY version DESC LIMIT 1;

-- freeze: people who enter from now on go through this version
INSERT INTO journey_versions (version_id, source, kind, id, version, state, published_at, body)
VALUES (:version_id, :source, :kind, :id, :version, :state, :now, :body);

-- people_inside: how many are in a journey now, over all its versions
SELECT source, count(*) FROM enrollments WHERE status = 0 GROUP BY source;

-- archived: the segments that are archived, and since when
SELECT segment_id, at FROM archived_segments ORDER BY segment_id;

-- archived_segment: one of them
SELECT at, members, archived_by FROM archived_segments WHERE segment_id = :segment;

-- archive: from this instant on a segment keeps its members
INSERT INTO archived_segments (segment_id, at, members, archived_by) VALUES (:segment, :at, :members, :by);

-- restore: a segment follows its condition again
DELETE FROM archived_segments WHERE segment_id = :segment;

-- frozen_members: who was kept when a segment was archived last, or before
SELECT c.profile_id, c.member, c.at FROM list_changes c WHERE c.list_id = :list_id ORDER BY c.profile_id, c.at, c.change_id;

-- knows_archives: whether the store is of a release that archives
SELECT 1 FROM migrations WHERE name = '0009_archived_segments.sql';

-- save_draft: what is being written
INSERT INTO drafts (kind, id, body, saved_at, saved_by) VALUES (:kind, :id, :body, :now, :by)
ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body, saved_at = excluded.saved_at, saved_by = excluded.saved_by;

-- draft: one of them
SELECT body, saved_at, saved_by FROM drafts WHERE kind = :kind AND id = :id;

-- drafts: all of a kind
SELECT id, saved_at, saved_by, body FROM drafts WHERE kind = :kind ORDER BY id;

-- drop_draft: it is published, or given up
DELETE FROM drafts WHERE kind = :kind AND id = :id;
