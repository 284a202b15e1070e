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
    NOT (
      COALESCE(
        (
          BUCKET_OF('test-1', "t1"."user_id") >= 0
        )
        AND (
          BUCKET_OF('test-1', "t1"."user_id") < 1000
        ),
        FALSE
      )
    )
) AS "t2"
