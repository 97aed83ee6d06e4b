DECLARE
  mine NUMBER(1) := 1;
BEGIN
  BEGIN
    EXECUTE IMMEDIATE 'CREATE TABLE dw.of_kinds (a_integer NUMBER(19), a_numeric NUMBER, a_float BINARY_DOUBLE, a_text VARCHAR2(4000 CHAR), a_boolean NUMBER(1), a_date DATE, a_time VARCHAR2(21 CHAR), a_timestamp TIMESTAMP(6), a_timestamptz TIMESTAMP(6), a_interval VARCHAR2(60 CHAR), a_uuid VARCHAR2(36 CHAR), a_bytes BLOB, a_json CLOB, wide_text CLOB, short_text VARCHAR2(30 CHAR), fixed_text CHAR(30 CHAR), money NUMBER(18,4))';
  EXCEPTION WHEN OTHERS THEN
    IF SQLCODE <> -955 THEN RAISE; END IF;
    mine := 0;
  END;
  BEGIN
    EXECUTE IMMEDIATE 'CREATE INDEX dw.of_kinds_key ON dw.of_kinds (a_integer)';
  EXCEPTION WHEN OTHERS THEN
    IF SQLCODE NOT IN (-955, -1408, -2260, -2261) THEN
      IF mine = 1 THEN EXECUTE IMMEDIATE 'DROP TABLE dw.of_kinds PURGE'; END IF;
      RAISE;
    END IF;
  END;
END;
/
