SELECT src.shop, src.name
FROM (SELECT * FROM crm.customers
) src
WHERE src.shop IS NOT NULL AND src.name IS NOT NULL
ORDER BY src.shop DESC, src.name DESC
 FETCH FIRST 1 ROWS ONLY
/
EXPLAIN PLAN SET STATEMENT_ID = 'mapper' FOR SELECT 1
FROM (SELECT * FROM crm.customers
) src
WHERE (src.shop <= :param_1 AND (src.shop < :param_1 OR src.name <= :param_2)) OR src.shop IS NULL OR src.name IS NULL
/
EXPLAIN PLAN SET STATEMENT_ID = 'mapper' FOR SELECT count(*) AS count_1
FROM (SELECT * FROM crm.customers
) src
WHERE (src.shop <= :param_1 AND (src.shop < :param_1 OR src.name <= :param_2)) OR src.shop IS NULL OR src.name IS NULL
/
SELECT count(*) AS count_1
FROM (SELECT * FROM crm.customers
) src
WHERE (src.shop <= :param_1 AND (src.shop < :param_1 OR src.name <= :param_2)) OR src.shop IS NULL OR src.name IS NULL
/
SELECT src.shop AS k1, src.id AS k2
FROM (SELECT * FROM crm.customers
) src
WHERE src.shop IS NOT NULL AND src.id IS NOT NULL AND ((src.shop <= :param_1 AND (src.shop < :param_1 OR src.name <= :param_2)) OR src.shop IS NULL OR src.name IS NULL)
ORDER BY src.shop, src.id
 FETCH FIRST 1 ROWS ONLY
/
EXPLAIN PLAN SET STATEMENT_ID = 'mapper' FOR SELECT src.shop AS k1, src.id AS k2, CASE WHEN (src.shop >= :param_1 AND (src.shop > :param_1 OR src.id > :param_2)) THEN 1 ELSE 0 END AS beyond
FROM (SELECT * FROM crm.customers
) src
WHERE src.shop IS NOT NULL AND src.id IS NOT NULL AND ((src.shop <= :param_3 AND (src.shop < :param_3 OR src.name <= :param_4)) OR src.shop IS NULL OR src.name IS NULL) AND (src.shop >= :param_5 AND (src.shop > :param_5 OR src.id >= :param_6))
ORDER BY src.shop, src.id
 OFFSET 10 ROWS
 FETCH FIRST 1 ROWS ONLY
/
EXPLAIN PLAN SET STATEMENT_ID = 'mapper' FOR SELECT mp_keys.k1, mp_keys.k2, mp_keys.place, rank() OVER (ORDER BY mp_keys.k1, mp_keys.k2) AS rank
FROM (SELECT src.shop AS k1, src.id AS k2, row_number() OVER (ORDER BY src.shop, src.id) - :param_1 AS place
FROM (SELECT * FROM crm.customers
) src
WHERE src.shop IS NOT NULL AND src.id IS NOT NULL AND ((src.shop <= :param_2 AND (src.shop < :param_2 OR src.name <= :param_3)) OR src.shop IS NULL OR src.name IS NULL)) mp_keys
WHERE mod(mp_keys.place, :place_1) = :param_4
ORDER BY mp_keys.place
/
SELECT mp_keys.k1, mp_keys.k2, mp_keys.place, rank() OVER (ORDER BY mp_keys.k1, mp_keys.k2) AS rank
FROM (SELECT src.shop AS k1, src.id AS k2, row_number() OVER (ORDER BY src.shop, src.id) - :param_1 AS place
FROM (SELECT * FROM crm.customers
) src
WHERE src.shop IS NOT NULL AND src.id IS NOT NULL AND ((src.shop <= :param_2 AND (src.shop < :param_2 OR src.name <= :param_3)) OR src.shop IS NULL OR src.name IS NULL)) mp_keys
WHERE mod(mp_keys.place, :place_1) = :param_4
ORDER BY mp_keys.place
/
