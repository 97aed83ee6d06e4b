SELECT dms_chunkmark.tally
FROM dms_chunkmark
WHERE dms_chunkmark.prcid = :prcid_1 AND dms_chunkmark.chunk_no = :chunk_no_1 AND dms_chunkmark.run_key = :run_key_1
/
INSERT INTO dms_chunkmark (prcid, chunk_no, applied_at, run_key) VALUES (:prcid, :chunk_no, :applied_at, :run_key)
/
BEGIN
  EXECUTE IMMEDIATE 'CREATE PRIVATE TEMPORARY TABLE ora$ptt_mp_stage (mp_rid NUMBER(19), shop NUMBER(10), id CHAR(8 CHAR), name VARCHAR2(200 CHAR), price NUMBER(12,2), score BINARY_DOUBLE, born DATE, note CLOB, photo BLOB, region VARCHAR2(20 CHAR), mp_eff TIMESTAMP(6), mp_del NUMBER(1)) ON COMMIT DROP DEFINITION';
EXCEPTION WHEN OTHERS THEN
  IF SQLCODE <> -955 THEN RAISE; END IF;
  EXECUTE IMMEDIATE 'DELETE FROM ora$ptt_mp_stage';
END;
/
BEGIN
  EXECUTE IMMEDIATE 'CREATE PRIVATE TEMPORARY TABLE ora$ptt_mp_rejected_keys (shop NUMBER(10), id CHAR(8 CHAR)) ON COMMIT DROP DEFINITION';
EXCEPTION WHEN OTHERS THEN
  IF SQLCODE <> -955 THEN RAISE; END IF;
  EXECUTE IMMEDIATE 'DELETE FROM ora$ptt_mp_rejected_keys';
END;
/
SAVEPOINT sa_savepoint_1
/
INSERT INTO ora$ptt_mp_stage (mp_rid, shop, id, name, price, score, born, note, photo, region, mp_eff, mp_del) SELECT row_number() OVER (ORDER BY NULL) AS mp_rid, src.shop AS shop, src.id AS id, (UPPER(TRIM(name))) AS name, src.price AS price, src.score AS score, CAST(src.born AS DATE) AS born, src.note AS note, src.photo AS photo, src.region AS region, to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') AS mp_eff, 0 AS mp_del
FROM (SELECT * FROM crm.customers
) src
/
SELECT n.constraint_name, n.constraint_type, n.search_condition_vc AS condition,
           k.column_name, r.owner AS to_owner, r.table_name AS to_name, t.column_name AS there
    FROM all_constraints n
    JOIN all_cons_columns k ON k.owner = n.owner AND k.constraint_name = n.constraint_name
    LEFT JOIN all_constraints r ON r.owner = n.r_owner AND r.constraint_name = n.r_constraint_name
    LEFT JOIN all_cons_columns t ON t.owner = r.owner AND t.constraint_name = r.constraint_name
                                AND t.position = k.position
    WHERE n.owner = :owner AND n.table_name = :name AND n.status = 'ENABLED'
      AND (n.constraint_type = 'C' OR (n.constraint_type = 'R' AND t.column_name IS NOT NULL))
   
ORDER BY n.constraint_name, k.position
/
SELECT CASE WHEN (mp_stage.shop IS NULL OR mp_stage.id IS NULL) THEN 0 WHEN (mp_stage.mp_del = 0 AND mp_stage.name IS NULL) THEN 1 WHEN (mp_stage.mp_del = 0 AND NOT (price > 0)) THEN 2 END AS mp_rule, CAST(mp_stage.shop AS VARCHAR2(4000 CHAR)) AS shop, CAST(mp_stage.id AS VARCHAR2(4000 CHAR)) AS id
FROM ora$ptt_mp_stage mp_stage
WHERE mp_stage.shop IS NULL OR mp_stage.id IS NULL OR mp_stage.mp_del = 0 AND mp_stage.name IS NULL OR mp_stage.mp_del = 0 AND NOT (price > 0)
ORDER BY mp_stage.mp_rid
/
SELECT CASE WHEN (mp_stage.mp_del = 0 AND mp_stage.region IS NOT NULL AND NOT (EXISTS (SELECT *
FROM dw.regions there
WHERE mp_stage.region = there.code))) THEN 0 END AS mp_rule, CAST(mp_stage.shop AS VARCHAR2(4000 CHAR)) AS shop, CAST(mp_stage.id AS VARCHAR2(4000 CHAR)) AS id
FROM ora$ptt_mp_stage mp_stage
WHERE mp_stage.mp_del = 0 AND mp_stage.region IS NOT NULL AND NOT (EXISTS (SELECT *
FROM dw.regions there
WHERE mp_stage.region = there.code))
ORDER BY mp_stage.mp_rid
/
SAVEPOINT sa_savepoint_2
/
SELECT CASE WHEN EXISTS (SELECT dw.dim_customer.shop
FROM dw.dim_customer
WHERE 1 = 1) THEN 1 ELSE 0 END AS anon_1 FROM DUAL
/
SELECT count(*) AS count_1
FROM ora$ptt_mp_stage mp_stage
/
SELECT count(*) AS count_1
FROM (SELECT DISTINCT mp_stage.shop AS shop, mp_stage.id AS id
FROM ora$ptt_mp_stage mp_stage) anon_1
/
INSERT INTO dw.dim_customer (shop, id, name, price, score, born, note, photo, region, rwhkey, recupdt, reccrdt, fromdt, todt, curflg) SELECT mp_stage.shop AS shop, mp_stage.id AS id, mp_stage.name AS name, mp_stage.price AS price, mp_stage.score AS score, mp_stage.born AS born, mp_stage.note AS note, mp_stage.photo AS photo, mp_stage.region AS region, lower(substr(rawtohex(standard_hash(nvl2(mp_stage.name, lower(substr(rawtohex(standard_hash(mp_stage.name, 'SHA256')), 1, 32)), '-') || nvl2(mp_stage.price, lower(substr(rawtohex(standard_hash(mp_stage.price, 'SHA256')), 1, 32)), '-') || nvl2(mp_stage.score, lower(substr(rawtohex(standard_hash(mp_stage.score, 'SHA256')), 1, 32)), '-') || nvl2(mp_stage.born, lower(substr(rawtohex(standard_hash(mp_stage.born, 'SHA256')), 1, 32)), '-') || (SELECT SUM(to_number(substr(standard_hash(LEVEL || standard_hash(dbms_lob.substr(mp_stage.note, 1000, 999 * LEVEL - 998), 'SHA256'), 'SHA256'), 1, 24), 'XXXXXXXXXXXXXXXXXXXXXXXX')) FROM dual WHERE dbms_lob.getlength(mp_stage.note) > 0 CONNECT BY LEVEL <= ceil(dbms_lob.getlength(mp_stage.note) / 999)) || '.' || (SELECT SUM(to_number(substr(standard_hash(LEVEL || standard_hash(dbms_lob.substr(mp_stage.photo, 1000, 999 * LEVEL - 998), 'SHA256'), 'SHA256'), 1, 24), 'XXXXXXXXXXXXXXXXXXXXXXXX')) FROM dual WHERE dbms_lob.getlength(mp_stage.photo) > 0 CONNECT BY LEVEL <= ceil(dbms_lob.getlength(mp_stage.photo) / 999)) || '.' || nvl2(mp_stage.region, lower(substr(rawtohex(standard_hash(mp_stage.region, 'SHA256')), 1, 32)), '-'), 'SHA256')), 1, 32)) AS rwhkey, to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') AS recupdt, to_timestamp(:param_2, 'YYYY-MM-DD HH24:MI:SS.FF') AS reccrdt, mp_stage.mp_eff AS fromdt, to_timestamp(:param_3, 'YYYY-MM-DD HH24:MI:SS.FF') AS todt, :param_4 AS curflg
FROM ora$ptt_mp_stage mp_stage
WHERE mp_stage.mp_del = 0
ORDER BY mp_stage.shop, mp_stage.id
/
UPDATE dms_chunkmark SET tally=:tally WHERE dms_chunkmark.prcid = :prcid_1 AND dms_chunkmark.chunk_no = :chunk_no_1
/
