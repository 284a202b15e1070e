SELECT
  "t15"."moment"
FROM (
  SELECT
    "t2"."moment",
    "t2"."profile_id",
    "t2"."at",
    "t2"."seq",
    "t14"."figure0_key",
    "t14"."figure0_yes"
  FROM "moments" AS "t2"
  INNER JOIN (
    SELECT
      "t12"."moment" AS "figure0_key",
      "t12"."figure0_yes"
    FROM (
      SELECT
        "t11"."moment",
        COALESCE(VALUE_TEXT("t11"."value") = 'EUR', FALSE) AS "figure0_yes"
      FROM (
        SELECT
          *
        FROM (
          SELECT
            "t9"."moment",
            "t9"."event_at",
            "t9"."event_seq",
            "t9"."value",
            ROW_NUMBER() OVER (
              PARTITION BY "t9"."moment"
              ORDER BY NOT (
                COALESCE(NOT (
                  "t9"."value" IN ('', 'null')
                ), FALSE)
              ) ASC, "t9"."event_at" DESC, "t9"."event_seq" DESC
              ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
            ) - 1 AS "place"
          FROM (
            SELECT
              "t8"."moment",
              "t8"."event_at",
              "t8"."event_seq",
              VALUE_KEY("t8"."properties", 'currency') AS "value"
            FROM (
              SELECT
                *
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
                        "t1"."name" IN ('Order Completed') AND "t1"."at" <= 8000000000000000009
                    ) AS "t4"
                      ON "t2"."profile_id" = "t4"."owner"
                  ) AS "t5"
                  WHERE
                    "t5"."event_at" <= "t5"."at" AND "t5"."event_seq" <= "t5"."seq"
                ) AS "t6"
              ) AS "t7"
              WHERE
                "t7"."name" = 'Order Completed'
            ) AS "t8"
          ) AS "t9"
        ) AS "t10"
        WHERE
          "t10"."place" = 0 AND COALESCE(NOT (
            "t10"."value" IN ('', 'null')
          ), FALSE)
      ) AS "t11"
    ) AS "t12"
  ) AS "t14"
    ON "t2"."moment" = "t14"."figure0_key"
) AS "t15"
WHERE
  COALESCE("t15"."figure0_yes", FALSE)
