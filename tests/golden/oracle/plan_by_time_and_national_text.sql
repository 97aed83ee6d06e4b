SELECT src.shop AS shop, src.id AS id, src.name AS name, src.price AS price, src.born AS born, src.region AS region
FROM (SELECT * FROM crm.customers
) src
WHERE 0 = 1
/
SELECT CAST(CAST(src.born AS DATE) AS TIMESTAMP) AS k1, to_char(src.region) AS k2
FROM (SELECT * FROM crm.customers
) src
WHERE CAST(CAST(src.born AS DATE) AS TIMESTAMP) IS NOT NULL AND to_char(src.region) IS NOT NULL
ORDER BY CAST(CAST(src.born AS DATE) AS TIMESTAMP), to_char(src.region)
 FETCH FIRST 1 ROWS ONLY
/
EXPLAIN PLAN SET STATEMENT_ID = 'mapper' FOR SELECT CAST(CAST(src.born AS DATE) AS TIMESTAMP) AS k1, to_char(src.region) AS k2, CASE WHEN (CAST(CAST(src.born AS DATE) AS TIMESTAMP) >= to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') AND (CAST(CAST(src.born AS DATE) AS TIMESTAMP) > to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') OR to_char(src.region) > :param_2)) THEN 1 ELSE 0 END AS beyond
FROM (SELECT * FROM crm.customers
) src
WHERE CAST(CAST(src.born AS DATE) AS TIMESTAMP) IS NOT NULL AND to_char(src.region) IS NOT NULL AND (CAST(CAST(src.born AS DATE) AS TIMESTAMP) >= to_timestamp(:param_3, 'YYYY-MM-DD HH24:MI:SS.FF') AND (CAST(CAST(src.born AS DATE) AS TIMESTAMP) > to_timestamp(:param_3, 'YYYY-MM-DD HH24:MI:SS.FF') OR to_char(src.region) >= :param_4))
ORDER BY CAST(CAST(src.born AS DATE) AS TIMESTAMP), to_char(src.region)
 OFFSET 10 ROWS
 FETCH FIRST 1 ROWS ONLY
/
EXPLAIN PLAN SET STATEMENT_ID = 'mapper' FOR SELECT mp_keys.k1, mp_keys.k2, mp_keys.place, rank() OVER (ORDER BY mp_keys.k1, mp_keys.k2) AS rank
FROM (SELECT CAST(CAST(src.born AS DATE) AS TIMESTAMP) AS k1, to_char(src.region) AS k2, row_number() OVER (ORDER BY CAST(CAST(src.born AS DATE) AS TIMESTAMP), to_char(src.region)) - :param_1 AS place
FROM (SELECT * FROM crm.customers
) src
WHERE CAST(CAST(src.born AS DATE) AS TIMESTAMP) IS NOT NULL AND to_char(src.region) IS NOT NULL) mp_keys
WHERE mod(mp_keys.place, :place_1) = :param_2
ORDER BY mp_keys.place
/
SELECT mp_keys.k1, mp_keys.k2, mp_keys.place, rank() OVER (ORDER BY mp_keys.k1, mp_keys.k2) AS rank
FROM (SELECT CAST(CAST(src.born AS DATE) AS TIMESTAMP) AS k1, to_char(src.region) AS k2, row_number() OVER (ORDER BY CAST(CAST(src.born AS DATE) AS TIMESTAMP), to_char(src.region)) - :param_1 AS place
FROM (SELECT * FROM crm.customers
) src
WHERE CAST(CAST(src.born AS DATE) AS TIMESTAMP) IS NOT NULL AND to_char(src.region) IS NOT NULL) mp_keys
WHERE mod(mp_keys.place, :place_1) = :param_2
ORDER BY mp_keys.place
/
