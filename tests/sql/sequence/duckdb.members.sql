SELECT
  "t10"."profile_id"
FROM (
  SELECT
    "t3"."profile_id",
    "t9"."figure0_key",
    "t9"."figure0_yes"
  FROM (
    SELECT
      "t0"."profile_id"
    FROM "profile_history" AS "t0"
    WHERE
      "t0"."until_seq" >= 4611686018427387904
  ) AS "t3"
  INNER JOIN (
    SELECT
      "t7"."profile_id" AS "figure0_key",
      TRUE AS "figure0_yes"
    FROM (
      SELECT DISTINCT
        "t6"."profile_id"
      FROM (
        SELECT
          "t5"."profile_id",
          "t5"."event_at",
          "t5"."event_seq",
          "t5"."step0",
          "t5"."step1",
          "t5"."end0",
          "t5"."before1",
          CASE
            WHEN "t5"."step1"
            AND (
              "t5"."before1" IS NOT NULL
            )
            AND (
              (
                "t5"."event_at" - "t5"."before1"
              ) < 86400000000
            )
            THEN "t5"."event_at"
            ELSE NULL
          END AS "end1"
        FROM (
          SELECT
            "t4"."profile_id",
            "t4"."event_at",
            "t4"."event_seq",
            "t4"."step0",
            "t4"."step1",
            "t4"."end0",
            MAX("t4"."end0") OVER (
              PARTITION BY "t4"."profile_id"
              ORDER BY "t4"."event_at" ASC, "t4"."event_seq" ASC
              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 preceding
            ) AS "before1"
          FROM (
            SELECT
              "t1"."profile_id",
              "t1"."at" AS "event_at",
              "t1"."seq" AS "event_seq",
              "t1"."name" = 'A' AS "step0",
              "t1"."name" = 'B' AS "step1",
              CASE WHEN "t1"."name" = 'A' THEN "t1"."at" ELSE NULL END AS "end0"
            FROM "events" AS "t1"
            WHERE
              "t1"."name" IN ('A', 'B')
              AND "t1"."at" <= 8000000000000000001
              AND "t1"."at" > (
                8000000000000000001 - 2592000000000
              )
          ) AS "t4"
        ) AS "t5"
      ) AS "t6"
      WHERE
        "t6"."end1" IS NOT NULL
    ) AS "t7"
  ) AS "t9"
    ON "t3"."profile_id" = "t9"."figure0_key"
) AS "t10"
WHERE
  COALESCE("t10"."figure0_yes", FALSE)
