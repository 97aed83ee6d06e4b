SELECT src.shop AS shop, src.id AS id, src.name AS name, src.price AS price, src.region AS region
FROM (SELECT * FROM crm.customers
) src
WHERE 0 = 1
/
BEGIN
  EXECUTE IMMEDIATE 'CREATE PRIVATE TEMPORARY TABLE ora$ptt_mp_stage (mp_rid NUMBER(19), shop NUMBER(10), id CHAR(8 CHAR), name VARCHAR2(200 CHAR), price NUMBER(12,2), region VARCHAR2(20 CHAR), mp_eff TIMESTAMP(6), mp_del NUMBER(1)) ON COMMIT DROP DEFINITION';
EXCEPTION WHEN OTHERS THEN
  IF SQLCODE <> -955 THEN RAISE; END IF;
  EXECUTE IMMEDIATE 'DELETE FROM ora$ptt_mp_stage';
END;
/
INSERT INTO ora$ptt_mp_stage (mp_rid, shop, id, name, price, region, mp_eff, mp_del) SELECT row_number() OVER (ORDER BY NULL) AS mp_rid, src.shop AS shop, src.id AS id, src.name AS name, src.price AS price, src.region AS region, sys_extract_utc(src.changed) AS mp_eff, CASE WHEN (gone = 1) THEN 1 ELSE 0 END AS mp_del
FROM (SELECT * FROM crm.customers
) src
WHERE (src.shop >= :param_1 AND (src.shop > :param_1 OR src.id >= :param_2)) AND (src.shop <= :param_3 AND (src.shop < :param_3 OR src.id < :param_4)) AND src.id IS NOT NULL
/
INSERT INTO ora$ptt_mp_touched (shop, id, mp_rid, mp_t, mp_del, mp_present, mp_since, mp_differs) SELECT mp_stage.shop, mp_stage.id, mp_stage.mp_rid, mp_stage.mp_eff AS mp_t, mp_stage.mp_del, present.skey AS mp_present, present.fromdt AS mp_since, CASE WHEN DECODE(mp_stage.name, present.name, 0, 1) = 1 THEN 1 ELSE 0 END AS mp_differs
FROM ora$ptt_mp_stage mp_stage
LEFT OUTER JOIN dw.dim_customer present ON mp_stage.shop = present.shop AND mp_stage.id = present.id AND present.curflg = :curflg_1 AND (present.shop >= :param_1 AND (present.shop > :param_1 OR nvl(rtrim(present.id), substr(present.id, 1, 1)) >= :param_2)) AND (present.shop <= :param_3 AND (present.shop < :param_3 OR nvl(rtrim(present.id), substr(present.id, 1, 1)) < :param_4)) AND nvl(rtrim(present.id), substr(present.id, 1, 1)) IS NOT NULL
WHERE present.shop IS NULL OR NOT (mp_stage.mp_del = 0 AND DECODE(mp_stage.name, present.name, 0, 1) = 0 AND DECODE(mp_stage.price, present.price, 0, 1) = 0 AND present.fromdt <= mp_stage.mp_eff)
/
INSERT INTO ora$ptt_mp_touched (shop, id, mp_rid, mp_t, mp_del, mp_present, mp_since, mp_differs) SELECT mp_stage.shop, mp_stage.id, mp_stage.mp_rid, mp_stage.mp_eff AS mp_t, mp_stage.mp_del, present.skey AS mp_present, present.fromdt AS mp_since, CASE WHEN DECODE(mp_stage.name, present.name, 0, 1) = 1 THEN 1 ELSE 0 END AS mp_differs
FROM ora$ptt_mp_stage mp_stage JOIN ora$ptt_mp_held mp_held ON mp_stage.shop = mp_held.shop AND mp_stage.id = mp_held.id
LEFT OUTER JOIN dw.dim_customer present ON mp_stage.shop = present.shop AND mp_stage.id = present.id AND present.curflg = :curflg_1 AND (present.shop >= :param_1 AND (present.shop > :param_1 OR nvl(rtrim(present.id), substr(present.id, 1, 1)) >= :param_2)) AND (present.shop <= :param_3 AND (present.shop < :param_3 OR nvl(rtrim(present.id), substr(present.id, 1, 1)) < :param_4)) AND nvl(rtrim(present.id), substr(present.id, 1, 1)) IS NOT NULL
WHERE present.shop IS NULL OR NOT (mp_stage.mp_del = 0 AND DECODE(mp_stage.name, present.name, 0, 1) = 0 AND DECODE(mp_stage.price, present.price, 0, 1) = 0 AND present.fromdt <= mp_stage.mp_eff)
/
BEGIN
  EXECUTE IMMEDIATE 'CREATE PRIVATE TEMPORARY TABLE ora$ptt_mp_old (shop NUMBER(10), id CHAR(8 CHAR), mp_t TIMESTAMP(6), mp_end TIMESTAMP(6), mp_tid NUMBER(19), name VARCHAR2(200 CHAR), mp_gap NUMBER(1)) ON COMMIT DROP DEFINITION';
EXCEPTION WHEN OTHERS THEN
  IF SQLCODE <> -955 THEN RAISE; END IF;
  EXECUTE IMMEDIATE 'DELETE FROM ora$ptt_mp_old';
END;
/
INSERT INTO ora$ptt_mp_old (shop, id, mp_t, mp_end, mp_tid, name, mp_gap) SELECT read.shop, read.id, read.mp_t, read.mp_end, read.mp_tid, read.name, CASE WHEN (read.mp_end IS NOT NULL AND DECODE(read.mp_end, read.mp_nx, 0, 1) = 1) THEN 1 ELSE 0 END AS mp_gap
FROM (SELECT version.shop AS shop, version.id AS id, version.fromdt AS mp_t, CASE WHEN (version.curflg = :curflg_1) THEN NULL ELSE version.todt END AS mp_end, lead(version.fromdt) OVER (PARTITION BY version.shop, version.id
ORDER BY version.fromdt) AS mp_nx, version.skey AS mp_tid, version.name AS name
FROM dw.dim_customer version JOIN ora$ptt_mp_key mp_key ON version.shop = mp_key.shop AND version.id = mp_key.id
WHERE (version.shop >= :param_1 AND (version.shop > :param_1 OR nvl(rtrim(version.id), substr(version.id, 1, 1)) >= :param_2)) AND (version.shop <= :param_3 AND (version.shop < :param_3 OR nvl(rtrim(version.id), substr(version.id, 1, 1)) < :param_4)) AND nvl(rtrim(version.id), substr(version.id, 1, 1)) IS NOT NULL) read
/
BEGIN
  EXECUTE IMMEDIATE 'CREATE PRIVATE TEMPORARY TABLE ora$ptt_mp_event (shop NUMBER(10), id CHAR(8 CHAR), mp_t TIMESTAMP(6), mp_del NUMBER(1), mp_rid NUMBER(19), mp_new NUMBER(1), mp_tid NUMBER(19), mp_end TIMESTAMP(6), mp_fix NUMBER(1), name VARCHAR2(200 CHAR)) ON COMMIT DROP DEFINITION';
EXCEPTION WHEN OTHERS THEN
  IF SQLCODE <> -955 THEN RAISE; END IF;
  EXECUTE IMMEDIATE 'DELETE FROM ora$ptt_mp_event';
END;
/
INSERT INTO ora$ptt_mp_event (shop, id, mp_t, mp_del, mp_rid, mp_new, mp_tid, mp_end, mp_fix, name) SELECT mp_new.shop, mp_new.id, mp_new.mp_t, mp_new.mp_del, mp_new.mp_rid, 1 AS mp_new, mp_old.mp_tid, mp_old.mp_end, CASE WHEN (mp_old.mp_tid IS NOT NULL AND DECODE(mp_stage.name, mp_old.name, 0, 1) = 1) THEN 1 ELSE 0 END AS mp_fix, mp_stage.name AS name
FROM ora$ptt_mp_new mp_new
LEFT OUTER JOIN ora$ptt_mp_old mp_old ON mp_new.shop = mp_old.shop AND mp_new.id = mp_old.id AND mp_new.mp_t = mp_old.mp_t
LEFT OUTER JOIN ora$ptt_mp_stage mp_stage ON mp_stage.mp_rid = mp_new.mp_rid
/
INSERT INTO ora$ptt_mp_event (shop, id, mp_t, mp_del, mp_new, mp_tid, mp_end, mp_fix, name) SELECT mp_old.shop, mp_old.id, mp_old.mp_t, 0 AS mp_del, 0 AS mp_new, mp_old.mp_tid, mp_old.mp_end, 0 AS mp_fix, mp_old.name AS name
FROM ora$ptt_mp_old mp_old
WHERE NOT (EXISTS (SELECT *
FROM ora$ptt_mp_new mp_new
WHERE mp_new.shop = mp_old.shop AND mp_new.id = mp_old.id AND mp_new.mp_t = mp_old.mp_t))
/
INSERT INTO ora$ptt_mp_change (shop, id, mp_what, mp_rid, mp_last, mp_tid, mp_from, mp_to, mp_fix, mp_grown, mp_was_open, mp_by_row) SELECT decided.shop, decided.id, decided.mp_what, decided.mp_rid, decided.mp_last, decided.mp_tid, decided.mp_from, decided.mp_to, decided.mp_fix, decided.mp_grown, decided.mp_was_open, decided.mp_by_row
FROM (SELECT bounded.shop AS shop, bounded.id AS id, CASE WHEN (bounded.mp_del = 0 AND bounded.mp_tid IS NOT NULL AND (bounded.mp_moved = :mp_moved_1 OR bounded.mp_fix = 1 OR DECODE(bounded.mp_to, bounded.mp_end, 0, 1) = 1)) THEN :param_1 WHEN (bounded.mp_del = 0 AND bounded.mp_new = 1 AND bounded.mp_tid IS NULL AND bounded.mp_gives_way = :mp_gives_way_1) THEN :param_2 WHEN (bounded.mp_del = 1 AND bounded.mp_tid IS NOT NULL) THEN :param_3 WHEN (bounded.mp_del = 1 AND bounded.mp_new = 1 AND DECODE(bounded.mp_ended, bounded.mp_t, 0, 1) = 1) THEN :param_4 END AS mp_what, CASE WHEN (bounded.mp_moved = :mp_moved_1) THEN bounded.mp_mover WHEN (bounded.mp_del = 0 AND bounded.mp_new = 1 AND bounded.mp_tid IS NULL AND bounded.mp_gives_way = :mp_gives_way_1 OR bounded.mp_fix = 1) THEN bounded.mp_rid ELSE NULL END AS mp_rid, bounded.mp_last AS mp_last, bounded.mp_tid AS mp_tid, CASE WHEN (bounded.mp_moved = :mp_moved_1) THEN bounded.mp_before ELSE bounded.mp_t END AS mp_from, bounded.mp_to AS mp_to, bounded.mp_fix AS mp_fix, CASE WHEN (bounded.mp_end IS NOT NULL AND (bounded.mp_to IS NULL OR bounded.mp_to > bounded.mp_end)) THEN 1 ELSE 0 END AS mp_grown, CASE WHEN (bounded.mp_tid IS NOT NULL) THEN CASE WHEN bounded.mp_end IS NULL THEN 1 ELSE 0 END ELSE CASE WHEN coalesce(bounded.mp_shortens, :coalesce_1) = :coalesce_2 THEN 1 ELSE 0 END END AS mp_was_open, CASE WHEN bounded.mp_rid IS NOT NULL THEN 1 ELSE 0 END AS mp_by_row
FROM (SELECT moved.shop AS shop, moved.id AS id, moved.mp_t AS mp_t, moved.mp_del AS mp_del, moved.mp_rid AS mp_rid, moved.mp_new AS mp_new, moved.mp_tid AS mp_tid, moved.mp_end AS mp_end, moved.mp_fix AS mp_fix, moved.name AS name, moved.mp_live AS mp_live, moved.mp_alike AS mp_alike, moved.mp_same AS mp_same, moved.mp_kept AS mp_kept, moved.mp_run AS mp_run, moved.mp_last AS mp_last, moved.mp_moved AS mp_moved, moved.mp_shortens AS mp_shortens, moved.mp_ended AS mp_ended, moved.mp_before AS mp_before, moved.mp_to AS mp_to, coalesce(lead(moved.mp_moved) OVER (PARTITION BY moved.shop, moved.id
ORDER BY moved.mp_t), :coalesce_3) AS mp_gives_way, lag(moved.mp_rid) OVER (PARTITION BY moved.shop, moved.id
ORDER BY moved.mp_t) AS mp_mover, lag(moved.mp_last) OVER (PARTITION BY moved.shop, moved.id
ORDER BY moved.mp_t) AS mp_mover_last
FROM (SELECT kept.shop AS shop, kept.id AS id, kept.mp_t AS mp_t, kept.mp_del AS mp_del, kept.mp_rid AS mp_rid, kept.mp_new AS mp_new, kept.mp_tid AS mp_tid, kept.mp_end AS mp_end, kept.mp_fix AS mp_fix, kept.name AS name, kept.mp_live AS mp_live, kept.mp_alike AS mp_alike, kept.mp_same AS mp_same, kept.mp_kept AS mp_kept, kept.mp_run AS mp_run, kept.mp_last AS mp_last, CASE WHEN (kept.mp_new = 0 AND kept.mp_tid IS NOT NULL AND kept.mp_same = 1 AND lag(CASE WHEN (kept.mp_new = 1 AND kept.mp_tid IS NULL AND kept.mp_del = 0) THEN :param_5 ELSE :param_6 END) OVER (PARTITION BY kept.shop, kept.id
ORDER BY kept.mp_t) = :param_7) THEN :param_8 ELSE :param_9 END AS mp_moved, lag(CASE WHEN (kept.mp_tid IS NOT NULL AND kept.mp_end IS NOT NULL) THEN :param_10 ELSE :param_11 END) OVER (PARTITION BY kept.shop, kept.id
ORDER BY kept.mp_t) AS mp_shortens, lag(kept.mp_end) OVER (PARTITION BY kept.shop, kept.id
ORDER BY kept.mp_t) AS mp_ended, lag(kept.mp_t) OVER (PARTITION BY kept.shop, kept.id
ORDER BY kept.mp_t) AS mp_before, lead(kept.mp_t) OVER (PARTITION BY kept.shop, kept.id
ORDER BY kept.mp_t) AS mp_to
FROM (SELECT named.shop AS shop, named.id AS id, named.mp_t AS mp_t, named.mp_del AS mp_del, named.mp_rid AS mp_rid, named.mp_new AS mp_new, named.mp_tid AS mp_tid, named.mp_end AS mp_end, named.mp_fix AS mp_fix, named.name AS name, named.mp_live AS mp_live, named.mp_alike AS mp_alike, named.mp_same AS mp_same, named.mp_kept AS mp_kept, named.mp_run AS mp_run, named.mp_last AS mp_last
FROM (SELECT runs.shop AS shop, runs.id AS id, runs.mp_t AS mp_t, runs.mp_del AS mp_del, runs.mp_rid AS mp_rid, runs.mp_new AS mp_new, runs.mp_tid AS mp_tid, runs.mp_end AS mp_end, runs.mp_fix AS mp_fix, runs.name AS name, runs.mp_live AS mp_live, runs.mp_alike AS mp_alike, runs.mp_same AS mp_same, runs.mp_kept AS mp_kept, runs.mp_run AS mp_run, first_value(runs.mp_rid) OVER (PARTITION BY runs.shop, runs.id, runs.mp_run
ORDER BY runs.mp_t DESC) AS mp_last
FROM (SELECT judged.shop AS shop, judged.id AS id, judged.mp_t AS mp_t, judged.mp_del AS mp_del, judged.mp_rid AS mp_rid, judged.mp_new AS mp_new, judged.mp_tid AS mp_tid, judged.mp_end AS mp_end, judged.mp_fix AS mp_fix, judged.name AS name, judged.mp_live AS mp_live, judged.mp_alike AS mp_alike, judged.mp_same AS mp_same, judged.mp_kept AS mp_kept, sum(judged.mp_kept) OVER (PARTITION BY judged.shop, judged.id
ORDER BY judged.mp_t) AS mp_run
FROM (SELECT read.shop AS shop, read.id AS id, read.mp_t AS mp_t, read.mp_del AS mp_del, read.mp_rid AS mp_rid, read.mp_new AS mp_new, read.mp_tid AS mp_tid, read.mp_end AS mp_end, read.mp_fix AS mp_fix, read.name AS name, read.mp_live AS mp_live, read.mp_alike AS mp_alike, CASE WHEN (read.mp_live = 1 AND read.mp_alike = 1 AND read.mp_del = 0) THEN 1 ELSE 0 END AS mp_same, CASE WHEN CASE WHEN (read.mp_tid IS NOT NULL) THEN 1 WHEN read.mp_del = 1 THEN read.mp_live ELSE CASE WHEN NOT (read.mp_live = 1 AND read.mp_alike = 1) THEN 1 ELSE 0 END END = 1 THEN :param_12 ELSE :param_13 END AS mp_kept
FROM (SELECT mp_event.shop AS shop, mp_event.id AS id, mp_event.mp_t AS mp_t, mp_event.mp_del AS mp_del, mp_event.mp_rid AS mp_rid, mp_event.mp_new AS mp_new, mp_event.mp_tid AS mp_tid, mp_event.mp_end AS mp_end, mp_event.mp_fix AS mp_fix, mp_event.name AS name, CASE WHEN (lag(mp_event.mp_del) OVER (PARTITION BY mp_event.shop, mp_event.id
ORDER BY mp_event.mp_t) IS NULL) THEN 0 ELSE CASE WHEN lag(mp_event.mp_del) OVER (PARTITION BY mp_event.shop, mp_event.id
ORDER BY mp_event.mp_t) = 0 THEN 1 ELSE 0 END END AS mp_live, CASE WHEN (DECODE(mp_event.name, lag(mp_event.name) OVER (PARTITION BY mp_event.shop, mp_event.id
ORDER BY mp_event.mp_t), 0, 1) = 0) THEN 1 ELSE 0 END AS mp_alike
FROM ora$ptt_mp_event mp_event) read) judged) runs) named
WHERE named.mp_kept = :mp_kept_1) kept) moved) bounded) decided
WHERE decided.mp_what IS NOT NULL
/
BEGIN
  EXECUTE IMMEDIATE 'CREATE PRIVATE TEMPORARY TABLE ora$ptt_mp_carried (shop NUMBER(10), id CHAR(8 CHAR), mp_rid NUMBER(19), region VARCHAR2(20 CHAR), price NUMBER(12,2)) ON COMMIT DROP DEFINITION';
EXCEPTION WHEN OTHERS THEN
  IF SQLCODE <> -955 THEN RAISE; END IF;
  EXECUTE IMMEDIATE 'DELETE FROM ora$ptt_mp_carried';
END;
/
INSERT INTO ora$ptt_mp_carried (shop, id, mp_rid, region, price) SELECT mp_key.shop, mp_key.id, CASE WHEN (newest.mp_from IS NULL OR last_new.mp_t >= newest.mp_from) THEN last_new.mp_rid END AS mp_rid, CASE WHEN (first_old.shop IS NOT NULL) THEN first_old.region ELSE first_new.region END AS region, CASE WHEN (newest.mp_from IS NULL OR last_new.mp_t >= newest.mp_from) THEN last_new.price ELSE last_old.price END AS price
FROM ora$ptt_mp_key mp_key
LEFT OUTER JOIN (SELECT anon_1.shop AS shop, anon_1.id AS id, anon_1.mp_t AS mp_t, anon_1.region AS region, anon_1.price AS price, anon_1.mp_place AS mp_place
FROM (SELECT standing.shop AS shop, standing.id AS id, standing.fromdt AS mp_t, standing.region AS region, standing.price AS price, row_number() OVER (PARTITION BY standing.shop, standing.id
ORDER BY standing.fromdt) AS mp_place
FROM dw.dim_customer standing JOIN ora$ptt_mp_key mp_key ON standing.shop = mp_key.shop AND standing.id = mp_key.id
WHERE (standing.shop >= :param_1 AND (standing.shop > :param_1 OR nvl(rtrim(standing.id), substr(standing.id, 1, 1)) >= :param_2)) AND (standing.shop <= :param_3 AND (standing.shop < :param_3 OR nvl(rtrim(standing.id), substr(standing.id, 1, 1)) < :param_4)) AND nvl(rtrim(standing.id), substr(standing.id, 1, 1)) IS NOT NULL) anon_1
WHERE anon_1.mp_place = :mp_place_1) first_old ON mp_key.shop = first_old.shop AND mp_key.id = first_old.id
LEFT OUTER JOIN (SELECT anon_2.shop AS shop, anon_2.id AS id, anon_2.mp_t AS mp_t, anon_2.region AS region, anon_2.price AS price, anon_2.mp_place AS mp_place
FROM (SELECT standing.shop AS shop, standing.id AS id, standing.fromdt AS mp_t, standing.region AS region, standing.price AS price, row_number() OVER (PARTITION BY standing.shop, standing.id
ORDER BY standing.fromdt DESC) AS mp_place
FROM dw.dim_customer standing JOIN ora$ptt_mp_key mp_key ON standing.shop = mp_key.shop AND standing.id = mp_key.id
WHERE (standing.shop >= :param_5 AND (standing.shop > :param_5 OR nvl(rtrim(standing.id), substr(standing.id, 1, 1)) >= :param_6)) AND (standing.shop <= :param_7 AND (standing.shop < :param_7 OR nvl(rtrim(standing.id), substr(standing.id, 1, 1)) < :param_8)) AND nvl(rtrim(standing.id), substr(standing.id, 1, 1)) IS NOT NULL) anon_2
WHERE anon_2.mp_place = :mp_place_2) last_old ON mp_key.shop = last_old.shop AND mp_key.id = last_old.id
LEFT OUTER JOIN (SELECT anon_3.shop AS shop, anon_3.id AS id, anon_3.mp_t AS mp_t, anon_3.mp_rid AS mp_rid, anon_3.region AS region, anon_3.price AS price, anon_3.mp_place AS mp_place
FROM (SELECT mp_new.shop AS shop, mp_new.id AS id, mp_new.mp_t AS mp_t, mp_new.mp_rid AS mp_rid, mp_stage.region AS region, mp_stage.price AS price, row_number() OVER (PARTITION BY mp_new.shop, mp_new.id
ORDER BY mp_new.mp_t) AS mp_place
FROM ora$ptt_mp_new mp_new JOIN ora$ptt_mp_stage mp_stage ON mp_stage.mp_rid = mp_new.mp_rid
WHERE mp_new.mp_del = 0) anon_3
WHERE anon_3.mp_place = :mp_place_3) first_new ON mp_key.shop = first_new.shop AND mp_key.id = first_new.id
LEFT OUTER JOIN (SELECT anon_4.shop AS shop, anon_4.id AS id, anon_4.mp_t AS mp_t, anon_4.mp_rid AS mp_rid, anon_4.region AS region, anon_4.price AS price, anon_4.mp_place AS mp_place
FROM (SELECT mp_new.shop AS shop, mp_new.id AS id, mp_new.mp_t AS mp_t, mp_new.mp_rid AS mp_rid, mp_stage.region AS region, mp_stage.price AS price, row_number() OVER (PARTITION BY mp_new.shop, mp_new.id
ORDER BY mp_new.mp_t DESC) AS mp_place
FROM ora$ptt_mp_new mp_new JOIN ora$ptt_mp_stage mp_stage ON mp_stage.mp_rid = mp_new.mp_rid
WHERE mp_new.mp_del = 0) anon_4
WHERE anon_4.mp_place = :mp_place_4) last_new ON mp_key.shop = last_new.shop AND mp_key.id = last_new.id
LEFT OUTER JOIN (SELECT begins.shop AS shop, begins.id AS id, max(begins.mp_from) AS mp_from
FROM (SELECT mp_old.shop AS shop, mp_old.id AS id, mp_old.mp_t AS mp_from
FROM ora$ptt_mp_old mp_old
WHERE NOT (EXISTS (SELECT *
FROM ora$ptt_mp_change mp_change
WHERE mp_change.mp_tid = mp_old.mp_tid AND mp_change.mp_what IN (:mp_what_1_1, :mp_what_1_2)))
UNION ALL SELECT mp_change.shop AS shop, mp_change.id AS id, mp_change.mp_from AS mp_from
FROM ora$ptt_mp_change mp_change
WHERE mp_change.mp_what IN (:mp_what_2_1, :mp_what_2_2)) begins GROUP BY begins.shop, begins.id) newest ON mp_key.shop = newest.shop AND mp_key.id = newest.id
/
MERGE INTO dw.dim_customer USING (SELECT dw.dim_customer.rowid AS mp_row, mp_stage.name AS mp_v1, lower(substr(rawtohex(standard_hash(nvl2(mp_stage.name, lower(substr(rawtohex(standard_hash(mp_stage.name, 'SHA256')), 1, 32)), '-'), 'SHA256')), 1, 32)) AS mp_v2, to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') AS mp_v3, mp_change.mp_from AS mp_v4, coalesce(mp_change.mp_to, to_timestamp(:param_2, 'YYYY-MM-DD HH24:MI:SS.FF')) AS mp_v5, CASE WHEN (mp_change.mp_to IS NULL) THEN :param_3 ELSE :param_4 END AS mp_v6
FROM dw.dim_customer, ora$ptt_mp_stage mp_stage, ora$ptt_mp_change mp_change
WHERE (dw.dim_customer.shop >= :param_5 AND (dw.dim_customer.shop > :param_5 OR nvl(rtrim(dw.dim_customer.id), substr(dw.dim_customer.id, 1, 1)) >= :param_6)) AND (dw.dim_customer.shop <= :param_7 AND (dw.dim_customer.shop < :param_7 OR nvl(rtrim(dw.dim_customer.id), substr(dw.dim_customer.id, 1, 1)) < :param_8)) AND nvl(rtrim(dw.dim_customer.id), substr(dw.dim_customer.id, 1, 1)) IS NOT NULL AND dw.dim_customer.skey = mp_change.mp_tid AND mp_change.mp_what = :mp_what_1 AND mp_change.mp_fix = 1 AND mp_stage.mp_rid = mp_change.mp_rid) mp_rows ON (dw.dim_customer.rowid = mp_rows.mp_row) WHEN MATCHED THEN UPDATE SET name = mp_rows.mp_v1, rwhkey = mp_rows.mp_v2, recupdt = mp_rows.mp_v3, fromdt = mp_rows.mp_v4, todt = mp_rows.mp_v5, curflg = mp_rows.mp_v6
/
INSERT INTO dw.dim_customer (shop, id, name, price, region, rwhkey, recupdt, fromdt, todt, curflg, reccrdt) SELECT mp_stage.shop AS shop, mp_stage.id AS id, mp_stage.name AS name, mp_carried.price AS price, mp_carried.region AS region, lower(substr(rawtohex(standard_hash(nvl2(mp_stage.name, lower(substr(rawtohex(standard_hash(mp_stage.name, 'SHA256')), 1, 32)), '-'), 'SHA256')), 1, 32)) AS rwhkey, to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') AS recupdt, mp_change.mp_from AS fromdt, coalesce(mp_change.mp_to, to_timestamp(:param_2, 'YYYY-MM-DD HH24:MI:SS.FF')) AS todt, CASE WHEN (mp_change.mp_to IS NULL) THEN :param_3 ELSE :param_4 END AS curflg, to_timestamp(:param_5, 'YYYY-MM-DD HH24:MI:SS.FF') AS reccrdt
FROM ora$ptt_mp_change mp_change JOIN ora$ptt_mp_stage mp_stage ON mp_stage.mp_rid = mp_change.mp_rid JOIN ora$ptt_mp_carried mp_carried ON mp_change.shop = mp_carried.shop AND mp_change.id = mp_carried.id
WHERE mp_change.mp_what = :mp_what_1
ORDER BY mp_change.shop, mp_change.id, mp_change.mp_from
/
SELECT count(*) AS count_1
FROM (SELECT DISTINCT mp_carried.mp_rid AS mp_rid
FROM dw.dim_customer JOIN ora$ptt_mp_carried mp_carried ON (dw.dim_customer.shop >= :param_1 AND (dw.dim_customer.shop > :param_1 OR nvl(rtrim(dw.dim_customer.id), substr(dw.dim_customer.id, 1, 1)) >= :param_2)) AND (dw.dim_customer.shop <= :param_3 AND (dw.dim_customer.shop < :param_3 OR nvl(rtrim(dw.dim_customer.id), substr(dw.dim_customer.id, 1, 1)) < :param_4)) AND nvl(rtrim(dw.dim_customer.id), substr(dw.dim_customer.id, 1, 1)) IS NOT NULL AND dw.dim_customer.shop = mp_carried.shop AND dw.dim_customer.id = mp_carried.id AND mp_carried.mp_rid IS NOT NULL AND DECODE(dw.dim_customer.price, mp_carried.price, 0, 1) = 1) overwriting
WHERE NOT (EXISTS (SELECT *
FROM ora$ptt_mp_change mp_change
WHERE mp_change.mp_rid = overwriting.mp_rid AND (mp_change.mp_what = :mp_what_1 OR mp_change.mp_what = :mp_what_2))) AND NOT (EXISTS (SELECT *
FROM ora$ptt_mp_new mp_new, ora$ptt_mp_change mp_change, ora$ptt_mp_old mp_old
WHERE mp_new.mp_rid = overwriting.mp_rid AND mp_new.shop = mp_change.shop AND mp_new.id = mp_change.id AND mp_old.mp_tid = mp_change.mp_tid AND mp_old.mp_end = mp_new.mp_t AND mp_change.mp_grown = 1))
/
MERGE INTO dw.dim_customer USING (SELECT dw.dim_customer.rowid AS mp_row, mp_carried.price AS mp_v1, to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') AS mp_v2
FROM dw.dim_customer, ora$ptt_mp_carried mp_carried
WHERE (dw.dim_customer.shop >= :param_2 AND (dw.dim_customer.shop > :param_2 OR nvl(rtrim(dw.dim_customer.id), substr(dw.dim_customer.id, 1, 1)) >= :param_3)) AND (dw.dim_customer.shop <= :param_4 AND (dw.dim_customer.shop < :param_4 OR nvl(rtrim(dw.dim_customer.id), substr(dw.dim_customer.id, 1, 1)) < :param_5)) AND nvl(rtrim(dw.dim_customer.id), substr(dw.dim_customer.id, 1, 1)) IS NOT NULL AND dw.dim_customer.shop = mp_carried.shop AND dw.dim_customer.id = mp_carried.id AND mp_carried.mp_rid IS NOT NULL AND DECODE(dw.dim_customer.price, mp_carried.price, 0, 1) = 1) mp_rows ON (dw.dim_customer.rowid = mp_rows.mp_row) WHEN MATCHED THEN UPDATE SET price = mp_rows.mp_v1, recupdt = mp_rows.mp_v2
/
