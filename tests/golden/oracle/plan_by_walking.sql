SELECT (UPPER(TRIM(name))) AS probe
FROM (SELECT * FROM crm.customers
) src
WHERE 0 = 1
/
SELECT CASE WHEN (gone = 1) THEN 1 END AS probe
FROM (SELECT * FROM crm.customers
) src
WHERE 0 = 1
/
SELECT c.column_name, c.data_type, c.char_length, c.data_length, c.data_precision,
           c.data_scale, c.nullable, c.virtual_column, c.default_length, i.generation_type,
           CASE WHEN p.column_name IS NOT NULL AND EXISTS (
             SELECT 1 FROM all_triggers g
             WHERE g.table_owner = c.owner AND g.table_name = c.table_name
               AND g.status = 'ENABLED' AND g.trigger_type = 'BEFORE EACH ROW'
               AND g.triggering_event LIKE '%INSERT%'
           ) THEN 'YES' ELSE 'NO' END AS by_trigger
    FROM all_tab_cols c
    LEFT JOIN all_tab_identity_cols i
      ON i.owner = c.owner AND i.table_name = c.table_name AND i.column_name = c.column_name
    LEFT JOIN (
      SELECT k.owner, k.table_name, k.column_name
      FROM all_cons_columns k
      JOIN all_constraints n ON n.owner = k.owner AND n.constraint_name = k.constraint_name
      WHERE n.constraint_type = 'P'
    ) p ON p.owner = c.owner AND p.table_name = c.table_name AND p.column_name = c.column_name
    WHERE c.owner = :owner AND c.table_name = :name AND c.hidden_column = 'NO'
   
ORDER BY c.column_id
/
SELECT i.owner || '.' || i.index_name AS index_name, c.column_name, i.index_type,
           CASE WHEN n.constraint_name IS NOT NULL THEN 'YES' ELSE 'NO' END AS is_primary
    FROM all_indexes i
    JOIN all_ind_columns c
      ON c.index_owner = i.owner AND c.index_name = i.index_name
    LEFT JOIN all_constraints n
      ON n.owner = i.table_owner AND n.table_name = i.table_name AND n.constraint_type = 'P'
     AND n.index_name = i.index_name
    WHERE i.table_owner = :owner AND i.table_name = :name AND i.uniqueness = 'UNIQUE'
   
ORDER BY i.owner, i.index_name, c.column_position
/
EXPLAIN PLAN SET STATEMENT_ID = 'mapper' FOR SELECT 1
FROM (SELECT * FROM crm.customers
) src
/
SELECT p.operation, p.options, p.object_owner, p.object_name, p.cost, p.cardinality,
           p.access_predicates, p.filter_predicates
    FROM plan_table p WHERE p.statement_id = 'mapper'
ORDER BY p.id
/
EXPLAIN PLAN SET STATEMENT_ID = 'mapper' FOR SELECT count(*) AS count_1
FROM (SELECT * FROM crm.customers
) src
/
SELECT count(*) AS count_1
FROM (SELECT * FROM crm.customers
) src
/
SELECT src.shop AS k1, src.id AS k2
FROM (SELECT * FROM crm.customers
) src
WHERE src.shop IS NOT NULL AND src.id IS NOT NULL
ORDER BY src.shop, src.id
 FETCH FIRST 1 ROWS ONLY
/
EXPLAIN PLAN SET STATEMENT_ID = 'mapper' FOR SELECT src.shop AS k1, src.id AS k2, CASE WHEN (src.shop >= :param_1 AND (src.shop > :param_1 OR src.id > :param_2)) THEN 1 ELSE 0 END AS beyond
FROM (SELECT * FROM crm.customers
) src
WHERE src.shop IS NOT NULL AND src.id IS NOT NULL AND (src.shop >= :param_3 AND (src.shop > :param_3 OR src.id >= :param_4))
ORDER BY src.shop, src.id
 OFFSET 10 ROWS
 FETCH FIRST 1 ROWS ONLY
/
EXPLAIN PLAN SET STATEMENT_ID = 'mapper' FOR SELECT mp_keys.k1, mp_keys.k2, mp_keys.place, rank() OVER (ORDER BY mp_keys.k1, mp_keys.k2) AS rank
FROM (SELECT src.shop AS k1, src.id AS k2, row_number() OVER (ORDER BY src.shop, src.id) - :param_1 AS place
FROM (SELECT * FROM crm.customers
) src
WHERE src.shop IS NOT NULL AND src.id IS NOT NULL) mp_keys
WHERE mod(mp_keys.place, :place_1) = :param_2
ORDER BY mp_keys.place
/
SELECT src.shop AS k1, src.id AS k2, CASE WHEN (src.shop >= :param_1 AND (src.shop > :param_1 OR src.id > :param_2)) THEN 1 ELSE 0 END AS beyond
FROM (SELECT * FROM crm.customers
) src
WHERE src.shop IS NOT NULL AND src.id IS NOT NULL AND (src.shop >= :param_3 AND (src.shop > :param_3 OR src.id >= :param_4))
ORDER BY src.shop, src.id
 OFFSET 10 ROWS
 FETCH FIRST 1 ROWS ONLY
/
SELECT src.shop AS k1, src.id AS k2
FROM (SELECT * FROM crm.customers
) src
WHERE src.shop IS NOT NULL AND src.id IS NOT NULL AND (src.shop >= :param_1 AND (src.shop > :param_1 OR src.id > :param_2))
ORDER BY src.shop, src.id
 FETCH FIRST 1 ROWS ONLY
/
SELECT count(*) AS count_1
FROM (SELECT * FROM crm.customers
) src
WHERE src.shop IS NOT NULL AND src.id IS NOT NULL AND (src.shop >= :param_1 AND (src.shop > :param_1 OR src.id >= :param_2)) AND (src.shop <= :param_3 AND (src.shop < :param_3 OR src.id < :param_4))
/
SELECT count(*) AS count_1
FROM (SELECT * FROM crm.customers
) src
WHERE src.shop IS NOT NULL AND src.id IS NOT NULL AND (src.shop >= :param_1 AND (src.shop > :param_1 OR src.id >= :param_2))
/
