-- add_run: Somebody asks, or it is time.
INSERT INTO prediction_runs (prediction, kind, state, digest, asked_at) VALUES (:prediction, :kind, 'waiting', :digest, :now) RETURNING run_id;

-- open_run: What is waiting or under way for a prediction.
SELECT {columns} FROM prediction_runs WHERE prediction = :prediction AND state IN ('waiting', 'running') ORDER BY run_id LIMIT 1;

-- next_run: What has waited longest.
SELECT {columns} FROM prediction_runs WHERE state = 'waiting' ORDER BY run_id LIMIT 1;

-- one_run: One run.
SELECT {columns} FROM prediction_runs WHERE run_id = :run_id;

-- last_run: The newest run of a prediction.
SELECT {columns} FROM prediction_runs WHERE prediction = :prediction ORDER BY run_id DESC LIMIT 1;

-- runs: The newest runs of a prediction.
SELECT {columns} FROM prediction_runs WHERE prediction = :prediction ORDER BY run_id DESC LIMIT :most;

-- start_run: It begins, unless it was taken back.
UPDATE prediction_runs SET state = 'running', started_at = :now, stage = 'gathering', percent = 0 WHERE run_id = :run_id AND state = 'waiting';

-- tell_run: How far it is.
UPDATE prediction_runs SET stage = :stage, percent = :percent WHERE run_id = :run_id AND state = 'running';

-- end_run: It ended.
UPDATE prediction_runs SET state = :state, ended_at = :now, code = :code, message = :message,
    percent = CASE WHEN :state = 'done' THEN 100 ELSE percent END
WHERE run_id = :run_id AND state IN ('waiting', 'running');

-- interrupted_runs: What a stop of the process cut short begins again.
UPDATE prediction_runs SET state = 'waiting', stage = '', percent = 0, started_at = NULL WHERE state = 'running';

-- add_model: Another version.
INSERT INTO prediction_models (prediction, version, digest, definition_digest, data_digest, seed, as_of, built_at, body, report)
VALUES (:prediction, :version, :digest, :definition_digest, :data_digest, :seed, :as_of, :built_at, :body, :report);

-- last_version: The newest version there is.
SELECT COALESCE(MAX(version), 0) FROM prediction_models WHERE prediction = :prediction;

-- versions: All of them, the newest first.
SELECT version, digest, definition_digest, data_digest, seed, as_of, built_at, report FROM prediction_models WHERE prediction = :prediction
ORDER BY version DESC;

-- model: One version, whole.
SELECT version, digest, definition_digest, data_digest, seed, as_of, built_at, report, body FROM prediction_models
WHERE prediction = :prediction AND version = :version;

-- current: Which one serves.
SELECT c.version, c.as_of, c.scored_at, c.base_rate, c.people, c.page, m.definition_digest, m.as_of, m.report
FROM prediction_current c JOIN prediction_models m ON m.prediction = c.prediction AND m.version = c.version WHERE c.prediction = :prediction;

-- serve: From now on this one.
INSERT INTO prediction_current (prediction, version, as_of, scored_at, base_rate, people, page)
VALUES (:prediction, :version, :as_of, :scored_at, :base_rate, :people, :page)
ON CONFLICT (prediction) DO UPDATE SET version = excluded.version, as_of = excluded.as_of, scored_at = excluded.scored_at,
    base_rate = excluded.base_rate, people = excluded.people, page = excluded.page;

-- put_score: What is said of somebody from now on. It is told again where it is the same: its age is not.
INSERT INTO prediction_scores (prediction, profile_id, at, version, probability, score, category, place, percentile, value, next_at, told, announce)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (prediction, profile_id) DO UPDATE SET
    told = excluded.told, place = excluded.place, percentile = excluded.percentile, value = excluded.value, next_at = excluded.next_at,
    announce = CASE WHEN excluded.announce = 1 AND prediction_scores.category <> excluded.category THEN 1 ELSE prediction_scores.announce END,
    previous = CASE WHEN prediction_scores.category <> excluded.category THEN prediction_scores.category ELSE prediction_scores.previous END,
    at = CASE WHEN excluded.at > prediction_scores.at THEN excluded.at ELSE prediction_scores.at + 1 END, version = excluded.version, probability = excluded.probability, score = excluded.score, category = excluded.category;

-- lapse_scores: Who is not in the audience any more has no score.
UPDATE prediction_scores SET at = :at, previous = category, category = '', score = -1, probability = 0, told = :told, announce = 0, place = 0,
    percentile = -1, value = -1, next_at = NULL
WHERE prediction = :prediction AND at < :at AND category <> '';

-- tell_hidden: What was only looked at counts from now on.
UPDATE prediction_scores SET told = 0, at = :at WHERE prediction = :prediction AND told = 2;

-- score_of: What is said of somebody now.
SELECT prediction, at, version, probability, score, category, previous, place, percentile, value, next_at FROM prediction_scores WHERE profile_id = :profile_id AND category <> ''
ORDER BY prediction;

-- one_score: What is said of one person by one prediction.
SELECT score, category FROM prediction_scores WHERE prediction = :prediction AND profile_id = :profile_id;

-- known_of: The same of predictions that may be targeted.
SELECT prediction, score, probability, category, at, place, percentile, value, next_at FROM prediction_scores
WHERE profile_id = :profile_id AND category <> '' AND told <> 2 ORDER BY prediction;

-- column: All scores of a prediction, for figures.
SELECT score, probability, value FROM prediction_scores WHERE prediction = :prediction AND category <> '';

-- scores: A page of scores in the order of people.
SELECT s.profile_id, p.user_id, s.probability, s.score, s.category, s.at, s.place, s.percentile, s.value, s.next_at FROM prediction_scores s JOIN profiles p ON p.profile_id = s.profile_id
WHERE s.prediction = :prediction AND s.category <> '' AND s.profile_id > :after AND p.merged_into IS NULL ORDER BY s.profile_id LIMIT :most;

-- selected: A page of the people of a selection, the highest scores first, those who became part of somebody among them.
-- No index holds that order: a scoring would pay for it each time. Only whoever is on the page is looked up among profiles.
SELECT s.profile_id, p.merged_into, p.user_id, p.traits, p.email, p.phone, s.probability, s.score, s.category, s.at, s.place, s.percentile, s.value, s.next_at
FROM (
    SELECT profile_id, probability, score, category, at, place, percentile, value, next_at FROM prediction_scores
    WHERE prediction = :prediction AND {measure} >= :low AND {measure} < :high AND score <= :score AND (score < :score OR profile_id > :last)
        AND {categories}
    ORDER BY score DESC, profile_id LIMIT :most
) AS s JOIN profiles p ON p.profile_id = s.profile_id ORDER BY s.score DESC, s.profile_id;

-- unannounced: Changes of category that are known to the warehouse, and not to the log.
SELECT s.prediction, s.profile_id, p.user_id, p.known, s.at, s.score, s.probability, s.category, s.previous, s.version,
    s.place, s.percentile, s.value
FROM prediction_scores s JOIN profiles p ON p.profile_id = s.profile_id
WHERE s.announce = 1 AND s.told = 1 AND s.category <> '' AND p.merged_into IS NULL ORDER BY s.prediction, s.profile_id LIMIT :most;

-- announced: They are in the log; a change that came since stays to be told.
UPDATE prediction_scores SET announce = 0 WHERE prediction = ? AND profile_id = ? AND at = ?;

-- announced_nobody: Changes of those who became part of somebody else are nobody's.
UPDATE prediction_scores SET announce = 0 WHERE announce = 1 AND profile_id IN (SELECT profile_id FROM profiles WHERE merged_into IS NOT NULL);

-- add_target: What was made of a selection.
INSERT INTO prediction_targets (prediction, kind, definition_id, selection, made_at) VALUES (:prediction, :kind, :id, :selection, :now)
ON CONFLICT (prediction, kind, definition_id) DO UPDATE SET selection = excluded.selection, made_at = excluded.made_at;

-- targets: What was made of a prediction's scores.
SELECT kind, definition_id, selection, made_at FROM prediction_targets WHERE prediction = :prediction ORDER BY made_at, kind, definition_id;

-- add_scoring: Everybody was scored.
INSERT INTO prediction_scorings (prediction, at, version, base_rate, people, shape, total, features)
VALUES (:prediction, :at, :version, :base_rate, :people, :shape, :total, :features);

-- unmeasured: The oldest scoring whose window has ended, and that was not measured.
SELECT s.at, s.version, s.base_rate, m.definition_digest, s.total FROM prediction_scorings s
JOIN prediction_models m ON m.prediction = s.prediction AND m.version = s.version
WHERE s.prediction = :prediction AND s.measured_at IS NULL AND s.at <= :until ORDER BY s.at LIMIT 1;

-- measured: How it did.
UPDATE prediction_scorings SET measured_at = :now, report = :report WHERE prediction = :prediction AND at = :at;

-- outcomes: How scorings did, the newest first.
SELECT at, version, measured_at, report FROM prediction_scorings WHERE prediction = :prediction AND report IS NOT NULL ORDER BY at DESC LIMIT :most;

-- scorings: The first scoring of a version, and the last.
SELECT at, base_rate, people, shape, features FROM prediction_scorings WHERE prediction = :prediction AND at IN (
    (SELECT MIN(at) FROM prediction_scorings WHERE prediction = :prediction AND version = :version),
    (SELECT MAX(at) FROM prediction_scorings WHERE prediction = :prediction AND version = :version))
ORDER BY at;
