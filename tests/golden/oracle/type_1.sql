INSERT INTO ora$ptt_mp_stage (mp_rid, shop, id, name, price, score, born, note, photo, region, mp_eff, mp_del) SELECT row_number() OVER (ORDER BY NULL) AS mp_rid, src.shop AS shop, src.id AS id, (UPPER(TRIM(name))) AS name, src.price AS price, src.score AS score, CAST(src.born AS DATE) AS born, src.note AS note, src.photo AS photo, src.region AS region, to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') AS mp_eff, 0 AS mp_del
FROM (SELECT * FROM crm.customers
) src
WHERE (src.shop >= :param_2 AND (src.shop > :param_2 OR src.id >= :param_3)) AND (src.shop <= :param_4 AND (src.shop < :param_4 OR src.id < :param_5)) AND src.id IS NOT NULL
/
BEGIN
  EXECUTE IMMEDIATE 'CREATE PRIVATE TEMPORARY TABLE ora$ptt_mp_change (shop NUMBER(10), id CHAR(8 CHAR), mp_what VARCHAR2(1 CHAR), mp_rid NUMBER(19), mp_last NUMBER(19), mp_tid NUMBER(19), mp_from TIMESTAMP(6), mp_to TIMESTAMP(6), mp_fix NUMBER(1), mp_grown NUMBER(1), mp_was_open NUMBER(1), mp_by_row NUMBER(1)) ON COMMIT DROP DEFINITION';
EXCEPTION WHEN OTHERS THEN
  IF SQLCODE <> -955 THEN RAISE; END IF;
  EXECUTE IMMEDIATE 'DELETE FROM ora$ptt_mp_change';
END;
/
BEGIN
  EXECUTE IMMEDIATE 'CREATE PRIVATE TEMPORARY TABLE ora$ptt_mp_touched (shop NUMBER(10), id CHAR(8 CHAR), mp_rid NUMBER(19), mp_t TIMESTAMP(6), mp_del NUMBER(1), mp_present NUMBER(19), mp_since TIMESTAMP(6), mp_differs NUMBER(1)) ON COMMIT DROP DEFINITION';
EXCEPTION WHEN OTHERS THEN
  IF SQLCODE <> -955 THEN RAISE; END IF;
  EXECUTE IMMEDIATE 'DELETE FROM ora$ptt_mp_touched';
END;
/
INSERT INTO ora$ptt_mp_touched (shop, id, mp_rid, mp_t, mp_del, mp_present, mp_since, mp_differs) SELECT mp_stage.shop, mp_stage.id, mp_stage.mp_rid, mp_stage.mp_eff AS mp_t, mp_stage.mp_del, present.skey AS mp_present, present.fromdt AS mp_since, CASE WHEN DECODE(mp_stage.name, present.name, 0, 1) = 1 OR DECODE(mp_stage.price, present.price, 0, 1) = 1 OR DECODE(mp_stage.score, present.score, 0, 1) = 1 OR DECODE(mp_stage.born, present.born, 0, 1) = 1 OR CASE WHEN (nvl(dbms_lob.getlength(mp_stage.note), 0) != nvl(dbms_lob.getlength(present.note), 0)) THEN 1 WHEN (dbms_lob.getlength(mp_stage.note) > 0) THEN dbms_lob.compare(mp_stage.note, present.note) ELSE 0 END != 0 OR CASE WHEN (nvl(dbms_lob.getlength(mp_stage.photo), 0) != nvl(dbms_lob.getlength(present.photo), 0)) THEN 1 WHEN (dbms_lob.getlength(mp_stage.photo) > 0) THEN dbms_lob.compare(mp_stage.photo, present.photo) ELSE 0 END != 0 OR DECODE(mp_stage.region, present.region, 0, 1) = 1 THEN 1 ELSE 0 END AS mp_differs
FROM ora$ptt_mp_stage mp_stage
LEFT OUTER JOIN dw.dim_customer present ON mp_stage.shop = present.shop AND mp_stage.id = present.id AND (present.shop >= :param_1 AND (present.shop > :param_1 OR nvl(rtrim(present.id), substr(present.id, 1, 1)) >= :param_2)) AND (present.shop <= :param_3 AND (present.shop < :param_3 OR nvl(rtrim(present.id), substr(present.id, 1, 1)) < :param_4)) AND nvl(rtrim(present.id), substr(present.id, 1, 1)) IS NOT NULL
WHERE present.shop IS NULL OR NOT (mp_stage.mp_del = 0 AND NOT (DECODE(mp_stage.name, present.name, 0, 1) = 1 OR DECODE(mp_stage.price, present.price, 0, 1) = 1 OR DECODE(mp_stage.score, present.score, 0, 1) = 1 OR DECODE(mp_stage.born, present.born, 0, 1) = 1 OR CASE WHEN (nvl(dbms_lob.getlength(mp_stage.note), 0) != nvl(dbms_lob.getlength(present.note), 0)) THEN 1 WHEN (dbms_lob.getlength(mp_stage.note) > 0) THEN dbms_lob.compare(mp_stage.note, present.note) ELSE 0 END != 0 OR CASE WHEN (nvl(dbms_lob.getlength(mp_stage.photo), 0) != nvl(dbms_lob.getlength(present.photo), 0)) THEN 1 WHEN (dbms_lob.getlength(mp_stage.photo) > 0) THEN dbms_lob.compare(mp_stage.photo, present.photo) ELSE 0 END != 0 OR DECODE(mp_stage.region, present.region, 0, 1) = 1))
/
BEGIN
  EXECUTE IMMEDIATE 'CREATE PRIVATE TEMPORARY TABLE ora$ptt_mp_held (shop NUMBER(10), id CHAR(8 CHAR)) ON COMMIT DROP DEFINITION';
EXCEPTION WHEN OTHERS THEN
  IF SQLCODE <> -955 THEN RAISE; END IF;
  EXECUTE IMMEDIATE 'DELETE FROM ora$ptt_mp_held';
END;
/
INSERT INTO ora$ptt_mp_held (shop, id) SELECT DISTINCT mp_touched.shop, mp_touched.id
FROM ora$ptt_mp_touched mp_touched
/
SELECT 1
FROM ora$ptt_mp_held mp_held JOIN dw.dim_customer ON mp_held.shop = dw.dim_customer.shop AND mp_held.id = dw.dim_customer.id AND (dw.dim_customer.shop >= :param_1 AND (dw.dim_customer.shop > :param_1 OR nvl(rtrim(dw.dim_customer.id), substr(dw.dim_customer.id, 1, 1)) >= :param_2)) AND (dw.dim_customer.shop <= :param_3 AND (dw.dim_customer.shop < :param_3 OR nvl(rtrim(dw.dim_customer.id), substr(dw.dim_customer.id, 1, 1)) < :param_4)) AND nvl(rtrim(dw.dim_customer.id), substr(dw.dim_customer.id, 1, 1)) IS NOT NULL FOR UPDATE OF dw.dim_customer.shop
/
INSERT INTO ora$ptt_mp_touched (shop, id, mp_rid, mp_t, mp_del, mp_present, mp_since, mp_differs) SELECT mp_stage.shop, mp_stage.id, mp_stage.mp_rid, mp_stage.mp_eff AS mp_t, mp_stage.mp_del, present.skey AS mp_present, present.fromdt AS mp_since, CASE WHEN DECODE(mp_stage.name, present.name, 0, 1) = 1 OR DECODE(mp_stage.price, present.price, 0, 1) = 1 OR DECODE(mp_stage.score, present.score, 0, 1) = 1 OR DECODE(mp_stage.born, present.born, 0, 1) = 1 OR CASE WHEN (nvl(dbms_lob.getlength(mp_stage.note), 0) != nvl(dbms_lob.getlength(present.note), 0)) THEN 1 WHEN (dbms_lob.getlength(mp_stage.note) > 0) THEN dbms_lob.compare(mp_stage.note, present.note) ELSE 0 END != 0 OR CASE WHEN (nvl(dbms_lob.getlength(mp_stage.photo), 0) != nvl(dbms_lob.getlength(present.photo), 0)) THEN 1 WHEN (dbms_lob.getlength(mp_stage.photo) > 0) THEN dbms_lob.compare(mp_stage.photo, present.photo) ELSE 0 END != 0 OR DECODE(mp_stage.region, present.region, 0, 1) = 1 THEN 1 ELSE 0 END AS mp_differs
FROM ora$ptt_mp_stage mp_stage JOIN ora$ptt_mp_held mp_held ON mp_stage.shop = mp_held.shop AND mp_stage.id = mp_held.id
LEFT OUTER JOIN dw.dim_customer present ON mp_stage.shop = present.shop AND mp_stage.id = present.id AND (present.shop >= :param_1 AND (present.shop > :param_1 OR nvl(rtrim(present.id), substr(present.id, 1, 1)) >= :param_2)) AND (present.shop <= :param_3 AND (present.shop < :param_3 OR nvl(rtrim(present.id), substr(present.id, 1, 1)) < :param_4)) AND nvl(rtrim(present.id), substr(present.id, 1, 1)) IS NOT NULL
WHERE present.shop IS NULL OR NOT (mp_stage.mp_del = 0 AND NOT (DECODE(mp_stage.name, present.name, 0, 1) = 1 OR DECODE(mp_stage.price, present.price, 0, 1) = 1 OR DECODE(mp_stage.score, present.score, 0, 1) = 1 OR DECODE(mp_stage.born, present.born, 0, 1) = 1 OR CASE WHEN (nvl(dbms_lob.getlength(mp_stage.note), 0) != nvl(dbms_lob.getlength(present.note), 0)) THEN 1 WHEN (dbms_lob.getlength(mp_stage.note) > 0) THEN dbms_lob.compare(mp_stage.note, present.note) ELSE 0 END != 0 OR CASE WHEN (nvl(dbms_lob.getlength(mp_stage.photo), 0) != nvl(dbms_lob.getlength(present.photo), 0)) THEN 1 WHEN (dbms_lob.getlength(mp_stage.photo) > 0) THEN dbms_lob.compare(mp_stage.photo, present.photo) ELSE 0 END != 0 OR DECODE(mp_stage.region, present.region, 0, 1) = 1))
/
SELECT count(*) AS count_1
FROM ora$ptt_mp_stage mp_stage
WHERE EXISTS (SELECT *
FROM ora$ptt_mp_touched mp_touched
WHERE mp_stage.shop = mp_touched.shop AND mp_stage.id = mp_touched.id)
/
SELECT count(*) AS count_1
FROM (SELECT DISTINCT mp_touched.shop AS shop, mp_touched.id AS id
FROM ora$ptt_mp_touched mp_touched) keys
/
INSERT INTO ora$ptt_mp_change (shop, id, mp_what, mp_rid, mp_from, mp_fix, mp_grown, mp_was_open) SELECT mp_touched.shop, mp_touched.id, CASE WHEN (mp_touched.mp_present IS NOT NULL) THEN :param_1 ELSE :param_2 END AS mp_what, mp_touched.mp_rid, mp_touched.mp_t AS mp_from, 1 AS mp_fix, 0 AS mp_grown, 1 AS mp_was_open
FROM ora$ptt_mp_touched mp_touched
WHERE mp_touched.mp_del = 0 AND (mp_touched.mp_present IS NULL OR mp_touched.mp_since IS NULL OR mp_touched.mp_t >= mp_touched.mp_since)
/
DELETE FROM ora$ptt_mp_touched mp_touched WHERE mp_touched.mp_del = 0 AND (mp_touched.mp_present IS NULL OR mp_touched.mp_since IS NULL OR mp_touched.mp_t >= mp_touched.mp_since)
/
BEGIN
  EXECUTE IMMEDIATE 'CREATE PRIVATE TEMPORARY TABLE ora$ptt_mp_key (shop NUMBER(10), id CHAR(8 CHAR)) ON COMMIT DROP DEFINITION';
EXCEPTION WHEN OTHERS THEN
  IF SQLCODE <> -955 THEN RAISE; END IF;
  EXECUTE IMMEDIATE 'DELETE FROM ora$ptt_mp_key';
END;
/
INSERT INTO ora$ptt_mp_key (shop, id) SELECT DISTINCT mp_touched.shop, mp_touched.id
FROM ora$ptt_mp_touched mp_touched
/
BEGIN
  EXECUTE IMMEDIATE 'CREATE PRIVATE TEMPORARY TABLE ora$ptt_mp_new (shop NUMBER(10), id CHAR(8 CHAR), mp_t TIMESTAMP(6), mp_del NUMBER(1), mp_rid NUMBER(19)) ON COMMIT DROP DEFINITION';
EXCEPTION WHEN OTHERS THEN
  IF SQLCODE <> -955 THEN RAISE; END IF;
  EXECUTE IMMEDIATE 'DELETE FROM ora$ptt_mp_new';
END;
/
INSERT INTO ora$ptt_mp_new (shop, id, mp_t, mp_del, mp_rid) SELECT ranked.shop, ranked.id, ranked.mp_t, ranked.mp_del, ranked.mp_rid
FROM (SELECT mp_stage.shop AS shop, mp_stage.id AS id, mp_stage.mp_eff AS mp_t, mp_stage.mp_del AS mp_del, mp_stage.mp_rid AS mp_rid, row_number() OVER (PARTITION BY mp_stage.shop, mp_stage.id, mp_stage.mp_eff
ORDER BY mp_stage.mp_rid) AS mp_place
FROM ora$ptt_mp_stage mp_stage JOIN ora$ptt_mp_key mp_key ON mp_stage.shop = mp_key.shop AND mp_stage.id = mp_key.id) ranked
WHERE ranked.mp_place = :mp_place_1
/
SELECT count(*) AS count_1
FROM ora$ptt_mp_stage mp_stage JOIN ora$ptt_mp_key mp_key ON mp_stage.shop = mp_key.shop AND mp_stage.id = mp_key.id
/
SELECT count(*) AS count_1
FROM ora$ptt_mp_new mp_new
/
INSERT INTO ora$ptt_mp_change (shop, id, mp_what, mp_rid, mp_from, mp_fix, mp_grown, mp_was_open, mp_by_row) SELECT winner.shop, winner.id, CASE WHEN winner.mp_del = 1 THEN :param_1 WHEN (held.shop IS NOT NULL) THEN :param_2 ELSE :param_3 END AS mp_what, winner.mp_rid, winner.mp_t AS mp_from, 1 AS mp_fix, 0 AS mp_grown, 1 AS mp_was_open, CASE WHEN winner.mp_rid IS NOT NULL THEN 1 ELSE 0 END AS mp_by_row
FROM (SELECT ranked.shop AS shop, ranked.id AS id, ranked.mp_t AS mp_t, ranked.mp_del AS mp_del, ranked.mp_rid AS mp_rid, ranked.mp_place AS mp_place
FROM (SELECT mp_new.shop AS shop, mp_new.id AS id, mp_new.mp_t AS mp_t, mp_new.mp_del AS mp_del, mp_new.mp_rid AS mp_rid, row_number() OVER (PARTITION BY mp_new.shop, mp_new.id
ORDER BY mp_new.mp_t DESC) AS mp_place
FROM ora$ptt_mp_new mp_new) ranked
WHERE ranked.mp_place = :mp_place_1) winner
LEFT OUTER JOIN dw.dim_customer held ON winner.shop = held.shop AND winner.id = held.id AND (held.shop >= :param_4 AND (held.shop > :param_4 OR nvl(rtrim(held.id), substr(held.id, 1, 1)) >= :param_5)) AND (held.shop <= :param_6 AND (held.shop < :param_6 OR nvl(rtrim(held.id), substr(held.id, 1, 1)) < :param_7)) AND nvl(rtrim(held.id), substr(held.id, 1, 1)) IS NOT NULL
LEFT OUTER JOIN ora$ptt_mp_stage mp_stage ON mp_stage.mp_rid = winner.mp_rid
WHERE held.shop IS NULL AND winner.mp_del = 0 OR held.shop IS NOT NULL AND (winner.mp_del = 1 OR DECODE(mp_stage.name, held.name, 0, 1) = 1 OR DECODE(mp_stage.price, held.price, 0, 1) = 1 OR DECODE(mp_stage.score, held.score, 0, 1) = 1 OR DECODE(mp_stage.born, held.born, 0, 1) = 1 OR CASE WHEN (nvl(dbms_lob.getlength(mp_stage.note), 0) != nvl(dbms_lob.getlength(held.note), 0)) THEN 1 WHEN (dbms_lob.getlength(mp_stage.note) > 0) THEN dbms_lob.compare(mp_stage.note, held.note) ELSE 0 END != 0 OR CASE WHEN (nvl(dbms_lob.getlength(mp_stage.photo), 0) != nvl(dbms_lob.getlength(held.photo), 0)) THEN 1 WHEN (dbms_lob.getlength(mp_stage.photo) > 0) THEN dbms_lob.compare(mp_stage.photo, held.photo) ELSE 0 END != 0 OR DECODE(mp_stage.region, held.region, 0, 1) = 1)
/
SELECT count(*) AS count_1
FROM ora$ptt_mp_change mp_change
/
SELECT coalesce(sum(CASE WHEN (mp_change.mp_what = :mp_what_1 AND mp_change.mp_rid IS NOT NULL OR (mp_change.mp_what = :mp_what_2 OR mp_change.mp_what = :mp_what_3) AND mp_change.mp_by_row = 1 AND mp_change.mp_was_open = 0) THEN :param_1 ELSE :param_2 END), :coalesce_1) + coalesce(sum(CASE WHEN (mp_change.mp_what = :mp_what_4 AND mp_change.mp_grown = 1) THEN :param_3 ELSE :param_4 END), :coalesce_2) AS anon_1, coalesce(sum(CASE WHEN (mp_change.mp_what = :mp_what_5 AND mp_change.mp_was_open = 1 AND mp_change.mp_to IS NOT NULL OR mp_change.mp_what = :mp_what_6 AND mp_change.mp_was_open = 1) THEN :param_5 ELSE :param_6 END), :coalesce_4) AS coalesce_3, coalesce(sum(CASE WHEN ((mp_change.mp_what = :mp_what_2 OR mp_change.mp_what = :mp_what_3) AND mp_change.mp_by_row = 1 AND mp_change.mp_was_open = 1) THEN :param_7 ELSE :param_8 END), :coalesce_6) AS coalesce_5
FROM ora$ptt_mp_change mp_change
/
DELETE FROM dw.dim_customer WHERE (dw.dim_customer.shop >= :param_1 AND (dw.dim_customer.shop > :param_1 OR nvl(rtrim(dw.dim_customer.id), substr(dw.dim_customer.id, 1, 1)) >= :param_2)) AND (dw.dim_customer.shop <= :param_3 AND (dw.dim_customer.shop < :param_3 OR nvl(rtrim(dw.dim_customer.id), substr(dw.dim_customer.id, 1, 1)) < :param_4)) AND nvl(rtrim(dw.dim_customer.id), substr(dw.dim_customer.id, 1, 1)) IS NOT NULL AND (EXISTS (SELECT *
FROM ora$ptt_mp_change mp_change
WHERE dw.dim_customer.shop = mp_change.shop AND dw.dim_customer.id = mp_change.id AND mp_change.mp_what = :mp_what_1))
/
MERGE INTO dw.dim_customer USING (SELECT dw.dim_customer.rowid AS mp_row, mp_stage.name AS mp_v1, mp_stage.price AS mp_v2, mp_stage.score AS mp_v3, mp_stage.born AS mp_v4, mp_stage.note AS mp_v5, mp_stage.photo AS mp_v6, mp_stage.region AS mp_v7, lower(substr(rawtohex(standard_hash(nvl2(mp_stage.name, lower(substr(rawtohex(standard_hash(mp_stage.name, 'SHA256')), 1, 32)), '-') || nvl2(mp_stage.price, lower(substr(rawtohex(standard_hash(mp_stage.price, 'SHA256')), 1, 32)), '-') || nvl2(mp_stage.score, lower(substr(rawtohex(standard_hash(mp_stage.score, 'SHA256')), 1, 32)), '-') || nvl2(mp_stage.born, lower(substr(rawtohex(standard_hash(mp_stage.born, 'SHA256')), 1, 32)), '-') || (SELECT SUM(to_number(substr(standard_hash(LEVEL || standard_hash(dbms_lob.substr(mp_stage.note, 1000, 999 * LEVEL - 998), 'SHA256'), 'SHA256'), 1, 24), 'XXXXXXXXXXXXXXXXXXXXXXXX')) FROM dual WHERE dbms_lob.getlength(mp_stage.note) > 0 CONNECT BY LEVEL <= ceil(dbms_lob.getlength(mp_stage.note) / 999)) || '.' || (SELECT SUM(to_number(substr(standard_hash(LEVEL || standard_hash(dbms_lob.substr(mp_stage.photo, 1000, 999 * LEVEL - 998), 'SHA256'), 'SHA256'), 1, 24), 'XXXXXXXXXXXXXXXXXXXXXXXX')) FROM dual WHERE dbms_lob.getlength(mp_stage.photo) > 0 CONNECT BY LEVEL <= ceil(dbms_lob.getlength(mp_stage.photo) / 999)) || '.' || nvl2(mp_stage.region, lower(substr(rawtohex(standard_hash(mp_stage.region, 'SHA256')), 1, 32)), '-'), 'SHA256')), 1, 32)) AS mp_v8, to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') AS mp_v9, mp_change.mp_from AS mp_v10
FROM dw.dim_customer, ora$ptt_mp_stage mp_stage, ora$ptt_mp_change mp_change
WHERE (dw.dim_customer.shop >= :param_2 AND (dw.dim_customer.shop > :param_2 OR nvl(rtrim(dw.dim_customer.id), substr(dw.dim_customer.id, 1, 1)) >= :param_3)) AND (dw.dim_customer.shop <= :param_4 AND (dw.dim_customer.shop < :param_4 OR nvl(rtrim(dw.dim_customer.id), substr(dw.dim_customer.id, 1, 1)) < :param_5)) AND nvl(rtrim(dw.dim_customer.id), substr(dw.dim_customer.id, 1, 1)) IS NOT NULL AND dw.dim_customer.shop = mp_change.shop AND dw.dim_customer.id = mp_change.id AND mp_change.mp_what = :mp_what_1 AND mp_change.mp_fix = 1 AND mp_stage.mp_rid = mp_change.mp_rid) mp_rows ON (dw.dim_customer.rowid = mp_rows.mp_row) WHEN MATCHED THEN UPDATE SET name = mp_rows.mp_v1, price = mp_rows.mp_v2, score = mp_rows.mp_v3, born = mp_rows.mp_v4, note = mp_rows.mp_v5, photo = mp_rows.mp_v6, region = mp_rows.mp_v7, rwhkey = mp_rows.mp_v8, recupdt = mp_rows.mp_v9, fromdt = mp_rows.mp_v10
/
INSERT INTO dw.dim_customer (shop, id, name, price, score, born, note, photo, region, rwhkey, recupdt, fromdt, reccrdt) SELECT mp_stage.shop AS shop, mp_stage.id AS id, mp_stage.name AS name, mp_stage.price AS price, mp_stage.score AS score, mp_stage.born AS born, mp_stage.note AS note, mp_stage.photo AS photo, mp_stage.region AS region, lower(substr(rawtohex(standard_hash(nvl2(mp_stage.name, lower(substr(rawtohex(standard_hash(mp_stage.name, 'SHA256')), 1, 32)), '-') || nvl2(mp_stage.price, lower(substr(rawtohex(standard_hash(mp_stage.price, 'SHA256')), 1, 32)), '-') || nvl2(mp_stage.score, lower(substr(rawtohex(standard_hash(mp_stage.score, 'SHA256')), 1, 32)), '-') || nvl2(mp_stage.born, lower(substr(rawtohex(standard_hash(mp_stage.born, 'SHA256')), 1, 32)), '-') || (SELECT SUM(to_number(substr(standard_hash(LEVEL || standard_hash(dbms_lob.substr(mp_stage.note, 1000, 999 * LEVEL - 998), 'SHA256'), 'SHA256'), 1, 24), 'XXXXXXXXXXXXXXXXXXXXXXXX')) FROM dual WHERE dbms_lob.getlength(mp_stage.note) > 0 CONNECT BY LEVEL <= ceil(dbms_lob.getlength(mp_stage.note) / 999)) || '.' || (SELECT SUM(to_number(substr(standard_hash(LEVEL || standard_hash(dbms_lob.substr(mp_stage.photo, 1000, 999 * LEVEL - 998), 'SHA256'), 'SHA256'), 1, 24), 'XXXXXXXXXXXXXXXXXXXXXXXX')) FROM dual WHERE dbms_lob.getlength(mp_stage.photo) > 0 CONNECT BY LEVEL <= ceil(dbms_lob.getlength(mp_stage.photo) / 999)) || '.' || nvl2(mp_stage.region, lower(substr(rawtohex(standard_hash(mp_stage.region, 'SHA256')), 1, 32)), '-'), 'SHA256')), 1, 32)) AS rwhkey, to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') AS recupdt, mp_change.mp_from AS fromdt, to_timestamp(:param_2, 'YYYY-MM-DD HH24:MI:SS.FF') AS reccrdt
FROM ora$ptt_mp_change mp_change JOIN ora$ptt_mp_stage mp_stage ON mp_stage.mp_rid = mp_change.mp_rid
WHERE mp_change.mp_what = :mp_what_1
ORDER BY mp_change.shop, mp_change.id, mp_change.mp_from
/
