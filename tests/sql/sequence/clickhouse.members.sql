SELECT
  *
FROM (
  SELECT DISTINCT
    "t8"."profile_id" AS "profile_id"
  FROM (
    SELECT
      "t7"."profile_id" AS "profile_id",
      "t7"."event_at" AS "event_at",
      "t7"."event_seq" AS "event_seq",
      "t7"."step0" AS "step0",
      "t7"."step1" AS "step1",
      "t7"."end0" AS "end0",
      "t7"."before1" AS "before1",
      CASE
        WHEN "t7"."step1"
        AND isNotNull("t7"."before1")
        AND (
          (
            "t7"."event_at" - "t7"."before1"
          ) < 86400000000
        )
        THEN "t7"."event_at"
        ELSE NULL
      END AS "end1"
    FROM (
      SELECT
        "t6"."profile_id" AS "profile_id",
        "t6"."event_at" AS "event_at",
        "t6"."event_seq" AS "event_seq",
        "t6"."step0" AS "step0",
        "t6"."step1" AS "step1",
        "t6"."end0" AS "end0",
        MAX("t6"."end0") OVER (
          PARTITION BY "t6"."profile_id"
          ORDER BY "t6"."event_at" ASC, "t6"."event_seq" ASC
          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 preceding
        ) AS "before1"
      FROM (
        SELECT
          "t5"."profile_id" AS "profile_id",
          "t5"."event_at" AS "event_at",
          "t5"."event_seq" AS "event_seq",
          "t5"."step0" AS "step0",
          "t5"."step1" AS "step1",
          CASE WHEN "t5"."step0" THEN "t5"."event_at" ELSE NULL END AS "end0"
        FROM (
          SELECT
            "t3"."profile_id" AS "profile_id",
            "t3"."event_at" AS "event_at",
            "t3"."event_seq" AS "event_seq",
            "t3"."step0" AS "step0",
            "t3"."step1" AS "step1"
          FROM (
            SELECT
              "t0"."profile_id" AS "profile_id",
              "t0"."at" AS "event_at",
              "t0"."seq" AS "event_seq",
              "t0"."name" = 'A' AS "step0",
              "t0"."name" = 'B' AS "step1"
            FROM "events" AS "t0"
            WHERE
              "t0"."name" IN ('A', 'B')
              AND "t0"."at" <= 8000000000000000001
              AND "t0"."at" > (
                8000000000000000001 - 2592000000000
              )
          ) AS "t3"
          LEFT SEMI JOIN (
            SELECT
              "t0"."profile_id" AS "arrived_key"
            FROM "events" AS "t0"
            WHERE
              "t0"."name" IN ('A', 'B')
              AND "t0"."at" <= 8000000000000000001
              AND "t0"."at" > (
                8000000000000000001 - 2592000000000
              )
              AND "t0"."name" = 'B'
          ) AS "t4"
            ON "t3"."profile_id" = "t4"."arrived_key"
        ) AS "t5"
      ) AS "t6"
    ) AS "t7"
  ) AS "t8"
  WHERE
    isNotNull("t8"."end1")
) AS "t9"
WHERE
  COALESCE(TRUE, FALSE)
