SELECT
  "t7"."profile_id"
FROM (
  SELECT
    "t3"."profile_id",
    "t6"."own0_key",
    "t6"."own0_yes"
  FROM (
    SELECT
      "t0"."profile_id"
    FROM "profile_now" AS "t0"
  ) AS "t3"
  LEFT OUTER JOIN (
    SELECT
      "t4"."own0_key",
      TRUE AS "own0_yes"
    FROM (
      SELECT DISTINCT
        "t1"."profile_id" AS "own0_key"
      FROM "journey_history" AS "t1"
      WHERE
        "t1"."journey" = 'abandoned-cart' AND "t1"."at" <= 8000000000000000001
    ) AS "t4"
  ) AS "t6"
    ON "t3"."profile_id" = "t6"."own0_key"
) AS "t7"
WHERE
  NOT (
    COALESCE("t7"."own0_yes", FALSE)
  )
