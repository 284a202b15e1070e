-- One row a request. Its items have the positions first_position, first_position + 1, ...
-- duplicates: JSON list of the indexes of items that were received before. flags: 1 trusted, 2 the client's clock is not corrected.
CREATE TABLE IF NOT EXISTS log_chunks (
    first_position INTEGER PRIMARY KEY,
    n INTEGER NOT NULL,
    source TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    sent_at INTEGER,
    kind TEXT NOT NULL,
    call TEXT NOT NULL,
    flags INTEGER NOT NULL,
    duplicates TEXT,
    body BLOB NOT NULL
);

-- ids_through: the position up to which all message ids are in runs. probes: counts the writes made to see whether we can. hash_secret: of id_hash.py.
CREATE TABLE IF NOT EXISTS log_state (
    id INTEGER PRIMARY KEY,
    ids_through INTEGER NOT NULL,
    probes INTEGER NOT NULL,
    hash_secret BLOB NOT NULL
);

-- Sorted runs of message ids, see id_runs.py.
CREATE TABLE IF NOT EXISTS log_id_runs (
    run_id INTEGER PRIMARY KEY,
    n INTEGER NOT NULL,
    newest INTEGER NOT NULL,
    bloom BLOB NOT NULL,
    fence BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS log_id_blocks (
    run_id INTEGER NOT NULL,
    block INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (run_id, block)
) WITHOUT ROWID;

-- Which profiles began at calls that were erased since: a rebuild gives the same numbers to those that came later.
CREATE TABLE IF NOT EXISTS log_numbers (
    position INTEGER NOT NULL,
    profile_id INTEGER NOT NULL,
    PRIMARY KEY (position, profile_id)
) WITHOUT ROWID;
