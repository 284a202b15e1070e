SELECT
  "t14"."moment"
FROM (
  SELECT
    "t2"."moment",
    "t2"."profile_id",
    "t2"."at",
    "t2"."seq",
    "t13"."figure0_key",
    "t13"."figure0_yes"
  FROM "moments" AS "t2"
  INNER JOIN (
    SELECT
      "t11"."moment" AS "figure0_key",
      TRUE AS "figure0_yes"
    FROM (
      SELECT DISTINCT
        "t10"."moment"
      FROM (
        SELECT
          "t9"."moment",
          "t9"."event_at",
          "t9"."event_seq",
          "t9"."step0",
          "t9"."step1",
          "t9"."end0",
          "t9"."before1",
          CASE
            WHEN "t9"."step1"
            AND (
              "t9"."before1" IS NOT NULL
            )
            AND (
              (
                "t9"."event_at" - "t9"."before1"
              ) < 86400000000
            )
            THEN "t9"."event_at"
            ELSE NULL
          END AS "end1"
        FROM (
          SELECT
            "t8"."moment",
            "t8"."event_at",
            "t8"."event_seq",
            "t8"."step0",
            "t8"."step1",
            "t8"."end0",
            MAX("t8"."end0") OVER (
              PARTITION BY "t8"."moment"
              ORDER BY "t8"."event_at" ASC, "t8"."event_seq" ASC
              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 preceding
            ) AS "before1"
          FROM (
            SELECT
              "t7"."moment",
              "t7"."event_at",
              "t7"."event_seq",
              "t7"."name" = 'A' AS "step0",
              "t7"."name" = 'B' AS "step1",
              CASE WHEN "t7"."name" = 'A' THEN "t7"."event_at" ELSE NULL END AS "end0"
            FROM (
              SELECT
                "t6".*
                EXCLUDE ("owner")
              FROM (
                SELECT
                  *
                FROM (
                  SELECT
                    "t2"."moment",
                    "t2"."profile_id",
                    "t2"."at",
                    "t2"."seq",
                    "t4"."name",
                    "t4"."properties",
                    "t4"."machine",
                    "t4"."owner",
                    "t4"."event_at",
                    "t4"."event_seq"
                  FROM "moments" AS "t2"
                  INNER JOIN (
                    SELECT
                      "t1"."name",
                      "t1"."properties",
                      "t1"."machine",
                      "t1"."profile_id" AS "owner",
                      "t1"."at" AS "event_at",
                      "t1"."seq" AS "event_seq"
                    FROM "events" AS "t1"
                    WHERE
                      "t1"."name" IN ('A', 'B')
                      AND "t1"."at" <= 8000000000000000009
                      AND "t1"."at" > (
                        8000000000000000007 - 2592000000000
                      )
                  ) AS "t4"
                    ON "t2"."profile_id" = "t4"."owner"
                ) AS "t5"
                WHERE
                  "t5"."event_at" <= "t5"."at"
                  AND "t5"."event_seq" <= "t5"."seq"
                  AND "t5"."event_at" > (
                    "t5"."at" - 2592000000000
                  )
              ) AS "t6"
            ) AS "t7"
          ) AS "t8"
        ) AS "t9"
      ) AS "t10"
      WHERE
        "t10"."end1" IS NOT NULL
    ) AS "t11"
  ) AS "t13"
    ON "t2"."moment" = "t13"."figure0_key"
) AS "t14"
WHERE
  COALESCE("t14"."figure0_yes", FALSE)
