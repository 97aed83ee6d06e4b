BEGIN
  EXECUTE IMMEDIATE 'CREATE PRIVATE TEMPORARY TABLE ora$ptt_mp_stage (mp_rid NUMBER(19), shop NUMBER(10), id CHAR(8 CHAR), name VARCHAR2(200 CHAR), price NUMBER(12,2), born DATE, region VARCHAR2(20 CHAR), mp_eff TIMESTAMP(6), mp_del NUMBER(1)) ON COMMIT DROP DEFINITION';
EXCEPTION WHEN OTHERS THEN
  IF SQLCODE <> -955 THEN RAISE; END IF;
  EXECUTE IMMEDIATE 'DELETE FROM ora$ptt_mp_stage';
END;
/
BEGIN
  EXECUTE IMMEDIATE 'CREATE PRIVATE TEMPORARY TABLE ora$ptt_mp_rejected_keys (born DATE, region VARCHAR2(20 CHAR)) ON COMMIT DROP DEFINITION';
EXCEPTION WHEN OTHERS THEN
  IF SQLCODE <> -955 THEN RAISE; END IF;
  EXECUTE IMMEDIATE 'DELETE FROM ora$ptt_mp_rejected_keys';
END;
/
INSERT INTO ora$ptt_mp_stage (mp_rid, shop, id, name, price, born, region, mp_eff, mp_del) SELECT row_number() OVER (ORDER BY NULL) AS mp_rid, src.shop AS shop, src.id AS id, src.name AS name, src.price AS price, CAST(src.born AS DATE) AS born, src.region AS region, to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') AS mp_eff, 0 AS mp_del
FROM (SELECT * FROM crm.customers
) src
WHERE (CAST(CAST(src.born AS DATE) AS TIMESTAMP) >= to_timestamp(:param_2, 'YYYY-MM-DD HH24:MI:SS.FF') AND (CAST(CAST(src.born AS DATE) AS TIMESTAMP) > to_timestamp(:param_2, 'YYYY-MM-DD HH24:MI:SS.FF') OR to_char(src.region) >= :param_3)) AND (CAST(CAST(src.born AS DATE) AS TIMESTAMP) <= to_timestamp(:param_4, 'YYYY-MM-DD HH24:MI:SS.FF') AND (CAST(CAST(src.born AS DATE) AS TIMESTAMP) < to_timestamp(:param_4, 'YYYY-MM-DD HH24:MI:SS.FF') OR to_char(src.region) < :param_5)) AND to_char(src.region) IS NOT NULL
/
SELECT CASE WHEN (mp_stage.born IS NULL OR mp_stage.region IS NULL) THEN 0 WHEN (mp_stage.mp_del = 0 AND mp_stage.shop IS NULL) THEN 1 WHEN (mp_stage.mp_del = 0 AND mp_stage.id IS NULL) THEN 2 WHEN (mp_stage.mp_del = 0 AND mp_stage.name IS NULL) THEN 3 WHEN (mp_stage.mp_del = 0 AND NOT (price > 0)) THEN 4 END AS mp_rule, CAST(mp_stage.born AS VARCHAR2(4000 CHAR)) AS born, CAST(mp_stage.region AS VARCHAR2(4000 CHAR)) AS region
FROM ora$ptt_mp_stage mp_stage
WHERE mp_stage.born IS NULL OR mp_stage.region IS NULL OR mp_stage.mp_del = 0 AND mp_stage.shop IS NULL OR mp_stage.mp_del = 0 AND mp_stage.id IS NULL OR mp_stage.mp_del = 0 AND mp_stage.name IS NULL OR mp_stage.mp_del = 0 AND NOT (price > 0)
ORDER BY mp_stage.mp_rid
/
SELECT CASE WHEN (mp_stage.mp_del = 0 AND mp_stage.region IS NOT NULL AND NOT (EXISTS (SELECT *
FROM dw.regions there
WHERE mp_stage.region = there.code))) THEN 0 END AS mp_rule, CAST(mp_stage.born AS VARCHAR2(4000 CHAR)) AS born, CAST(mp_stage.region AS VARCHAR2(4000 CHAR)) AS region
FROM ora$ptt_mp_stage mp_stage
WHERE mp_stage.mp_del = 0 AND mp_stage.region IS NOT NULL AND NOT (EXISTS (SELECT *
FROM dw.regions there
WHERE mp_stage.region = there.code))
ORDER BY mp_stage.mp_rid
/
SELECT CASE WHEN EXISTS (SELECT dw.dim_customer.born
FROM dw.dim_customer
WHERE (CAST(dw.dim_customer.born AS TIMESTAMP) >= to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') AND (CAST(dw.dim_customer.born AS TIMESTAMP) > to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') OR dw.dim_customer.region >= :param_2)) AND (CAST(dw.dim_customer.born AS TIMESTAMP) <= to_timestamp(:param_3, 'YYYY-MM-DD HH24:MI:SS.FF') AND (CAST(dw.dim_customer.born AS TIMESTAMP) < to_timestamp(:param_3, 'YYYY-MM-DD HH24:MI:SS.FF') OR dw.dim_customer.region < :param_4)) AND dw.dim_customer.region IS NOT NULL) THEN 1 ELSE 0 END AS anon_1 FROM DUAL
/
BEGIN
  EXECUTE IMMEDIATE 'CREATE PRIVATE TEMPORARY TABLE ora$ptt_mp_change (born DATE, region VARCHAR2(20 CHAR), mp_what VARCHAR2(1 CHAR), mp_rid NUMBER(19), mp_last NUMBER(19), mp_tid NUMBER(19), mp_from TIMESTAMP(6), mp_to TIMESTAMP(6), mp_fix NUMBER(1), mp_grown NUMBER(1), mp_was_open NUMBER(1), mp_by_row NUMBER(1)) ON COMMIT DROP DEFINITION';
EXCEPTION WHEN OTHERS THEN
  IF SQLCODE <> -955 THEN RAISE; END IF;
  EXECUTE IMMEDIATE 'DELETE FROM ora$ptt_mp_change';
END;
/
BEGIN
  EXECUTE IMMEDIATE 'CREATE PRIVATE TEMPORARY TABLE ora$ptt_mp_touched (born DATE, region VARCHAR2(20 CHAR), mp_rid NUMBER(19), mp_t TIMESTAMP(6), mp_del NUMBER(1), mp_present NUMBER(19), mp_since TIMESTAMP(6), mp_differs NUMBER(1)) ON COMMIT DROP DEFINITION';
EXCEPTION WHEN OTHERS THEN
  IF SQLCODE <> -955 THEN RAISE; END IF;
  EXECUTE IMMEDIATE 'DELETE FROM ora$ptt_mp_touched';
END;
/
INSERT INTO ora$ptt_mp_touched (born, region, mp_rid, mp_t, mp_del, mp_present, mp_since, mp_differs) SELECT mp_stage.born, mp_stage.region, mp_stage.mp_rid, mp_stage.mp_eff AS mp_t, mp_stage.mp_del, present.skey AS mp_present, present.fromdt AS mp_since, CASE WHEN DECODE(mp_stage.shop, present.shop, 0, 1) = 1 OR DECODE(mp_stage.id, present.id, 0, 1) = 1 OR DECODE(mp_stage.name, present.name, 0, 1) = 1 OR DECODE(mp_stage.price, present.price, 0, 1) = 1 THEN 1 ELSE 0 END AS mp_differs
FROM ora$ptt_mp_stage mp_stage
LEFT OUTER JOIN dw.dim_customer present ON mp_stage.born = present.born AND mp_stage.region = present.region AND present.curflg = :curflg_1 AND (CAST(present.born AS TIMESTAMP) >= to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') AND (CAST(present.born AS TIMESTAMP) > to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') OR present.region >= :param_2)) AND (CAST(present.born AS TIMESTAMP) <= to_timestamp(:param_3, 'YYYY-MM-DD HH24:MI:SS.FF') AND (CAST(present.born AS TIMESTAMP) < to_timestamp(:param_3, 'YYYY-MM-DD HH24:MI:SS.FF') OR present.region < :param_4)) AND present.region IS NOT NULL
WHERE present.born IS NULL OR NOT (mp_stage.mp_del = 0 AND NOT (DECODE(mp_stage.shop, present.shop, 0, 1) = 1 OR DECODE(mp_stage.id, present.id, 0, 1) = 1 OR DECODE(mp_stage.name, present.name, 0, 1) = 1 OR DECODE(mp_stage.price, present.price, 0, 1) = 1) AND present.fromdt <= mp_stage.mp_eff)
/
BEGIN
  EXECUTE IMMEDIATE 'CREATE PRIVATE TEMPORARY TABLE ora$ptt_mp_held (born DATE, region VARCHAR2(20 CHAR)) ON COMMIT DROP DEFINITION';
EXCEPTION WHEN OTHERS THEN
  IF SQLCODE <> -955 THEN RAISE; END IF;
  EXECUTE IMMEDIATE 'DELETE FROM ora$ptt_mp_held';
END;
/
INSERT INTO ora$ptt_mp_held (born, region) SELECT DISTINCT mp_touched.born, mp_touched.region
FROM ora$ptt_mp_touched mp_touched
/
SELECT 1
FROM ora$ptt_mp_held mp_held JOIN dw.dim_customer ON mp_held.born = dw.dim_customer.born AND mp_held.region = dw.dim_customer.region AND (CAST(dw.dim_customer.born AS TIMESTAMP) >= to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') AND (CAST(dw.dim_customer.born AS TIMESTAMP) > to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') OR dw.dim_customer.region >= :param_2)) AND (CAST(dw.dim_customer.born AS TIMESTAMP) <= to_timestamp(:param_3, 'YYYY-MM-DD HH24:MI:SS.FF') AND (CAST(dw.dim_customer.born AS TIMESTAMP) < to_timestamp(:param_3, 'YYYY-MM-DD HH24:MI:SS.FF') OR dw.dim_customer.region < :param_4)) AND dw.dim_customer.region IS NOT NULL FOR UPDATE OF dw.dim_customer.born
/
INSERT INTO ora$ptt_mp_touched (born, region, mp_rid, mp_t, mp_del, mp_present, mp_since, mp_differs) SELECT mp_stage.born, mp_stage.region, mp_stage.mp_rid, mp_stage.mp_eff AS mp_t, mp_stage.mp_del, present.skey AS mp_present, present.fromdt AS mp_since, CASE WHEN DECODE(mp_stage.shop, present.shop, 0, 1) = 1 OR DECODE(mp_stage.id, present.id, 0, 1) = 1 OR DECODE(mp_stage.name, present.name, 0, 1) = 1 OR DECODE(mp_stage.price, present.price, 0, 1) = 1 THEN 1 ELSE 0 END AS mp_differs
FROM ora$ptt_mp_stage mp_stage JOIN ora$ptt_mp_held mp_held ON mp_stage.born = mp_held.born AND mp_stage.region = mp_held.region
LEFT OUTER JOIN dw.dim_customer present ON mp_stage.born = present.born AND mp_stage.region = present.region AND present.curflg = :curflg_1 AND (CAST(present.born AS TIMESTAMP) >= to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') AND (CAST(present.born AS TIMESTAMP) > to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') OR present.region >= :param_2)) AND (CAST(present.born AS TIMESTAMP) <= to_timestamp(:param_3, 'YYYY-MM-DD HH24:MI:SS.FF') AND (CAST(present.born AS TIMESTAMP) < to_timestamp(:param_3, 'YYYY-MM-DD HH24:MI:SS.FF') OR present.region < :param_4)) AND present.region IS NOT NULL
WHERE present.born IS NULL OR NOT (mp_stage.mp_del = 0 AND NOT (DECODE(mp_stage.shop, present.shop, 0, 1) = 1 OR DECODE(mp_stage.id, present.id, 0, 1) = 1 OR DECODE(mp_stage.name, present.name, 0, 1) = 1 OR DECODE(mp_stage.price, present.price, 0, 1) = 1) AND present.fromdt <= mp_stage.mp_eff)
/
SELECT count(*) AS count_1
FROM ora$ptt_mp_stage mp_stage
WHERE EXISTS (SELECT *
FROM ora$ptt_mp_touched mp_touched
WHERE mp_stage.born = mp_touched.born AND mp_stage.region = mp_touched.region)
/
SELECT count(*) AS count_1
FROM (SELECT DISTINCT mp_touched.born AS born, mp_touched.region AS region
FROM ora$ptt_mp_touched mp_touched) keys
/
INSERT INTO ora$ptt_mp_change (born, region, mp_what, mp_rid, mp_from, mp_fix, mp_grown, mp_was_open) SELECT mp_touched.born, mp_touched.region, CASE WHEN 0 = 1 THEN :param_1 ELSE :param_2 END AS mp_what, mp_touched.mp_rid, mp_touched.mp_t AS mp_from, 1 AS mp_fix, 0 AS mp_grown, 1 AS mp_was_open
FROM ora$ptt_mp_touched mp_touched
WHERE mp_touched.mp_del = 0 AND (mp_touched.mp_present IS NOT NULL AND mp_touched.mp_differs = 1 AND mp_touched.mp_t > mp_touched.mp_since OR mp_touched.mp_present IS NULL AND NOT (EXISTS (SELECT *
FROM dw.dim_customer version
WHERE version.born = mp_touched.born AND version.region = mp_touched.region AND (CAST(version.born AS TIMESTAMP) >= to_timestamp(:param_3, 'YYYY-MM-DD HH24:MI:SS.FF') AND (CAST(version.born AS TIMESTAMP) > to_timestamp(:param_3, 'YYYY-MM-DD HH24:MI:SS.FF') OR version.region >= :param_4)) AND (CAST(version.born AS TIMESTAMP) <= to_timestamp(:param_5, 'YYYY-MM-DD HH24:MI:SS.FF') AND (CAST(version.born AS TIMESTAMP) < to_timestamp(:param_5, 'YYYY-MM-DD HH24:MI:SS.FF') OR version.region < :param_6)) AND version.region IS NOT NULL)))
/
INSERT INTO ora$ptt_mp_change (born, region, mp_what, mp_tid, mp_from, mp_to, mp_fix, mp_grown, mp_was_open) SELECT mp_touched.born, mp_touched.region, :param_1 AS mp_what, mp_touched.mp_present AS mp_tid, mp_touched.mp_since AS mp_from, mp_touched.mp_t AS mp_to, 0 AS mp_fix, 0 AS mp_grown, 1 AS mp_was_open
FROM ora$ptt_mp_touched mp_touched
WHERE mp_touched.mp_del = 0 AND (mp_touched.mp_present IS NOT NULL AND mp_touched.mp_differs = 1 AND mp_touched.mp_t > mp_touched.mp_since OR mp_touched.mp_present IS NULL AND NOT (EXISTS (SELECT *
FROM dw.dim_customer version
WHERE version.born = mp_touched.born AND version.region = mp_touched.region AND (CAST(version.born AS TIMESTAMP) >= to_timestamp(:param_2, 'YYYY-MM-DD HH24:MI:SS.FF') AND (CAST(version.born AS TIMESTAMP) > to_timestamp(:param_2, 'YYYY-MM-DD HH24:MI:SS.FF') OR version.region >= :param_3)) AND (CAST(version.born AS TIMESTAMP) <= to_timestamp(:param_4, 'YYYY-MM-DD HH24:MI:SS.FF') AND (CAST(version.born AS TIMESTAMP) < to_timestamp(:param_4, 'YYYY-MM-DD HH24:MI:SS.FF') OR version.region < :param_5)) AND version.region IS NOT NULL))) AND mp_touched.mp_present IS NOT NULL
/
DELETE FROM ora$ptt_mp_touched mp_touched WHERE mp_touched.mp_del = 0 AND (mp_touched.mp_present IS NOT NULL AND mp_touched.mp_differs = 1 AND mp_touched.mp_t > mp_touched.mp_since OR mp_touched.mp_present IS NULL AND NOT (EXISTS (SELECT *
FROM dw.dim_customer version
WHERE version.born = mp_touched.born AND version.region = mp_touched.region AND (CAST(version.born AS TIMESTAMP) >= to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') AND (CAST(version.born AS TIMESTAMP) > to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') OR version.region >= :param_2)) AND (CAST(version.born AS TIMESTAMP) <= to_timestamp(:param_3, 'YYYY-MM-DD HH24:MI:SS.FF') AND (CAST(version.born AS TIMESTAMP) < to_timestamp(:param_3, 'YYYY-MM-DD HH24:MI:SS.FF') OR version.region < :param_4)) AND version.region IS NOT NULL)))
/
BEGIN
  EXECUTE IMMEDIATE 'CREATE PRIVATE TEMPORARY TABLE ora$ptt_mp_key (born DATE, region VARCHAR2(20 CHAR)) ON COMMIT DROP DEFINITION';
EXCEPTION WHEN OTHERS THEN
  IF SQLCODE <> -955 THEN RAISE; END IF;
  EXECUTE IMMEDIATE 'DELETE FROM ora$ptt_mp_key';
END;
/
INSERT INTO ora$ptt_mp_key (born, region) SELECT DISTINCT mp_touched.born, mp_touched.region
FROM ora$ptt_mp_touched mp_touched
/
BEGIN
  EXECUTE IMMEDIATE 'CREATE PRIVATE TEMPORARY TABLE ora$ptt_mp_new (born DATE, region VARCHAR2(20 CHAR), mp_t TIMESTAMP(6), mp_del NUMBER(1), mp_rid NUMBER(19)) ON COMMIT DROP DEFINITION';
EXCEPTION WHEN OTHERS THEN
  IF SQLCODE <> -955 THEN RAISE; END IF;
  EXECUTE IMMEDIATE 'DELETE FROM ora$ptt_mp_new';
END;
/
INSERT INTO ora$ptt_mp_new (born, region, mp_t, mp_del, mp_rid) SELECT ranked.born, ranked.region, ranked.mp_t, ranked.mp_del, ranked.mp_rid
FROM (SELECT mp_stage.born AS born, mp_stage.region AS region, mp_stage.mp_eff AS mp_t, mp_stage.mp_del AS mp_del, mp_stage.mp_rid AS mp_rid, row_number() OVER (PARTITION BY mp_stage.born, mp_stage.region, mp_stage.mp_eff
ORDER BY mp_stage.mp_rid) AS mp_place
FROM ora$ptt_mp_stage mp_stage JOIN ora$ptt_mp_key mp_key ON mp_stage.born = mp_key.born AND mp_stage.region = mp_key.region) ranked
WHERE ranked.mp_place = :mp_place_1
/
SELECT count(*) AS count_1
FROM ora$ptt_mp_stage mp_stage JOIN ora$ptt_mp_key mp_key ON mp_stage.born = mp_key.born AND mp_stage.region = mp_key.region
/
BEGIN
  EXECUTE IMMEDIATE 'CREATE PRIVATE TEMPORARY TABLE ora$ptt_mp_old (born DATE, region VARCHAR2(20 CHAR), mp_t TIMESTAMP(6), mp_end TIMESTAMP(6), mp_tid NUMBER(19), shop NUMBER(10), id CHAR(8 CHAR), name VARCHAR2(200 CHAR), price NUMBER(12,2), mp_gap NUMBER(1)) ON COMMIT DROP DEFINITION';
EXCEPTION WHEN OTHERS THEN
  IF SQLCODE <> -955 THEN RAISE; END IF;
  EXECUTE IMMEDIATE 'DELETE FROM ora$ptt_mp_old';
END;
/
INSERT INTO ora$ptt_mp_old (born, region, mp_t, mp_end, mp_tid, shop, id, name, price, mp_gap) SELECT read.born, read.region, read.mp_t, read.mp_end, read.mp_tid, read.shop, read.id, read.name, read.price, CASE WHEN (read.mp_end IS NOT NULL AND DECODE(read.mp_end, read.mp_nx, 0, 1) = 1) THEN 1 ELSE 0 END AS mp_gap
FROM (SELECT version.born AS born, version.region AS region, version.fromdt AS mp_t, CASE WHEN (version.curflg = :curflg_1) THEN NULL ELSE version.todt END AS mp_end, lead(version.fromdt) OVER (PARTITION BY version.born, version.region
ORDER BY version.fromdt) AS mp_nx, version.skey AS mp_tid, version.shop AS shop, version.id AS id, version.name AS name, version.price AS price
FROM dw.dim_customer version JOIN ora$ptt_mp_key mp_key ON version.born = mp_key.born AND version.region = mp_key.region
WHERE (CAST(version.born AS TIMESTAMP) >= to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') AND (CAST(version.born AS TIMESTAMP) > to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') OR version.region >= :param_2)) AND (CAST(version.born AS TIMESTAMP) <= to_timestamp(:param_3, 'YYYY-MM-DD HH24:MI:SS.FF') AND (CAST(version.born AS TIMESTAMP) < to_timestamp(:param_3, 'YYYY-MM-DD HH24:MI:SS.FF') OR version.region < :param_4)) AND version.region IS NOT NULL) read
/
BEGIN
  EXECUTE IMMEDIATE 'CREATE PRIVATE TEMPORARY TABLE ora$ptt_mp_event (born DATE, region VARCHAR2(20 CHAR), mp_t TIMESTAMP(6), mp_del NUMBER(1), mp_rid NUMBER(19), mp_new NUMBER(1), mp_tid NUMBER(19), mp_end TIMESTAMP(6), mp_fix NUMBER(1), shop NUMBER(10), id CHAR(8 CHAR), name VARCHAR2(200 CHAR), price NUMBER(12,2)) ON COMMIT DROP DEFINITION';
EXCEPTION WHEN OTHERS THEN
  IF SQLCODE <> -955 THEN RAISE; END IF;
  EXECUTE IMMEDIATE 'DELETE FROM ora$ptt_mp_event';
END;
/
INSERT INTO ora$ptt_mp_event (born, region, mp_t, mp_del, mp_rid, mp_new, mp_tid, mp_end, mp_fix, shop, id, name, price) SELECT mp_new.born, mp_new.region, mp_new.mp_t, mp_new.mp_del, mp_new.mp_rid, 1 AS mp_new, mp_old.mp_tid, mp_old.mp_end, CASE WHEN (mp_old.mp_tid IS NOT NULL AND (DECODE(mp_stage.shop, mp_old.shop, 0, 1) = 1 OR DECODE(mp_stage.id, mp_old.id, 0, 1) = 1 OR DECODE(mp_stage.name, mp_old.name, 0, 1) = 1 OR DECODE(mp_stage.price, mp_old.price, 0, 1) = 1)) THEN 1 ELSE 0 END AS mp_fix, mp_stage.shop AS shop, mp_stage.id AS id, mp_stage.name AS name, mp_stage.price AS price
FROM ora$ptt_mp_new mp_new
LEFT OUTER JOIN ora$ptt_mp_old mp_old ON mp_new.born = mp_old.born AND mp_new.region = mp_old.region AND mp_new.mp_t = mp_old.mp_t
LEFT OUTER JOIN ora$ptt_mp_stage mp_stage ON mp_stage.mp_rid = mp_new.mp_rid
/
INSERT INTO ora$ptt_mp_event (born, region, mp_t, mp_del, mp_new, mp_tid, mp_end, mp_fix, shop, id, name, price) SELECT mp_old.born, mp_old.region, mp_old.mp_t, 0 AS mp_del, 0 AS mp_new, mp_old.mp_tid, mp_old.mp_end, 0 AS mp_fix, mp_old.shop AS shop, mp_old.id AS id, mp_old.name AS name, mp_old.price AS price
FROM ora$ptt_mp_old mp_old
WHERE NOT (EXISTS (SELECT *
FROM ora$ptt_mp_new mp_new
WHERE mp_new.born = mp_old.born AND mp_new.region = mp_old.region AND mp_new.mp_t = mp_old.mp_t))
/
INSERT INTO ora$ptt_mp_event (born, region, mp_t, mp_del, mp_new, mp_fix) SELECT mp_old.born, mp_old.region, mp_old.mp_end AS mp_t, 1 AS mp_del, 0 AS mp_new, 0 AS mp_fix
FROM ora$ptt_mp_old mp_old
WHERE mp_old.mp_gap = 1 AND NOT (EXISTS (SELECT *
FROM ora$ptt_mp_new mp_new
WHERE mp_new.born = mp_old.born AND mp_new.region = mp_old.region AND mp_new.mp_t = mp_old.mp_end))
/
INSERT INTO ora$ptt_mp_change (born, region, mp_what, mp_rid, mp_last, mp_tid, mp_from, mp_to, mp_fix, mp_grown, mp_was_open, mp_by_row) SELECT decided.born, decided.region, decided.mp_what, decided.mp_rid, decided.mp_last, decided.mp_tid, decided.mp_from, decided.mp_to, decided.mp_fix, decided.mp_grown, decided.mp_was_open, decided.mp_by_row
FROM (SELECT bounded.born AS born, bounded.region AS region, CASE WHEN (bounded.mp_del = 0 AND bounded.mp_tid IS NOT NULL AND (bounded.mp_moved = :mp_moved_1 OR bounded.mp_fix = 1 OR DECODE(bounded.mp_to, bounded.mp_end, 0, 1) = 1)) THEN :param_1 WHEN (bounded.mp_del = 0 AND bounded.mp_new = 1 AND bounded.mp_tid IS NULL AND bounded.mp_gives_way = :mp_gives_way_1) THEN :param_2 WHEN (bounded.mp_del = 1 AND bounded.mp_tid IS NOT NULL) THEN :param_3 WHEN (bounded.mp_del = 1 AND bounded.mp_new = 1 AND DECODE(bounded.mp_ended, bounded.mp_t, 0, 1) = 1) THEN :param_4 END AS mp_what, CASE WHEN (bounded.mp_moved = :mp_moved_1) THEN bounded.mp_mover WHEN (bounded.mp_del = 0 AND bounded.mp_new = 1 AND bounded.mp_tid IS NULL AND bounded.mp_gives_way = :mp_gives_way_1 OR bounded.mp_fix = 1) THEN bounded.mp_rid ELSE NULL END AS mp_rid, bounded.mp_last AS mp_last, bounded.mp_tid AS mp_tid, CASE WHEN (bounded.mp_moved = :mp_moved_1) THEN bounded.mp_before ELSE bounded.mp_t END AS mp_from, bounded.mp_to AS mp_to, bounded.mp_fix AS mp_fix, CASE WHEN (bounded.mp_end IS NOT NULL AND (bounded.mp_to IS NULL OR bounded.mp_to > bounded.mp_end)) THEN 1 ELSE 0 END AS mp_grown, CASE WHEN (bounded.mp_tid IS NOT NULL) THEN CASE WHEN bounded.mp_end IS NULL THEN 1 ELSE 0 END ELSE CASE WHEN coalesce(bounded.mp_shortens, :coalesce_1) = :coalesce_2 THEN 1 ELSE 0 END END AS mp_was_open, CASE WHEN bounded.mp_rid IS NOT NULL THEN 1 ELSE 0 END AS mp_by_row
FROM (SELECT moved.born AS born, moved.region AS region, moved.mp_t AS mp_t, moved.mp_del AS mp_del, moved.mp_rid AS mp_rid, moved.mp_new AS mp_new, moved.mp_tid AS mp_tid, moved.mp_end AS mp_end, moved.mp_fix AS mp_fix, moved.shop AS shop, moved.id AS id, moved.name AS name, moved.price AS price, moved.mp_live AS mp_live, moved.mp_alike AS mp_alike, moved.mp_same AS mp_same, moved.mp_kept AS mp_kept, moved.mp_last AS mp_last, moved.mp_moved AS mp_moved, moved.mp_shortens AS mp_shortens, moved.mp_ended AS mp_ended, moved.mp_before AS mp_before, moved.mp_to AS mp_to, coalesce(lead(moved.mp_moved) OVER (PARTITION BY moved.born, moved.region
ORDER BY moved.mp_t), :coalesce_3) AS mp_gives_way, lag(moved.mp_rid) OVER (PARTITION BY moved.born, moved.region
ORDER BY moved.mp_t) AS mp_mover, lag(moved.mp_last) OVER (PARTITION BY moved.born, moved.region
ORDER BY moved.mp_t) AS mp_mover_last
FROM (SELECT kept.born AS born, kept.region AS region, kept.mp_t AS mp_t, kept.mp_del AS mp_del, kept.mp_rid AS mp_rid, kept.mp_new AS mp_new, kept.mp_tid AS mp_tid, kept.mp_end AS mp_end, kept.mp_fix AS mp_fix, kept.shop AS shop, kept.id AS id, kept.name AS name, kept.price AS price, kept.mp_live AS mp_live, kept.mp_alike AS mp_alike, kept.mp_same AS mp_same, kept.mp_kept AS mp_kept, kept.mp_last AS mp_last, CASE WHEN (kept.mp_new = 0 AND kept.mp_tid IS NOT NULL AND kept.mp_same = 1 AND lag(CASE WHEN (kept.mp_new = 1 AND kept.mp_tid IS NULL AND kept.mp_del = 0) THEN :param_5 ELSE :param_6 END) OVER (PARTITION BY kept.born, kept.region
ORDER BY kept.mp_t) = :param_7) THEN :param_8 ELSE :param_9 END AS mp_moved, lag(CASE WHEN (kept.mp_tid IS NOT NULL AND kept.mp_end IS NOT NULL) THEN :param_10 ELSE :param_11 END) OVER (PARTITION BY kept.born, kept.region
ORDER BY kept.mp_t) AS mp_shortens, lag(kept.mp_end) OVER (PARTITION BY kept.born, kept.region
ORDER BY kept.mp_t) AS mp_ended, lag(kept.mp_t) OVER (PARTITION BY kept.born, kept.region
ORDER BY kept.mp_t) AS mp_before, lead(kept.mp_t) OVER (PARTITION BY kept.born, kept.region
ORDER BY kept.mp_t) AS mp_to
FROM (SELECT judged.born AS born, judged.region AS region, judged.mp_t AS mp_t, judged.mp_del AS mp_del, judged.mp_rid AS mp_rid, judged.mp_new AS mp_new, judged.mp_tid AS mp_tid, judged.mp_end AS mp_end, judged.mp_fix AS mp_fix, judged.shop AS shop, judged.id AS id, judged.name AS name, judged.price AS price, judged.mp_live AS mp_live, judged.mp_alike AS mp_alike, judged.mp_same AS mp_same, judged.mp_kept AS mp_kept, judged.mp_rid AS mp_last
FROM (SELECT read.born AS born, read.region AS region, read.mp_t AS mp_t, read.mp_del AS mp_del, read.mp_rid AS mp_rid, read.mp_new AS mp_new, read.mp_tid AS mp_tid, read.mp_end AS mp_end, read.mp_fix AS mp_fix, read.shop AS shop, read.id AS id, read.name AS name, read.price AS price, read.mp_live AS mp_live, read.mp_alike AS mp_alike, CASE WHEN (read.mp_live = 1 AND read.mp_alike = 1 AND read.mp_del = 0) THEN 1 ELSE 0 END AS mp_same, CASE WHEN CASE WHEN (read.mp_tid IS NOT NULL) THEN 1 WHEN read.mp_del = 1 THEN read.mp_live ELSE CASE WHEN NOT (read.mp_live = 1 AND read.mp_alike = 1) THEN 1 ELSE 0 END END = 1 THEN :param_12 ELSE :param_13 END AS mp_kept
FROM (SELECT mp_event.born AS born, mp_event.region AS region, mp_event.mp_t AS mp_t, mp_event.mp_del AS mp_del, mp_event.mp_rid AS mp_rid, mp_event.mp_new AS mp_new, mp_event.mp_tid AS mp_tid, mp_event.mp_end AS mp_end, mp_event.mp_fix AS mp_fix, mp_event.shop AS shop, mp_event.id AS id, mp_event.name AS name, mp_event.price AS price, CASE WHEN (lag(mp_event.mp_del) OVER (PARTITION BY mp_event.born, mp_event.region
ORDER BY mp_event.mp_t) IS NULL) THEN 0 ELSE CASE WHEN lag(mp_event.mp_del) OVER (PARTITION BY mp_event.born, mp_event.region
ORDER BY mp_event.mp_t) = 0 THEN 1 ELSE 0 END END AS mp_live, CASE WHEN (DECODE(mp_event.shop, lag(mp_event.shop) OVER (PARTITION BY mp_event.born, mp_event.region
ORDER BY mp_event.mp_t), 0, 1) = 0 AND DECODE(mp_event.id, lag(mp_event.id) OVER (PARTITION BY mp_event.born, mp_event.region
ORDER BY mp_event.mp_t), 0, 1) = 0 AND DECODE(mp_event.name, lag(mp_event.name) OVER (PARTITION BY mp_event.born, mp_event.region
ORDER BY mp_event.mp_t), 0, 1) = 0 AND DECODE(mp_event.price, lag(mp_event.price) OVER (PARTITION BY mp_event.born, mp_event.region
ORDER BY mp_event.mp_t), 0, 1) = 0) THEN 1 ELSE 0 END AS mp_alike
FROM ora$ptt_mp_event mp_event) read) judged
WHERE judged.mp_kept = :mp_kept_1) kept) moved) bounded) decided
WHERE decided.mp_what IS NOT NULL
/
DELETE FROM dw.dim_customer WHERE (CAST(dw.dim_customer.born AS TIMESTAMP) >= to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') AND (CAST(dw.dim_customer.born AS TIMESTAMP) > to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') OR dw.dim_customer.region >= :param_2)) AND (CAST(dw.dim_customer.born AS TIMESTAMP) <= to_timestamp(:param_3, 'YYYY-MM-DD HH24:MI:SS.FF') AND (CAST(dw.dim_customer.born AS TIMESTAMP) < to_timestamp(:param_3, 'YYYY-MM-DD HH24:MI:SS.FF') OR dw.dim_customer.region < :param_4)) AND dw.dim_customer.region IS NOT NULL AND (EXISTS (SELECT *
FROM ora$ptt_mp_change mp_change
WHERE dw.dim_customer.skey = mp_change.mp_tid AND mp_change.mp_what = :mp_what_1))
/
MERGE INTO dw.dim_customer USING (SELECT dw.dim_customer.rowid AS mp_row, mp_stage.shop AS mp_v1, mp_stage.id AS mp_v2, mp_stage.name AS mp_v3, mp_stage.price AS mp_v4, lower(substr(rawtohex(standard_hash(nvl2(mp_stage.shop, lower(substr(rawtohex(standard_hash(mp_stage.shop, 'SHA256')), 1, 32)), '-') || nvl2(mp_stage.id, lower(substr(rawtohex(standard_hash(mp_stage.id, 'SHA256')), 1, 32)), '-') || nvl2(mp_stage.name, lower(substr(rawtohex(standard_hash(mp_stage.name, 'SHA256')), 1, 32)), '-') || nvl2(mp_stage.price, lower(substr(rawtohex(standard_hash(mp_stage.price, 'SHA256')), 1, 32)), '-'), 'SHA256')), 1, 32)) AS mp_v5, to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') AS mp_v6, mp_change.mp_from AS mp_v7, coalesce(mp_change.mp_to, to_timestamp(:param_2, 'YYYY-MM-DD HH24:MI:SS.FF')) AS mp_v8, CASE WHEN (mp_change.mp_to IS NULL) THEN :param_3 ELSE :param_4 END AS mp_v9
FROM dw.dim_customer, ora$ptt_mp_stage mp_stage, ora$ptt_mp_change mp_change
WHERE (CAST(dw.dim_customer.born AS TIMESTAMP) >= to_timestamp(:param_5, 'YYYY-MM-DD HH24:MI:SS.FF') AND (CAST(dw.dim_customer.born AS TIMESTAMP) > to_timestamp(:param_5, 'YYYY-MM-DD HH24:MI:SS.FF') OR dw.dim_customer.region >= :param_6)) AND (CAST(dw.dim_customer.born AS TIMESTAMP) <= to_timestamp(:param_7, 'YYYY-MM-DD HH24:MI:SS.FF') AND (CAST(dw.dim_customer.born AS TIMESTAMP) < to_timestamp(:param_7, 'YYYY-MM-DD HH24:MI:SS.FF') OR dw.dim_customer.region < :param_8)) AND dw.dim_customer.region IS NOT NULL AND dw.dim_customer.skey = mp_change.mp_tid AND mp_change.mp_what = :mp_what_1 AND mp_change.mp_fix = 1 AND mp_stage.mp_rid = mp_change.mp_rid) mp_rows ON (dw.dim_customer.rowid = mp_rows.mp_row) WHEN MATCHED THEN UPDATE SET shop = mp_rows.mp_v1, id = mp_rows.mp_v2, name = mp_rows.mp_v3, price = mp_rows.mp_v4, rwhkey = mp_rows.mp_v5, recupdt = mp_rows.mp_v6, fromdt = mp_rows.mp_v7, todt = mp_rows.mp_v8, curflg = mp_rows.mp_v9
/
MERGE INTO dw.dim_customer USING (SELECT dw.dim_customer.rowid AS mp_row, to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') AS mp_v1, mp_change.mp_from AS mp_v2, coalesce(mp_change.mp_to, to_timestamp(:param_2, 'YYYY-MM-DD HH24:MI:SS.FF')) AS mp_v3, CASE WHEN (mp_change.mp_to IS NULL) THEN :param_3 ELSE :param_4 END AS mp_v4
FROM dw.dim_customer, ora$ptt_mp_change mp_change
WHERE (CAST(dw.dim_customer.born AS TIMESTAMP) >= to_timestamp(:param_5, 'YYYY-MM-DD HH24:MI:SS.FF') AND (CAST(dw.dim_customer.born AS TIMESTAMP) > to_timestamp(:param_5, 'YYYY-MM-DD HH24:MI:SS.FF') OR dw.dim_customer.region >= :param_6)) AND (CAST(dw.dim_customer.born AS TIMESTAMP) <= to_timestamp(:param_7, 'YYYY-MM-DD HH24:MI:SS.FF') AND (CAST(dw.dim_customer.born AS TIMESTAMP) < to_timestamp(:param_7, 'YYYY-MM-DD HH24:MI:SS.FF') OR dw.dim_customer.region < :param_8)) AND dw.dim_customer.region IS NOT NULL AND dw.dim_customer.skey = mp_change.mp_tid AND mp_change.mp_what = :mp_what_1 AND mp_change.mp_fix = 0) mp_rows ON (dw.dim_customer.rowid = mp_rows.mp_row) WHEN MATCHED THEN UPDATE SET recupdt = mp_rows.mp_v1, fromdt = mp_rows.mp_v2, todt = mp_rows.mp_v3, curflg = mp_rows.mp_v4
/
INSERT INTO dw.dim_customer (shop, id, name, price, born, region, rwhkey, recupdt, fromdt, todt, curflg, reccrdt) SELECT mp_stage.shop AS shop, mp_stage.id AS id, mp_stage.name AS name, mp_stage.price AS price, mp_stage.born AS born, mp_stage.region AS region, lower(substr(rawtohex(standard_hash(nvl2(mp_stage.shop, lower(substr(rawtohex(standard_hash(mp_stage.shop, 'SHA256')), 1, 32)), '-') || nvl2(mp_stage.id, lower(substr(rawtohex(standard_hash(mp_stage.id, 'SHA256')), 1, 32)), '-') || nvl2(mp_stage.name, lower(substr(rawtohex(standard_hash(mp_stage.name, 'SHA256')), 1, 32)), '-') || nvl2(mp_stage.price, lower(substr(rawtohex(standard_hash(mp_stage.price, 'SHA256')), 1, 32)), '-'), 'SHA256')), 1, 32)) AS rwhkey, to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') AS recupdt, mp_change.mp_from AS fromdt, coalesce(mp_change.mp_to, to_timestamp(:param_2, 'YYYY-MM-DD HH24:MI:SS.FF')) AS todt, CASE WHEN (mp_change.mp_to IS NULL) THEN :param_3 ELSE :param_4 END AS curflg, to_timestamp(:param_5, 'YYYY-MM-DD HH24:MI:SS.FF') AS reccrdt
FROM ora$ptt_mp_change mp_change JOIN ora$ptt_mp_stage mp_stage ON mp_stage.mp_rid = mp_change.mp_rid
WHERE mp_change.mp_what = :mp_what_1
ORDER BY mp_change.born, mp_change.region, mp_change.mp_from
/
