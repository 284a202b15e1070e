-- Predictions of this installation: what is built, by which model, and what it says of whom.

-- A build or a rescoring, from the asking to its end.
CREATE TABLE prediction_runs (
    run_id {{id}},
    prediction TEXT NOT NULL,
    kind TEXT NOT NULL,                          -- build | rescore
    state TEXT NOT NULL,                         -- waiting | running | done | failed | cancelled
    stage TEXT NOT NULL DEFAULT '',
    percent BIGINT NOT NULL DEFAULT 0,
    digest TEXT NOT NULL,                        -- of the definition
    asked_at BIGINT NOT NULL,
    started_at BIGINT,
    ended_at BIGINT,
    code TEXT NOT NULL DEFAULT '',               -- of what went wrong
    message TEXT NOT NULL DEFAULT ''
);
CREATE INDEX prediction_runs_of ON prediction_runs (prediction, run_id);
CREATE INDEX prediction_runs_open ON prediction_runs (run_id) WHERE state IN ('waiting', 'running');

-- Every version of every model, with all that it takes to get the same bits again.
CREATE TABLE prediction_models (
    prediction TEXT NOT NULL,
    version BIGINT NOT NULL,
    digest TEXT NOT NULL,                        -- of the model
    definition_digest TEXT NOT NULL,
    data_digest TEXT NOT NULL,
    seed BIGINT NOT NULL,
    as_of BIGINT NOT NULL,                       -- what was received before it was learnt from
    built_at BIGINT NOT NULL,
    body TEXT NOT NULL,
    report TEXT NOT NULL,
    PRIMARY KEY (prediction, version)
);

-- The version that serves, and what its last scoring came to.
CREATE TABLE prediction_current (
    prediction TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    as_of BIGINT NOT NULL,
    scored_at BIGINT NOT NULL,
    base_rate DOUBLE PRECISION NOT NULL,
    people BIGINT NOT NULL,
    page TEXT NOT NULL
);

-- What is said of each person now. category '': nothing any more, the person is not in the audience.
-- told: 1 once the warehouse knows, 2 if it is not to know, as of a preview; announce: 1 until the change of category stands in the log.
CREATE TABLE prediction_scores (
    prediction TEXT NOT NULL,
    profile_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    probability DOUBLE PRECISION NOT NULL,
    score DOUBLE PRECISION NOT NULL,
    category TEXT NOT NULL,
    previous TEXT NOT NULL DEFAULT '',
    told BIGINT NOT NULL DEFAULT 0,
    announce BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (prediction, profile_id)
) {{clustered}};
CREATE INDEX prediction_scores_of ON prediction_scores (profile_id);
CREATE INDEX prediction_scores_untold ON prediction_scores (prediction, profile_id) WHERE told = 0;
CREATE INDEX prediction_scores_unannounced ON prediction_scores (prediction, profile_id) WHERE announce = 1;

-- What was made of a selection of scores.
CREATE TABLE prediction_targets (
    prediction TEXT NOT NULL,
    kind TEXT NOT NULL,                          -- segment | campaign
    definition_id TEXT NOT NULL,
    selection TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (prediction, kind, definition_id)
);

-- Every scoring of everybody, and how it did once its window had ended. shape: how many stand in each of 20 buckets of the score.
CREATE TABLE prediction_scorings (
    prediction TEXT NOT NULL,
    at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    base_rate DOUBLE PRECISION NOT NULL,
    people BIGINT NOT NULL,
    shape TEXT NOT NULL,
    measured_at BIGINT,
    report TEXT,
    PRIMARY KEY (prediction, at)
);
CREATE INDEX prediction_scorings_unmeasured ON prediction_scorings (prediction, at) WHERE measured_at IS NULL;
