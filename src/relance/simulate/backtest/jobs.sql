-- add: a backtest that waits for its turn.
INSERT INTO backtests (journey_id, state, asked_at, asked_by, since_at, until_at, drafts)
VALUES (:journey, 'waiting', :now, :by, :since, :until, :drafts) RETURNING backtest_id;

-- waiting: the next one.
SELECT backtest_id, journey_id, since_at, until_at, drafts FROM backtests WHERE state = 'waiting' ORDER BY backtest_id LIMIT 1;

-- begin: its turn has come, unless it was cancelled.
UPDATE backtests SET state = 'running', started_at = :now WHERE backtest_id = :id AND state = 'waiting';

-- progress: how far it is.
UPDATE backtests SET phase = :phase, done = :done, total = :total WHERE backtest_id = :id AND state = 'running';

-- end: what came of it.
UPDATE backtests SET state = :state, ended_at = :now, error = :error, result = :result WHERE backtest_id = :id AND state IN ('waiting', 'running');

-- abandoned: what a process that is gone had begun.
UPDATE backtests SET state = 'failed', ended_at = :now, error = :error WHERE state = 'running';

-- state: of one of them.
SELECT state FROM backtests WHERE backtest_id = :id;

-- read: one of them.
SELECT backtest_id, journey_id, state, asked_at, asked_by, started_at, ended_at, since_at, until_at, phase, done, total, error, result
FROM backtests WHERE backtest_id = :id;

-- list: those of a journey, the newest first, without their results.
SELECT backtest_id, journey_id, state, asked_at, asked_by, started_at, ended_at, since_at, until_at, phase, done, total, error, NULL
FROM backtests WHERE journey_id = :journey ORDER BY backtest_id DESC LIMIT :limit;
