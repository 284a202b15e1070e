-- imports_find: the newest import of a file with a mapping, under a source.
SELECT import_id, state, started_at, row_number, line, byte_offset, counted_row, left_groups, n_rows, n_events, n_known, n_rejected, skipped
FROM imports
WHERE fingerprint = :fingerprint AND mapping = :mapping AND source = :source AND kind = :kind
ORDER BY import_id DESC
LIMIT 1;

-- imports_start: a new import.
INSERT INTO imports (file, fingerprint, mapping, source, kind, state, started_at, updated_at)
VALUES (:file, :fingerprint, :mapping, :source, :kind, 'running', :now, :now)
RETURNING import_id;

-- imports_advance: what was read, and where reading starts again.
UPDATE imports
SET state = :state, updated_at = :now, row_number = :row_number, line = :line, byte_offset = :byte_offset,
    counted_row = :counted_row, left_groups = :left_groups, n_rows = :n_rows, n_events = :n_events, n_known = :n_known,
    n_rejected = :n_rejected, skipped = :skipped, error = NULL
WHERE import_id = :import_id;

-- imports_fail: why an import stopped.
UPDATE imports SET state = 'failed', error = :error, updated_at = :now WHERE import_id = :import_id;

-- rejects_of: the faulty rows of an import that were kept, from one on.
SELECT row_number, line, column_name, code, message, excerpt FROM import_rejects
WHERE import_id = :import_id AND reject_id >= :start ORDER BY reject_id LIMIT :n;

-- rejects_count: how many of them were kept.
SELECT count(*) FROM import_rejects WHERE import_id = :import_id;

-- imports_list: the newest imports, those before one if it is named.
SELECT import_id, file, source, kind, state, error, started_at, updated_at, n_rows, n_events, n_known, n_rejected, skipped
FROM imports WHERE import_id < :before ORDER BY import_id DESC LIMIT :n;

-- imports_read: one.
SELECT import_id, file, source, kind, state, error, started_at, updated_at, n_rows, n_events, n_known, n_rejected, skipped
FROM imports WHERE import_id = :import_id;

-- imports_stop: taken back; what stands in the log stays there.
UPDATE imports SET state = 'stopped', updated_at = :now WHERE import_id = :import_id AND state = 'running';
