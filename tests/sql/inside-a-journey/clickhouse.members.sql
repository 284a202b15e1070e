SELECT
  "t9"."profile_id" AS "profile_id"
FROM (
  SELECT
    "t3"."profile_id" AS "profile_id",
    "t8"."own0_key" AS "own0_key",
    "t8"."own0_yes" AS "own0_yes"
  FROM (
    SELECT
      "t0"."profile_id" AS "profile_id"
    FROM "profile_now" AS "t0"
  ) AS "t3"
  INNER JOIN (
    SELECT
      "t6"."own0_key" AS "own0_key",
      TRUE AS "own0_yes"
    FROM (
      SELECT DISTINCT
        "t5"."profile_id" AS "own0_key"
      FROM (
        SELECT
          "t4"."profile_id" AS "profile_id",
          "t4"."enrollment_id" AS "enrollment_id",
          countIf("t4"."state" <> 'active') AS "ends",
          countIf("t4"."step" = 'remind') AS "entered",
          countIf("t4"."previous" = 'remind') AS "left"
        FROM (
          SELECT
            "t1"."profile_id" AS "profile_id",
            "t1"."enrollment_id" AS "enrollment_id",
            "t1"."step" AS "step",
            "t1"."previous" AS "previous",
            "t1"."state" AS "state",
            "t1"."at" AS "event_at",
            "t1"."seq" AS "event_seq"
          FROM "journey_history" AS "t1"
          WHERE
            "t1"."journey" = 'abandoned-cart' AND "t1"."at" <= 8000000000000000001
        ) AS "t4"
        GROUP BY
          "t4"."profile_id",
          "t4"."enrollment_id"
      ) AS "t5"
      WHERE
        "t5"."entered" > "t5"."left"
    ) AS "t6"
  ) AS "t8"
    ON "t3"."profile_id" = "t8"."own0_key"
) AS "t9"
WHERE
  COALESCE("t9"."own0_yes", FALSE)
