-- secret: of the masks.
SELECT value FROM installation WHERE name = :name;

-- any: whether there is any.
SELECT 1 FROM erased_addresses LIMIT 1;

-- kept: what is known of some masks.
SELECT mask, kind, group_id, reason, since_seq FROM erased_addresses WHERE mask IN {values} ORDER BY mask, kind, group_id;

-- suppress: an address that came back is suppressed again.
INSERT INTO suppressions (channel, address, reason, at, since_seq, soft_bounces, suppressed) VALUES (:channel, :address, :reason, :at, :seq, 0, 1)
ON CONFLICT (channel, address) DO UPDATE SET reason = excluded.reason, at = excluded.at, since_seq = excluded.since_seq, suppressed = 1
WHERE suppressions.suppressed = 0;

-- was_told: whether a person was given it already.
SELECT 1 FROM consent_ledger WHERE profile_id = :profile_id AND channel = :channel AND group_id = :group_id AND source = :source LIMIT 1;
