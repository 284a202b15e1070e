-- Who may send events and who may ask questions; what was sent and could not be read.

-- Where events come from. trusted: its events may grant consent and merge into known profiles. correct_skew: 0 for servers whose clock is right.
CREATE TABLE sources (
    source TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    trusted BIGINT NOT NULL,
    correct_skew BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

-- A key that can only send events. Of the key itself only its SHA-256 is kept (it has 192 random bits) and its last characters, to know it again.
CREATE TABLE write_keys (
    key_id {{id}},
    source TEXT NOT NULL,
    key_hash TEXT NOT NULL UNIQUE,
    hint TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX write_keys_source ON write_keys (source);

-- A key for the management interface. scopes: the words of ingest/scopes.py, with spaces between.
CREATE TABLE api_keys (
    key_id {{id}},
    name TEXT NOT NULL,
    key_hash TEXT NOT NULL UNIQUE,
    hint TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);

-- Items that are no events. raw: as it came, cut at 64 KB; bytes that are no UTF-8 are replaced.
CREATE TABLE rejected_events (
    position BIGINT PRIMARY KEY,
    source TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    code TEXT NOT NULL,
    pointer TEXT NOT NULL,
    message TEXT NOT NULL,
    raw TEXT NOT NULL
);
CREATE INDEX rejected_events_source ON rejected_events (source, position);
