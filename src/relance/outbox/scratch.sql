-- What the checks before a hand-off work with: temporary tables, see journeys/scratch.sql.

CREATE TEMP TABLE IF NOT EXISTS w_consent_mode (channel TEXT PRIMARY KEY, mode TEXT NOT NULL);
CREATE TEMP TABLE IF NOT EXISTS w_template (template TEXT PRIMARY KEY, group_id TEXT NOT NULL);
-- Messages whose hand-off is decided now, one a person. reason: why not; hold: until when quiet hours keep it.
CREATE TEMP TABLE IF NOT EXISTS w_try (message_id BIGINT PRIMARY KEY, enrollment_id BIGINT NOT NULL, profile_id BIGINT NOT NULL, version_id BIGINT NOT NULL, step BIGINT NOT NULL, source TEXT NOT NULL, channel TEXT NOT NULL, template TEXT NOT NULL, marketing BIGINT NOT NULL, at BIGINT NOT NULL, seq BIGINT NOT NULL, expires_at BIGINT, address TEXT, address_key TEXT, valid BIGINT NOT NULL, timezone TEXT, reason TEXT, hold BIGINT) {{scratch}};
