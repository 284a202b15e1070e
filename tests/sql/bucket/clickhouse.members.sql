SELECT
  "t2"."profile_id" AS "profile_id"
FROM (
  SELECT
    *
  FROM (
    SELECT
      "t0"."profile_id" AS "profile_id",
      "t0"."traits" AS "traits",
      "t0"."user_id" AS "user_id",
      "t0"."email" AS "email",
      "t0"."email_valid" AS "email_valid",
      "t0"."phone" AS "phone",
      "t0"."phone_valid" AS "phone_valid",
      "t0"."push_token" AS "push_token",
      COALESCE("t0"."timezone", 'UTC') AS "zone"
    FROM "profile_now" AS "t0"
  ) AS "t1"
  WHERE
    NOT (
      COALESCE(
        (
          bucket_of('test-1', "t1"."user_id") >= 0
        )
        AND (
          bucket_of('test-1', "t1"."user_id") < 1000
        ),
        FALSE
      )
    )
) AS "t2"
