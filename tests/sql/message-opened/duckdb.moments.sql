SELECT
  "t31"."moment"
FROM (
  SELECT
    "t3"."moment",
    "t3"."profile_id",
    "t3"."at",
    "t3"."seq",
    "t30"."own0_key",
    "t30"."own0_yes"
  FROM "moments" AS "t3"
  INNER JOIN (
    SELECT
      "t28"."own0_key",
      TRUE AS "own0_yes"
    FROM (
      SELECT DISTINCT
        "t27"."moment" AS "own0_key"
      FROM (
        SELECT
          *
        FROM (
          SELECT
            "t17"."moment"
          FROM (
            SELECT
              "t15".*
              EXCLUDE ("owner")
            FROM (
              SELECT
                *
              FROM (
                SELECT
                  "t3"."moment",
                  "t3"."profile_id",
                  "t3"."at",
                  "t3"."seq",
                  "t8"."owner",
                  "t8"."event_at",
                  "t8"."event_seq"
                FROM "moments" AS "t3"
                INNER JOIN (
                  SELECT
                    "t1"."profile_id" AS "owner",
                    "t1"."at" AS "event_at",
                    "t1"."seq" AS "event_seq"
                  FROM "message_history" AS "t1"
                  WHERE
                    "t1"."source" = 'journey:abandoned-cart'
                    AND "t1"."step" = 'remind'
                    AND "t1"."status" IN ('sent')
                    AND "t1"."at" <= 8000000000000000009
                    AND "t1"."at" > (
                      8000000000000000007 - 604800000000
                    )
                ) AS "t8"
                  ON "t3"."profile_id" = "t8"."owner"
              ) AS "t11"
              WHERE
                "t11"."event_at" <= "t11"."at"
                AND "t11"."event_seq" <= "t11"."seq"
                AND "t11"."event_at" > (
                  "t11"."at" - 604800000000
                )
            ) AS "t15"
          ) AS "t17"
        ) AS "t21"
        UNION ALL
        SELECT
          *
        FROM (
          SELECT
            "t25"."moment"
          FROM (
            SELECT
              "t24"."moment",
              "t24"."event_at",
              "t24"."by_id",
              "t24"."answers_id",
              "t24"."answers_source",
              "t24"."answers_step",
              "t20"."sent_key",
              "t20"."sent_at",
              "t20"."sent_id",
              "t20"."sent_source",
              "t20"."sent_step"
            FROM (
              SELECT
                "t22"."moment",
                "t22"."event_at",
                COALESCE(NOT (
                  VALUE_KEY("t22"."properties", 'message_id') IN ('', 'null')
                ), FALSE) AS "by_id",
                VALUE_TEXT(VALUE_KEY("t22"."properties", 'message_id')) AS "answers_id",
                CASE
                  WHEN VALUE_TEXT(VALUE_KEY("t22"."properties", 'journey')) IS NOT NULL
                  THEN 'journey:' || VALUE_TEXT(VALUE_KEY("t22"."properties", 'journey'))
                  ELSE 'campaign:' || VALUE_TEXT(VALUE_KEY("t22"."properties", 'campaign'))
                END AS "answers_source",
                CASE
                  WHEN VALUE_TEXT(VALUE_KEY("t22"."properties", 'journey')) IS NOT NULL
                  THEN VALUE_TEXT(VALUE_KEY("t22"."properties", 'step'))
                  ELSE COALESCE(VALUE_TEXT(VALUE_KEY("t22"."properties", 'step')), 'message')
                END AS "answers_step"
              FROM (
                SELECT
                  *
                FROM (
                  SELECT
                    "t16".*
                    EXCLUDE ("owner")
                  FROM (
                    SELECT
                      *
                    FROM (
                      SELECT
                        "t3"."moment",
                        "t3"."profile_id",
                        "t3"."at",
                        "t3"."seq",
                        "t9"."name",
                        "t9"."properties",
                        "t9"."machine",
                        "t9"."owner",
                        "t9"."event_at",
                        "t9"."event_seq"
                      FROM "moments" AS "t3"
                      INNER JOIN (
                        SELECT
                          "t2"."name",
                          "t2"."properties",
                          "t2"."machine",
                          "t2"."profile_id" AS "owner",
                          "t2"."at" AS "event_at",
                          "t2"."seq" AS "event_seq"
                        FROM "events" AS "t2"
                        WHERE
                          "t2"."name" IN ('Email Opened', 'In-App Message Shown')
                          AND "t2"."at" <= 8000000000000000009
                          AND "t2"."at" > (
                            8000000000000000007 - 604800000000
                          )
                      ) AS "t9"
                        ON "t3"."profile_id" = "t9"."owner"
                    ) AS "t12"
                    WHERE
                      "t12"."event_at" <= "t12"."at"
                      AND "t12"."event_seq" <= "t12"."seq"
                      AND "t12"."event_at" > (
                        "t12"."at" - 604800000000
                      )
                  ) AS "t16"
                ) AS "t18"
                WHERE
                  COALESCE(VALUE_KEY("t18"."properties", 'machine') <> 'true', TRUE)
              ) AS "t22"
            ) AS "t24"
            INNER JOIN (
              SELECT
                "t14"."moment" AS "sent_key",
                "t14"."event_at" AS "sent_at",
                "t14"."message_id" AS "sent_id",
                "t14"."source" AS "sent_source",
                "t14"."step" AS "sent_step"
              FROM (
                SELECT
                  "t13".*
                  EXCLUDE ("owner")
                FROM (
                  SELECT
                    *
                  FROM (
                    SELECT
                      "t3"."moment",
                      "t3"."profile_id",
                      "t3"."at",
                      "t3"."seq",
                      "t7"."message_id",
                      "t7"."source",
                      "t7"."step",
                      "t7"."owner",
                      "t7"."event_at",
                      "t7"."event_seq"
                    FROM "moments" AS "t3"
                    INNER JOIN (
                      SELECT
                        "t1"."message_id",
                        "t1"."source",
                        "t1"."step",
                        "t1"."profile_id" AS "owner",
                        "t1"."at" AS "event_at",
                        "t1"."seq" AS "event_seq"
                      FROM "message_history" AS "t1"
                      WHERE
                        "t1"."source" = 'journey:abandoned-cart'
                        AND "t1"."step" = 'remind'
                        AND "t1"."status" = 'sent'
                        AND "t1"."at" <= 8000000000000000009
                    ) AS "t7"
                      ON "t3"."profile_id" = "t7"."owner"
                  ) AS "t10"
                  WHERE
                    "t10"."event_at" <= "t10"."at" AND "t10"."event_seq" <= "t10"."seq"
                ) AS "t13"
              ) AS "t14"
            ) AS "t20"
              ON "t24"."moment" = "t20"."sent_key"
          ) AS "t25"
          WHERE
            COALESCE(
              CASE
                WHEN "t25"."by_id"
                THEN "t25"."answers_id" = "t25"."sent_id"
                ELSE (
                  "t25"."sent_at" <= "t25"."event_at"
                )
                AND (
                  "t25"."answers_source" = "t25"."sent_source"
                )
                AND (
                  "t25"."answers_step" = "t25"."sent_step"
                )
              END,
              FALSE
            )
        ) AS "t26"
      ) AS "t27"
    ) AS "t28"
  ) AS "t30"
    ON "t3"."moment" = "t30"."own0_key"
) AS "t31"
WHERE
  COALESCE("t31"."own0_yes", FALSE)
