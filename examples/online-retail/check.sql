-- What definitions.yaml says, asked of the raw file by hand in DuckDB, as of 2011-12-10T00:00:00Z. In the folder of online_retail_ii.csv.gz:
--   duckdb < check.sql
-- The same rows are left out as by mapping.yaml. British clocks are one hour ahead of UTC in summer.

CREATE TEMP TABLE sold AS
SELECT invoice, customer_id, country, quantity * price AS paid, invoice_date AT TIME ZONE 'Europe/London' AS sold_at
FROM read_csv('online_retail_ii.csv.gz', types = {'invoice': 'VARCHAR', 'customer_id': 'VARCHAR', 'invoice_date': 'TIMESTAMP'})
WHERE customer_id IS NOT NULL AND price > 0
    AND stock_code NOT IN ('M', 'm', 'B', 'S', 'ADJUST', 'ADJUST2', 'AMAZONFEE', 'BANK CHARGES', 'CRUK', 'PADS', 'TEST001', 'TEST002');

CREATE TEMP TABLE orders AS
SELECT invoice, first(customer_id) AS customer_id, min(sold_at) AS ordered_at, round(sum(paid), 2) AS total
FROM sold
WHERE invoice NOT LIKE 'C%'
GROUP BY invoice;

-- The segments.
WITH customers AS (
    SELECT customer_id, arg_max(country, (sold_at, invoice)) AS country FROM sold GROUP BY customer_id
),
facts AS (
    SELECT c.customer_id, c.country,
        count(o.invoice) AS n_orders,
        count(*) FILTER (WHERE o.ordered_at > TIMESTAMPTZ '2011-12-10 00:00:00+00' - INTERVAL 2160 HOUR) AS n_90d,
        coalesce(sum(o.total) FILTER (WHERE o.ordered_at > TIMESTAMPTZ '2011-12-10 00:00:00+00' - INTERVAL 8760 HOUR), 0) AS paid_365d,
        coalesce(sum(o.total) FILTER (WHERE o.ordered_at > TIMESTAMPTZ '2011-12-10 00:00:00+00' - INTERVAL 10920 HOUR), 0) AS paid_455d
    FROM customers AS c
    LEFT JOIN orders AS o USING (customer_id)
    GROUP BY ALL
)
SELECT
    count(*) AS customers,
    count(*) FILTER (WHERE n_90d > 0) AS "bought-90d",
    count(*) FILTER (WHERE n_orders > 0 AND n_90d = 0) AS "lapsed-90d",
    count(*) FILTER (WHERE paid_365d >= 2000) AS vip,
    count(*) FILTER (WHERE country = 'United Kingdom') AS uk,
    count(*) FILTER (WHERE n_orders > 0 AND n_90d = 0 AND country = 'United Kingdom' AND paid_455d >= 2000) AS "lapsed-vip-uk"
FROM facts;

-- The journey: where the next order, or the end of the data, finds each passage. Days are 24 hours.
WITH passages AS (
    SELECT
        date_diff('second', ordered_at, lead(ordered_at) OVER (PARTITION BY customer_id ORDER BY ordered_at, invoice)) / 86400.0 AS next_order,
        date_diff('second', ordered_at, TIMESTAMPTZ '2011-12-10 00:00:00+00') / 86400.0 AS observed
    FROM orders
)
SELECT
    count(*) AS entered,
    count(*) FILTER (WHERE next_order <= 90) AS left_quiet,
    count(*) FILTER (WHERE observed >= 90 AND (next_order IS NULL OR next_order > 90)) AS miss,
    count(*) FILTER (WHERE next_order > 90 AND next_order <= 97) AS left_week,
    count(*) FILTER (WHERE observed >= 97 AND (next_order IS NULL OR next_order > 97)) AS worth,
    count(*) FILTER (WHERE next_order > 97 AND next_order <= 127) AS left_month,
    count(*) FILTER (WHERE observed >= 127 AND (next_order IS NULL OR next_order > 127)) AS finished
FROM passages;
