-- What reports and traces rest on, and what is known of events by their names.

-- What was known when a step was entered: the condition of a branch is asked as of there. NULL for steps of an earlier release.
ALTER TABLE enrollment_path ADD COLUMN seq BIGINT;

-- What people did with messages, and what providers told of them: once a message and kind. machine: 1 when no person did it.
CREATE TABLE message_reactions (
    message_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    machine BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    PRIMARY KEY (message_id, kind, machine)
) {{clustered}};

-- The same where an event names a journey or campaign and a step: it answers that profile's latest such message on the channel.
CREATE TABLE named_reactions (
    profile_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    machine BIGINT NOT NULL,
    channel TEXT NOT NULL,
    source TEXT NOT NULL,
    step_id TEXT,
    PRIMARY KEY (profile_id, seq)
) {{clustered}};
CREATE INDEX named_reactions_source ON named_reactions (source);

-- Events by their names: how many were there, of how many the properties were looked at, when, and where the last one stands in the log (0: it is our own).
CREATE TABLE events_seen (
    name TEXT PRIMARY KEY,
    n BIGINT NOT NULL,
    looked_at BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    last_position BIGINT NOT NULL
) {{updated}};

-- Their properties, by path and type of the value. The value itself stands in the log alone: `last_position` says where.
CREATE TABLE properties_seen (
    name TEXT NOT NULL,
    path TEXT NOT NULL,
    type TEXT NOT NULL,
    n BIGINT NOT NULL,
    last_position BIGINT NOT NULL,
    PRIMARY KEY (name, path, type)
) {{clustered}};

-- Values that are not of the type that the registered event says: how many, by property and type.
CREATE TABLE schema_faults (
    name TEXT NOT NULL,
    path TEXT NOT NULL,
    expected TEXT NOT NULL,
    found TEXT NOT NULL,
    n BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    last_position BIGINT NOT NULL,
    PRIMARY KEY (name, path, expected, found)
) {{clustered}};

-- The latest events with such a value. They count like any other.
CREATE TABLE faulty_events (
    position BIGINT NOT NULL,
    path TEXT NOT NULL,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    expected TEXT NOT NULL,
    found TEXT NOT NULL,
    PRIMARY KEY (position, path)
) {{clustered}};

-- Sources whose webhooks are signed, or whose events name their people and instants elsewhere than ours do. The secret is kept as it is: signatures can not be checked by a hash of it.
CREATE TABLE source_hooks (
    source TEXT PRIMARY KEY,
    secret TEXT NOT NULL,
    signature_header TEXT NOT NULL,
    event TEXT NOT NULL,
    user_id_path TEXT NOT NULL,
    message_id_path TEXT NOT NULL,
    timestamp_path TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
