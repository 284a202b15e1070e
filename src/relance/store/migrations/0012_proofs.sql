-- A reaction may come while the provider is still being called, or while the message waits to be sent again because nobody knew: it is remembered until the outcome is.

-- proven: 1 once somebody reacted to the attempt that is under way.
ALTER TABLE messages ADD COLUMN proven BIGINT NOT NULL DEFAULT 0;
