SELECT
  "t10"."profile_id"
FROM (
  SELECT
    "t4"."profile_id",
    "t9"."figure0_key",
    "t9"."figure0_yes"
  FROM (
    SELECT
      "t0"."profile_id"
    FROM "profile_history" AS "t0"
    WHERE
      "t0"."until_seq" >= 4611686018427387904
  ) AS "t4"
  LEFT OUTER JOIN (
    SELECT
      "t7"."profile_id" AS "figure0_key",
      "t7"."figure0_yes"
    FROM (
      SELECT
        "t6"."profile_id",
        COALESCE(SUM(VALUE_MILLIONTHS("t6"."value")), CAST(0 AS DECIMAL(38, 0))) >= CAST(100000000 AS DECIMAL(38, 0)) AS "figure0_yes"
      FROM (
        SELECT
          *
        FROM (
          SELECT
            "t3"."profile_id",
            UNNEST(
              LIST_FILTER(
                FLATTEN(
                  LIST_APPLY(
                    LIST_FILTER(
                      CAST([VALUE_KEY("t3"."properties", 'products')] AS TEXT[]),
                      LAMBDA __ibis_param_value__ : NOT (
                        __ibis_param_value__ IN ('', 'null')
                      )
                    ),
                    LAMBDA __ibis_param_value__ : CASE
                      WHEN STARTS_WITH(__ibis_param_value__, '[')
                      THEN LIST_APPLY(
                        LIST_FILTER(
                          VALUE_ITEMS(__ibis_param_value__),
                          LAMBDA __ibis_param_item__ : STARTS_WITH(__ibis_param_item__, '{')
                        ),
                        LAMBDA __ibis_param_item__ : VALUE_KEY(__ibis_param_item__, 'price')
                      )
                      ELSE CAST([VALUE_KEY(__ibis_param_value__, 'price')] AS TEXT[])
                    END
                  )
                ),
                LAMBDA __ibis_param_value__ : NOT (
                  __ibis_param_value__ IN ('', 'null')
                )
              )
            ) AS "value"
          FROM (
            SELECT
              "t1"."profile_id",
              "t1"."name",
              "t1"."properties",
              "t1"."machine",
              "t1"."at" AS "event_at",
              "t1"."seq" AS "event_seq"
            FROM "events" AS "t1"
            WHERE
              "t1"."name" IN ('Order Completed')
              AND "t1"."at" <= 8000000000000000001
              AND "t1"."at" > (
                8000000000000000001 - 2592000000000
              )
              AND "t1"."name" = 'Order Completed'
          ) AS "t3"
        ) AS "t5"
        WHERE
          NOT (
            "t5"."value" IN ('', 'null')
          )
      ) AS "t6"
      GROUP BY
        1
    ) AS "t7"
  ) AS "t9"
    ON "t4"."profile_id" = "t9"."figure0_key"
) AS "t10"
WHERE
  COALESCE("t10"."figure0_yes", FALSE)
