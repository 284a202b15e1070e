SELECT
  "t12"."moment" AS "moment"
FROM (
  SELECT
    "t2"."moment" AS "moment",
    "t2"."profile_id" AS "profile_id",
    "t2"."at" AS "at",
    "t2"."seq" AS "seq",
    "t11"."own0_key" AS "own0_key",
    "t11"."own0_yes" AS "own0_yes"
  FROM "moments" AS "t2"
  INNER JOIN (
    SELECT
      "t9"."own0_key" AS "own0_key",
      TRUE AS "own0_yes"
    FROM (
      SELECT DISTINCT
        "t8"."moment" AS "own0_key"
      FROM (
        SELECT
          "t7"."moment" AS "moment",
          "t7"."profile_id" AS "profile_id",
          "t7"."at" AS "at",
          "t7"."seq" AS "seq",
          "t7"."score" AS "score",
          "t7"."category" AS "category",
          "t7"."place" AS "place",
          "t7"."event_at" AS "event_at",
          "t7"."event_seq" AS "event_seq",
          ROW_NUMBER() OVER (
            PARTITION BY "t7"."moment"
            ORDER BY "t7"."event_at" DESC, "t7"."event_seq" DESC
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
          ) - 1 AS "n_later"
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
                "t4"."score" AS "score",
                "t4"."category" AS "category",
                "t4"."place" AS "place",
                "t4"."owner" AS "owner",
                "t4"."event_at" AS "event_at",
                "t4"."event_seq" AS "event_seq"
              FROM "moments" AS "t2"
              INNER JOIN (
                SELECT
                  "t1"."score" AS "score",
                  "t1"."category" AS "category",
                  "t1"."place" AS "place",
                  "t1"."profile_id" AS "owner",
                  "t1"."at" AS "event_at",
                  "t1"."seq" AS "event_seq"
                FROM "score_history" AS "t1"
                WHERE
                  "t1"."prediction" = 'buys-30d'
                  AND "t1"."at" <= 8000000000000000009
                  AND "t1"."at" > (
                    8000000000000000007 - 604800000000
                  )
              ) AS "t4"
                ON "t2"."profile_id" = "t4"."owner"
            ) AS "t5"
            WHERE
              "t5"."event_at" <= "t5"."at"
              AND "t5"."event_seq" <= "t5"."seq"
              AND "t5"."event_at" > (
                "t5"."at" - 604800000000
              )
          ) AS "t6"
        ) AS "t7"
      ) AS "t8"
      WHERE
        "t8"."n_later" = 0
        AND "t8"."category" <> ''
        AND TRUE
        AND "t8"."place" > 0
        AND "t8"."place" <= 1000
    ) AS "t9"
  ) AS "t11"
    ON "t2"."moment" = "t11"."own0_key"
) AS "t12"
WHERE
  COALESCE("t12"."own0_yes", FALSE)
