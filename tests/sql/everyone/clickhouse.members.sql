SELECT
  "t0"."profile_id" AS "profile_id"
FROM "profile_now" AS "t0"
WHERE
  TRUE
