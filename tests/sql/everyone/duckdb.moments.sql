SELECT
  "t0"."moment"
FROM "moments" AS "t0"
WHERE
  TRUE
