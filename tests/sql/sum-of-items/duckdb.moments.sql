SELECT
  "t13"."moment"
FROM (
  SELECT
    "t2"."moment",
    "t2"."profile_id",
    "t2"."at",
    "t2"."seq",
    "t12"."figure0_key",
    "t12"."figure0_yes"
  FROM "moments" AS "t2"
  INNER JOIN (
    SELECT
      "t10"."moment" AS "figure0_key",
      "t10"."figure0_yes"
    FROM (
      SELECT
        "t9"."moment",
        COALESCE(SUM(VALUE_MILLIONTHS("t9"."value")), CAST(0 AS DECIMAL(38, 0))) >= CAST(100000000 AS DECIMAL(38, 0)) AS "figure0_yes"
      FROM (
        SELECT
          "t8"."moment",
          UNNEST(
            LIST_FILTER(
              FLATTEN(
                LIST_APPLY(
                  LIST_FILTER(
                    CAST([VALUE_KEY("t8"."properties", 'products')] AS TEXT[]),
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
                    "t1"."name" IN ('Order Completed')
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
          WHERE
            "t7"."name" = 'Order Completed'
        ) AS "t8"
      ) AS "t9"
      GROUP BY
        1
    ) AS "t10"
  ) AS "t12"
    ON "t2"."moment" = "t12"."figure0_key"
) AS "t13"
WHERE
  COALESCE("t13"."figure0_yes", FALSE)
