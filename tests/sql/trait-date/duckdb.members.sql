SELECT
  "t2"."profile_id"
FROM (
  SELECT
    *
  FROM (
    SELECT
      "t0"."profile_id",
      "t0"."traits",
      "t0"."user_id",
      "t0"."email",
      "t0"."email_valid",
      "t0"."phone",
      "t0"."phone_valid",
      "t0"."push_token",
      COALESCE("t0"."timezone", 'UTC') AS "zone"
    FROM "profile_now" AS "t0"
  ) AS "t1"
  WHERE
    COALESCE(
      CASE
        WHEN CONTAINS("t1"."traits", '[')
        THEN CASE
          WHEN STARTS_WITH(VALUE_KEY("t1"."traits", 'renewal'), '[')
          THEN ARRAY_LENGTH(
            LIST_FILTER(
              VALUE_ITEMS(VALUE_KEY("t1"."traits", 'renewal')),
              LAMBDA __ibis_param_value__ : CASE
                WHEN NEAR_DATES(__ibis_param_value__, 8000000000000000001, 8000000000000000001 + 604800000000)
                THEN (
                  INSTANT_OF(VALUE_TEXT(__ibis_param_value__), "t1"."zone") > 8000000000000000001
                )
                AND (
                  INSTANT_OF(VALUE_TEXT(__ibis_param_value__), "t1"."zone") <= (
                    8000000000000000001 + 604800000000
                  )
                )
                ELSE FALSE
              END
            )
          ) > 0
          ELSE CASE
            WHEN NEAR_DATES(
              VALUE_KEY("t1"."traits", 'renewal'),
              8000000000000000001,
              8000000000000000001 + 604800000000
            )
            THEN (
              INSTANT_OF(VALUE_TEXT(VALUE_KEY("t1"."traits", 'renewal')), "t1"."zone") > 8000000000000000001
            )
            AND (
              INSTANT_OF(VALUE_TEXT(VALUE_KEY("t1"."traits", 'renewal')), "t1"."zone") <= (
                8000000000000000001 + 604800000000
              )
            )
            ELSE FALSE
          END
        END
        ELSE CASE
          WHEN NEAR_DATES(
            VALUE_KEY("t1"."traits", 'renewal'),
            8000000000000000001,
            8000000000000000001 + 604800000000
          )
          THEN (
            INSTANT_OF(VALUE_TEXT(VALUE_KEY("t1"."traits", 'renewal')), "t1"."zone") > 8000000000000000001
          )
          AND (
            INSTANT_OF(VALUE_TEXT(VALUE_KEY("t1"."traits", 'renewal')), "t1"."zone") <= (
              8000000000000000001 + 604800000000
            )
          )
          ELSE FALSE
        END
      END,
      FALSE
    )
) AS "t2"
