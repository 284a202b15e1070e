-- ------------------------------------------------------------------ asking

-- add: a wish.
INSERT INTO erasures (profile_id, at, actor, suppress, state) VALUES (:profile_id, :at, :actor, :suppress, 'waiting') RETURNING erasure_id;

-- add_many: a wish about several people who were made up.
INSERT INTO erasures (profile_id, at, actor, suppress, state, people, made) VALUES (0, :at, :actor, 0, 'waiting', :people, 1) RETURNING erasure_id;

-- add_person: one of them.
INSERT INTO erasure_people (erasure_id, profile_id) VALUES (?, ?);

-- block_of_many: nothing of theirs that waits is handed over.
UPDATE messages SET status = 'blocked', reason = 'erased', decided_at = :at
WHERE status IN ('queued', 'ready') AND profile_id IN (SELECT profile_id FROM erasure_people WHERE erasure_id = :erasure_id);

-- open_of: the wish of a profile that is still to be done.
SELECT erasure_id FROM erasures WHERE profile_id = :profile_id AND state = 'waiting' ORDER BY erasure_id LIMIT 1;

-- suppress_open: the same wish, with the refusal of later calls.
UPDATE erasures SET suppress = 1 WHERE erasure_id = :erasure_id;

-- next_revision: from here on no message is claimed before this is committed.
UPDATE definitions_revision SET revision = revision + 1 WHERE id = 1;

-- block_messages: nothing of theirs that waits is handed over.
UPDATE messages SET status = 'blocked', reason = 'erased', decided_at = :at WHERE profile_id = :profile_id AND status IN ('queued', 'ready');

-- keep_secret: of the masks.
INSERT INTO installation (name, value) VALUES (:name, :value) ON CONFLICT (name) DO NOTHING;

-- ------------------------------------------------------------------ looking

-- due: the first wish whose instant has come, and nobody is being asked about a message of theirs. (What the index of open ones says has to stand here for SQLite to use it.)
SELECT erasure_id, profile_id, at, suppress, made FROM erasures
WHERE state = 'waiting' AND state <> 'done' AND at <= :until AND (:alone = 1 OR (NOT EXISTS (
    SELECT 1 FROM messages m WHERE m.profile_id = erasures.profile_id AND m.status = 'claimed') AND NOT EXISTS (
    SELECT 1 FROM erasure_people p JOIN messages m ON m.profile_id = p.profile_id
    WHERE p.erasure_id = erasures.erasure_id AND m.status = 'claimed')))
ORDER BY at, erasure_id LIMIT 1;

-- unfinished: those of whom nothing is found any more, but bytes may still stand somewhere.
SELECT e.erasure_id, COALESCE(p.profile_id, e.profile_id), e.tick FROM erasures e
LEFT JOIN erasure_people p ON p.erasure_id = e.erasure_id WHERE e.state = 'applied' ORDER BY e.erasure_id, p.profile_id;

-- people_of: whom a wish concerns, where there are several.
SELECT profile_id FROM erasure_people WHERE erasure_id = :erasure_id ORDER BY profile_id;

-- forget_people_of: it is done.
DELETE FROM erasure_people WHERE erasure_id = :erasure_id;

-- list: the last wishes.
SELECT erasure_id, at, actor, suppress, state, applied_at, done_at, calls, refused, people FROM erasures
WHERE erasure_id < :before ORDER BY erasure_id DESC LIMIT :limit;

-- one: a wish.
SELECT erasure_id, at, actor, suppress, state, applied_at, done_at, calls, refused, people FROM erasures WHERE erasure_id = :erasure_id;

-- of_mask: the wishes in which an id was erased.
SELECT e.erasure_id, e.at, e.actor, e.suppress, e.state, e.applied_at, e.done_at, e.calls, e.refused, e.people
FROM erased_ids i JOIN erasures e ON e.erasure_id = i.erasure_id WHERE i.mask = :mask ORDER BY e.erasure_id DESC;

-- refused_ids: the masks of ids whose later calls are refused, and by which wish.
SELECT mask, erasure_id FROM erased_ids WHERE refused = 1;

-- count_refused: how many calls were.
UPDATE erasures SET refused = refused + :n WHERE erasure_id = :erasure_id;

-- ------------------------------------------------------------------ who it is

-- merged: the profiles that became part of one.
SELECT profile_id FROM profiles WHERE merged_into IN {values};

-- ids: every id that led to one of these profiles.
SELECT DISTINCT alias FROM aliases WHERE profile_id IN {values};

-- places: to whom some ids led, and since when.
SELECT alias, since_seq, profile_id FROM aliases WHERE alias IN {values};

-- profile: what stands in its row.
SELECT user_id, traits, email, email_key, phone, push_token FROM profiles WHERE profile_id = :profile_id;

-- addresses: to which messages went.
SELECT DISTINCT channel, address FROM messages WHERE profile_id = :profile_id AND address IS NOT NULL;

-- refusals: what the person left.
SELECT channel, group_id FROM consent WHERE profile_id = :profile_id AND state = 'unsubscribed';

-- suppression: what is said about an address.
SELECT reason, suppressed FROM suppressions WHERE channel = :channel AND address = :address;

-- shared_email: whether somebody else has it.
SELECT 1 FROM profiles WHERE email_key = :address AND merged_into IS NULL LIMIT 1;

-- shared_sms: whether somebody else has it.
SELECT 1 FROM profiles WHERE phone = :address AND merged_into IS NULL LIMIT 1;

-- shared_push: whether somebody else has it.
SELECT 1 FROM profiles WHERE push_token = :address AND merged_into IS NULL LIMIT 1;

-- ------------------------------------------------------------------ what stays, under a number that leads to nobody

-- 1_fail_claimed: where no worker runs any more, nobody will learn what came of these.
UPDATE messages SET status = 'failed', reason = 'unknown_outcome', decided_at = :at WHERE profile_id = :profile_id AND status = 'claimed';

-- 1_block_messages: what the engine put in the line since.
UPDATE messages SET status = 'blocked', reason = 'erased', decided_at = :at WHERE profile_id = :profile_id AND status IN ('queued', 'ready');

-- 1_forget_outcomes: there is nobody to tell them to.
DELETE FROM message_outcomes WHERE message_id IN (SELECT message_id FROM messages WHERE profile_id = :profile_id);

-- 1_empty_faults: providers repeat addresses.
UPDATE message_faults SET detail = '' WHERE message_id IN (SELECT message_id FROM messages WHERE profile_id = :profile_id);

-- 1_empty_messages: that there was one, on which channel, and what came of it.
UPDATE messages SET profile_id = :nobody, address = NULL, subject = NULL, body = NULL, provider_ref = NULL WHERE profile_id = :profile_id;

-- 1_end_passages: open ones.
UPDATE enrollments SET status = 2, reason = 'erased', ended_at = :at, deadline = NULL, due_at = NULL WHERE profile_id = :profile_id AND status = 0;

-- 1_empty_passages: a key is a value of theirs.
UPDATE enrollments SET profile_id = :nobody, key = '' WHERE profile_id = :profile_id;

-- 1_empty_signals: that something counted, and when.
UPDATE journey_signals SET profile_id = :nobody, key = '' WHERE profile_id = :profile_id;

-- 1_empty_reactions: what was done with a message.
UPDATE named_reactions SET profile_id = :nobody WHERE profile_id = :profile_id;

-- 1_leave_audiences: ad networks are told that the person goes.
INSERT INTO audience_changes (audience, profile_id, member, at, enrollment_id, source, step_id, erased_id)
SELECT audience, :nobody, 0, :at, 0, 'erased', '', :told FROM audience_members WHERE profile_id = :profile_id;

-- 1_empty_audience_changes: how many came and went.
UPDATE audience_changes SET profile_id = :nobody WHERE profile_id = :profile_id;

-- ------------------------------------------------------------------ what goes

-- 2_timers: what they waited for.
DELETE FROM timers WHERE profile_id = :profile_id;

-- 2_entry_queue: or waited to be let in.
DELETE FROM entry_queue WHERE profile_id = :profile_id;

-- 2_held_entries: the same while a journey is paused.
DELETE FROM held_entries WHERE profile_id = :profile_id;

-- 2_considered_members: by which schedules they were found.
DELETE FROM considered_members WHERE profile_id = :profile_id;

-- 2_segment_members: where they were.
DELETE FROM segment_members WHERE profile_id = :profile_id;

-- 2_segment_edges: and would not be any more.
DELETE FROM segment_edges WHERE profile_id = :profile_id;

-- 2_profile_seqs: their place in the order of events.
DELETE FROM profile_seqs WHERE profile_id = :profile_id;

-- 2_consent: what they agreed to.
DELETE FROM consent WHERE profile_id = :profile_id;

-- 2_consent_ledger: and how.
DELETE FROM consent_ledger WHERE profile_id = :profile_id;

-- 2_list_changes: lists they were on, archived segments too.
DELETE FROM list_changes WHERE profile_id = :profile_id;

-- 2_prediction_scores: what was foretold.
DELETE FROM prediction_scores WHERE profile_id = :profile_id;

-- 2_audience_members: in which audiences they are.
DELETE FROM audience_members WHERE profile_id = :profile_id;

-- 2_journey_events: what they did.
DELETE FROM journey_events WHERE profile_id = :profile_id;

-- 2_own_events: what was on its way to the log.
DELETE FROM own_events WHERE profile_id = :profile_id;

-- 2_aliases: who they were.
DELETE FROM aliases WHERE profile_id = :profile_id;

-- 2_profiles: the row keeps its number, so that it is not given again; it is part of nobody.
UPDATE profiles SET user_id = '', known = 0, created_at = 0, updated_at = 0, traits = '{}', timezone = NULL, email = NULL, email_key = NULL, email_valid = 0,
    phone = NULL, phone_valid = 0, push_token = NULL, merged_into = 0
WHERE profile_id = :profile_id;

-- drop_suppression: of an address that nobody has.
DELETE FROM suppressions WHERE channel = :channel AND address = :address;

-- drop_rejected: items that were no events.
DELETE FROM rejected_events WHERE position = ?;

-- drop_faulty: events with values of another type.
DELETE FROM faulty_events WHERE position = ?;

-- ------------------------------------------------------------------ where somebody may be named by the way

-- rejected: what came in and was no event.
SELECT position, raw FROM rejected_events;

-- import_rejects: rows of files that were left out.
SELECT import_id, reject_id, message, excerpt FROM import_rejects;

-- empty_import_reject: why, without what stood there.
UPDATE import_rejects SET message = ?, excerpt = ? WHERE import_id = ? AND reject_id = ?;

-- link_targets: where short links lead.
SELECT target_id, target FROM link_targets;

-- drop_link_target: one that names the person.
DELETE FROM link_targets WHERE target_id = ?;

-- audit: what was done with whom.
SELECT entry_id, id, detail FROM audit_entries;

-- rename_audit: the same with nobody named.
UPDATE audit_entries SET id = ?, detail = ? WHERE entry_id = ?;

-- backtests: what came of them.
SELECT backtest_id, result FROM backtests WHERE result IS NOT NULL;

-- rename_backtest: the same with nobody named.
UPDATE backtests SET result = ? WHERE backtest_id = ?;

-- ------------------------------------------------------------------ what is kept instead

-- keep_id: as a mask.
INSERT INTO erased_ids (mask, erasure_id, refused) VALUES (?, ?, ?) ON CONFLICT (mask, erasure_id) DO NOTHING;

-- keep_address: as a mask.
INSERT INTO erased_addresses (channel, mask, kind, group_id, reason, since_seq) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (channel, mask, kind, group_id) DO UPDATE SET reason = excluded.reason, since_seq = excluded.since_seq;

-- applied: nobody finds the person any more.
UPDATE erasures SET state = 'applied', applied_at = :at, tick = :tick, calls = :calls WHERE erasure_id = :erasure_id;

-- done: nor are their bytes in our files, as far as engines can tell.
UPDATE erasures SET state = 'done', done_at = :at, profile_id = 0 WHERE erasure_id = :erasure_id;
