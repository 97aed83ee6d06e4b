INSERT INTO ora$ptt_mp_stage (mp_rid, shop, id, name, price, born, mp_eff, mp_del) SELECT row_number() OVER (ORDER BY NULL) AS mp_rid, src.shop AS shop, src.id AS id, src.name AS name, src.price AS price, CAST(src.born AS DATE) AS born, to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') AS mp_eff, 0 AS mp_del
FROM (SELECT * FROM crm.customers
) src
/
INSERT INTO ora$ptt_mp_touched (shop, id, mp_rid, mp_t, mp_del, mp_present, mp_since, mp_differs) SELECT mp_stage.shop, mp_stage.id, mp_stage.mp_rid, mp_stage.mp_eff AS mp_t, mp_stage.mp_del, present.skey AS mp_present, present.fromdt AS mp_since, CASE WHEN DECODE(mp_stage.name, present.name, 0, 1) = 1 OR DECODE(mp_stage.price, present.price, 0, 1) = 1 OR DECODE(mp_stage.born, present.born, 0, 1) = 1 THEN 1 ELSE 0 END AS mp_differs
FROM ora$ptt_mp_stage mp_stage
LEFT OUTER JOIN dw.dim_customer present ON mp_stage.shop = present.shop AND mp_stage.id = present.id AND 1 = 1
WHERE present.shop IS NULL OR NOT (mp_stage.mp_del = 0 AND NOT (DECODE(mp_stage.name, present.name, 0, 1) = 1 OR DECODE(mp_stage.price, present.price, 0, 1) = 1 OR DECODE(mp_stage.born, present.born, 0, 1) = 1))
/
INSERT INTO ora$ptt_mp_touched (shop, id, mp_rid, mp_t, mp_del, mp_present, mp_since, mp_differs) SELECT mp_stage.shop, mp_stage.id, mp_stage.mp_rid, mp_stage.mp_eff AS mp_t, mp_stage.mp_del, present.skey AS mp_present, present.fromdt AS mp_since, CASE WHEN DECODE(mp_stage.name, present.name, 0, 1) = 1 OR DECODE(mp_stage.price, present.price, 0, 1) = 1 OR DECODE(mp_stage.born, present.born, 0, 1) = 1 THEN 1 ELSE 0 END AS mp_differs
FROM ora$ptt_mp_stage mp_stage JOIN ora$ptt_mp_held mp_held ON mp_stage.shop = mp_held.shop AND mp_stage.id = mp_held.id
LEFT OUTER JOIN dw.dim_customer present ON mp_stage.shop = present.shop AND mp_stage.id = present.id AND 1 = 1
WHERE present.shop IS NULL OR NOT (mp_stage.mp_del = 0 AND NOT (DECODE(mp_stage.name, present.name, 0, 1) = 1 OR DECODE(mp_stage.price, present.price, 0, 1) = 1 OR DECODE(mp_stage.born, present.born, 0, 1) = 1))
/
INSERT INTO ora$ptt_mp_missing (shop, id) SELECT present.shop, present.id
FROM dw.dim_customer present
WHERE 1 = 1 AND NOT (EXISTS (SELECT *
FROM ora$ptt_mp_stage mp_stage
WHERE mp_stage.shop = present.shop AND mp_stage.id = present.id)) AND NOT (EXISTS (SELECT *
FROM ora$ptt_mp_rejected_keys mp_rejected_keys
WHERE mp_rejected_keys.shop = present.shop AND mp_rejected_keys.id = present.id))
/
INSERT INTO ora$ptt_mp_change (shop, id, mp_what, mp_rid, mp_from, mp_fix, mp_grown, mp_was_open, mp_by_row) SELECT winner.shop, winner.id, CASE WHEN winner.mp_del = 1 THEN :param_1 WHEN (held.shop IS NOT NULL) THEN :param_2 ELSE :param_3 END AS mp_what, winner.mp_rid, winner.mp_t AS mp_from, 1 AS mp_fix, 0 AS mp_grown, 1 AS mp_was_open, CASE WHEN winner.mp_rid IS NOT NULL THEN 1 ELSE 0 END AS mp_by_row
FROM (SELECT ranked.shop AS shop, ranked.id AS id, ranked.mp_t AS mp_t, ranked.mp_del AS mp_del, ranked.mp_rid AS mp_rid, ranked.mp_place AS mp_place
FROM (SELECT mp_new.shop AS shop, mp_new.id AS id, mp_new.mp_t AS mp_t, mp_new.mp_del AS mp_del, mp_new.mp_rid AS mp_rid, row_number() OVER (PARTITION BY mp_new.shop, mp_new.id
ORDER BY mp_new.mp_t DESC) AS mp_place
FROM ora$ptt_mp_new mp_new) ranked
WHERE ranked.mp_place = :mp_place_1) winner
LEFT OUTER JOIN dw.dim_customer held ON winner.shop = held.shop AND winner.id = held.id
LEFT OUTER JOIN ora$ptt_mp_stage mp_stage ON mp_stage.mp_rid = winner.mp_rid
WHERE held.shop IS NULL AND winner.mp_del = 0 OR held.shop IS NOT NULL AND (winner.mp_del = 1 OR DECODE(mp_stage.name, held.name, 0, 1) = 1 OR DECODE(mp_stage.price, held.price, 0, 1) = 1 OR DECODE(mp_stage.born, held.born, 0, 1) = 1)
/
DELETE FROM dw.dim_customer WHERE EXISTS (SELECT *
FROM ora$ptt_mp_change mp_change
WHERE dw.dim_customer.shop = mp_change.shop AND dw.dim_customer.id = mp_change.id AND mp_change.mp_what = :mp_what_1)
/
MERGE INTO dw.dim_customer USING (SELECT dw.dim_customer.rowid AS mp_row, mp_stage.name AS mp_v1, mp_stage.price AS mp_v2, mp_stage.born AS mp_v3, lower(substr(rawtohex(standard_hash(nvl2(mp_stage.name, lower(substr(rawtohex(standard_hash(mp_stage.name, 'SHA256')), 1, 32)), '-') || nvl2(mp_stage.price, lower(substr(rawtohex(standard_hash(mp_stage.price, 'SHA256')), 1, 32)), '-') || nvl2(mp_stage.born, lower(substr(rawtohex(standard_hash(mp_stage.born, 'SHA256')), 1, 32)), '-'), 'SHA256')), 1, 32)) AS mp_v4, to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') AS mp_v5, mp_change.mp_from AS mp_v6
FROM dw.dim_customer, ora$ptt_mp_stage mp_stage, ora$ptt_mp_change mp_change
WHERE dw.dim_customer.shop = mp_change.shop AND dw.dim_customer.id = mp_change.id AND mp_change.mp_what = :mp_what_1 AND mp_change.mp_fix = 1 AND mp_stage.mp_rid = mp_change.mp_rid) mp_rows ON (dw.dim_customer.rowid = mp_rows.mp_row) WHEN MATCHED THEN UPDATE SET name = mp_rows.mp_v1, price = mp_rows.mp_v2, born = mp_rows.mp_v3, rwhkey = mp_rows.mp_v4, recupdt = mp_rows.mp_v5, fromdt = mp_rows.mp_v6
/
INSERT INTO dw.dim_customer (shop, id, name, price, born, rwhkey, recupdt, fromdt, reccrdt) SELECT mp_stage.shop AS shop, mp_stage.id AS id, mp_stage.name AS name, mp_stage.price AS price, mp_stage.born AS born, lower(substr(rawtohex(standard_hash(nvl2(mp_stage.name, lower(substr(rawtohex(standard_hash(mp_stage.name, 'SHA256')), 1, 32)), '-') || nvl2(mp_stage.price, lower(substr(rawtohex(standard_hash(mp_stage.price, 'SHA256')), 1, 32)), '-') || nvl2(mp_stage.born, lower(substr(rawtohex(standard_hash(mp_stage.born, 'SHA256')), 1, 32)), '-'), 'SHA256')), 1, 32)) AS rwhkey, to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') AS recupdt, mp_change.mp_from AS fromdt, to_timestamp(:param_2, 'YYYY-MM-DD HH24:MI:SS.FF') AS reccrdt
FROM ora$ptt_mp_change mp_change JOIN ora$ptt_mp_stage mp_stage ON mp_stage.mp_rid = mp_change.mp_rid
WHERE mp_change.mp_what = :mp_what_1
ORDER BY mp_change.shop, mp_change.id, mp_change.mp_from
/
