BEGIN
  EXECUTE IMMEDIATE 'CREATE PRIVATE TEMPORARY TABLE ora$ptt_mp_stage (mp_rid NUMBER(19), shop NUMBER(10), id CHAR(8 CHAR), name VARCHAR2(200 CHAR), price NUMBER(12,2), born DATE, mp_eff TIMESTAMP(6), mp_del NUMBER(1)) ON COMMIT DROP DEFINITION';
EXCEPTION WHEN OTHERS THEN
  IF SQLCODE <> -955 THEN RAISE; END IF;
  EXECUTE IMMEDIATE 'DELETE FROM ora$ptt_mp_stage';
END;
/
SELECT row_number() OVER (ORDER BY NULL) AS mp_rid, src.shop AS shop, src.id AS id, src.name AS name, to_char(src.price, 'TM9') AS price, CAST(src.born AS DATE) AS born, sys_extract_utc(src.changed) AS mp_eff, CASE WHEN (gone = 1) THEN 1 ELSE 0 END AS mp_del
FROM (SELECT * FROM crm.customers
) src
WHERE (src.shop >= :param_1 AND (src.shop > :param_1 OR src.id >= :param_2)) AND (src.shop <= :param_3 AND (src.shop < :param_3 OR src.id < :param_4)) AND src.id IS NOT NULL
/
INSERT INTO ora$ptt_mp_stage (mp_rid, shop, id, name, price, born, mp_eff, mp_del) VALUES (:1, :2, :3, :4, :5, :6, :7, :8)
/
SELECT CASE WHEN (mp_stage.shop IS NULL OR mp_stage.id IS NULL) THEN 0 WHEN (mp_stage.mp_eff IS NULL) THEN 1 WHEN (mp_stage.mp_del = 0 AND mp_stage.name IS NULL) THEN 2 WHEN (mp_stage.mp_del = 0 AND NOT (price > 0)) THEN 3 END AS mp_rule, CAST(mp_stage.shop AS VARCHAR2(4000 CHAR)) AS shop, CAST(mp_stage.id AS VARCHAR2(4000 CHAR)) AS id
FROM ora$ptt_mp_stage mp_stage
WHERE mp_stage.shop IS NULL OR mp_stage.id IS NULL OR mp_stage.mp_eff IS NULL OR mp_stage.mp_del = 0 AND mp_stage.name IS NULL OR mp_stage.mp_del = 0 AND NOT (price > 0)
ORDER BY mp_stage.mp_rid
/
SELECT CASE WHEN EXISTS (SELECT dw.dim_customer.shop
FROM dw.dim_customer
WHERE (dw.dim_customer.shop >= :param_1 AND (dw.dim_customer.shop > :param_1 OR nvl(rtrim(dw.dim_customer.id), substr(dw.dim_customer.id, 1, 1)) >= :param_2)) AND (dw.dim_customer.shop <= :param_3 AND (dw.dim_customer.shop < :param_3 OR nvl(rtrim(dw.dim_customer.id), substr(dw.dim_customer.id, 1, 1)) < :param_4)) AND nvl(rtrim(dw.dim_customer.id), substr(dw.dim_customer.id, 1, 1)) IS NOT NULL) THEN 1 ELSE 0 END AS anon_1 FROM DUAL
/
INSERT INTO dw.dim_customer (shop, id, name, price, born, rwhkey, recupdt, reccrdt, fromdt, todt, curflg) SELECT mp_stage.shop AS shop, mp_stage.id AS id, mp_stage.name AS name, mp_stage.price AS price, mp_stage.born AS born, lower(substr(rawtohex(standard_hash(nvl2(mp_stage.name, lower(substr(rawtohex(standard_hash(mp_stage.name, 'SHA256')), 1, 32)), '-') || nvl2(mp_stage.price, lower(substr(rawtohex(standard_hash(mp_stage.price, 'SHA256')), 1, 32)), '-') || nvl2(mp_stage.born, lower(substr(rawtohex(standard_hash(mp_stage.born, 'SHA256')), 1, 32)), '-'), 'SHA256')), 1, 32)) AS rwhkey, to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') AS recupdt, to_timestamp(:param_2, 'YYYY-MM-DD HH24:MI:SS.FF') AS reccrdt, mp_stage.mp_eff AS fromdt, to_timestamp(:param_3, 'YYYY-MM-DD HH24:MI:SS.FF') AS todt, :param_4 AS curflg
FROM ora$ptt_mp_stage mp_stage
WHERE mp_stage.mp_del = 0
ORDER BY mp_stage.shop, mp_stage.id
/
