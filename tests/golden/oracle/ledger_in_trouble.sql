SELECT count(*) AS count_1
FROM dms_prcchunk
WHERE dms_prcchunk.prcid = :prcid_1 AND dms_prcchunk.status IN (:status_1_1, :status_1_2) AND dms_prcchunk.dispatched_at IS NOT NULL
/
SELECT dms_prcchunk.chunk_no
FROM dms_prcchunk
WHERE dms_prcchunk.prcid = :prcid_1 AND dms_prcchunk.status = :status_1 AND dms_prcchunk.dispatched_at IS NULL
ORDER BY dms_prcchunk.chunk_no
 FETCH FIRST 1 ROWS ONLY
/
UPDATE dms_prcchunk SET status=:status, heartbeat=(SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_1, 'SECOND')), token=NULL, lease_until=NULL, dispatched_at=(SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_2, 'SECOND')), sends=:sends, error=:error WHERE dms_prcchunk.prcid = :prcid_1 AND dms_prcchunk.chunk_no = :chunk_no_1 AND dms_prcchunk.token = :token_1 AND dms_prcchunk.lease_until IS NOT NULL
/
UPDATE dms_prcchunk SET status=:status, token=NULL, lease_until=NULL, enddt=(SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_1, 'SECOND')), error=:error WHERE dms_prcchunk.prcid = :prcid_1 AND dms_prcchunk.chunk_no = :chunk_no_1 AND dms_prcchunk.token = :token_1 AND dms_prcchunk.lease_until IS NOT NULL
/
SELECT count(*) AS count_1
FROM dms_prcchunk JOIN dms_prclog ON dms_prclog.prcid = dms_prcchunk.prcid
WHERE dms_prcchunk.prcid = :prcid_1 AND dms_prcchunk.status = :status_1 AND dms_prcchunk.dispatched_at IS NULL AND coalesce(dms_prcchunk.heartbeat, dms_prclog.recupdt) < (SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_1, 'SECOND')) AND dms_prclog.recupdt < (SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_2, 'SECOND'))
/
UPDATE dms_prcchunk SET status=:status, token=NULL, lease_until=NULL, workers_lost=(dms_prcchunk.workers_lost + :workers_lost_1), enddt=(SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_1, 'SECOND')), error=:error WHERE dms_prcchunk.prcid = :prcid_1 AND dms_prcchunk.status = :status_1 AND dms_prcchunk.lease_until < (SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_2, 'SECOND')) AND dms_prcchunk.workers_lost + :workers_lost_1 >= :param_3
/
UPDATE dms_prcchunk SET status=:status, task_id=NULL, token=NULL, lease_until=NULL, dispatched_at=NULL, workers_lost=(dms_prcchunk.workers_lost + :workers_lost_1) WHERE dms_prcchunk.prcid = :prcid_1 AND dms_prcchunk.status = :status_1 AND dms_prcchunk.lease_until < (SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_1, 'SECOND'))
/
UPDATE dms_prcchunk SET task_id=NULL, dispatched_at=NULL WHERE dms_prcchunk.prcid = :prcid_1 AND dms_prcchunk.status = :status_1 AND (dms_prcchunk.sends <= :sends_1 AND dms_prcchunk.dispatched_at < (SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_1, 'SECOND')) OR dms_prcchunk.sends <= :sends_2 AND dms_prcchunk.dispatched_at < (SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_2, 'SECOND')) OR dms_prcchunk.sends <= :sends_3 AND dms_prcchunk.dispatched_at < (SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_3, 'SECOND')) OR dms_prcchunk.sends <= :sends_4 AND dms_prcchunk.dispatched_at < (SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_4, 'SECOND')) OR dms_prcchunk.sends <= :sends_5 AND dms_prcchunk.dispatched_at < (SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_5, 'SECOND')) OR dms_prcchunk.dispatched_at < (SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_6, 'SECOND')))
/
UPDATE dms_prclog SET recupdt=(SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_1, 'SECOND')), cancelled=:cancelled WHERE dms_prclog.prcid = :prcid_1 AND dms_prclog.status = :status_1 AND dms_prclog.moment = :moment_1 AND dms_prclog.cancelled IS NULL
/
INSERT INTO dms_prcreq (mapref, prcid, request_type, payload, status, requested_at) VALUES (:mapref, :prcid, :request_type, :payload, :status, (SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_1, 'SECOND'))) RETURNING dms_prcreq.request_id INTO :ret_0
/
UPDATE dms_prclog SET status=:status, recupdt=(SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_1, 'SECOND')), stop_now=:stop_now WHERE dms_prclog.prcid = :prcid_1
/
SELECT dms_prcreq.request_id
FROM dms_prcreq
WHERE upper(dms_prcreq.status) = :upper_1 AND upper(dms_prcreq.request_type) = :upper_2
ORDER BY dms_prcreq.request_id
/
SELECT dms_prcreq.request_id, dms_prcreq.prcid, dms_prcreq.mapref, dms_prcreq.payload AS payload
FROM dms_prcreq
WHERE dms_prcreq.request_id = :request_id_1
/
SELECT dms_prclog.prcid
FROM dms_prclog
WHERE dms_prclog.prcid = :prcid_1
ORDER BY dms_prclog.prcid
/
UPDATE dms_prcreq SET status=:status, completed_at=NULL, message=:message WHERE dms_prcreq.request_id = :request_id_1 AND upper(dms_prcreq.status) = :upper_1
/
SELECT dms_prclog.prcid
FROM dms_prclog
WHERE dms_prclog.status IN (:status_1_1, :status_1_2) AND dms_prclog.here = :here_1
ORDER BY dms_prclog.prcid
/
UPDATE dms_prcchunk SET status=:status, task_id=NULL, attempt=:attempt, heartbeat=NULL, token=NULL, lease_until=NULL, dispatched_at=NULL, sends=:sends, workers_lost=:workers_lost, enddt=NULL, error=NULL WHERE dms_prcchunk.prcid = :prcid_1 AND dms_prcchunk.status != :status_1
/
UPDATE dms_prclog SET status=:status, enddt=NULL, prclog=NULL, recupdt=(SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_1, 'SECOND')), cancelled=NULL, stop_now=:stop_now, sends=:sends, due_at=NULL, here=:here WHERE dms_prclog.prcid = :prcid_1
/
UPDATE dms_prclog SET status=:status, prclog=NULL, recupdt=(SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_1, 'SECOND')), token=NULL, lease_until=NULL, moments=CASE WHEN (EXISTS (SELECT *
FROM dms_prcchunk
WHERE dms_prcchunk.prcid = :prcid_1 AND dms_prcchunk.status = :status_1)) THEN dms_prclog.moments + :moments_1 ELSE :param_2 END WHERE dms_prclog.prcid = :prcid_2 AND dms_prclog.status = :status_2 AND dms_prclog.plan IS NOT NULL AND dms_prclog.moment IS NOT NULL AND dms_prclog.token = :token_1
/
UPDATE dms_prclog SET recupdt=(SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_1, 'SECOND')), cancelled=:cancelled WHERE dms_prclog.prcid = :prcid_1
/
UPDATE dms_prclog SET recupdt=(SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_1, 'SECOND')), token=:token, lease_until=(SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_2, 'SECOND')) WHERE dms_prclog.prcid = :prcid_1 AND dms_prclog.status = :status_1 AND dms_prclog.here != :here_1 AND (dms_prclog.token IS NULL OR dms_prclog.lease_until < (SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_3, 'SECOND')))
/
SELECT dms_prclog.prcid
FROM dms_prclog
WHERE dms_prclog.here != :here_1 AND dms_prclog.status IN (:status_1_1, :status_1_2, :status_1_3)
/
SELECT dms_prclog.prcid
FROM dms_prclog
WHERE dms_prclog.prcid = :prcid_1 AND dms_prclog.here != :here_1 AND (dms_prclog.lease_until < (SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_1, 'SECOND')) OR dms_prclog.token IS NULL AND dms_prclog.recupdt < (SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_2, 'SECOND')))
/
SELECT dms_prclog.prcid, dms_prclog.sends
FROM dms_prclog
WHERE dms_prclog.status = :status_1 AND dms_prclog.here = :here_1 AND (dms_prclog.token IS NULL OR dms_prclog.lease_until < (SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_1, 'SECOND'))) AND (dms_prclog.due_at < (SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_2, 'SECOND')) OR dms_prclog.due_at IS NULL AND dms_prclog.recupdt < (SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_3, 'SECOND')))
ORDER BY dms_prclog.prcid
/
UPDATE dms_prclog SET sends=:sends, due_at=(SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_1, 'SECOND')) WHERE dms_prclog.prcid = :prcid_1 AND dms_prclog.sends = :sends_1 AND dms_prclog.status = :status_1 AND dms_prclog.here = :here_1 AND (dms_prclog.token IS NULL OR dms_prclog.lease_until < (SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_2, 'SECOND'))) AND (dms_prclog.due_at < (SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_3, 'SECOND')) OR dms_prclog.due_at IS NULL AND dms_prclog.recupdt < (SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_4, 'SECOND')))
/
UPDATE dms_prclog SET moment=NULL WHERE dms_prclog.prcid = :prcid_1 AND dms_prclog.status = :status_1 AND dms_prclog.token = :token_1
/
UPDATE dms_prclog SET prclog=:prclog, recupdt=(SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_1, 'SECOND')), token=NULL, lease_until=NULL, sends=:sends, due_at=(SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_2, 'SECOND')) WHERE dms_prclog.prcid = :prcid_1 AND dms_prclog.status = :status_1 AND dms_prclog.token = :token_1
/
UPDATE dms_prclog SET status=:status, strtdt=coalesce(dms_prclog.strtdt, (SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_1, 'SECOND'))), enddt=(SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_2, 'SECOND')), param1=:param1, prclog=:prclog, recupdt=(SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_3, 'SECOND')), token=NULL, lease_until=NULL, moment=NULL WHERE dms_prclog.prcid = :prcid_1 AND dms_prclog.status = :status_1 AND (dms_prclog.token IS NULL OR dms_prclog.lease_until < (SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_4, 'SECOND')))
/
