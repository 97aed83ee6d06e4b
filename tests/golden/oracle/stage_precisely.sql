INSERT INTO ora$ptt_mp_stage (mp_rid, shop, id, name, price, score, born, note, photo, region, mp_eff, mp_del) SELECT row_number() OVER (ORDER BY NULL) AS mp_rid, src.shop AS shop, src.id AS id, (UPPER(TRIM(name))) AS name, src.price AS price, src.score AS score, CAST(src.born AS DATE) AS born, src.note AS note, src.photo AS photo, src.region AS region, sys_extract_utc(src.changed) AS mp_eff, CASE WHEN (gone = 1) THEN 1 ELSE 0 END AS mp_del
FROM (SELECT * FROM crm.customers
) src
WHERE (src.shop >= :param_1 AND (src.shop > :param_1 OR src.id >= :param_2)) AND (src.shop <= :param_3 AND (src.shop < :param_3 OR src.id < :param_4)) AND src.id IS NOT NULL
/
ROLLBACK TO SAVEPOINT sa_savepoint_1
/
BEGIN
  EXECUTE IMMEDIATE 'CREATE PRIVATE TEMPORARY TABLE ora$ptt_mp_raw (mp_rid NUMBER(19), shop NUMBER, id VARCHAR2(4000 CHAR), name VARCHAR2(4000 CHAR), price NUMBER, score NUMBER, born TIMESTAMP(6), note CLOB, photo BLOB, region VARCHAR2(4000 CHAR), mp_eff TIMESTAMP(6) WITH TIME ZONE, mp_del NUMBER(1)) ON COMMIT DROP DEFINITION';
EXCEPTION WHEN OTHERS THEN
  IF SQLCODE <> -955 THEN RAISE; END IF;
  EXECUTE IMMEDIATE 'DELETE FROM ora$ptt_mp_raw';
END;
/
INSERT INTO ora$ptt_mp_raw (mp_rid, shop, id, name, price, score, born, note, photo, region, mp_eff, mp_del) SELECT row_number() OVER (ORDER BY NULL) AS mp_rid, src.shop AS shop, src.id AS id, (UPPER(TRIM(name))) AS name, src.price AS price, src.score AS score, src.born AS born, src.note AS note, src.photo AS photo, src.region AS region, src.changed AS mp_eff, CASE WHEN (gone = 1) THEN 1 ELSE 0 END AS mp_del
FROM (SELECT * FROM crm.customers
) src
WHERE (src.shop >= :param_1 AND (src.shop > :param_1 OR src.id >= :param_2)) AND (src.shop <= :param_3 AND (src.shop < :param_3 OR src.id < :param_4)) AND src.id IS NOT NULL
/
BEGIN
  EXECUTE IMMEDIATE 'CREATE PRIVATE TEMPORARY TABLE ora$ptt_mp_bad (mp_rid NUMBER(19), said VARCHAR2(4000 CHAR)) ON COMMIT DROP DEFINITION';
EXCEPTION WHEN OTHERS THEN
  IF SQLCODE <> -955 THEN RAISE; END IF;
  EXECUTE IMMEDIATE 'DELETE FROM ora$ptt_mp_bad';
END;
/
DECLARE
  mp_low NUMBER := 1;
  mp_high NUMBER;
  mp_top NUMBER;
  mp_said VARCHAR2(4000 CHAR);
  FUNCTION of_row RETURN BOOLEAN IS BEGIN RETURN SQLCODE IN (-1, -1400, -1401, -1407, -1426, -1428, -1438, -1461, -1465, -1476, -1489, -1722, -2290, -2291, -2292, -6502, -12713, -12899, -22835, -24816, -29275, -40441) OR SQLCODE BETWEEN -1899 AND -1830 OR SQLCODE BETWEEN -20999 AND -20000; END;
BEGIN
  SELECT MAX(mp_rid) INTO mp_top FROM ora$ptt_mp_raw;
  WHILE mp_low <= mp_top LOOP
    mp_high := LEAST(mp_low + 64 - 1, mp_top);
    BEGIN
      INSERT INTO ora$ptt_mp_stage (mp_rid, shop, id, name, price, score, born, note, photo, region, mp_eff, mp_del) SELECT mp_raw.mp_rid, mp_raw.shop, mp_raw.id, mp_raw.name, mp_raw.price, mp_raw.score, CAST(mp_raw.born AS DATE) AS born, mp_raw.note, mp_raw.photo, mp_raw.region, sys_extract_utc(mp_raw.mp_eff) AS sys_extract_utc_1, mp_raw.mp_del
FROM ora$ptt_mp_raw mp_raw
WHERE mp_raw.mp_rid BETWEEN mp_low AND mp_high;
    EXCEPTION WHEN OTHERS THEN
      IF NOT of_row THEN RAISE; END IF;
      FOR mp_one IN mp_low .. mp_high LOOP
        BEGIN
          INSERT INTO ora$ptt_mp_stage (mp_rid, shop, id, name, price, score, born, note, photo, region, mp_eff, mp_del) SELECT mp_raw.mp_rid, mp_raw.shop, mp_raw.id, mp_raw.name, mp_raw.price, mp_raw.score, CAST(mp_raw.born AS DATE) AS born, mp_raw.note, mp_raw.photo, mp_raw.region, sys_extract_utc(mp_raw.mp_eff) AS sys_extract_utc_1, mp_raw.mp_del
FROM ora$ptt_mp_raw mp_raw
WHERE mp_raw.mp_rid = mp_one;
        EXCEPTION WHEN OTHERS THEN
          IF NOT of_row THEN RAISE; END IF;
          mp_said := SUBSTR(SQLERRM, 1, 2000);
          INSERT INTO ora$ptt_mp_bad (mp_rid, said) VALUES (mp_one, mp_said);
          BEGIN
            INSERT INTO ora$ptt_mp_rejected_keys (shop, id) SELECT mp_raw.shop, mp_raw.id
FROM ora$ptt_mp_raw mp_raw
WHERE mp_raw.mp_rid = mp_one;
          EXCEPTION WHEN OTHERS THEN
            IF NOT of_row THEN RAISE; END IF;
          END;
        END;
      END LOOP;
    END;
    mp_low := mp_high + 1;
  END LOOP;
END;
/
SELECT mp_bad.mp_rid, mp_bad.said
FROM ora$ptt_mp_bad mp_bad
ORDER BY mp_bad.mp_rid
/
SELECT mp_raw.mp_rid, CAST(mp_raw.shop AS VARCHAR2(4000 CHAR)) AS shop, CAST(mp_raw.id AS VARCHAR2(4000 CHAR)) AS id
FROM ora$ptt_mp_raw mp_raw
WHERE mp_raw.mp_rid IN (:mp_rid_1_1)
/
BEGIN
  EXECUTE IMMEDIATE 'CREATE PRIVATE TEMPORARY TABLE ora$ptt_mp_doubted (mp_rid NUMBER(19), shop NUMBER, id VARCHAR2(4000 CHAR), name VARCHAR2(4000 CHAR), price NUMBER, score NUMBER, born TIMESTAMP(6), note CLOB, photo BLOB, region VARCHAR2(4000 CHAR), mp_eff TIMESTAMP(6) WITH TIME ZONE, mp_del NUMBER(1)) ON COMMIT DROP DEFINITION';
EXCEPTION WHEN OTHERS THEN
  IF SQLCODE <> -955 THEN RAISE; END IF;
  EXECUTE IMMEDIATE 'DELETE FROM ora$ptt_mp_doubted';
END;
/
INSERT INTO ora$ptt_mp_doubted (mp_rid, shop, id, name, price, score, born, note, photo, region, mp_eff, mp_del) SELECT row_number() OVER (ORDER BY mp_raw.mp_rid) + 0 AS mp_rid, mp_raw.shop, mp_raw.id, mp_raw.name, mp_raw.price, mp_raw.score, mp_raw.born, mp_raw.note, mp_raw.photo, mp_raw.region, mp_raw.mp_eff, mp_raw.mp_del
FROM ora$ptt_mp_raw mp_raw
WHERE mp_raw.mp_rid IN (:mp_rid_1_1)
/
BEGIN
  EXECUTE IMMEDIATE 'CREATE PRIVATE TEMPORARY TABLE ora$ptt_mp_tried (mp_rid NUMBER(19), shop NUMBER(10), id CHAR(8 CHAR), name VARCHAR2(200 CHAR), price NUMBER(12,2), score BINARY_DOUBLE, born DATE, note CLOB, photo BLOB, region VARCHAR2(20 CHAR), mp_eff TIMESTAMP(6), mp_del NUMBER(1)) ON COMMIT DROP DEFINITION';
EXCEPTION WHEN OTHERS THEN
  IF SQLCODE <> -955 THEN RAISE; END IF;
  EXECUTE IMMEDIATE 'DELETE FROM ora$ptt_mp_tried';
END;
/
DECLARE
  mp_low NUMBER := 1;
  mp_high NUMBER;
  mp_top NUMBER;
  mp_said VARCHAR2(4000 CHAR);
  FUNCTION of_row RETURN BOOLEAN IS BEGIN RETURN SQLCODE IN (-1, -1400, -1401, -1407, -1426, -1428, -1438, -1461, -1465, -1476, -1489, -1722, -2290, -2291, -2292, -6502, -12713, -12899, -22835, -24816, -29275, -40441) OR SQLCODE BETWEEN -1899 AND -1830 OR SQLCODE BETWEEN -20999 AND -20000; END;
BEGIN
  SELECT MAX(mp_rid) INTO mp_top FROM ora$ptt_mp_doubted;
  WHILE mp_low <= mp_top LOOP
    mp_high := LEAST(mp_low + 64 - 1, mp_top);
    BEGIN
      INSERT INTO ora$ptt_mp_tried (mp_rid, mp_eff) SELECT mp_doubted.mp_rid, sys_extract_utc(mp_doubted.mp_eff) AS sys_extract_utc_1
FROM ora$ptt_mp_doubted mp_doubted
WHERE mp_doubted.mp_rid BETWEEN mp_low AND mp_high;
    EXCEPTION WHEN OTHERS THEN
      IF NOT of_row THEN RAISE; END IF;
      FOR mp_one IN mp_low .. mp_high LOOP
        BEGIN
          INSERT INTO ora$ptt_mp_tried (mp_rid, mp_eff) SELECT mp_doubted.mp_rid, sys_extract_utc(mp_doubted.mp_eff) AS sys_extract_utc_1
FROM ora$ptt_mp_doubted mp_doubted
WHERE mp_doubted.mp_rid = mp_one;
        EXCEPTION WHEN OTHERS THEN
          IF NOT of_row THEN RAISE; END IF;
          mp_said := SUBSTR(SQLERRM, 1, 2000);
          INSERT INTO ora$ptt_mp_bad (mp_rid, said) VALUES (mp_one, mp_said);
          BEGIN
            INSERT INTO ora$ptt_mp_tried (mp_rid) SELECT mp_doubted.mp_rid
FROM ora$ptt_mp_doubted mp_doubted
WHERE mp_doubted.mp_rid = mp_one;
          EXCEPTION WHEN OTHERS THEN
            IF NOT of_row THEN RAISE; END IF;
          END;
        END;
      END LOOP;
    END;
    mp_low := mp_high + 1;
  END LOOP;
END;
/
DECLARE
  mp_low NUMBER := 1;
  mp_high NUMBER;
  mp_top NUMBER;
  mp_said VARCHAR2(4000 CHAR);
  FUNCTION of_row RETURN BOOLEAN IS BEGIN RETURN SQLCODE IN (-1, -1400, -1401, -1407, -1426, -1428, -1438, -1461, -1465, -1476, -1489, -1722, -2290, -2291, -2292, -6502, -12713, -12899, -22835, -24816, -29275, -40441) OR SQLCODE BETWEEN -1899 AND -1830 OR SQLCODE BETWEEN -20999 AND -20000; END;
BEGIN
  SELECT MAX(mp_rid) INTO mp_top FROM ora$ptt_mp_doubted;
  WHILE mp_low <= mp_top LOOP
    mp_high := LEAST(mp_low + 64 - 1, mp_top);
    BEGIN
      INSERT INTO ora$ptt_mp_tried (mp_rid, region) SELECT mp_doubted.mp_rid, mp_doubted.region
FROM ora$ptt_mp_doubted mp_doubted
WHERE mp_doubted.mp_rid BETWEEN mp_low AND mp_high;
    EXCEPTION WHEN OTHERS THEN
      IF NOT of_row THEN RAISE; END IF;
      FOR mp_one IN mp_low .. mp_high LOOP
        BEGIN
          INSERT INTO ora$ptt_mp_tried (mp_rid, region) SELECT mp_doubted.mp_rid, mp_doubted.region
FROM ora$ptt_mp_doubted mp_doubted
WHERE mp_doubted.mp_rid = mp_one;
        EXCEPTION WHEN OTHERS THEN
          IF NOT of_row THEN RAISE; END IF;
          mp_said := SUBSTR(SQLERRM, 1, 2000);
          INSERT INTO ora$ptt_mp_bad (mp_rid, said) VALUES (mp_one, mp_said);
          BEGIN
            INSERT INTO ora$ptt_mp_tried (mp_rid) SELECT mp_doubted.mp_rid
FROM ora$ptt_mp_doubted mp_doubted
WHERE mp_doubted.mp_rid = mp_one;
          EXCEPTION WHEN OTHERS THEN
            IF NOT of_row THEN RAISE; END IF;
          END;
        END;
      END LOOP;
    END;
    mp_low := mp_high + 1;
  END LOOP;
END;
/
DECLARE
  mp_low NUMBER := 1;
  mp_high NUMBER;
  mp_top NUMBER;
  mp_said VARCHAR2(4000 CHAR);
  FUNCTION of_row RETURN BOOLEAN IS BEGIN RETURN SQLCODE IN (-1, -1400, -1401, -1407, -1426, -1428, -1438, -1461, -1465, -1476, -1489, -1722, -2290, -2291, -2292, -6502, -12713, -12899, -22835, -24816, -29275, -40441) OR SQLCODE BETWEEN -1899 AND -1830 OR SQLCODE BETWEEN -20999 AND -20000; END;
BEGIN
  SELECT MAX(mp_rid) INTO mp_top FROM ora$ptt_mp_doubted;
  WHILE mp_low <= mp_top LOOP
    mp_high := LEAST(mp_low + 64 - 1, mp_top);
    BEGIN
      INSERT INTO ora$ptt_mp_tried (mp_rid, photo) SELECT mp_doubted.mp_rid, mp_doubted.photo
FROM ora$ptt_mp_doubted mp_doubted
WHERE mp_doubted.mp_rid BETWEEN mp_low AND mp_high;
    EXCEPTION WHEN OTHERS THEN
      IF NOT of_row THEN RAISE; END IF;
      FOR mp_one IN mp_low .. mp_high LOOP
        BEGIN
          INSERT INTO ora$ptt_mp_tried (mp_rid, photo) SELECT mp_doubted.mp_rid, mp_doubted.photo
FROM ora$ptt_mp_doubted mp_doubted
WHERE mp_doubted.mp_rid = mp_one;
        EXCEPTION WHEN OTHERS THEN
          IF NOT of_row THEN RAISE; END IF;
          mp_said := SUBSTR(SQLERRM, 1, 2000);
          INSERT INTO ora$ptt_mp_bad (mp_rid, said) VALUES (mp_one, mp_said);
          BEGIN
            INSERT INTO ora$ptt_mp_tried (mp_rid) SELECT mp_doubted.mp_rid
FROM ora$ptt_mp_doubted mp_doubted
WHERE mp_doubted.mp_rid = mp_one;
          EXCEPTION WHEN OTHERS THEN
            IF NOT of_row THEN RAISE; END IF;
          END;
        END;
      END LOOP;
    END;
    mp_low := mp_high + 1;
  END LOOP;
END;
/
DECLARE
  mp_low NUMBER := 1;
  mp_high NUMBER;
  mp_top NUMBER;
  mp_said VARCHAR2(4000 CHAR);
  FUNCTION of_row RETURN BOOLEAN IS BEGIN RETURN SQLCODE IN (-1, -1400, -1401, -1407, -1426, -1428, -1438, -1461, -1465, -1476, -1489, -1722, -2290, -2291, -2292, -6502, -12713, -12899, -22835, -24816, -29275, -40441) OR SQLCODE BETWEEN -1899 AND -1830 OR SQLCODE BETWEEN -20999 AND -20000; END;
BEGIN
  SELECT MAX(mp_rid) INTO mp_top FROM ora$ptt_mp_doubted;
  WHILE mp_low <= mp_top LOOP
    mp_high := LEAST(mp_low + 64 - 1, mp_top);
    BEGIN
      INSERT INTO ora$ptt_mp_tried (mp_rid, note) SELECT mp_doubted.mp_rid, mp_doubted.note
FROM ora$ptt_mp_doubted mp_doubted
WHERE mp_doubted.mp_rid BETWEEN mp_low AND mp_high;
    EXCEPTION WHEN OTHERS THEN
      IF NOT of_row THEN RAISE; END IF;
      FOR mp_one IN mp_low .. mp_high LOOP
        BEGIN
          INSERT INTO ora$ptt_mp_tried (mp_rid, note) SELECT mp_doubted.mp_rid, mp_doubted.note
FROM ora$ptt_mp_doubted mp_doubted
WHERE mp_doubted.mp_rid = mp_one;
        EXCEPTION WHEN OTHERS THEN
          IF NOT of_row THEN RAISE; END IF;
          mp_said := SUBSTR(SQLERRM, 1, 2000);
          INSERT INTO ora$ptt_mp_bad (mp_rid, said) VALUES (mp_one, mp_said);
          BEGIN
            INSERT INTO ora$ptt_mp_tried (mp_rid) SELECT mp_doubted.mp_rid
FROM ora$ptt_mp_doubted mp_doubted
WHERE mp_doubted.mp_rid = mp_one;
          EXCEPTION WHEN OTHERS THEN
            IF NOT of_row THEN RAISE; END IF;
          END;
        END;
      END LOOP;
    END;
    mp_low := mp_high + 1;
  END LOOP;
END;
/
DECLARE
  mp_low NUMBER := 1;
  mp_high NUMBER;
  mp_top NUMBER;
  mp_said VARCHAR2(4000 CHAR);
  FUNCTION of_row RETURN BOOLEAN IS BEGIN RETURN SQLCODE IN (-1, -1400, -1401, -1407, -1426, -1428, -1438, -1461, -1465, -1476, -1489, -1722, -2290, -2291, -2292, -6502, -12713, -12899, -22835, -24816, -29275, -40441) OR SQLCODE BETWEEN -1899 AND -1830 OR SQLCODE BETWEEN -20999 AND -20000; END;
BEGIN
  SELECT MAX(mp_rid) INTO mp_top FROM ora$ptt_mp_doubted;
  WHILE mp_low <= mp_top LOOP
    mp_high := LEAST(mp_low + 64 - 1, mp_top);
    BEGIN
      INSERT INTO ora$ptt_mp_tried (mp_rid, born) SELECT mp_doubted.mp_rid, CAST(mp_doubted.born AS DATE) AS born
FROM ora$ptt_mp_doubted mp_doubted
WHERE mp_doubted.mp_rid BETWEEN mp_low AND mp_high;
    EXCEPTION WHEN OTHERS THEN
      IF NOT of_row THEN RAISE; END IF;
      FOR mp_one IN mp_low .. mp_high LOOP
        BEGIN
          INSERT INTO ora$ptt_mp_tried (mp_rid, born) SELECT mp_doubted.mp_rid, CAST(mp_doubted.born AS DATE) AS born
FROM ora$ptt_mp_doubted mp_doubted
WHERE mp_doubted.mp_rid = mp_one;
        EXCEPTION WHEN OTHERS THEN
          IF NOT of_row THEN RAISE; END IF;
          mp_said := SUBSTR(SQLERRM, 1, 2000);
          INSERT INTO ora$ptt_mp_bad (mp_rid, said) VALUES (mp_one, mp_said);
          BEGIN
            INSERT INTO ora$ptt_mp_tried (mp_rid) SELECT mp_doubted.mp_rid
FROM ora$ptt_mp_doubted mp_doubted
WHERE mp_doubted.mp_rid = mp_one;
          EXCEPTION WHEN OTHERS THEN
            IF NOT of_row THEN RAISE; END IF;
          END;
        END;
      END LOOP;
    END;
    mp_low := mp_high + 1;
  END LOOP;
END;
/
DECLARE
  mp_low NUMBER := 1;
  mp_high NUMBER;
  mp_top NUMBER;
  mp_said VARCHAR2(4000 CHAR);
  FUNCTION of_row RETURN BOOLEAN IS BEGIN RETURN SQLCODE IN (-1, -1400, -1401, -1407, -1426, -1428, -1438, -1461, -1465, -1476, -1489, -1722, -2290, -2291, -2292, -6502, -12713, -12899, -22835, -24816, -29275, -40441) OR SQLCODE BETWEEN -1899 AND -1830 OR SQLCODE BETWEEN -20999 AND -20000; END;
BEGIN
  SELECT MAX(mp_rid) INTO mp_top FROM ora$ptt_mp_doubted;
  WHILE mp_low <= mp_top LOOP
    mp_high := LEAST(mp_low + 64 - 1, mp_top);
    BEGIN
      INSERT INTO ora$ptt_mp_tried (mp_rid, score) SELECT mp_doubted.mp_rid, mp_doubted.score
FROM ora$ptt_mp_doubted mp_doubted
WHERE mp_doubted.mp_rid BETWEEN mp_low AND mp_high;
    EXCEPTION WHEN OTHERS THEN
      IF NOT of_row THEN RAISE; END IF;
      FOR mp_one IN mp_low .. mp_high LOOP
        BEGIN
          INSERT INTO ora$ptt_mp_tried (mp_rid, score) SELECT mp_doubted.mp_rid, mp_doubted.score
FROM ora$ptt_mp_doubted mp_doubted
WHERE mp_doubted.mp_rid = mp_one;
        EXCEPTION WHEN OTHERS THEN
          IF NOT of_row THEN RAISE; END IF;
          mp_said := SUBSTR(SQLERRM, 1, 2000);
          INSERT INTO ora$ptt_mp_bad (mp_rid, said) VALUES (mp_one, mp_said);
          BEGIN
            INSERT INTO ora$ptt_mp_tried (mp_rid) SELECT mp_doubted.mp_rid
FROM ora$ptt_mp_doubted mp_doubted
WHERE mp_doubted.mp_rid = mp_one;
          EXCEPTION WHEN OTHERS THEN
            IF NOT of_row THEN RAISE; END IF;
          END;
        END;
      END LOOP;
    END;
    mp_low := mp_high + 1;
  END LOOP;
END;
/
DECLARE
  mp_low NUMBER := 1;
  mp_high NUMBER;
  mp_top NUMBER;
  mp_said VARCHAR2(4000 CHAR);
  FUNCTION of_row RETURN BOOLEAN IS BEGIN RETURN SQLCODE IN (-1, -1400, -1401, -1407, -1426, -1428, -1438, -1461, -1465, -1476, -1489, -1722, -2290, -2291, -2292, -6502, -12713, -12899, -22835, -24816, -29275, -40441) OR SQLCODE BETWEEN -1899 AND -1830 OR SQLCODE BETWEEN -20999 AND -20000; END;
BEGIN
  SELECT MAX(mp_rid) INTO mp_top FROM ora$ptt_mp_doubted;
  WHILE mp_low <= mp_top LOOP
    mp_high := LEAST(mp_low + 64 - 1, mp_top);
    BEGIN
      INSERT INTO ora$ptt_mp_tried (mp_rid, price) SELECT mp_doubted.mp_rid, mp_doubted.price
FROM ora$ptt_mp_doubted mp_doubted
WHERE mp_doubted.mp_rid BETWEEN mp_low AND mp_high;
    EXCEPTION WHEN OTHERS THEN
      IF NOT of_row THEN RAISE; END IF;
      FOR mp_one IN mp_low .. mp_high LOOP
        BEGIN
          INSERT INTO ora$ptt_mp_tried (mp_rid, price) SELECT mp_doubted.mp_rid, mp_doubted.price
FROM ora$ptt_mp_doubted mp_doubted
WHERE mp_doubted.mp_rid = mp_one;
        EXCEPTION WHEN OTHERS THEN
          IF NOT of_row THEN RAISE; END IF;
          mp_said := SUBSTR(SQLERRM, 1, 2000);
          INSERT INTO ora$ptt_mp_bad (mp_rid, said) VALUES (mp_one, mp_said);
          BEGIN
            INSERT INTO ora$ptt_mp_tried (mp_rid) SELECT mp_doubted.mp_rid
FROM ora$ptt_mp_doubted mp_doubted
WHERE mp_doubted.mp_rid = mp_one;
          EXCEPTION WHEN OTHERS THEN
            IF NOT of_row THEN RAISE; END IF;
          END;
        END;
      END LOOP;
    END;
    mp_low := mp_high + 1;
  END LOOP;
END;
/
DECLARE
  mp_low NUMBER := 1;
  mp_high NUMBER;
  mp_top NUMBER;
  mp_said VARCHAR2(4000 CHAR);
  FUNCTION of_row RETURN BOOLEAN IS BEGIN RETURN SQLCODE IN (-1, -1400, -1401, -1407, -1426, -1428, -1438, -1461, -1465, -1476, -1489, -1722, -2290, -2291, -2292, -6502, -12713, -12899, -22835, -24816, -29275, -40441) OR SQLCODE BETWEEN -1899 AND -1830 OR SQLCODE BETWEEN -20999 AND -20000; END;
BEGIN
  SELECT MAX(mp_rid) INTO mp_top FROM ora$ptt_mp_doubted;
  WHILE mp_low <= mp_top LOOP
    mp_high := LEAST(mp_low + 64 - 1, mp_top);
    BEGIN
      INSERT INTO ora$ptt_mp_tried (mp_rid, name) SELECT mp_doubted.mp_rid, mp_doubted.name
FROM ora$ptt_mp_doubted mp_doubted
WHERE mp_doubted.mp_rid BETWEEN mp_low AND mp_high;
    EXCEPTION WHEN OTHERS THEN
      IF NOT of_row THEN RAISE; END IF;
      FOR mp_one IN mp_low .. mp_high LOOP
        BEGIN
          INSERT INTO ora$ptt_mp_tried (mp_rid, name) SELECT mp_doubted.mp_rid, mp_doubted.name
FROM ora$ptt_mp_doubted mp_doubted
WHERE mp_doubted.mp_rid = mp_one;
        EXCEPTION WHEN OTHERS THEN
          IF NOT of_row THEN RAISE; END IF;
          mp_said := SUBSTR(SQLERRM, 1, 2000);
          INSERT INTO ora$ptt_mp_bad (mp_rid, said) VALUES (mp_one, mp_said);
          BEGIN
            INSERT INTO ora$ptt_mp_tried (mp_rid) SELECT mp_doubted.mp_rid
FROM ora$ptt_mp_doubted mp_doubted
WHERE mp_doubted.mp_rid = mp_one;
          EXCEPTION WHEN OTHERS THEN
            IF NOT of_row THEN RAISE; END IF;
          END;
        END;
      END LOOP;
    END;
    mp_low := mp_high + 1;
  END LOOP;
END;
/
DECLARE
  mp_low NUMBER := 1;
  mp_high NUMBER;
  mp_top NUMBER;
  mp_said VARCHAR2(4000 CHAR);
  FUNCTION of_row RETURN BOOLEAN IS BEGIN RETURN SQLCODE IN (-1, -1400, -1401, -1407, -1426, -1428, -1438, -1461, -1465, -1476, -1489, -1722, -2290, -2291, -2292, -6502, -12713, -12899, -22835, -24816, -29275, -40441) OR SQLCODE BETWEEN -1899 AND -1830 OR SQLCODE BETWEEN -20999 AND -20000; END;
BEGIN
  SELECT MAX(mp_rid) INTO mp_top FROM ora$ptt_mp_doubted;
  WHILE mp_low <= mp_top LOOP
    mp_high := LEAST(mp_low + 64 - 1, mp_top);
    BEGIN
      INSERT INTO ora$ptt_mp_tried (mp_rid, id) SELECT mp_doubted.mp_rid, mp_doubted.id
FROM ora$ptt_mp_doubted mp_doubted
WHERE mp_doubted.mp_rid BETWEEN mp_low AND mp_high;
    EXCEPTION WHEN OTHERS THEN
      IF NOT of_row THEN RAISE; END IF;
      FOR mp_one IN mp_low .. mp_high LOOP
        BEGIN
          INSERT INTO ora$ptt_mp_tried (mp_rid, id) SELECT mp_doubted.mp_rid, mp_doubted.id
FROM ora$ptt_mp_doubted mp_doubted
WHERE mp_doubted.mp_rid = mp_one;
        EXCEPTION WHEN OTHERS THEN
          IF NOT of_row THEN RAISE; END IF;
          mp_said := SUBSTR(SQLERRM, 1, 2000);
          INSERT INTO ora$ptt_mp_bad (mp_rid, said) VALUES (mp_one, mp_said);
          BEGIN
            INSERT INTO ora$ptt_mp_tried (mp_rid) SELECT mp_doubted.mp_rid
FROM ora$ptt_mp_doubted mp_doubted
WHERE mp_doubted.mp_rid = mp_one;
          EXCEPTION WHEN OTHERS THEN
            IF NOT of_row THEN RAISE; END IF;
          END;
        END;
      END LOOP;
    END;
    mp_low := mp_high + 1;
  END LOOP;
END;
/
DECLARE
  mp_low NUMBER := 1;
  mp_high NUMBER;
  mp_top NUMBER;
  mp_said VARCHAR2(4000 CHAR);
  FUNCTION of_row RETURN BOOLEAN IS BEGIN RETURN SQLCODE IN (-1, -1400, -1401, -1407, -1426, -1428, -1438, -1461, -1465, -1476, -1489, -1722, -2290, -2291, -2292, -6502, -12713, -12899, -22835, -24816, -29275, -40441) OR SQLCODE BETWEEN -1899 AND -1830 OR SQLCODE BETWEEN -20999 AND -20000; END;
BEGIN
  SELECT MAX(mp_rid) INTO mp_top FROM ora$ptt_mp_doubted;
  WHILE mp_low <= mp_top LOOP
    mp_high := LEAST(mp_low + 64 - 1, mp_top);
    BEGIN
      INSERT INTO ora$ptt_mp_tried (mp_rid, shop) SELECT mp_doubted.mp_rid, mp_doubted.shop
FROM ora$ptt_mp_doubted mp_doubted
WHERE mp_doubted.mp_rid BETWEEN mp_low AND mp_high;
    EXCEPTION WHEN OTHERS THEN
      IF NOT of_row THEN RAISE; END IF;
      FOR mp_one IN mp_low .. mp_high LOOP
        BEGIN
          INSERT INTO ora$ptt_mp_tried (mp_rid, shop) SELECT mp_doubted.mp_rid, mp_doubted.shop
FROM ora$ptt_mp_doubted mp_doubted
WHERE mp_doubted.mp_rid = mp_one;
        EXCEPTION WHEN OTHERS THEN
          IF NOT of_row THEN RAISE; END IF;
          mp_said := SUBSTR(SQLERRM, 1, 2000);
          INSERT INTO ora$ptt_mp_bad (mp_rid, said) VALUES (mp_one, mp_said);
          BEGIN
            INSERT INTO ora$ptt_mp_tried (mp_rid) SELECT mp_doubted.mp_rid
FROM ora$ptt_mp_doubted mp_doubted
WHERE mp_doubted.mp_rid = mp_one;
          EXCEPTION WHEN OTHERS THEN
            IF NOT of_row THEN RAISE; END IF;
          END;
        END;
      END LOOP;
    END;
    mp_low := mp_high + 1;
  END LOOP;
END;
/
SAVEPOINT sa_savepoint_3
/
