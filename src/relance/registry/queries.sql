-- add_seen: events of a name.
INSERT INTO events_seen (name, n, looked_at, first_at, last_at, last_position) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (name) DO UPDATE SET n = events_seen.n + excluded.n, looked_at = events_seen.looked_at + excluded.looked_at,
    first_at = CASE WHEN excluded.first_at < events_seen.first_at THEN excluded.first_at ELSE events_seen.first_at END,
    last_at = CASE WHEN excluded.last_at > events_seen.last_at THEN excluded.last_at ELSE events_seen.last_at END,
    last_position = CASE WHEN excluded.last_position > events_seen.last_position THEN excluded.last_position ELSE events_seen.last_position END;

-- add_properties: their properties.
INSERT INTO properties_seen (name, path, type, n, last_position) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (name, path, type) DO UPDATE SET n = properties_seen.n + excluded.n,
    last_position = CASE WHEN excluded.last_position > properties_seen.last_position THEN excluded.last_position ELSE properties_seen.last_position END;

-- add_faults: values of another type than the schema says.
INSERT INTO schema_faults (name, path, expected, found, n, first_at, last_at, last_position) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (name, path, expected, found) DO UPDATE SET n = schema_faults.n + excluded.n,
    first_at = CASE WHEN excluded.first_at < schema_faults.first_at THEN excluded.first_at ELSE schema_faults.first_at END,
    last_at = CASE WHEN excluded.last_at > schema_faults.last_at THEN excluded.last_at ELSE schema_faults.last_at END,
    last_position = CASE WHEN excluded.last_position > schema_faults.last_position THEN excluded.last_position ELSE schema_faults.last_position END;

-- add_faulty: the events that have one.
INSERT INTO faulty_events (position, path, name, source, received_at, expected, found) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (position, path) DO NOTHING;

-- prune_faulty: forget all but the latest.
DELETE FROM faulty_events
WHERE position < (SELECT position FROM faulty_events ORDER BY position DESC LIMIT 1 OFFSET :kept);

-- seen: events by their names, the last seen first.
SELECT name, n, looked_at, first_at, last_at, last_position FROM events_seen WHERE (:name = '' OR name = :name) ORDER BY last_at DESC, name;

-- names: all names.
SELECT name FROM events_seen;

-- properties: what stood in the events of a name.
SELECT path, type, n, last_position FROM properties_seen WHERE name = :name ORDER BY path, n DESC, type;

-- count_properties: how many of them are told of each name.
SELECT name, path, type FROM properties_seen;

-- faults: values of another type than the schema says, by name.
SELECT name, path, expected, found, n, first_at, last_at FROM schema_faults WHERE (:name = '' OR name = :name) ORDER BY name, n DESC, path, found;

-- faulty: the latest events that have one, before a position.
SELECT position, path, name, source, received_at, expected, found FROM faulty_events
WHERE position < :before AND (:name = '' OR name = :name) ORDER BY position DESC, path LIMIT :n;

-- is_source: whether there is such a source.
SELECT 1 FROM sources WHERE source = :source;

-- hook: how the webhooks of a source are read.
SELECT source, secret, signature_header, event, user_id_path, message_id_path, timestamp_path FROM source_hooks WHERE source = :source;

-- save_hook: the same from now on.
INSERT INTO source_hooks (source, secret, signature_header, event, user_id_path, message_id_path, timestamp_path, created_at)
VALUES (:source, :secret, :signature_header, :event, :user_id_path, :message_id_path, :timestamp_path, :now)
ON CONFLICT (source) DO UPDATE SET secret = excluded.secret, signature_header = excluded.signature_header, event = excluded.event,
    user_id_path = excluded.user_id_path, message_id_path = excluded.message_id_path, timestamp_path = excluded.timestamp_path;

-- delete_hook: nothing is said of them any more.
DELETE FROM source_hooks WHERE source = :source;

-- last_traits: the traits of those who changed last.
SELECT traits FROM profiles WHERE merged_into IS NULL ORDER BY updated_at DESC, profile_id DESC LIMIT :n;

-- last_properties: of the warehouse: the properties of the last events of a name.
SELECT properties FROM events WHERE name = '{name}' ORDER BY seq DESC LIMIT {n};

-- drop_seen: a name that nobody sends any more.
DELETE FROM events_seen WHERE name = ?;

-- drop_properties: and its properties.
DELETE FROM properties_seen WHERE name = ?;

-- drop_faults: and what was wrong with them.
DELETE FROM schema_faults WHERE name = ?;

-- last_positions: where the last event of each name stands in the log.
SELECT name, last_position FROM events_seen WHERE last_position > 0 ORDER BY name;
