-- Where each score stands among those of its scoring, what is expected of whom, and how features were spread.

ALTER TABLE prediction_scores ADD COLUMN place BIGINT NOT NULL DEFAULT 0;                 -- 1 is the highest; 0: not known
ALTER TABLE prediction_scores ADD COLUMN percentile DOUBLE PRECISION NOT NULL DEFAULT -1; -- below 0: not known
ALTER TABLE prediction_scores ADD COLUMN value DOUBLE PRECISION NOT NULL DEFAULT -1;      -- the amount that is expected; below 0: none is foretold
ALTER TABLE prediction_scores ADD COLUMN next_at BIGINT;                                  -- when the next event of the target is expected

-- total: of the amounts that were expected. features: by name, how many people stood in each bucket.
ALTER TABLE prediction_scorings ADD COLUMN total DOUBLE PRECISION;
ALTER TABLE prediction_scorings ADD COLUMN features TEXT NOT NULL DEFAULT '';
