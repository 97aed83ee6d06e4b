INSERT INTO ora$ptt_mp_stage (mp_rid, shop, id, name, price, born, mp_eff, mp_del) SELECT row_number() OVER (ORDER BY NULL) AS mp_rid, src.shop AS shop, src.id AS id, src.name AS name, src.price AS price, CAST(src.born AS DATE) AS born, to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') AS mp_eff, 0 AS mp_del
FROM (SELECT src.shop AS shop, src.id AS id, src.name AS name, src.price AS price, src.score AS score, src.born AS born, src.note AS note, src.photo AS photo, src.region AS region, src.changed AS changed, src.gone AS gone
FROM (SELECT * FROM crm.customers
) src
ORDER BY src.shop
 OFFSET 10 ROWS
 FETCH FIRST 20 ROWS ONLY) src
/
