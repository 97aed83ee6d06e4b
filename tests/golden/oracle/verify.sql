SELECT count(*) AS count_1
FROM (SELECT dw.dim_customer.shop AS shop, dw.dim_customer.id AS id
FROM dw.dim_customer
WHERE dw.dim_customer.shop IS NULL OR dw.dim_customer.id IS NULL) anon_1
/
SELECT CAST(anon_1.shop AS VARCHAR2(4000 CHAR)) AS shop, CAST(anon_1.id AS VARCHAR2(4000 CHAR)) AS id
FROM (SELECT dw.dim_customer.shop AS shop, dw.dim_customer.id AS id
FROM dw.dim_customer
WHERE dw.dim_customer.shop IS NULL OR dw.dim_customer.id IS NULL) anon_1
 FETCH FIRST 5 ROWS ONLY
/
SELECT count(*) AS count_1
FROM (SELECT dw.dim_customer.shop AS shop, dw.dim_customer.id AS id
FROM dw.dim_customer
WHERE dw.dim_customer.shop IS NOT NULL AND dw.dim_customer.id IS NOT NULL AND dw.dim_customer.curflg = :curflg_1 GROUP BY dw.dim_customer.shop, dw.dim_customer.id
HAVING count(*) > :count_2) anon_1
/
SELECT CAST(anon_1.shop AS VARCHAR2(4000 CHAR)) AS shop, CAST(anon_1.id AS VARCHAR2(4000 CHAR)) AS id
FROM (SELECT dw.dim_customer.shop AS shop, dw.dim_customer.id AS id
FROM dw.dim_customer
WHERE dw.dim_customer.shop IS NOT NULL AND dw.dim_customer.id IS NOT NULL AND dw.dim_customer.curflg = :curflg_1 GROUP BY dw.dim_customer.shop, dw.dim_customer.id
HAVING count(*) > :count_1) anon_1
 FETCH FIRST 5 ROWS ONLY
/
SELECT count(*) AS count_1
FROM (SELECT dw.dim_customer.shop AS shop, dw.dim_customer.id AS id
FROM dw.dim_customer
WHERE dw.dim_customer.curflg IS NULL OR NOT (dw.dim_customer.curflg = :curflg_1 AND dw.dim_customer.todt IS NOT NULL AND dw.dim_customer.todt = to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') OR dw.dim_customer.curflg = :curflg_2 AND NOT (dw.dim_customer.todt IS NOT NULL AND dw.dim_customer.todt = to_timestamp(:param_2, 'YYYY-MM-DD HH24:MI:SS.FF')))) anon_1
/
SELECT CAST(anon_1.shop AS VARCHAR2(4000 CHAR)) AS shop, CAST(anon_1.id AS VARCHAR2(4000 CHAR)) AS id
FROM (SELECT dw.dim_customer.shop AS shop, dw.dim_customer.id AS id
FROM dw.dim_customer
WHERE dw.dim_customer.curflg IS NULL OR NOT (dw.dim_customer.curflg = :curflg_1 AND dw.dim_customer.todt IS NOT NULL AND dw.dim_customer.todt = to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') OR dw.dim_customer.curflg = :curflg_2 AND NOT (dw.dim_customer.todt IS NOT NULL AND dw.dim_customer.todt = to_timestamp(:param_2, 'YYYY-MM-DD HH24:MI:SS.FF')))) anon_1
 FETCH FIRST 5 ROWS ONLY
/
SELECT count(*) AS count_1
FROM (SELECT dw.dim_customer.shop AS shop, dw.dim_customer.id AS id
FROM dw.dim_customer
WHERE dw.dim_customer.fromdt IS NULL OR dw.dim_customer.todt IS NULL OR dw.dim_customer.fromdt >= dw.dim_customer.todt) anon_1
/
SELECT CAST(anon_1.shop AS VARCHAR2(4000 CHAR)) AS shop, CAST(anon_1.id AS VARCHAR2(4000 CHAR)) AS id
FROM (SELECT dw.dim_customer.shop AS shop, dw.dim_customer.id AS id
FROM dw.dim_customer
WHERE dw.dim_customer.fromdt IS NULL OR dw.dim_customer.todt IS NULL OR dw.dim_customer.fromdt >= dw.dim_customer.todt) anon_1
 FETCH FIRST 5 ROWS ONLY
/
SELECT count(*) AS count_1
FROM (SELECT anon_2.shop AS shop, anon_2.id AS id
FROM (SELECT dw.dim_customer.shop AS shop, dw.dim_customer.id AS id, dw.dim_customer.todt AS own_end, lead(dw.dim_customer.fromdt) OVER (PARTITION BY dw.dim_customer.shop, dw.dim_customer.id
ORDER BY dw.dim_customer.fromdt, CASE WHEN (dw.dim_customer.todt IS NOT NULL AND dw.dim_customer.todt = to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF')) THEN :param_2 ELSE :param_3 END) AS following
FROM dw.dim_customer
WHERE dw.dim_customer.shop IS NOT NULL AND dw.dim_customer.id IS NOT NULL) anon_2
WHERE anon_2.following IS NOT NULL AND (anon_2.own_end IS NULL OR anon_2.own_end > anon_2.following)) anon_1
/
SELECT CAST(anon_1.shop AS VARCHAR2(4000 CHAR)) AS shop, CAST(anon_1.id AS VARCHAR2(4000 CHAR)) AS id
FROM (SELECT anon_2.shop AS shop, anon_2.id AS id
FROM (SELECT dw.dim_customer.shop AS shop, dw.dim_customer.id AS id, dw.dim_customer.todt AS own_end, lead(dw.dim_customer.fromdt) OVER (PARTITION BY dw.dim_customer.shop, dw.dim_customer.id
ORDER BY dw.dim_customer.fromdt, CASE WHEN (dw.dim_customer.todt IS NOT NULL AND dw.dim_customer.todt = to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF')) THEN :param_2 ELSE :param_3 END) AS following
FROM dw.dim_customer
WHERE dw.dim_customer.shop IS NOT NULL AND dw.dim_customer.id IS NOT NULL) anon_2
WHERE anon_2.following IS NOT NULL AND (anon_2.own_end IS NULL OR anon_2.own_end > anon_2.following)) anon_1
 FETCH FIRST 5 ROWS ONLY
/
SELECT count(*) AS count_1
FROM (SELECT dw.dim_customer.shop AS shop, dw.dim_customer.id AS id
FROM dw.dim_customer
WHERE dw.dim_customer.skey IS NULL OR dw.dim_customer.skey IN (SELECT dw.dim_customer.skey
FROM dw.dim_customer
WHERE dw.dim_customer.skey IS NOT NULL GROUP BY dw.dim_customer.skey
HAVING count(*) > :count_2)) anon_1
/
SELECT CAST(anon_1.shop AS VARCHAR2(4000 CHAR)) AS shop, CAST(anon_1.id AS VARCHAR2(4000 CHAR)) AS id
FROM (SELECT dw.dim_customer.shop AS shop, dw.dim_customer.id AS id
FROM dw.dim_customer
WHERE dw.dim_customer.skey IS NULL OR dw.dim_customer.skey IN (SELECT dw.dim_customer.skey
FROM dw.dim_customer
WHERE dw.dim_customer.skey IS NOT NULL GROUP BY dw.dim_customer.skey
HAVING count(*) > :count_1)) anon_1
 FETCH FIRST 5 ROWS ONLY
/
SELECT count(*) AS count_1
FROM (SELECT dw.dim_customer.skey AS skey, dw.dim_customer.shop AS shop, dw.dim_customer.id AS id, dw.dim_customer.name AS name, dw.dim_customer.price AS price, dw.dim_customer.score AS score, dw.dim_customer.born AS born, dw.dim_customer.note AS note, dw.dim_customer.photo AS photo, dw.dim_customer.region AS region, dw.dim_customer.rwhkey AS rwhkey, dw.dim_customer.curflg AS curflg, dw.dim_customer.fromdt AS fromdt, dw.dim_customer.todt AS todt, dw.dim_customer.reccrdt AS reccrdt, dw.dim_customer.recupdt AS recupdt
FROM dw.dim_customer) anon_1
/
SELECT count(*) AS count_1
FROM (SELECT dw.dim_customer.skey AS skey, dw.dim_customer.shop AS shop, dw.dim_customer.id AS id, dw.dim_customer.name AS name, dw.dim_customer.price AS price, dw.dim_customer.score AS score, dw.dim_customer.born AS born, dw.dim_customer.note AS note, dw.dim_customer.photo AS photo, dw.dim_customer.region AS region, dw.dim_customer.rwhkey AS rwhkey, dw.dim_customer.curflg AS curflg, dw.dim_customer.fromdt AS fromdt, dw.dim_customer.todt AS todt, dw.dim_customer.reccrdt AS reccrdt, dw.dim_customer.recupdt AS recupdt
FROM dw.dim_customer
WHERE dw.dim_customer.curflg = :curflg_1) anon_1
/
