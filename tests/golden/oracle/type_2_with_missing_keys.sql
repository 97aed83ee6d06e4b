INSERT INTO ora$ptt_mp_touched (shop, id, mp_rid, mp_t, mp_del, mp_present, mp_since, mp_differs) SELECT mp_stage.shop, mp_stage.id, mp_stage.mp_rid, mp_stage.mp_eff AS mp_t, mp_stage.mp_del, present.skey AS mp_present, present.fromdt AS mp_since, CASE WHEN DECODE(mp_stage.name, present.name, 0, 1) = 1 OR DECODE(mp_stage.price, present.price, 0, 1) = 1 OR DECODE(mp_stage.score, present.score, 0, 1) = 1 OR DECODE(mp_stage.born, present.born, 0, 1) = 1 OR CASE WHEN (nvl(dbms_lob.getlength(mp_stage.note), 0) != nvl(dbms_lob.getlength(present.note), 0)) THEN 1 WHEN (dbms_lob.getlength(mp_stage.note) > 0) THEN dbms_lob.compare(mp_stage.note, present.note) ELSE 0 END != 0 OR CASE WHEN (nvl(dbms_lob.getlength(mp_stage.photo), 0) != nvl(dbms_lob.getlength(present.photo), 0)) THEN 1 WHEN (dbms_lob.getlength(mp_stage.photo) > 0) THEN dbms_lob.compare(mp_stage.photo, present.photo) ELSE 0 END != 0 OR DECODE(mp_stage.region, present.region, 0, 1) = 1 THEN 1 ELSE 0 END AS mp_differs
FROM ora$ptt_mp_stage mp_stage
LEFT OUTER JOIN dw.dim_customer present ON mp_stage.shop = present.shop AND mp_stage.id = present.id AND present.curflg = :curflg_1
WHERE present.shop IS NULL OR NOT (mp_stage.mp_del = 0 AND NOT (DECODE(mp_stage.name, present.name, 0, 1) = 1 OR DECODE(mp_stage.price, present.price, 0, 1) = 1 OR DECODE(mp_stage.score, present.score, 0, 1) = 1 OR DECODE(mp_stage.born, present.born, 0, 1) = 1 OR CASE WHEN (nvl(dbms_lob.getlength(mp_stage.note), 0) != nvl(dbms_lob.getlength(present.note), 0)) THEN 1 WHEN (dbms_lob.getlength(mp_stage.note) > 0) THEN dbms_lob.compare(mp_stage.note, present.note) ELSE 0 END != 0 OR CASE WHEN (nvl(dbms_lob.getlength(mp_stage.photo), 0) != nvl(dbms_lob.getlength(present.photo), 0)) THEN 1 WHEN (dbms_lob.getlength(mp_stage.photo) > 0) THEN dbms_lob.compare(mp_stage.photo, present.photo) ELSE 0 END != 0 OR DECODE(mp_stage.region, present.region, 0, 1) = 1) AND present.fromdt <= mp_stage.mp_eff)
/
SELECT 1
FROM ora$ptt_mp_held mp_held JOIN dw.dim_customer ON mp_held.shop = dw.dim_customer.shop AND mp_held.id = dw.dim_customer.id FOR UPDATE OF dw.dim_customer.shop
/
INSERT INTO ora$ptt_mp_touched (shop, id, mp_rid, mp_t, mp_del, mp_present, mp_since, mp_differs) SELECT mp_stage.shop, mp_stage.id, mp_stage.mp_rid, mp_stage.mp_eff AS mp_t, mp_stage.mp_del, present.skey AS mp_present, present.fromdt AS mp_since, CASE WHEN DECODE(mp_stage.name, present.name, 0, 1) = 1 OR DECODE(mp_stage.price, present.price, 0, 1) = 1 OR DECODE(mp_stage.score, present.score, 0, 1) = 1 OR DECODE(mp_stage.born, present.born, 0, 1) = 1 OR CASE WHEN (nvl(dbms_lob.getlength(mp_stage.note), 0) != nvl(dbms_lob.getlength(present.note), 0)) THEN 1 WHEN (dbms_lob.getlength(mp_stage.note) > 0) THEN dbms_lob.compare(mp_stage.note, present.note) ELSE 0 END != 0 OR CASE WHEN (nvl(dbms_lob.getlength(mp_stage.photo), 0) != nvl(dbms_lob.getlength(present.photo), 0)) THEN 1 WHEN (dbms_lob.getlength(mp_stage.photo) > 0) THEN dbms_lob.compare(mp_stage.photo, present.photo) ELSE 0 END != 0 OR DECODE(mp_stage.region, present.region, 0, 1) = 1 THEN 1 ELSE 0 END AS mp_differs
FROM ora$ptt_mp_stage mp_stage JOIN ora$ptt_mp_held mp_held ON mp_stage.shop = mp_held.shop AND mp_stage.id = mp_held.id
LEFT OUTER JOIN dw.dim_customer present ON mp_stage.shop = present.shop AND mp_stage.id = present.id AND present.curflg = :curflg_1
WHERE present.shop IS NULL OR NOT (mp_stage.mp_del = 0 AND NOT (DECODE(mp_stage.name, present.name, 0, 1) = 1 OR DECODE(mp_stage.price, present.price, 0, 1) = 1 OR DECODE(mp_stage.score, present.score, 0, 1) = 1 OR DECODE(mp_stage.born, present.born, 0, 1) = 1 OR CASE WHEN (nvl(dbms_lob.getlength(mp_stage.note), 0) != nvl(dbms_lob.getlength(present.note), 0)) THEN 1 WHEN (dbms_lob.getlength(mp_stage.note) > 0) THEN dbms_lob.compare(mp_stage.note, present.note) ELSE 0 END != 0 OR CASE WHEN (nvl(dbms_lob.getlength(mp_stage.photo), 0) != nvl(dbms_lob.getlength(present.photo), 0)) THEN 1 WHEN (dbms_lob.getlength(mp_stage.photo) > 0) THEN dbms_lob.compare(mp_stage.photo, present.photo) ELSE 0 END != 0 OR DECODE(mp_stage.region, present.region, 0, 1) = 1) AND present.fromdt <= mp_stage.mp_eff)
/
INSERT INTO ora$ptt_mp_change (shop, id, mp_what, mp_rid, mp_from, mp_fix, mp_grown, mp_was_open) SELECT mp_touched.shop, mp_touched.id, CASE WHEN 0 = 1 THEN :param_1 ELSE :param_2 END AS mp_what, mp_touched.mp_rid, mp_touched.mp_t AS mp_from, 1 AS mp_fix, 0 AS mp_grown, 1 AS mp_was_open
FROM ora$ptt_mp_touched mp_touched
WHERE mp_touched.mp_del = 0 AND (mp_touched.mp_present IS NOT NULL AND mp_touched.mp_differs = 1 AND mp_touched.mp_t > mp_touched.mp_since OR mp_touched.mp_present IS NULL AND NOT (EXISTS (SELECT *
FROM dw.dim_customer version
WHERE version.shop = mp_touched.shop AND version.id = mp_touched.id)))
/
INSERT INTO ora$ptt_mp_change (shop, id, mp_what, mp_tid, mp_from, mp_to, mp_fix, mp_grown, mp_was_open) SELECT mp_touched.shop, mp_touched.id, :param_1 AS mp_what, mp_touched.mp_present AS mp_tid, mp_touched.mp_since AS mp_from, mp_touched.mp_t AS mp_to, 0 AS mp_fix, 0 AS mp_grown, 1 AS mp_was_open
FROM ora$ptt_mp_touched mp_touched
WHERE mp_touched.mp_del = 0 AND (mp_touched.mp_present IS NOT NULL AND mp_touched.mp_differs = 1 AND mp_touched.mp_t > mp_touched.mp_since OR mp_touched.mp_present IS NULL AND NOT (EXISTS (SELECT *
FROM dw.dim_customer version
WHERE version.shop = mp_touched.shop AND version.id = mp_touched.id))) AND mp_touched.mp_present IS NOT NULL
/
DELETE FROM ora$ptt_mp_touched mp_touched WHERE mp_touched.mp_del = 0 AND (mp_touched.mp_present IS NOT NULL AND mp_touched.mp_differs = 1 AND mp_touched.mp_t > mp_touched.mp_since OR mp_touched.mp_present IS NULL AND NOT (EXISTS (SELECT *
FROM dw.dim_customer version
WHERE version.shop = mp_touched.shop AND version.id = mp_touched.id)))
/
BEGIN
  EXECUTE IMMEDIATE 'CREATE PRIVATE TEMPORARY TABLE ora$ptt_mp_missing (shop NUMBER(10), id CHAR(8 CHAR)) ON COMMIT DROP DEFINITION';
EXCEPTION WHEN OTHERS THEN
  IF SQLCODE <> -955 THEN RAISE; END IF;
  EXECUTE IMMEDIATE 'DELETE FROM ora$ptt_mp_missing';
END;
/
INSERT INTO ora$ptt_mp_missing (shop, id) SELECT present.shop, present.id
FROM dw.dim_customer present
WHERE present.curflg = :curflg_1 AND NOT (EXISTS (SELECT *
FROM ora$ptt_mp_stage mp_stage
WHERE mp_stage.shop = present.shop AND mp_stage.id = present.id)) AND NOT (EXISTS (SELECT *
FROM ora$ptt_mp_rejected_keys mp_rejected_keys
WHERE mp_rejected_keys.shop = present.shop AND mp_rejected_keys.id = present.id)) AND present.fromdt <= to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF')
/
SELECT 1
FROM ora$ptt_mp_missing mp_missing JOIN dw.dim_customer ON mp_missing.shop = dw.dim_customer.shop AND mp_missing.id = dw.dim_customer.id FOR UPDATE OF dw.dim_customer.shop
/
INSERT INTO ora$ptt_mp_key (shop, id) SELECT mp_missing.shop, mp_missing.id
FROM ora$ptt_mp_missing mp_missing
/
INSERT INTO ora$ptt_mp_new (shop, id, mp_t, mp_del) SELECT mp_missing.shop, mp_missing.id, to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') AS mp_t, 1 AS mp_del
FROM ora$ptt_mp_missing mp_missing
/
INSERT INTO ora$ptt_mp_old (shop, id, mp_t, mp_end, mp_tid, name, price, score, born, note, photo, region, mp_gap) SELECT read.shop, read.id, read.mp_t, read.mp_end, read.mp_tid, read.name, read.price, read.score, read.born, read.note, read.photo, read.region, CASE WHEN (read.mp_end IS NOT NULL AND DECODE(read.mp_end, read.mp_nx, 0, 1) = 1) THEN 1 ELSE 0 END AS mp_gap
FROM (SELECT version.shop AS shop, version.id AS id, version.fromdt AS mp_t, CASE WHEN (version.curflg = :curflg_1) THEN NULL ELSE version.todt END AS mp_end, lead(version.fromdt) OVER (PARTITION BY version.shop, version.id
ORDER BY version.fromdt) AS mp_nx, version.skey AS mp_tid, version.name AS name, version.price AS price, version.score AS score, version.born AS born, version.note AS note, version.photo AS photo, version.region AS region
FROM dw.dim_customer version JOIN ora$ptt_mp_key mp_key ON version.shop = mp_key.shop AND version.id = mp_key.id
WHERE 1 = 1) read
/
BEGIN
  EXECUTE IMMEDIATE 'CREATE PRIVATE TEMPORARY TABLE ora$ptt_mp_undone (shop NUMBER(10), id CHAR(8 CHAR), mp_rid NUMBER(19)) ON COMMIT DROP DEFINITION';
EXCEPTION WHEN OTHERS THEN
  IF SQLCODE <> -955 THEN RAISE; END IF;
  EXECUTE IMMEDIATE 'DELETE FROM ora$ptt_mp_undone';
END;
/
INSERT INTO ora$ptt_mp_undone (shop, id, mp_rid) SELECT newest.shop, newest.id, newest.mp_rid
FROM (SELECT ranked.shop AS shop, ranked.id AS id, ranked.mp_t AS mp_t, ranked.mp_rid AS mp_rid
FROM (SELECT mp_new.shop AS shop, mp_new.id AS id, mp_new.mp_t AS mp_t, mp_new.mp_rid AS mp_rid, mp_new.mp_del AS mp_del, row_number() OVER (PARTITION BY mp_new.shop, mp_new.id
ORDER BY mp_new.mp_t DESC) AS mp_place
FROM ora$ptt_mp_new mp_new) ranked
WHERE ranked.mp_place = :mp_place_1 AND ranked.mp_del = 0) newest JOIN ora$ptt_mp_old mp_old ON newest.shop = mp_old.shop AND newest.id = mp_old.id
WHERE mp_old.mp_gap = 1 AND mp_old.mp_end = to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') AND newest.mp_t < to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF')
/
UPDATE ora$ptt_mp_old mp_old SET mp_gap=0 WHERE mp_old.mp_gap = 1 AND mp_old.mp_end = to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') AND (EXISTS (SELECT *
FROM ora$ptt_mp_undone mp_undone
WHERE mp_undone.shop = mp_old.shop AND mp_undone.id = mp_old.id))
/
BEGIN
  EXECUTE IMMEDIATE 'CREATE PRIVATE TEMPORARY TABLE ora$ptt_mp_back (shop NUMBER(10), id CHAR(8 CHAR), mp_t TIMESTAMP(6)) ON COMMIT DROP DEFINITION';
EXCEPTION WHEN OTHERS THEN
  IF SQLCODE <> -955 THEN RAISE; END IF;
  EXECUTE IMMEDIATE 'DELETE FROM ora$ptt_mp_back';
END;
/
INSERT INTO ora$ptt_mp_back (shop, id, mp_t) SELECT newest.shop, newest.id, newest.mp_t
FROM (SELECT mp_old.shop AS shop, mp_old.id AS id, max(mp_old.mp_end) AS mp_closed
FROM ora$ptt_mp_old mp_old
WHERE mp_old.mp_gap = 1 GROUP BY mp_old.shop, mp_old.id) closed JOIN (SELECT ranked.shop AS shop, ranked.id AS id, ranked.mp_t AS mp_t, ranked.mp_rid AS mp_rid
FROM (SELECT mp_new.shop AS shop, mp_new.id AS id, mp_new.mp_t AS mp_t, mp_new.mp_rid AS mp_rid, mp_new.mp_del AS mp_del, row_number() OVER (PARTITION BY mp_new.shop, mp_new.id
ORDER BY mp_new.mp_t DESC) AS mp_place
FROM ora$ptt_mp_new mp_new) ranked
WHERE ranked.mp_place = :mp_place_1 AND ranked.mp_del = 0) newest ON closed.shop = newest.shop AND closed.id = newest.id
WHERE closed.mp_closed < to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') AND closed.mp_closed > newest.mp_t
/
DELETE FROM ora$ptt_mp_new mp_new WHERE mp_new.mp_del = 1 AND (EXISTS (SELECT *
FROM ora$ptt_mp_back mp_back
WHERE mp_back.shop = mp_new.shop AND mp_back.id = mp_new.id))
/
UPDATE ora$ptt_mp_new mp_new SET mp_t=to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') WHERE EXISTS (SELECT *
FROM ora$ptt_mp_back mp_back
WHERE mp_back.shop = mp_new.shop AND mp_back.id = mp_new.id AND mp_back.mp_t = mp_new.mp_t)
/
UPDATE ora$ptt_mp_change mp_change SET mp_grown=0 WHERE mp_change.mp_grown = 1 AND (EXISTS (SELECT *
FROM ora$ptt_mp_undone mp_undone, ora$ptt_mp_change other
WHERE mp_undone.shop = mp_change.shop AND mp_undone.id = mp_change.id AND other.mp_rid = mp_undone.mp_rid))
/
UPDATE ora$ptt_mp_change mp_change SET mp_rid=(SELECT mp_undone.mp_rid
FROM ora$ptt_mp_undone mp_undone
WHERE mp_undone.shop = mp_change.shop AND mp_undone.id = mp_change.id), mp_grown=0 WHERE mp_change.mp_grown = 1 AND (EXISTS (SELECT *
FROM ora$ptt_mp_undone mp_undone
WHERE mp_undone.shop = mp_change.shop AND mp_undone.id = mp_change.id))
/
DELETE FROM dw.dim_customer WHERE EXISTS (SELECT *
FROM ora$ptt_mp_change mp_change
WHERE dw.dim_customer.skey = mp_change.mp_tid AND mp_change.mp_what = :mp_what_1)
/
MERGE INTO dw.dim_customer USING (SELECT dw.dim_customer.rowid AS mp_row, mp_stage.name AS mp_v1, mp_stage.price AS mp_v2, mp_stage.score AS mp_v3, mp_stage.born AS mp_v4, mp_stage.note AS mp_v5, mp_stage.photo AS mp_v6, mp_stage.region AS mp_v7, lower(substr(rawtohex(standard_hash(nvl2(mp_stage.name, lower(substr(rawtohex(standard_hash(mp_stage.name, 'SHA256')), 1, 32)), '-') || nvl2(mp_stage.price, lower(substr(rawtohex(standard_hash(mp_stage.price, 'SHA256')), 1, 32)), '-') || nvl2(mp_stage.score, lower(substr(rawtohex(standard_hash(mp_stage.score, 'SHA256')), 1, 32)), '-') || nvl2(mp_stage.born, lower(substr(rawtohex(standard_hash(mp_stage.born, 'SHA256')), 1, 32)), '-') || (SELECT SUM(to_number(substr(standard_hash(LEVEL || standard_hash(dbms_lob.substr(mp_stage.note, 1000, 999 * LEVEL - 998), 'SHA256'), 'SHA256'), 1, 24), 'XXXXXXXXXXXXXXXXXXXXXXXX')) FROM dual WHERE dbms_lob.getlength(mp_stage.note) > 0 CONNECT BY LEVEL <= ceil(dbms_lob.getlength(mp_stage.note) / 999)) || '.' || (SELECT SUM(to_number(substr(standard_hash(LEVEL || standard_hash(dbms_lob.substr(mp_stage.photo, 1000, 999 * LEVEL - 998), 'SHA256'), 'SHA256'), 1, 24), 'XXXXXXXXXXXXXXXXXXXXXXXX')) FROM dual WHERE dbms_lob.getlength(mp_stage.photo) > 0 CONNECT BY LEVEL <= ceil(dbms_lob.getlength(mp_stage.photo) / 999)) || '.' || nvl2(mp_stage.region, lower(substr(rawtohex(standard_hash(mp_stage.region, 'SHA256')), 1, 32)), '-'), 'SHA256')), 1, 32)) AS mp_v8, to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') AS mp_v9, mp_change.mp_from AS mp_v10, coalesce(mp_change.mp_to, to_timestamp(:param_2, 'YYYY-MM-DD HH24:MI:SS.FF')) AS mp_v11, CASE WHEN (mp_change.mp_to IS NULL) THEN :param_3 ELSE :param_4 END AS mp_v12
FROM dw.dim_customer, ora$ptt_mp_stage mp_stage, ora$ptt_mp_change mp_change
WHERE dw.dim_customer.skey = mp_change.mp_tid AND mp_change.mp_what = :mp_what_1 AND mp_change.mp_fix = 1 AND mp_stage.mp_rid = mp_change.mp_rid) mp_rows ON (dw.dim_customer.rowid = mp_rows.mp_row) WHEN MATCHED THEN UPDATE SET name = mp_rows.mp_v1, price = mp_rows.mp_v2, score = mp_rows.mp_v3, born = mp_rows.mp_v4, note = mp_rows.mp_v5, photo = mp_rows.mp_v6, region = mp_rows.mp_v7, rwhkey = mp_rows.mp_v8, recupdt = mp_rows.mp_v9, fromdt = mp_rows.mp_v10, todt = mp_rows.mp_v11, curflg = mp_rows.mp_v12
/
MERGE INTO dw.dim_customer USING (SELECT dw.dim_customer.rowid AS mp_row, to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') AS mp_v1, mp_change.mp_from AS mp_v2, coalesce(mp_change.mp_to, to_timestamp(:param_2, 'YYYY-MM-DD HH24:MI:SS.FF')) AS mp_v3, CASE WHEN (mp_change.mp_to IS NULL) THEN :param_3 ELSE :param_4 END AS mp_v4
FROM dw.dim_customer, ora$ptt_mp_change mp_change
WHERE dw.dim_customer.skey = mp_change.mp_tid AND mp_change.mp_what = :mp_what_1 AND mp_change.mp_fix = 0) mp_rows ON (dw.dim_customer.rowid = mp_rows.mp_row) WHEN MATCHED THEN UPDATE SET recupdt = mp_rows.mp_v1, fromdt = mp_rows.mp_v2, todt = mp_rows.mp_v3, curflg = mp_rows.mp_v4
/
