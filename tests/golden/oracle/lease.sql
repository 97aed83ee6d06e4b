SELECT SYS_EXTRACT_UTC(SYSTIMESTAMP) FROM dual
/
SELECT dms_targetlease.target, dms_targetlease.prcid, dms_targetlease.run_key, dms_targetlease.expires_at
FROM dms_targetlease
WHERE dms_targetlease.target = :target_1
/
INSERT INTO dms_targetlease (target, prcid, run_key, expires_at) VALUES (:target, :prcid, :run_key, :expires_at)
/
UPDATE dms_targetlease SET expires_at=:expires_at WHERE dms_targetlease.run_key = :run_key_1
/
DELETE FROM dms_targetlease WHERE dms_targetlease.run_key = :run_key_1
/
SELECT count(*) AS count_1
FROM dms_targetlease
WHERE dms_targetlease.prcid = :prcid_1 AND dms_targetlease.run_key != :run_key_1
/
DELETE FROM dms_chunkmark WHERE dms_chunkmark.prcid = :prcid_1 AND dms_chunkmark.run_key != :run_key_1
/
