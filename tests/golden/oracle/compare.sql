BEGIN
  EXECUTE IMMEDIATE 'CREATE PRIVATE TEMPORARY TABLE ora$ptt_mp_doubtful (shop NUMBER(10), id CHAR(8 CHAR)) ON COMMIT DROP DEFINITION';
EXCEPTION WHEN OTHERS THEN
  IF SQLCODE <> -955 THEN RAISE; END IF;
  EXECUTE IMMEDIATE 'DELETE FROM ora$ptt_mp_doubtful';
END;
/
INSERT INTO ora$ptt_mp_doubtful (shop, id) SELECT DISTINCT mp_stage.shop, mp_stage.id
FROM ora$ptt_mp_stage mp_stage JOIN ora$ptt_mp_stage other ON mp_stage.shop = other.shop AND mp_stage.id = other.id AND mp_stage.mp_eff = other.mp_eff AND (mp_stage.mp_del != other.mp_del OR mp_stage.mp_del = 0 AND (DECODE(mp_stage.name, other.name, 0, 1) = 1 OR DECODE(mp_stage.price, other.price, 0, 1) = 1 OR DECODE(mp_stage.score, other.score, 0, 1) = 1 OR DECODE(mp_stage.born, other.born, 0, 1) = 1 OR CASE WHEN (nvl(dbms_lob.getlength(mp_stage.note), 0) != nvl(dbms_lob.getlength(other.note), 0)) THEN 1 WHEN (dbms_lob.getlength(mp_stage.note) > 0) THEN dbms_lob.compare(mp_stage.note, other.note) ELSE 0 END != 0 OR CASE WHEN (nvl(dbms_lob.getlength(mp_stage.photo), 0) != nvl(dbms_lob.getlength(other.photo), 0)) THEN 1 WHEN (dbms_lob.getlength(mp_stage.photo) > 0) THEN dbms_lob.compare(mp_stage.photo, other.photo) ELSE 0 END != 0 OR DECODE(mp_stage.region, other.region, 0, 1) = 1))
/
INSERT INTO ora$ptt_mp_rejected_keys (shop, id) SELECT mp_doubtful.shop, mp_doubtful.id
FROM ora$ptt_mp_doubtful mp_doubtful
/
DELETE FROM ora$ptt_mp_stage mp_stage WHERE EXISTS (SELECT *
FROM ora$ptt_mp_doubtful mp_doubtful
WHERE mp_stage.shop = mp_doubtful.shop AND mp_stage.id = mp_doubtful.id)
/
BEGIN
  EXECUTE IMMEDIATE 'CREATE PRIVATE TEMPORARY TABLE ora$ptt_mp_newest (mp_rid NUMBER(19)) ON COMMIT DROP DEFINITION';
EXCEPTION WHEN OTHERS THEN
  IF SQLCODE <> -955 THEN RAISE; END IF;
  EXECUTE IMMEDIATE 'DELETE FROM ora$ptt_mp_newest';
END;
/
INSERT INTO ora$ptt_mp_newest (mp_rid) SELECT ranked.mp_rid
FROM (SELECT mp_stage.mp_rid AS mp_rid, row_number() OVER (PARTITION BY mp_stage.shop, mp_stage.id
ORDER BY mp_stage.mp_eff DESC, mp_stage.mp_rid DESC) AS mp_place
FROM ora$ptt_mp_stage mp_stage) ranked
WHERE ranked.mp_place = :mp_place_1
/
SELECT count(*) AS count_1
FROM (SELECT mp_stage.shop AS shop, mp_stage.id AS id
FROM ora$ptt_mp_stage mp_stage
WHERE (EXISTS (SELECT *
FROM ora$ptt_mp_newest mp_newest
WHERE mp_newest.mp_rid = mp_stage.mp_rid)) AND mp_stage.mp_del = 0 AND NOT (EXISTS (SELECT *
FROM dw.dim_customer held
WHERE mp_stage.shop = held.shop AND mp_stage.id = held.id AND held.curflg = :curflg_1 AND (held.shop >= :param_1 AND (held.shop > :param_1 OR nvl(rtrim(held.id), substr(held.id, 1, 1)) >= :param_2)) AND (held.shop <= :param_3 AND (held.shop < :param_3 OR nvl(rtrim(held.id), substr(held.id, 1, 1)) < :param_4)) AND nvl(rtrim(held.id), substr(held.id, 1, 1)) IS NOT NULL))) found
/
SELECT CAST(found.shop AS VARCHAR2(4000 CHAR)) AS shop, CAST(found.id AS VARCHAR2(4000 CHAR)) AS id
FROM (SELECT mp_stage.shop AS shop, mp_stage.id AS id
FROM ora$ptt_mp_stage mp_stage
WHERE (EXISTS (SELECT *
FROM ora$ptt_mp_newest mp_newest
WHERE mp_newest.mp_rid = mp_stage.mp_rid)) AND mp_stage.mp_del = 0 AND NOT (EXISTS (SELECT *
FROM dw.dim_customer held
WHERE mp_stage.shop = held.shop AND mp_stage.id = held.id AND held.curflg = :curflg_1 AND (held.shop >= :param_1 AND (held.shop > :param_1 OR nvl(rtrim(held.id), substr(held.id, 1, 1)) >= :param_2)) AND (held.shop <= :param_3 AND (held.shop < :param_3 OR nvl(rtrim(held.id), substr(held.id, 1, 1)) < :param_4)) AND nvl(rtrim(held.id), substr(held.id, 1, 1)) IS NOT NULL))) found
 FETCH FIRST 5 ROWS ONLY
/
SELECT count(*) AS count_1
FROM (SELECT mp_stage.shop AS shop, mp_stage.id AS id
FROM ora$ptt_mp_stage mp_stage JOIN dw.dim_customer held ON mp_stage.shop = held.shop AND mp_stage.id = held.id AND held.curflg = :curflg_1 AND (held.shop >= :param_1 AND (held.shop > :param_1 OR nvl(rtrim(held.id), substr(held.id, 1, 1)) >= :param_2)) AND (held.shop <= :param_3 AND (held.shop < :param_3 OR nvl(rtrim(held.id), substr(held.id, 1, 1)) < :param_4)) AND nvl(rtrim(held.id), substr(held.id, 1, 1)) IS NOT NULL
WHERE (EXISTS (SELECT *
FROM ora$ptt_mp_newest mp_newest
WHERE mp_newest.mp_rid = mp_stage.mp_rid)) AND mp_stage.mp_del = 0 AND (DECODE(mp_stage.name, held.name, 0, 1) = 1 OR DECODE(mp_stage.price, held.price, 0, 1) = 1 OR DECODE(mp_stage.score, held.score, 0, 1) = 1 OR DECODE(mp_stage.born, held.born, 0, 1) = 1 OR CASE WHEN (nvl(dbms_lob.getlength(mp_stage.note), 0) != nvl(dbms_lob.getlength(held.note), 0)) THEN 1 WHEN (dbms_lob.getlength(mp_stage.note) > 0) THEN dbms_lob.compare(mp_stage.note, held.note) ELSE 0 END != 0 OR CASE WHEN (nvl(dbms_lob.getlength(mp_stage.photo), 0) != nvl(dbms_lob.getlength(held.photo), 0)) THEN 1 WHEN (dbms_lob.getlength(mp_stage.photo) > 0) THEN dbms_lob.compare(mp_stage.photo, held.photo) ELSE 0 END != 0 OR DECODE(mp_stage.region, held.region, 0, 1) = 1) AND held.fromdt <= mp_stage.mp_eff) found
/
SELECT CAST(found.shop AS VARCHAR2(4000 CHAR)) AS shop, CAST(found.id AS VARCHAR2(4000 CHAR)) AS id
FROM (SELECT mp_stage.shop AS shop, mp_stage.id AS id
FROM ora$ptt_mp_stage mp_stage JOIN dw.dim_customer held ON mp_stage.shop = held.shop AND mp_stage.id = held.id AND held.curflg = :curflg_1 AND (held.shop >= :param_1 AND (held.shop > :param_1 OR nvl(rtrim(held.id), substr(held.id, 1, 1)) >= :param_2)) AND (held.shop <= :param_3 AND (held.shop < :param_3 OR nvl(rtrim(held.id), substr(held.id, 1, 1)) < :param_4)) AND nvl(rtrim(held.id), substr(held.id, 1, 1)) IS NOT NULL
WHERE (EXISTS (SELECT *
FROM ora$ptt_mp_newest mp_newest
WHERE mp_newest.mp_rid = mp_stage.mp_rid)) AND mp_stage.mp_del = 0 AND (DECODE(mp_stage.name, held.name, 0, 1) = 1 OR DECODE(mp_stage.price, held.price, 0, 1) = 1 OR DECODE(mp_stage.score, held.score, 0, 1) = 1 OR DECODE(mp_stage.born, held.born, 0, 1) = 1 OR CASE WHEN (nvl(dbms_lob.getlength(mp_stage.note), 0) != nvl(dbms_lob.getlength(held.note), 0)) THEN 1 WHEN (dbms_lob.getlength(mp_stage.note) > 0) THEN dbms_lob.compare(mp_stage.note, held.note) ELSE 0 END != 0 OR CASE WHEN (nvl(dbms_lob.getlength(mp_stage.photo), 0) != nvl(dbms_lob.getlength(held.photo), 0)) THEN 1 WHEN (dbms_lob.getlength(mp_stage.photo) > 0) THEN dbms_lob.compare(mp_stage.photo, held.photo) ELSE 0 END != 0 OR DECODE(mp_stage.region, held.region, 0, 1) = 1) AND held.fromdt <= mp_stage.mp_eff) found
 FETCH FIRST 5 ROWS ONLY
/
SELECT count(*) AS count_1
FROM (SELECT mp_stage.shop AS shop, mp_stage.id AS id
FROM ora$ptt_mp_stage mp_stage JOIN dw.dim_customer held ON mp_stage.shop = held.shop AND mp_stage.id = held.id AND held.curflg = :curflg_1 AND (held.shop >= :param_1 AND (held.shop > :param_1 OR nvl(rtrim(held.id), substr(held.id, 1, 1)) >= :param_2)) AND (held.shop <= :param_3 AND (held.shop < :param_3 OR nvl(rtrim(held.id), substr(held.id, 1, 1)) < :param_4)) AND nvl(rtrim(held.id), substr(held.id, 1, 1)) IS NOT NULL
WHERE (EXISTS (SELECT *
FROM ora$ptt_mp_newest mp_newest
WHERE mp_newest.mp_rid = mp_stage.mp_rid)) AND mp_stage.mp_del = 1 AND held.fromdt <= mp_stage.mp_eff) found
/
SELECT CAST(found.shop AS VARCHAR2(4000 CHAR)) AS shop, CAST(found.id AS VARCHAR2(4000 CHAR)) AS id
FROM (SELECT mp_stage.shop AS shop, mp_stage.id AS id
FROM ora$ptt_mp_stage mp_stage JOIN dw.dim_customer held ON mp_stage.shop = held.shop AND mp_stage.id = held.id AND held.curflg = :curflg_1 AND (held.shop >= :param_1 AND (held.shop > :param_1 OR nvl(rtrim(held.id), substr(held.id, 1, 1)) >= :param_2)) AND (held.shop <= :param_3 AND (held.shop < :param_3 OR nvl(rtrim(held.id), substr(held.id, 1, 1)) < :param_4)) AND nvl(rtrim(held.id), substr(held.id, 1, 1)) IS NOT NULL
WHERE (EXISTS (SELECT *
FROM ora$ptt_mp_newest mp_newest
WHERE mp_newest.mp_rid = mp_stage.mp_rid)) AND mp_stage.mp_del = 1 AND held.fromdt <= mp_stage.mp_eff) found
 FETCH FIRST 5 ROWS ONLY
/
SELECT count(*) AS count_1
FROM (SELECT held.shop AS shop, held.id AS id
FROM dw.dim_customer held
WHERE held.curflg = :curflg_1 AND (held.shop >= :param_1 AND (held.shop > :param_1 OR nvl(rtrim(held.id), substr(held.id, 1, 1)) >= :param_2)) AND (held.shop <= :param_3 AND (held.shop < :param_3 OR nvl(rtrim(held.id), substr(held.id, 1, 1)) < :param_4)) AND nvl(rtrim(held.id), substr(held.id, 1, 1)) IS NOT NULL AND NOT (EXISTS (SELECT *
FROM ora$ptt_mp_stage mp_stage
WHERE mp_stage.shop = held.shop AND mp_stage.id = held.id)) AND NOT (EXISTS (SELECT *
FROM ora$ptt_mp_rejected_keys mp_rejected_keys
WHERE mp_rejected_keys.shop = held.shop AND mp_rejected_keys.id = held.id))) found
/
SELECT CAST(found.shop AS VARCHAR2(4000 CHAR)) AS shop, CAST(found.id AS VARCHAR2(4000 CHAR)) AS id
FROM (SELECT held.shop AS shop, held.id AS id
FROM dw.dim_customer held
WHERE held.curflg = :curflg_1 AND (held.shop >= :param_1 AND (held.shop > :param_1 OR nvl(rtrim(held.id), substr(held.id, 1, 1)) >= :param_2)) AND (held.shop <= :param_3 AND (held.shop < :param_3 OR nvl(rtrim(held.id), substr(held.id, 1, 1)) < :param_4)) AND nvl(rtrim(held.id), substr(held.id, 1, 1)) IS NOT NULL AND NOT (EXISTS (SELECT *
FROM ora$ptt_mp_stage mp_stage
WHERE mp_stage.shop = held.shop AND mp_stage.id = held.id)) AND NOT (EXISTS (SELECT *
FROM ora$ptt_mp_rejected_keys mp_rejected_keys
WHERE mp_rejected_keys.shop = held.shop AND mp_rejected_keys.id = held.id))) found
 FETCH FIRST 5 ROWS ONLY
/
