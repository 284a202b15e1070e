SELECT
  "t3"."profile_id"
FROM (
  SELECT
    "t2"."profile_id",
    COALESCE(SUM(VALUE_MILLIONTHS("t2"."value")), CAST(0 AS DECIMAL(38, 0))) >= CAST(100000000 AS DECIMAL(38, 0)) AS "figure0_yes"
  FROM (
    SELECT
      "t1"."profile_id",
      UNNEST(
        LIST_FILTER(
          FLATTEN(
            LIST_APPLY(
              LIST_FILTER(
                CAST([VALUE_KEY("t1"."properties", 'products')] AS TEXT[]),
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
        "t0"."profile_id",
        "t0"."name",
        "t0"."properties",
        "t0"."machine",
        "t0"."at" AS "event_at",
        "t0"."seq" AS "event_seq"
      FROM "events" AS "t0"
      WHERE
        "t0"."name" IN ('Order Completed')
        AND "t0"."at" <= 8000000000000000001
        AND "t0"."at" > (
          8000000000000000001 - 2592000000000
        )
        AND "t0"."name" = 'Order Completed'
    ) AS "t1"
  ) AS "t2"
  GROUP BY
    1
) AS "t3"
WHERE
  COALESCE("t3"."figure0_yes", FALSE)
