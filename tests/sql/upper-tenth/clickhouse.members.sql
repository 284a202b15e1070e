SELECT
  "t9"."profile_id" AS "profile_id"
FROM (
  SELECT
    "t3"."profile_id" AS "profile_id",
    "t8"."own0_key" AS "own0_key",
    "t8"."own0_yes" AS "own0_yes"
  FROM (
    SELECT
      "t0"."profile_id" AS "profile_id"
    FROM "profile_now" AS "t0"
  ) AS "t3"
  INNER JOIN (
    SELECT
      "t6"."own0_key" AS "own0_key",
      TRUE AS "own0_yes"
    FROM (
      SELECT DISTINCT
        "t5"."profile_id" AS "own0_key"
      FROM (
        SELECT
          "t4"."profile_id" AS "profile_id",
          "t4"."score" AS "score",
          "t4"."category" AS "category",
          "t4"."percentile" AS "percentile",
          "t4"."event_at" AS "event_at",
          "t4"."event_seq" AS "event_seq",
          ROW_NUMBER() OVER (
            PARTITION BY "t4"."profile_id"
            ORDER BY "t4"."event_at" DESC, "t4"."event_seq" DESC
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
          ) - 1 AS "n_later"
        FROM (
          SELECT
            "t1"."profile_id" AS "profile_id",
            "t1"."score" AS "score",
            "t1"."category" AS "category",
            "t1"."percentile" AS "percentile",
            "t1"."at" AS "event_at",
            "t1"."seq" AS "event_seq"
          FROM "score_history" AS "t1"
          WHERE
            "t1"."prediction" = 'buys-30d' AND "t1"."at" <= 8000000000000000001
        ) AS "t4"
      ) AS "t5"
      WHERE
        "t5"."n_later" = 0
        AND "t5"."category" <> ''
        AND TRUE
        AND "t5"."percentile" >= 0
        AND "t5"."percentile" >= 90
    ) AS "t6"
  ) AS "t8"
    ON "t3"."profile_id" = "t8"."own0_key"
) AS "t9"
WHERE
  COALESCE("t9"."own0_yes", FALSE)
