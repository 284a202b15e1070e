SELECT
  "t0"."moment" AS "moment"
FROM "moments" AS "t0"
WHERE
  TRUE
