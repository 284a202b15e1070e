SELECT
  "t7"."profile_id"
FROM (
  SELECT
    "t4"."profile_id",
    "t6"."own0_key",
    "t6"."own0_yes"
  FROM (
    SELECT
      "t0"."profile_id"
    FROM "profile_history" AS "t0"
    WHERE
      "t0"."until_seq" >= 4611686018427387904
  ) AS "t4"
  LEFT OUTER JOIN (
    SELECT
      "t3"."own0_key",
      TRUE AS "own0_yes"
    FROM (
      SELECT DISTINCT
        "t1"."profile_id" AS "own0_key"
      FROM "journey_history" AS "t1"
      WHERE
        "t1"."journey" = 'abandoned-cart' AND "t1"."at" <= 8000000000000000001
    ) AS "t3"
  ) AS "t6"
    ON "t4"."profile_id" = "t6"."own0_key"
) AS "t7"
WHERE
  NOT (
    COALESCE("t7"."own0_yes", FALSE)
  )
