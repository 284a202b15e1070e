-- Imports of files: how far each has come, and the rows that were left out.

-- One row an import of one file. state: running done failed. fingerprint: of the file's bytes; mapping: of the mapping.
-- row_number, line, byte_offset: where reading starts again. counted_row: rows up to here were counted. left_groups: JSON,
-- groups that left and have lines behind that place. skipped: JSON, reason to number of rows.
CREATE TABLE imports (
    import_id {{id}},
    file TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    mapping TEXT NOT NULL,
    source TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    error TEXT,
    started_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    row_number BIGINT NOT NULL DEFAULT 0,
    line BIGINT NOT NULL DEFAULT 0,
    byte_offset BIGINT NOT NULL DEFAULT 0,
    counted_row BIGINT NOT NULL DEFAULT 0,
    left_groups TEXT NOT NULL DEFAULT '{}',
    n_rows BIGINT NOT NULL DEFAULT 0,
    n_events BIGINT NOT NULL DEFAULT 0,
    n_known BIGINT NOT NULL DEFAULT 0,
    n_rejected BIGINT NOT NULL DEFAULT 0,
    skipped TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX imports_file ON imports (fingerprint);

-- The first faults of an import, each with its row and its reason. row_number counts as a spreadsheet does, line as an editor.
CREATE TABLE import_rejects (
    import_id BIGINT NOT NULL,
    reject_id BIGINT NOT NULL,
    row_number BIGINT NOT NULL,
    line BIGINT NOT NULL,
    column_name TEXT NOT NULL,
    code TEXT NOT NULL,
    message TEXT NOT NULL,
    excerpt TEXT NOT NULL,
    PRIMARY KEY (import_id, reject_id)
);
