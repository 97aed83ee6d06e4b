INSERT INTO ora$ptt_mp_stage (mp_rid, shop, id, name, price, born, mp_eff, mp_del) SELECT row_number() OVER (ORDER BY NULL) AS mp_rid, src.shop AS shop, src.id AS id, src.name AS name, src.price AS price, CAST(src.born AS DATE) AS born, to_timestamp(:param_1, 'YYYY-MM-DD HH24:MI:SS.FF') AS mp_eff, 0 AS mp_del
FROM (SELECT * FROM crm.customers
) src
WHERE (src.shop >= :param_2 AND (src.shop > :param_2 OR src.id >= :param_3)) AND (src.shop <= :param_4 AND (src.shop < :param_4 OR src.id < :param_5)) AND src.id IS NOT NULL
/
BEGIN
  EXECUTE IMMEDIATE 'CREATE PRIVATE TEMPORARY TABLE ora$ptt_mp_duplicate (shop NUMBER(10), id CHAR(8 CHAR)) ON COMMIT DROP DEFINITION';
EXCEPTION WHEN OTHERS THEN
  IF SQLCODE <> -955 THEN RAISE; END IF;
  EXECUTE IMMEDIATE 'DELETE FROM ora$ptt_mp_duplicate';
END;
/
INSERT INTO ora$ptt_mp_duplicate (shop, id) SELECT DISTINCT mp_stage.shop, mp_stage.id
FROM ora$ptt_mp_stage mp_stage JOIN ora$ptt_mp_new mp_new ON mp_stage.shop = mp_new.shop AND mp_stage.id = mp_new.id AND mp_stage.mp_eff = mp_new.mp_t AND mp_stage.mp_rid != mp_new.mp_rid JOIN ora$ptt_mp_stage kept ON kept.mp_rid = mp_new.mp_rid
WHERE DECODE(mp_stage.mp_del, kept.mp_del, 0, 1) = 1 OR mp_stage.mp_del = 0 AND (DECODE(mp_stage.name, kept.name, 0, 1) = 1 OR DECODE(mp_stage.price, kept.price, 0, 1) = 1 OR DECODE(mp_stage.born, kept.born, 0, 1) = 1)
/
SELECT mp_stage.shop, mp_stage.id
FROM ora$ptt_mp_stage mp_stage JOIN ora$ptt_mp_duplicate mp_duplicate ON mp_stage.shop = mp_duplicate.shop AND mp_stage.id = mp_duplicate.id
ORDER BY mp_stage.mp_rid
/
INSERT INTO ora$ptt_mp_rejected_keys (shop, id) SELECT mp_duplicate.shop, mp_duplicate.id
FROM ora$ptt_mp_duplicate mp_duplicate
/
DELETE FROM ora$ptt_mp_new mp_new WHERE EXISTS (SELECT *
FROM ora$ptt_mp_duplicate mp_duplicate
WHERE mp_new.shop = mp_duplicate.shop AND mp_new.id = mp_duplicate.id)
/
DELETE FROM ora$ptt_mp_key mp_key WHERE EXISTS (SELECT *
FROM ora$ptt_mp_duplicate mp_duplicate
WHERE mp_key.shop = mp_duplicate.shop AND mp_key.id = mp_duplicate.id)
/
DELETE FROM ora$ptt_mp_stage mp_stage WHERE EXISTS (SELECT *
FROM ora$ptt_mp_duplicate mp_duplicate
WHERE mp_stage.shop = mp_duplicate.shop AND mp_stage.id = mp_duplicate.id)
/
