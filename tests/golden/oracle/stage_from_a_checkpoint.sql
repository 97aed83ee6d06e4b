INSERT INTO ora$ptt_mp_stage (mp_rid, shop, id, name, price, born, mp_eff, mp_del) SELECT row_number() OVER (ORDER BY NULL) AS mp_rid, src.shop AS shop, src.id AS id, src.name AS name, src.price AS price, CAST(src.born AS DATE) AS born, to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') AS mp_eff, 0 AS mp_del
FROM (SELECT * FROM crm.customers
) src
WHERE (src.shop >= :param_2 AND (src.shop > :param_2 OR src.id >= :param_3)) AND (src.shop <= :param_4 AND (src.shop < :param_4 OR src.id < :param_5)) AND src.id IS NOT NULL AND ((src.shop >= :param_6 AND (src.shop > :param_6 OR src.name > :param_7)) AND (src.shop <= :param_8 AND (src.shop < :param_8 OR src.name <= :param_9)) OR src.shop IS NULL OR src.name IS NULL)
/
