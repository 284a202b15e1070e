SELECT
  *
FROM (
  SELECT DISTINCT
    "t3"."profile_id" AS "profile_id"
  FROM (
    SELECT
      "t2"."profile_id" AS "profile_id",
      "t2"."event_at" AS "event_at",
      "t2"."event_seq" AS "event_seq",
      "t2"."step0" AS "step0",
      "t2"."step1" AS "step1",
      "t2"."end0" AS "end0",
      "t2"."before1" AS "before1",
      CASE
        WHEN "t2"."step1"
        AND isNotNull("t2"."before1")
        AND (
          (
            "t2"."event_at" - "t2"."before1"
          ) < 86400000000
        )
        THEN "t2"."event_at"
        ELSE NULL
      END AS "end1"
    FROM (
      SELECT
        "t1"."profile_id" AS "profile_id",
        "t1"."event_at" AS "event_at",
        "t1"."event_seq" AS "event_seq",
        "t1"."step0" AS "step0",
        "t1"."step1" AS "step1",
        "t1"."end0" AS "end0",
        MAX("t1"."end0") OVER (
          PARTITION BY "t1"."profile_id"
          ORDER BY "t1"."event_at" ASC, "t1"."event_seq" ASC
          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 preceding
        ) AS "before1"
      FROM (
        SELECT
          "t0"."profile_id" AS "profile_id",
          "t0"."at" AS "event_at",
          "t0"."seq" AS "event_seq",
          "t0"."name" = 'A' AS "step0",
          "t0"."name" = 'B' AS "step1",
          CASE WHEN "t0"."name" = 'A' THEN "t0"."at" ELSE NULL END AS "end0"
        FROM "events" AS "t0"
        WHERE
          "t0"."name" IN ('A', 'B')
          AND "t0"."at" <= 8000000000000000001
          AND "t0"."at" > (
            8000000000000000001 - 2592000000000
          )
      ) AS "t1"
    ) AS "t2"
  ) AS "t3"
  WHERE
    isNotNull("t3"."end1")
) AS "t4"
WHERE
  COALESCE(TRUE, FALSE)
