SELECT count(*) AS count_1
FROM dw.dim_customer
WHERE dw.dim_customer.curflg = :param_1
/
SELECT SYS_CONTEXT('USERENV', 'DB_UNIQUE_NAME') || '/' || SYS_CONTEXT('USERENV', 'CON_NAME')
           || '/' || SYS_CONTEXT('USERENV', 'SERVER_HOST')
           || '/' || SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA')
           || '/' || username || '/' || TO_CHAR(created, 'YYYYMMDDHH24MISS')
    FROM user_users
/
BEGIN
  EXECUTE IMMEDIATE 'CREATE PRIVATE TEMPORARY TABLE ora$ptt_mp_source_keys (k1 NUMBER(19), k2 VARCHAR2(4000 CHAR)) ON COMMIT DROP DEFINITION';
EXCEPTION WHEN OTHERS THEN
  IF SQLCODE <> -955 THEN RAISE; END IF;
  EXECUTE IMMEDIATE 'DELETE FROM ora$ptt_mp_source_keys';
END;
/
SELECT DISTINCT src.shop AS k1, src.id AS k2
FROM (SELECT * FROM crm.customers
) src
/
SELECT count(*) AS count_1
FROM dw.dim_customer
LEFT OUTER JOIN ora$ptt_mp_source_keys mp_source_keys ON dw.dim_customer.shop = mp_source_keys.k1 AND nvl(rtrim(dw.dim_customer.id), substr(dw.dim_customer.id, 1, 1)) = mp_source_keys.k2
WHERE dw.dim_customer.curflg = :param_1 AND mp_source_keys.k1 IS NULL
/
