INSERT INTO ora$ptt_mp_stage (mp_rid, shop, id, name, price, born, mp_eff, mp_del) SELECT row_number() OVER (ORDER BY NULL) AS mp_rid, src.shop AS shop, src.id AS id, src.name AS name, src.price AS price, CAST(src.born AS DATE) AS born, src.born AS mp_eff, 0 AS mp_del
FROM (SELECT * FROM crm.customers
) src
/
INSERT INTO ora$ptt_mp_touched (shop, id, mp_rid, mp_t, mp_del, mp_present, mp_since, mp_differs) SELECT mp_stage.shop, mp_stage.id, mp_stage.mp_rid, mp_stage.mp_eff AS mp_t, mp_stage.mp_del, present.skey AS mp_present, present.fromdt AS mp_since, CASE WHEN DECODE(mp_stage.name, present.name, 0, 1) = 1 OR DECODE(mp_stage.price, present.price, 0, 1) = 1 OR DECODE(mp_stage.born, present.born, 0, 1) = 1 THEN 1 ELSE 0 END AS mp_differs
FROM ora$ptt_mp_stage mp_stage
LEFT OUTER JOIN dw.dim_customer present ON mp_stage.shop = present.shop AND mp_stage.id = present.id AND present.curflg = :curflg_1
WHERE present.shop IS NULL OR NOT (mp_stage.mp_del = 0 AND NOT (DECODE(mp_stage.name, present.name, 0, 1) = 1 OR DECODE(mp_stage.price, present.price, 0, 1) = 1 OR DECODE(mp_stage.born, present.born, 0, 1) = 1) AND present.fromdt <= mp_stage.mp_eff)
/
INSERT INTO ora$ptt_mp_touched (shop, id, mp_rid, mp_t, mp_del, mp_present, mp_since, mp_differs) SELECT mp_stage.shop, mp_stage.id, mp_stage.mp_rid, mp_stage.mp_eff AS mp_t, mp_stage.mp_del, present.skey AS mp_present, present.fromdt AS mp_since, CASE WHEN DECODE(mp_stage.name, present.name, 0, 1) = 1 OR DECODE(mp_stage.price, present.price, 0, 1) = 1 OR DECODE(mp_stage.born, present.born, 0, 1) = 1 THEN 1 ELSE 0 END AS mp_differs
FROM ora$ptt_mp_stage mp_stage JOIN ora$ptt_mp_held mp_held ON mp_stage.shop = mp_held.shop AND mp_stage.id = mp_held.id
LEFT OUTER JOIN dw.dim_customer present ON mp_stage.shop = present.shop AND mp_stage.id = present.id AND present.curflg = :curflg_1
WHERE present.shop IS NULL OR NOT (mp_stage.mp_del = 0 AND NOT (DECODE(mp_stage.name, present.name, 0, 1) = 1 OR DECODE(mp_stage.price, present.price, 0, 1) = 1 OR DECODE(mp_stage.born, present.born, 0, 1) = 1) AND present.fromdt <= mp_stage.mp_eff)
/
INSERT INTO ora$ptt_mp_old (shop, id, mp_t, mp_end, mp_tid, name, price, born, mp_gap) SELECT read.shop, read.id, read.mp_t, read.mp_end, read.mp_tid, read.name, read.price, read.born, CASE WHEN (read.mp_end IS NOT NULL AND DECODE(read.mp_end, read.mp_nx, 0, 1) = 1) THEN 1 ELSE 0 END AS mp_gap
FROM (SELECT version.shop AS shop, version.id AS id, version.fromdt AS mp_t, CASE WHEN (version.curflg = :curflg_1) THEN NULL ELSE version.todt END AS mp_end, lead(version.fromdt) OVER (PARTITION BY version.shop, version.id
ORDER BY version.fromdt) AS mp_nx, version.skey AS mp_tid, version.name AS name, version.price AS price, version.born AS born
FROM dw.dim_customer version JOIN ora$ptt_mp_key mp_key ON version.shop = mp_key.shop AND version.id = mp_key.id
WHERE 1 = 1) read
/
MERGE INTO dw.dim_customer USING (SELECT dw.dim_customer.rowid AS mp_row, mp_stage.name AS mp_v1, mp_stage.price AS mp_v2, mp_stage.born AS mp_v3, lower(substr(rawtohex(standard_hash(nvl2(mp_stage.name, lower(substr(rawtohex(standard_hash(mp_stage.name, 'SHA256')), 1, 32)), '-') || nvl2(mp_stage.price, lower(substr(rawtohex(standard_hash(mp_stage.price, 'SHA256')), 1, 32)), '-') || nvl2(mp_stage.born, lower(substr(rawtohex(standard_hash(mp_stage.born, 'SHA256')), 1, 32)), '-'), 'SHA256')), 1, 32)) AS mp_v4, to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') AS mp_v5, mp_change.mp_from AS mp_v6, coalesce(mp_change.mp_to, to_timestamp(:param_2, 'YYYY-MM-DD HH24:MI:SS.FF')) AS mp_v7, CASE WHEN (mp_change.mp_to IS NULL) THEN :param_3 ELSE :param_4 END AS mp_v8
FROM dw.dim_customer, ora$ptt_mp_stage mp_stage, ora$ptt_mp_change mp_change
WHERE dw.dim_customer.skey = mp_change.mp_tid AND mp_change.mp_what = :mp_what_1 AND mp_change.mp_fix = 1 AND mp_stage.mp_rid = mp_change.mp_rid) mp_rows ON (dw.dim_customer.rowid = mp_rows.mp_row) WHEN MATCHED THEN UPDATE SET name = mp_rows.mp_v1, price = mp_rows.mp_v2, born = mp_rows.mp_v3, rwhkey = mp_rows.mp_v4, recupdt = mp_rows.mp_v5, fromdt = mp_rows.mp_v6, todt = mp_rows.mp_v7, curflg = mp_rows.mp_v8
/
