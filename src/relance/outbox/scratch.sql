-- What the checks before a hand-off work with: temporary tables, see journeys/scratch.sql.

CREATE TEMP TABLE IF NOT EXISTS w_consent_mode (channel TEXT PRIMARY KEY, mode TEXT NOT NULL);
CREATE TEMP TABLE IF NOT EXISTS w_template (template TEXT PRIMARY KEY, group_id TEXT NOT NULL);
-- Messages whose hand-off is decided now, one a person. reason: why not; hold: until when quiet hours keep it.
CREATE TEMP TABLE IF NOT EXISTS w_try (message_id {{key}}, enrollment_id BIGINT NOT NULL, profile_id BIGINT NOT NULL, version_id BIGINT NOT NULL, source TEXT NOT NULL, step BIGINT NOT NULL, step_id TEXT NOT NULL, visit BIGINT NOT NULL, channel TEXT NOT NULL, channel_rank BIGINT NOT NULL, template TEXT NOT NULL, variant TEXT, marketing BIGINT NOT NULL, event_seq BIGINT, at BIGINT NOT NULL, seq BIGINT NOT NULL, expires_at BIGINT, address TEXT, address_key TEXT, valid BIGINT NOT NULL, timezone TEXT, reason TEXT, hold BIGINT) {{hashed}} {{scratch}};
