ROLLBACK TO SAVEPOINT sa_savepoint_2
/
BEGIN
  EXECUTE IMMEDIATE 'CREATE PRIVATE TEMPORARY TABLE ora$ptt_mp_parked (mp_rid NUMBER(19), mp_eff TIMESTAMP(6), mp_del NUMBER(1), shop NUMBER(10), id CHAR(8 CHAR), name VARCHAR2(200 CHAR), price NUMBER(12,2), born DATE) ON COMMIT DROP DEFINITION';
EXCEPTION WHEN OTHERS THEN
  IF SQLCODE <> -955 THEN RAISE; END IF;
  EXECUTE IMMEDIATE 'DELETE FROM ora$ptt_mp_parked';
END;
/
INSERT INTO ora$ptt_mp_parked (mp_rid, mp_eff, mp_del, shop, id, name, price, born) SELECT mp_stage.mp_rid, mp_stage.mp_eff, mp_stage.mp_del, mp_stage.shop, mp_stage.id, mp_stage.name, mp_stage.price, mp_stage.born
FROM ora$ptt_mp_stage mp_stage
/
BEGIN
  EXECUTE IMMEDIATE 'CREATE PRIVATE TEMPORARY TABLE ora$ptt_mp_numbered (shop NUMBER(10), id CHAR(8 CHAR), mp_n NUMBER(19)) ON COMMIT DROP DEFINITION';
EXCEPTION WHEN OTHERS THEN
  IF SQLCODE <> -955 THEN RAISE; END IF;
  EXECUTE IMMEDIATE 'DELETE FROM ora$ptt_mp_numbered';
END;
/
INSERT INTO ora$ptt_mp_numbered (shop, id, mp_n) SELECT keys.shop, keys.id, row_number() OVER (ORDER BY keys.shop, keys.id) AS mp_n
FROM (SELECT DISTINCT mp_stage.shop AS shop, mp_stage.id AS id
FROM ora$ptt_mp_stage mp_stage) keys
/
INSERT INTO ora$ptt_mp_rejected_keys (shop, id) SELECT mp_numbered.shop, mp_numbered.id
FROM ora$ptt_mp_numbered mp_numbered
/
DELETE FROM ora$ptt_mp_stage mp_stage
/
INSERT INTO ora$ptt_mp_stage (mp_rid, mp_eff, mp_del, shop, id, name, price, born) SELECT mp_parked.mp_rid, mp_parked.mp_eff, mp_parked.mp_del, mp_parked.shop, mp_parked.id, mp_parked.name, mp_parked.price, mp_parked.born
FROM ora$ptt_mp_parked mp_parked
WHERE EXISTS (SELECT *
FROM ora$ptt_mp_numbered mp_numbered
WHERE mp_numbered.shop = mp_parked.shop AND mp_numbered.id = mp_parked.id AND mp_numbered.mp_n BETWEEN :mp_n_1 AND :mp_n_2)
/
