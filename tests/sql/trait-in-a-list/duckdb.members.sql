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
          WHEN COALESCE(STARTS_WITH(VALUE_KEY("t1"."traits", 'address'), '['), FALSE)
          THEN ARRAY_LENGTH(
            LIST_FILTER(
              LIST_FILTER(
                FLATTEN(
                  LIST_APPLY(
                    LIST_FILTER(
                      CAST([VALUE_KEY("t1"."traits", 'address')] AS TEXT[]),
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
                        LAMBDA __ibis_param_item__ : VALUE_KEY(__ibis_param_item__, 'city')
                      )
                      ELSE CAST([VALUE_KEY(__ibis_param_value__, 'city')] AS TEXT[])
                    END
                  )
                ),
                LAMBDA __ibis_param_value__ : NOT (
                  __ibis_param_value__ IN ('', 'null')
                )
              ),
              LAMBDA __ibis_param_value__ : CASE
                WHEN STARTS_WITH(__ibis_param_value__, '[')
                THEN ARRAY_LENGTH(
                  LIST_FILTER(
                    VALUE_ITEMS(__ibis_param_value__),
                    LAMBDA __ibis_param_value__ : COALESCE(__ibis_param_value__ IN ('"Atlanta"'), FALSE)
                    OR COALESCE(COALESCE(VALUE_TEXT(__ibis_param_value__) IN ('Orléans'), FALSE), FALSE)
                    OR COALESCE(COALESCE(VALUE_NUMBER(__ibis_param_value__) IN (3.0), FALSE), FALSE)
                  )
                ) > 0
                ELSE COALESCE(__ibis_param_value__ IN ('"Atlanta"'), FALSE)
                OR COALESCE(COALESCE(VALUE_TEXT(__ibis_param_value__) IN ('Orléans'), FALSE), FALSE)
                OR COALESCE(COALESCE(VALUE_NUMBER(__ibis_param_value__) IN (3.0), FALSE), FALSE)
              END
            )
          ) > 0
          ELSE CASE
            WHEN STARTS_WITH(VALUE_KEY(VALUE_KEY("t1"."traits", 'address'), 'city'), '[')
            THEN ARRAY_LENGTH(
              LIST_FILTER(
                VALUE_ITEMS(VALUE_KEY(VALUE_KEY("t1"."traits", 'address'), 'city')),
                LAMBDA __ibis_param_value__ : COALESCE(__ibis_param_value__ IN ('"Atlanta"'), FALSE)
                OR COALESCE(COALESCE(VALUE_TEXT(__ibis_param_value__) IN ('Orléans'), FALSE), FALSE)
                OR COALESCE(COALESCE(VALUE_NUMBER(__ibis_param_value__) IN (3.0), FALSE), FALSE)
              )
            ) > 0
            ELSE COALESCE(VALUE_KEY(VALUE_KEY("t1"."traits", 'address'), 'city') IN ('"Atlanta"'), FALSE)
            OR COALESCE(
              COALESCE(
                VALUE_TEXT(VALUE_KEY(VALUE_KEY("t1"."traits", 'address'), 'city')) IN ('Orléans'),
                FALSE
              ),
              FALSE
            )
            OR COALESCE(
              COALESCE(
                VALUE_NUMBER(VALUE_KEY(VALUE_KEY("t1"."traits", 'address'), 'city')) IN (3.0),
                FALSE
              ),
              FALSE
            )
          END
        END
        ELSE COALESCE(VALUE_INSIDE("t1"."traits", 'address', 'city') IN ('"Atlanta"'), FALSE)
        OR COALESCE(
          COALESCE(VALUE_TEXT(VALUE_INSIDE("t1"."traits", 'address', 'city')) IN ('Orléans'), FALSE),
          FALSE
        )
        OR COALESCE(
          COALESCE(VALUE_NUMBER(VALUE_INSIDE("t1"."traits", 'address', 'city')) IN (3.0), FALSE),
          FALSE
        )
      END,
      FALSE
    )
) AS "t2"
