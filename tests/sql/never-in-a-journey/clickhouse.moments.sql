SELECT
  "t11"."moment" AS "moment"
FROM (
  SELECT
    "t2"."moment" AS "moment",
    "t2"."profile_id" AS "profile_id",
    "t2"."at" AS "at",
    "t2"."seq" AS "seq",
    "t10"."own0_key" AS "own0_key",
    "t10"."own0_yes" AS "own0_yes"
  FROM "moments" AS "t2"
  LEFT OUTER JOIN (
    SELECT
      "t8"."own0_key" AS "own0_key",
      TRUE AS "own0_yes"
    FROM (
      SELECT DISTINCT
        "t7"."moment" AS "own0_key"
      FROM (
        SELECT
          "t6".*
          EXCEPT ("owner")
        FROM (
          SELECT
            *
          FROM (
            SELECT
              "t2"."moment" AS "moment",
              "t2"."profile_id" AS "profile_id",
              "t2"."at" AS "at",
              "t2"."seq" AS "seq",
              "t4"."enrollment_id" AS "enrollment_id",
              "t4"."step" AS "step",
              "t4"."previous" AS "previous",
              "t4"."state" AS "state",
              "t4"."owner" AS "owner",
              "t4"."event_at" AS "event_at",
              "t4"."event_seq" AS "event_seq"
            FROM "moments" AS "t2"
            INNER JOIN (
              SELECT
                "t1"."enrollment_id" AS "enrollment_id",
                "t1"."step" AS "step",
                "t1"."previous" AS "previous",
                "t1"."state" AS "state",
                "t1"."profile_id" AS "owner",
                "t1"."at" AS "event_at",
                "t1"."seq" AS "event_seq"
              FROM "journey_history" AS "t1"
              WHERE
                "t1"."journey" = 'abandoned-cart' AND "t1"."at" <= 8000000000000000009
            ) AS "t4"
              ON "t2"."profile_id" = "t4"."owner"
          ) AS "t5"
          WHERE
            "t5"."event_at" <= "t5"."at" AND "t5"."event_seq" <= "t5"."seq"
        ) AS "t6"
      ) AS "t7"
    ) AS "t8"
  ) AS "t10"
    ON "t2"."moment" = "t10"."own0_key"
) AS "t11"
WHERE
  NOT (
    COALESCE("t11"."own0_yes", FALSE)
  )
