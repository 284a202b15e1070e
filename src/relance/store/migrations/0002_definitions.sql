-- What people defined. Every version is kept; `current` is the one in force.

-- One row, id 1: counts publications, so that a running engine sees that there is something new. Publishing locks it first.
CREATE TABLE definitions_revision (
    id BIGINT PRIMARY KEY,
    revision BIGINT NOT NULL
);
INSERT INTO definitions_revision (id, revision) VALUES (1, 0);

-- One row a version. The settings of the workspace have the id 'settings'.
-- state: current -> superseded, when the next version is published.
CREATE TABLE definitions (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    version BIGINT NOT NULL,
    state TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (kind, id, version)
);
CREATE UNIQUE INDEX definitions_current ON definitions (kind, id) WHERE state = 'current';
