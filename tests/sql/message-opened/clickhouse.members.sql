SELECT
  "t18"."profile_id" AS "profile_id"
FROM (
  SELECT
    "t4"."profile_id" AS "profile_id",
    "t17"."own0_key" AS "own0_key",
    "t17"."own0_yes" AS "own0_yes"
  FROM (
    SELECT
      "t0"."profile_id" AS "profile_id"
    FROM "profile_now" AS "t0"
  ) AS "t4"
  INNER JOIN (
    SELECT
      "t15"."own0_key" AS "own0_key",
      TRUE AS "own0_yes"
    FROM (
      SELECT DISTINCT
        "t14"."profile_id" AS "own0_key"
      FROM (
        SELECT
          *
        FROM (
          SELECT
            "t1"."profile_id" AS "profile_id"
          FROM "message_history" AS "t1"
          WHERE
            "t1"."source" = 'journey:abandoned-cart'
            AND "t1"."step" = 'remind'
            AND "t1"."status" IN ('sent')
            AND "t1"."at" <= 8000000000000000001
            AND "t1"."at" > (
              8000000000000000001 - 604800000000
            )
        ) AS "t6"
        UNION ALL
        SELECT
          *
        FROM (
          SELECT
            "t12"."profile_id" AS "profile_id"
          FROM (
            SELECT
              "t11"."profile_id" AS "profile_id",
              "t11"."event_at" AS "event_at",
              "t11"."by_id" AS "by_id",
              "t11"."answers_id" AS "answers_id",
              "t11"."answers_source" AS "answers_source",
              "t11"."answers_step" AS "answers_step",
              "t8"."sent_key" AS "sent_key",
              "t8"."sent_at" AS "sent_at",
              "t8"."sent_id" AS "sent_id",
              "t8"."sent_source" AS "sent_source",
              "t8"."sent_step" AS "sent_step"
            FROM (
              SELECT
                "t9"."profile_id" AS "profile_id",
                "t9"."event_at" AS "event_at",
                COALESCE(NOT (
                  value_key("t9"."properties", 'message_id') IN ('', 'null')
                ), FALSE) AS "by_id",
                value_text(value_key("t9"."properties", 'message_id')) AS "answers_id",
                CASE
                  WHEN isNotNull(value_text(value_key("t9"."properties", 'journey')))
                  THEN CONCAT('journey:', value_text(value_key("t9"."properties", 'journey')))
                  ELSE CONCAT('campaign:', value_text(value_key("t9"."properties", 'campaign')))
                END AS "answers_source",
                CASE
                  WHEN isNotNull(value_text(value_key("t9"."properties", 'journey')))
                  THEN value_text(value_key("t9"."properties", 'step'))
                  ELSE COALESCE(value_text(value_key("t9"."properties", 'step')), 'message')
                END AS "answers_step"
              FROM (
                SELECT
                  *
                FROM (
                  SELECT
                    "t2"."profile_id" AS "profile_id",
                    "t2"."name" AS "name",
                    "t2"."properties" AS "properties",
                    "t2"."machine" AS "machine",
                    "t2"."at" AS "event_at",
                    "t2"."seq" AS "event_seq"
                  FROM "events" AS "t2"
                  WHERE
                    "t2"."name" IN ('Email Opened', 'In-App Message Shown')
                    AND "t2"."at" <= 8000000000000000001
                    AND "t2"."at" > (
                      8000000000000000001 - 604800000000
                    )
                ) AS "t7"
                WHERE
                  COALESCE(value_key("t7"."properties", 'machine') <> 'true', TRUE)
              ) AS "t9"
            ) AS "t11"
            INNER JOIN (
              SELECT
                "t1"."profile_id" AS "sent_key",
                "t1"."at" AS "sent_at",
                "t1"."message_id" AS "sent_id",
                "t1"."source" AS "sent_source",
                "t1"."step" AS "sent_step"
              FROM "message_history" AS "t1"
              WHERE
                "t1"."source" = 'journey:abandoned-cart'
                AND "t1"."step" = 'remind'
                AND "t1"."status" = 'sent'
                AND "t1"."at" <= 8000000000000000001
            ) AS "t8"
              ON "t11"."profile_id" = "t8"."sent_key"
          ) AS "t12"
          WHERE
            COALESCE(
              CASE
                WHEN "t12"."by_id"
                THEN "t12"."answers_id" = "t12"."sent_id"
                ELSE (
                  "t12"."sent_at" <= "t12"."event_at"
                )
                AND (
                  "t12"."answers_source" = "t12"."sent_source"
                )
                AND (
                  "t12"."answers_step" = "t12"."sent_step"
                )
              END,
              FALSE
            )
        ) AS "t13"
      ) AS "t14"
    ) AS "t15"
  ) AS "t17"
    ON "t4"."profile_id" = "t17"."own0_key"
) AS "t18"
WHERE
  COALESCE("t18"."own0_yes", FALSE)
