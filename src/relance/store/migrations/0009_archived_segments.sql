-- Segments that are archived: from `at` on their members are those of that instant, kept in `list_changes` under the list
-- `segment:ID`, which no list that is kept by hand can be called.

CREATE TABLE archived_segments (
    segment_id TEXT PRIMARY KEY,
    at BIGINT NOT NULL,
    members BIGINT NOT NULL,
    archived_by TEXT NOT NULL
);
