-- cancel_runs: nothing is built for it any more.
UPDATE prediction_runs SET state = 'cancelled', ended_at = :now WHERE prediction = :prediction AND state IN ('waiting', 'running');

-- drop_runs: that it was built.
DELETE FROM prediction_runs WHERE prediction = :prediction;

-- drop_current: what serves.
DELETE FROM prediction_current WHERE prediction = :prediction;

-- drop_models: every version.
DELETE FROM prediction_models WHERE prediction = :prediction;

-- drop_scores: what is said of whom.
DELETE FROM prediction_scores WHERE prediction = :prediction;

-- drop_targets: what was made of it.
DELETE FROM prediction_targets WHERE prediction = :prediction;

-- drop_scorings: how it did.
DELETE FROM prediction_scorings WHERE prediction = :prediction;
