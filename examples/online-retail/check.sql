-- The segments of definitions.yaml, asked of the raw file by hand, as of 2011-12-10T00:00:00Z:
--   duckdb -c ".read check.sql"      or      python -c "import duckdb; print(duckdb.sql(open('check.sql').read()))"
-- The same rows are left out as by mapping.yaml. British clocks: one hour ahead of UTC in summer.
WITH lines AS (
    SELECT invoice, customer_id, country, quantity * price AS paid,
        invoice_date AT TIME ZONE 'Europe/London' AS bought_at
    FROM read_csv('online_retail_ii.csv.gz', types = {'invoice': 'VARCHAR', 'customer_id': 'VARCHAR', 'invoice_date': 'TIMESTAMP'})
    WHERE customer_id IS NOT NULL AND price > 0
        AND stock_code NOT IN (
            'M', 'm', 'B', 'S', 'ADJUST', 'ADJUST2', 'AMAZONFEE', 'BANK CHARGES', 'CRUK', 'PADS', 'TEST001', 'TEST002'
        )
),
orders AS (
    SELECT invoice, first(customer_id) AS customer_id, min(bought_at) AS bought_at, round(sum(paid), 2) AS total
    FROM lines
    WHERE invoice NOT LIKE 'C%'
    GROUP BY invoice
),
customers AS (
    SELECT customer_id, arg_max(country, (bought_at, invoice)) AS country FROM lines GROUP BY customer_id
),
facts AS (
    SELECT c.customer_id, c.country,
        count(o.invoice) AS n_orders,
        count(*) FILTER (WHERE o.bought_at > TIMESTAMPTZ '2011-12-10 00:00:00+00' - INTERVAL 2160 HOUR) AS n_90d,
        coalesce(sum(o.total) FILTER (WHERE o.bought_at > TIMESTAMPTZ '2011-12-10 00:00:00+00' - INTERVAL 8760 HOUR), 0) AS paid_365d,
        coalesce(sum(o.total) FILTER (WHERE o.bought_at > TIMESTAMPTZ '2011-12-10 00:00:00+00' - INTERVAL 10920 HOUR), 0) AS paid_455d
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
FROM facts
