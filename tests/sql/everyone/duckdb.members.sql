SELECT
  "t0"."profile_id"
FROM "profile_history" AS "t0"
WHERE
  "t0"."until_seq" >= 4611686018427387904 AND TRUE
