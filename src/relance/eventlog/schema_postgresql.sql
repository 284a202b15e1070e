-- The tables mean what they mean on SQLite, see schema_sqlite.sql.
CREATE TABLE log_chunks (
    first_position BIGINT PRIMARY KEY,
    n BIGINT NOT NULL,
    source TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    sent_at BIGINT,
    kind TEXT NOT NULL,
    call TEXT NOT NULL,
    flags BIGINT NOT NULL,
    duplicates TEXT,
    body BYTEA NOT NULL
);
-- JSON bodies of some KB are not worth the time that compression takes on the way in.
ALTER TABLE log_chunks ALTER COLUMN body SET STORAGE EXTERNAL;

-- One row, locked by whoever appends until it has committed: so positions and instants appear in their order.
CREATE TABLE log_state (
    id BIGINT PRIMARY KEY,
    last_position BIGINT NOT NULL,
    floor BIGINT NOT NULL
) WITH (fillfactor = 10);
INSERT INTO log_state (id, last_position, floor) VALUES (1, 0, 0);

CREATE TABLE log_ids (
    key BYTEA PRIMARY KEY,
    received_at BIGINT NOT NULL
);
CREATE INDEX log_ids_received ON log_ids USING brin (received_at);

CREATE TABLE log_numbers (
    position BIGINT NOT NULL,
    profile_id BIGINT NOT NULL,
    PRIMARY KEY (position, profile_id)
);
