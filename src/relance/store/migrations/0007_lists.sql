-- Lists of people, kept by hand.

CREATE TABLE lists (
    list_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- Who was put on a list (member 1) or taken off it (0), and when: of each person the latest row counts, and no two are of one instant.
-- told: 1 once the warehouse knows.
CREATE TABLE list_changes (
    change_id {{id}},
    list_id TEXT NOT NULL,
    profile_id BIGINT NOT NULL,
    member BIGINT NOT NULL,
    at BIGINT NOT NULL,
    told BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX list_changes_list ON list_changes (list_id, profile_id, at);
CREATE INDEX list_changes_profile ON list_changes (profile_id);
CREATE INDEX list_changes_untold ON list_changes (change_id) WHERE told = 0;
