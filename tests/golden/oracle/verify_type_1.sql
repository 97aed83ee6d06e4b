SELECT count(*) AS count_1
FROM (SELECT dw.dim_customer.shop AS shop, dw.dim_customer.id AS id
FROM dw.dim_customer
WHERE dw.dim_customer.shop IS NOT NULL AND dw.dim_customer.id IS NOT NULL GROUP BY dw.dim_customer.shop, dw.dim_customer.id
HAVING count(*) > :count_2) anon_1
/
SELECT CAST(anon_1.shop AS VARCHAR2(4000 CHAR)) AS shop, CAST(anon_1.id AS VARCHAR2(4000 CHAR)) AS id
FROM (SELECT dw.dim_customer.shop AS shop, dw.dim_customer.id AS id
FROM dw.dim_customer
WHERE dw.dim_customer.shop IS NOT NULL AND dw.dim_customer.id IS NOT NULL GROUP BY dw.dim_customer.shop, dw.dim_customer.id
HAVING count(*) > :count_1) anon_1
 FETCH FIRST 5 ROWS ONLY
/
SELECT count(*) AS count_1
FROM (SELECT dw.dim_customer.skey AS skey, dw.dim_customer.shop AS shop, dw.dim_customer.id AS id, dw.dim_customer.name AS name, dw.dim_customer.price AS price, dw.dim_customer.score AS score, dw.dim_customer.born AS born, dw.dim_customer.note AS note, dw.dim_customer.photo AS photo, dw.dim_customer.region AS region, dw.dim_customer.rwhkey AS rwhkey, dw.dim_customer.fromdt AS fromdt, dw.dim_customer.reccrdt AS reccrdt, dw.dim_customer.recupdt AS recupdt
FROM dw.dim_customer) anon_1
/
SELECT count(*) AS count_1
FROM (SELECT dw.dim_customer.skey AS skey, dw.dim_customer.shop AS shop, dw.dim_customer.id AS id, dw.dim_customer.name AS name, dw.dim_customer.price AS price, dw.dim_customer.score AS score, dw.dim_customer.born AS born, dw.dim_customer.note AS note, dw.dim_customer.photo AS photo, dw.dim_customer.region AS region, dw.dim_customer.rwhkey AS rwhkey, dw.dim_customer.fromdt AS fromdt, dw.dim_customer.reccrdt AS reccrdt, dw.dim_customer.recupdt AS recupdt
FROM dw.dim_customer
WHERE dw.dim_customer.shop IS NOT NULL) anon_1
/
