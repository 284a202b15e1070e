-- ledger_of_profile: every consent change that was ever told about a person, the last received first.
SELECT channel, group_id, state, at, received_at, source, applied
FROM consent_ledger WHERE profile_id = :profile_id ORDER BY entry_id DESC LIMIT :limit;
