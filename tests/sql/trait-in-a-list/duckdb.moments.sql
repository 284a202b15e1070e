SELECT
  "t6"."moment"
FROM (
  SELECT
    *
  FROM (
    SELECT
      "t2"."moment",
      "t2"."profile_id",
      "t2"."at",
      "t2"."seq",
      "t4"."traits",
      "t4"."user_id",
      "t4"."email",
      "t4"."email_valid",
      "t4"."phone",
      "t4"."phone_valid",
      "t4"."push_token",
      COALESCE("t4"."timezone", 'UTC') AS "zone"
    FROM "moments" AS "t2"
    LEFT OUTER JOIN (
      SELECT
        "t1"."traits",
        "t1"."user_id",
        "t1"."email",
        "t1"."email_valid",
        "t1"."phone",
        "t1"."phone_valid",
        "t1"."push_token",
        "t1"."timezone",
        "t1"."profile_id" AS "state_profile_id",
        "t1"."seq" AS "state_seq",
        "t1"."until_seq" AS "state_until_seq"
      FROM "profile_history" AS "t1"
    ) AS "t4"
      ON "t2"."profile_id" = "t4"."state_profile_id"
      AND "t4"."state_seq" <= "t2"."seq"
      AND "t2"."seq" < "t4"."state_until_seq"
  ) AS "t5"
  WHERE
    COALESCE(
      CASE
        WHEN CONTAINS("t5"."traits", '[')
        THEN CASE
          WHEN COALESCE(STARTS_WITH(VALUE_KEY("t5"."traits", 'address'), '['), FALSE)
          THEN ARRAY_LENGTH(
            LIST_FILTER(
              LIST_FILTER(
                FLATTEN(
                  LIST_APPLY(
                    LIST_FILTER(
                      CAST([VALUE_KEY("t5"."traits", 'address')] AS TEXT[]),
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
            WHEN STARTS_WITH(VALUE_KEY(VALUE_KEY("t5"."traits", 'address'), 'city'), '[')
            THEN ARRAY_LENGTH(
              LIST_FILTER(
                VALUE_ITEMS(VALUE_KEY(VALUE_KEY("t5"."traits", 'address'), 'city')),
                LAMBDA __ibis_param_value__ : COALESCE(__ibis_param_value__ IN ('"Atlanta"'), FALSE)
                OR COALESCE(COALESCE(VALUE_TEXT(__ibis_param_value__) IN ('Orléans'), FALSE), FALSE)
                OR COALESCE(COALESCE(VALUE_NUMBER(__ibis_param_value__) IN (3.0), FALSE), FALSE)
              )
            ) > 0
            ELSE COALESCE(VALUE_KEY(VALUE_KEY("t5"."traits", 'address'), 'city') IN ('"Atlanta"'), FALSE)
            OR COALESCE(
              COALESCE(
                VALUE_TEXT(VALUE_KEY(VALUE_KEY("t5"."traits", 'address'), 'city')) IN ('Orléans'),
                FALSE
              ),
              FALSE
            )
            OR COALESCE(
              COALESCE(
                VALUE_NUMBER(VALUE_KEY(VALUE_KEY("t5"."traits", 'address'), 'city')) IN (3.0),
                FALSE
              ),
              FALSE
            )
          END
        END
        ELSE COALESCE(VALUE_INSIDE("t5"."traits", 'address', 'city') IN ('"Atlanta"'), FALSE)
        OR COALESCE(
          COALESCE(VALUE_TEXT(VALUE_INSIDE("t5"."traits", 'address', 'city')) IN ('Orléans'), FALSE),
          FALSE
        )
        OR COALESCE(
          COALESCE(VALUE_NUMBER(VALUE_INSIDE("t5"."traits", 'address', 'city')) IN (3.0), FALSE),
          FALSE
        )
      END,
      FALSE
    )
) AS "t6"
