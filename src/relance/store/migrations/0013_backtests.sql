-- Backtests that were asked for, and what came of them.

-- state: waiting -> running -> done | failed | cancelled. drafts: the definitions that stood in for published ones, as JSON. phase, done, total:
-- how far it is. result: JSON, once it is done. Instants in microseconds: since_at and until_at bound the past that is lived again.
CREATE TABLE backtests (
    backtest_id {{id}},
    journey_id TEXT NOT NULL,
    state TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    asked_by TEXT NOT NULL,
    started_at BIGINT,
    ended_at BIGINT,
    since_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    drafts TEXT NOT NULL,
    phase TEXT NOT NULL DEFAULT '',
    done BIGINT NOT NULL DEFAULT 0,
    total BIGINT NOT NULL DEFAULT 0,
    error TEXT,
    result TEXT
);
CREATE INDEX backtests_journey ON backtests (journey_id, backtest_id);
