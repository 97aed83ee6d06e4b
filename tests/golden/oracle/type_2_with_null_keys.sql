INSERT INTO ora$ptt_mp_stage (mp_rid, shop, id, name, price, born, mp_eff, mp_del) SELECT row_number() OVER (ORDER BY NULL) AS mp_rid, src.shop AS shop, src.id AS id, src.name AS name, src.price AS price, CAST(src.born AS DATE) AS born, to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') AS mp_eff, 0 AS mp_del
FROM (SELECT * FROM crm.customers
) src
WHERE (src.shop <= :param_2 AND (src.shop < :param_2 OR src.id < :param_3)) OR src.shop IS NULL OR src.id IS NULL
/
SELECT CASE WHEN EXISTS (SELECT dw.dim_customer.shop
FROM dw.dim_customer
WHERE (dw.dim_customer.shop <= :param_1 AND (dw.dim_customer.shop < :param_1 OR nvl(rtrim(dw.dim_customer.id), substr(dw.dim_customer.id, 1, 1)) < :param_2)) AND nvl(rtrim(dw.dim_customer.id), substr(dw.dim_customer.id, 1, 1)) IS NOT NULL) THEN 1 ELSE 0 END AS anon_1 FROM DUAL
/
INSERT INTO ora$ptt_mp_touched (shop, id, mp_rid, mp_t, mp_del, mp_present, mp_since, mp_differs) SELECT mp_stage.shop, mp_stage.id, mp_stage.mp_rid, mp_stage.mp_eff AS mp_t, mp_stage.mp_del, present.skey AS mp_present, present.fromdt AS mp_since, CASE WHEN DECODE(mp_stage.name, present.name, 0, 1) = 1 OR DECODE(mp_stage.price, present.price, 0, 1) = 1 OR DECODE(mp_stage.born, present.born, 0, 1) = 1 THEN 1 ELSE 0 END AS mp_differs
FROM ora$ptt_mp_stage mp_stage
LEFT OUTER JOIN dw.dim_customer present ON mp_stage.shop = present.shop AND mp_stage.id = present.id AND present.curflg = :curflg_1 AND (present.shop <= :param_1 AND (present.shop < :param_1 OR nvl(rtrim(present.id), substr(present.id, 1, 1)) < :param_2)) AND nvl(rtrim(present.id), substr(present.id, 1, 1)) IS NOT NULL
WHERE present.shop IS NULL OR NOT (mp_stage.mp_del = 0 AND NOT (DECODE(mp_stage.name, present.name, 0, 1) = 1 OR DECODE(mp_stage.price, present.price, 0, 1) = 1 OR DECODE(mp_stage.born, present.born, 0, 1) = 1) AND present.fromdt <= mp_stage.mp_eff)
/
SELECT 1
FROM ora$ptt_mp_held mp_held JOIN dw.dim_customer ON mp_held.shop = dw.dim_customer.shop AND mp_held.id = dw.dim_customer.id AND (dw.dim_customer.shop <= :param_1 AND (dw.dim_customer.shop < :param_1 OR nvl(rtrim(dw.dim_customer.id), substr(dw.dim_customer.id, 1, 1)) < :param_2)) AND nvl(rtrim(dw.dim_customer.id), substr(dw.dim_customer.id, 1, 1)) IS NOT NULL FOR UPDATE OF dw.dim_customer.shop
/
INSERT INTO ora$ptt_mp_touched (shop, id, mp_rid, mp_t, mp_del, mp_present, mp_since, mp_differs) SELECT mp_stage.shop, mp_stage.id, mp_stage.mp_rid, mp_stage.mp_eff AS mp_t, mp_stage.mp_del, present.skey AS mp_present, present.fromdt AS mp_since, CASE WHEN DECODE(mp_stage.name, present.name, 0, 1) = 1 OR DECODE(mp_stage.price, present.price, 0, 1) = 1 OR DECODE(mp_stage.born, present.born, 0, 1) = 1 THEN 1 ELSE 0 END AS mp_differs
FROM ora$ptt_mp_stage mp_stage JOIN ora$ptt_mp_held mp_held ON mp_stage.shop = mp_held.shop AND mp_stage.id = mp_held.id
LEFT OUTER JOIN dw.dim_customer present ON mp_stage.shop = present.shop AND mp_stage.id = present.id AND present.curflg = :curflg_1 AND (present.shop <= :param_1 AND (present.shop < :param_1 OR nvl(rtrim(present.id), substr(present.id, 1, 1)) < :param_2)) AND nvl(rtrim(present.id), substr(present.id, 1, 1)) IS NOT NULL
WHERE present.shop IS NULL OR NOT (mp_stage.mp_del = 0 AND NOT (DECODE(mp_stage.name, present.name, 0, 1) = 1 OR DECODE(mp_stage.price, present.price, 0, 1) = 1 OR DECODE(mp_stage.born, present.born, 0, 1) = 1) AND present.fromdt <= mp_stage.mp_eff)
/
INSERT INTO ora$ptt_mp_change (shop, id, mp_what, mp_rid, mp_from, mp_fix, mp_grown, mp_was_open) SELECT mp_touched.shop, mp_touched.id, CASE WHEN 0 = 1 THEN :param_1 ELSE :param_2 END AS mp_what, mp_touched.mp_rid, mp_touched.mp_t AS mp_from, 1 AS mp_fix, 0 AS mp_grown, 1 AS mp_was_open
FROM ora$ptt_mp_touched mp_touched
WHERE mp_touched.mp_del = 0 AND (mp_touched.mp_present IS NOT NULL AND mp_touched.mp_differs = 1 AND mp_touched.mp_t > mp_touched.mp_since OR mp_touched.mp_present IS NULL AND NOT (EXISTS (SELECT *
FROM dw.dim_customer version
WHERE version.shop = mp_touched.shop AND version.id = mp_touched.id AND (version.shop <= :param_3 AND (version.shop < :param_3 OR nvl(rtrim(version.id), substr(version.id, 1, 1)) < :param_4)) AND nvl(rtrim(version.id), substr(version.id, 1, 1)) IS NOT NULL)))
/
INSERT INTO ora$ptt_mp_change (shop, id, mp_what, mp_tid, mp_from, mp_to, mp_fix, mp_grown, mp_was_open) SELECT mp_touched.shop, mp_touched.id, :param_1 AS mp_what, mp_touched.mp_present AS mp_tid, mp_touched.mp_since AS mp_from, mp_touched.mp_t AS mp_to, 0 AS mp_fix, 0 AS mp_grown, 1 AS mp_was_open
FROM ora$ptt_mp_touched mp_touched
WHERE mp_touched.mp_del = 0 AND (mp_touched.mp_present IS NOT NULL AND mp_touched.mp_differs = 1 AND mp_touched.mp_t > mp_touched.mp_since OR mp_touched.mp_present IS NULL AND NOT (EXISTS (SELECT *
FROM dw.dim_customer version
WHERE version.shop = mp_touched.shop AND version.id = mp_touched.id AND (version.shop <= :param_2 AND (version.shop < :param_2 OR nvl(rtrim(version.id), substr(version.id, 1, 1)) < :param_3)) AND nvl(rtrim(version.id), substr(version.id, 1, 1)) IS NOT NULL))) AND mp_touched.mp_present IS NOT NULL
/
DELETE FROM ora$ptt_mp_touched mp_touched WHERE mp_touched.mp_del = 0 AND (mp_touched.mp_present IS NOT NULL AND mp_touched.mp_differs = 1 AND mp_touched.mp_t > mp_touched.mp_since OR mp_touched.mp_present IS NULL AND NOT (EXISTS (SELECT *
FROM dw.dim_customer version
WHERE version.shop = mp_touched.shop AND version.id = mp_touched.id AND (version.shop <= :param_1 AND (version.shop < :param_1 OR nvl(rtrim(version.id), substr(version.id, 1, 1)) < :param_2)) AND nvl(rtrim(version.id), substr(version.id, 1, 1)) IS NOT NULL)))
/
INSERT INTO ora$ptt_mp_old (shop, id, mp_t, mp_end, mp_tid, name, price, born, mp_gap) SELECT read.shop, read.id, read.mp_t, read.mp_end, read.mp_tid, read.name, read.price, read.born, CASE WHEN (read.mp_end IS NOT NULL AND DECODE(read.mp_end, read.mp_nx, 0, 1) = 1) THEN 1 ELSE 0 END AS mp_gap
FROM (SELECT version.shop AS shop, version.id AS id, version.fromdt AS mp_t, CASE WHEN (version.curflg = :curflg_1) THEN NULL ELSE version.todt END AS mp_end, lead(version.fromdt) OVER (PARTITION BY version.shop, version.id
ORDER BY version.fromdt) AS mp_nx, version.skey AS mp_tid, version.name AS name, version.price AS price, version.born AS born
FROM dw.dim_customer version JOIN ora$ptt_mp_key mp_key ON version.shop = mp_key.shop AND version.id = mp_key.id
WHERE (version.shop <= :param_1 AND (version.shop < :param_1 OR nvl(rtrim(version.id), substr(version.id, 1, 1)) < :param_2)) AND nvl(rtrim(version.id), substr(version.id, 1, 1)) IS NOT NULL) read
/
DELETE FROM dw.dim_customer WHERE (dw.dim_customer.shop <= :param_1 AND (dw.dim_customer.shop < :param_1 OR nvl(rtrim(dw.dim_customer.id), substr(dw.dim_customer.id, 1, 1)) < :param_2)) AND nvl(rtrim(dw.dim_customer.id), substr(dw.dim_customer.id, 1, 1)) IS NOT NULL AND (EXISTS (SELECT *
FROM ora$ptt_mp_change mp_change
WHERE dw.dim_customer.skey = mp_change.mp_tid AND mp_change.mp_what = :mp_what_1))
/
MERGE INTO dw.dim_customer USING (SELECT dw.dim_customer.rowid AS mp_row, mp_stage.name AS mp_v1, mp_stage.price AS mp_v2, mp_stage.born AS mp_v3, lower(substr(rawtohex(standard_hash(nvl2(mp_stage.name, lower(substr(rawtohex(standard_hash(mp_stage.name, 'SHA256')), 1, 32)), '-') || nvl2(mp_stage.price, lower(substr(rawtohex(standard_hash(mp_stage.price, 'SHA256')), 1, 32)), '-') || nvl2(mp_stage.born, lower(substr(rawtohex(standard_hash(mp_stage.born, 'SHA256')), 1, 32)), '-'), 'SHA256')), 1, 32)) AS mp_v4, to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') AS mp_v5, mp_change.mp_from AS mp_v6, coalesce(mp_change.mp_to, to_timestamp(:param_2, 'YYYY-MM-DD HH24:MI:SS.FF')) AS mp_v7, CASE WHEN (mp_change.mp_to IS NULL) THEN :param_3 ELSE :param_4 END AS mp_v8
FROM dw.dim_customer, ora$ptt_mp_stage mp_stage, ora$ptt_mp_change mp_change
WHERE (dw.dim_customer.shop <= :param_5 AND (dw.dim_customer.shop < :param_5 OR nvl(rtrim(dw.dim_customer.id), substr(dw.dim_customer.id, 1, 1)) < :param_6)) AND nvl(rtrim(dw.dim_customer.id), substr(dw.dim_customer.id, 1, 1)) IS NOT NULL AND dw.dim_customer.skey = mp_change.mp_tid AND mp_change.mp_what = :mp_what_1 AND mp_change.mp_fix = 1 AND mp_stage.mp_rid = mp_change.mp_rid) mp_rows ON (dw.dim_customer.rowid = mp_rows.mp_row) WHEN MATCHED THEN UPDATE SET name = mp_rows.mp_v1, price = mp_rows.mp_v2, born = mp_rows.mp_v3, rwhkey = mp_rows.mp_v4, recupdt = mp_rows.mp_v5, fromdt = mp_rows.mp_v6, todt = mp_rows.mp_v7, curflg = mp_rows.mp_v8
/
MERGE INTO dw.dim_customer USING (SELECT dw.dim_customer.rowid AS mp_row, to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') AS mp_v1, mp_change.mp_from AS mp_v2, coalesce(mp_change.mp_to, to_timestamp(:param_2, 'YYYY-MM-DD HH24:MI:SS.FF')) AS mp_v3, CASE WHEN (mp_change.mp_to IS NULL) THEN :param_3 ELSE :param_4 END AS mp_v4
FROM dw.dim_customer, ora$ptt_mp_change mp_change
WHERE (dw.dim_customer.shop <= :param_5 AND (dw.dim_customer.shop < :param_5 OR nvl(rtrim(dw.dim_customer.id), substr(dw.dim_customer.id, 1, 1)) < :param_6)) AND nvl(rtrim(dw.dim_customer.id), substr(dw.dim_customer.id, 1, 1)) IS NOT NULL AND dw.dim_customer.skey = mp_change.mp_tid AND mp_change.mp_what = :mp_what_1 AND mp_change.mp_fix = 0) mp_rows ON (dw.dim_customer.rowid = mp_rows.mp_row) WHEN MATCHED THEN UPDATE SET recupdt = mp_rows.mp_v1, fromdt = mp_rows.mp_v2, todt = mp_rows.mp_v3, curflg = mp_rows.mp_v4
/
