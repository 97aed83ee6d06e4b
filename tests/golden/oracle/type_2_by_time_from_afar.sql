SELECT row_number() OVER (ORDER BY NULL) AS mp_rid, src.shop AS shop, src.id AS id, src.name AS name, to_char(src.price, 'TM9') AS price, CAST(src.born AS DATE) AS born, src.region AS region, to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') AS mp_eff, 0 AS mp_del
FROM (SELECT * FROM crm.customers
) src
WHERE (CAST(CAST(src.born AS DATE) AS TIMESTAMP) >= to_timestamp(:param_2, 'YYYY-MM-DD HH24:MI:SS.FF') AND (CAST(CAST(src.born AS DATE) AS TIMESTAMP) > to_timestamp(:param_2, 'YYYY-MM-DD HH24:MI:SS.FF') OR to_char(src.region) >= :param_3)) AND (CAST(CAST(src.born AS DATE) AS TIMESTAMP) <= to_timestamp(:param_4, 'YYYY-MM-DD HH24:MI:SS.FF') AND (CAST(CAST(src.born AS DATE) AS TIMESTAMP) < to_timestamp(:param_4, 'YYYY-MM-DD HH24:MI:SS.FF') OR to_char(src.region) < :param_5)) AND to_char(src.region) IS NOT NULL
/
INSERT INTO ora$ptt_mp_stage (mp_rid, shop, id, name, price, born, region, mp_eff, mp_del) VALUES (:1, :2, :3, :4, :5, :6, :7, :8, :9)
/
