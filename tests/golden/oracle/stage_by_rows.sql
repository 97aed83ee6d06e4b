SELECT row_number() OVER (ORDER BY NULL) AS mp_rid, src.shop AS shop, src.id AS id, (UPPER(TRIM(name))) AS name, src.price AS price, src.score AS score, replace(ltrim(to_char(src.born, 'SYYYY-MM-DD HH24:MI:SS.FF6')), '.000000') AS born, src.note AS note, src.photo AS photo, src.region AS region, replace(ltrim(to_char(sys_extract_utc(src.changed), 'SYYYY-MM-DD HH24:MI:SS.FF6')), '.000000') AS mp_eff, CASE WHEN (gone = 1) THEN 1 ELSE 0 END AS mp_del
FROM (SELECT * FROM crm.customers
) src
WHERE (src.shop >= :param_1 AND (src.shop > :param_1 OR src.id >= :param_2)) AND (src.shop <= :param_3 AND (src.shop < :param_3 OR src.id < :param_4)) AND src.id IS NOT NULL
/
INSERT INTO ora$ptt_mp_stage (mp_rid, shop, id, name, price, score, born, region, mp_eff, mp_del, note, photo) VALUES (:1, :2, :3, :4, :5, :6, :7, :8, :9, :10, :11, :12)
/
