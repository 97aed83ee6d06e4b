SELECT dms_prclog.prcid
FROM dms_prclog
WHERE dms_prclog.request_key = :request_key_1
/
INSERT INTO dms_prclog (sessionid, jobid, mapref, status, srcrows, trgrows, errrows, reccrdt, recupdt, run_key, request_key, jobspec, chunks, inserted, updated, expired, unchanged, stop_now, sends, wait_for_target, here, replays, moments) VALUES (:sessionid, :jobid, :mapref, :status, :srcrows, :trgrows, :errrows, (SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_1, 'SECOND')), (SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_2, 'SECOND')), :run_key, :request_key, :jobspec, :chunks, :inserted, :updated, :expired, :unchanged, :stop_now, :sends, :wait_for_target, :here, :replays, :moments) RETURNING dms_prclog.prcid INTO :ret_0
/
SELECT dms_alembic_version.version_num
FROM dms_alembic_version
/
UPDATE dms_prclog SET strtdt=coalesce(dms_prclog.strtdt, (SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_1, 'SECOND'))), recupdt=(SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_2, 'SECOND')), worker=:worker, token=:token, lease_until=(SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_3, 'SECOND')), due_at=NULL WHERE dms_prclog.prcid = :prcid_1 AND dms_prclog.status = :status_1 AND (dms_prclog.token IS NULL OR dms_prclog.lease_until < (SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_4, 'SECOND')))
/
UPDATE dms_prclog SET lease_until=(SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_1, 'SECOND')) WHERE dms_prclog.prcid = :prcid_1 AND dms_prclog.token = :token_1
/
SELECT dms_prclog.stop_now
FROM dms_prclog
WHERE dms_prclog.prcid = :prcid_1
/
SELECT dms_prclog.token, dms_prclog.stop_now
FROM dms_prclog
WHERE dms_prclog.prcid = :prcid_1
/
UPDATE dms_prclog SET moment=:moment WHERE dms_prclog.prcid = :prcid_1 AND dms_prclog.status = :status_1 AND dms_prclog.moment IS NULL
/
UPDATE dms_prclog SET status=:status, strtdt=coalesce(dms_prclog.strtdt, (SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_1, 'SECOND'))), prclog=NULL, recupdt=(SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_2, 'SECOND')), plan=:plan, chunks=:chunks, est_rows=:est_rows, max_workers=:max_workers, token=CASE WHEN (dms_prclog.here != :here_1) THEN dms_prclog.token ELSE NULL END, lease_until=CASE WHEN (dms_prclog.here != :here_1) THEN dms_prclog.lease_until ELSE NULL END, moment=dms_prclog.moment, moments=CASE WHEN (dms_prclog.moment IS NOT NULL) THEN :param_3 ELSE :param_4 END WHERE dms_prclog.prcid = :prcid_1 AND dms_prclog.status = :status_1 AND dms_prclog.token = :token_1
/
INSERT INTO dms_prcchunk (prcid, chunk_no, slice, status, attempt, source, inserted, updated, expired, unchanged, rejected, est_rows, sends, workers_lost) VALUES (:prcid, :chunk_no, :slice, :status, :attempt, :source, :inserted, :updated, :expired, :unchanged, :rejected, :est_rows, :sends, :workers_lost)
/
SELECT dms_prclog.prcid, dms_prclog.sessionid, dms_prclog.jobid, dms_prclog.mapref, dms_prclog.status, dms_prclog.strtdt, dms_prclog.enddt, dms_prclog.param1, dms_prclog.srcrows, dms_prclog.trgrows, dms_prclog.errrows, dms_prclog.prclog, dms_prclog.reccrdt, dms_prclog.recupdt, dms_prclog.run_key, dms_prclog.request_key, dms_prclog.jobspec, dms_prclog.plan, dms_prclog.chunks, dms_prclog.est_rows, dms_prclog.max_workers, dms_prclog.inserted, dms_prclog.updated, dms_prclog.expired, dms_prclog.unchanged, dms_prclog.worker, dms_prclog.token, dms_prclog.lease_until, dms_prclog.cancelled, dms_prclog.stop_now, dms_prclog.sends, dms_prclog.due_at, dms_prclog.wait_for_target, dms_prclog.here, dms_prclog.replays, dms_prclog.moment, dms_prclog.moments
FROM dms_prclog
WHERE dms_prclog.prcid = :prcid_1 FOR UPDATE
/
SELECT dms_prcchunk.chunk_no
FROM dms_prcchunk
WHERE dms_prcchunk.prcid = :prcid_1 AND dms_prcchunk.status = :status_1 AND dms_prcchunk.dispatched_at IS NULL
ORDER BY dms_prcchunk.chunk_no
 FETCH FIRST 3 ROWS ONLY
/
UPDATE dms_prcchunk SET task_id=:new_task_id, dispatched_at=(SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_1, 'SECOND')), sends=(dms_prcchunk.sends + :sends_1) WHERE dms_prcchunk.prcid = :prcid_1 AND dms_prcchunk.chunk_no = :of_chunk
/
SELECT dms_prcchunk.task_id
FROM dms_prcchunk
WHERE dms_prcchunk.prcid = :prcid_1 AND dms_prcchunk.status IN (:status_1_1, :status_1_2) AND dms_prcchunk.task_id IS NOT NULL
ORDER BY dms_prcchunk.chunk_no
/
SELECT dms_prclog.moment
FROM dms_prclog
WHERE dms_prclog.prcid = :prcid_1
/
UPDATE dms_prcchunk SET status=:status, attempt=(dms_prcchunk.attempt + :attempt_1), worker=:worker, heartbeat=(SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_1, 'SECOND')), token=:token, lease_until=(SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_2, 'SECOND')), sends=:sends, strtdt=(SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_3, 'SECOND')), error=NULL WHERE dms_prcchunk.prcid = :prcid_1 AND dms_prcchunk.chunk_no = :chunk_no_1 AND dms_prcchunk.status = :status_1
/
SELECT dms_prcchunk.prcid, dms_prcchunk.chunk_no, dms_prcchunk.slice, dms_prcchunk.status, dms_prcchunk.task_id, dms_prcchunk.attempt, dms_prcchunk.worker, dms_prcchunk.heartbeat, dms_prcchunk.source, dms_prcchunk.inserted, dms_prcchunk.updated, dms_prcchunk.expired, dms_prcchunk.unchanged, dms_prcchunk.rejected, dms_prcchunk.seconds, dms_prcchunk.est_rows, dms_prcchunk.token, dms_prcchunk.lease_until, dms_prcchunk.dispatched_at, dms_prcchunk.sends, dms_prcchunk.workers_lost, dms_prcchunk.strtdt, dms_prcchunk.enddt, dms_prcchunk.error
FROM dms_prcchunk
WHERE dms_prcchunk.prcid = :prcid_1 AND dms_prcchunk.chunk_no = :chunk_no_1
/
UPDATE dms_prcchunk SET heartbeat=(SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_1, 'SECOND')), lease_until=(SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_2, 'SECOND')) WHERE dms_prcchunk.prcid = :prcid_1 AND dms_prcchunk.chunk_no = :chunk_no_1 AND dms_prcchunk.token = :token_1 AND dms_prcchunk.lease_until IS NOT NULL
/
SELECT dms_prclog.stop_now, (SELECT dms_prcchunk.token
FROM dms_prcchunk
WHERE dms_prcchunk.prcid = :prcid_1 AND dms_prcchunk.chunk_no = :chunk_no_1 AND dms_prcchunk.token = :token_1 AND dms_prcchunk.lease_until IS NOT NULL) AS token
FROM dms_prclog
WHERE dms_prclog.prcid = :prcid_2
/
SELECT dms_prcchunk.chunk_no
FROM dms_prcchunk
WHERE dms_prcchunk.prcid = :prcid_1 AND dms_prcchunk.chunk_no = :chunk_no_1 AND dms_prcchunk.token = :token_1 AND dms_prcchunk.lease_until IS NOT NULL
/
DELETE FROM dms_joberr WHERE dms_joberr.prcid = :prcid_1 AND dms_joberr.chunk_no = :chunk_no_1
/
SELECT count(*) AS count_1
FROM dms_joberr JOIN dms_prcchunk ON dms_joberr.prcid = dms_prcchunk.prcid AND dms_joberr.chunk_no = dms_prcchunk.chunk_no
WHERE dms_joberr.prcid = :prcid_1 AND dms_prcchunk.status IN (:status_1_1, :status_1_2)
/
INSERT INTO dms_joberr (prcdt, errtyp, errmsg, dberrmsg, keyvalue, jobid, sessionid, prcid, mapref, chunk_no) VALUES ((SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_1, 'SECOND')), :errtyp, :errmsg, :dberrmsg, :keyvalue, :jobid, :sessionid, :prcid, :mapref, :chunk_no)
/
UPDATE dms_prcchunk SET status=:status, heartbeat=(SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_1, 'SECOND')), source=:source, inserted=:inserted, updated=:updated, expired=:expired, unchanged=:unchanged, rejected=:rejected, seconds=:seconds, lease_until=NULL, enddt=(SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_2, 'SECOND')), error=NULL WHERE dms_prcchunk.prcid = :prcid_1 AND dms_prcchunk.chunk_no = :chunk_no_1 AND dms_prcchunk.token = :token_1 AND dms_prcchunk.lease_until IS NOT NULL
/
INSERT INTO dms_joblog (prcdt, mapref, jobid, srcrows, trgrows, errrows, prcid, sessionid, reccrdt, chunk_no) VALUES ((SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_1, 'SECOND')), :mapref, :jobid, :srcrows, :trgrows, :errrows, :prcid, :sessionid, (SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_2, 'SECOND')), :chunk_no) RETURNING dms_joblog.joblogid INTO :ret_0
/
UPDATE dms_joberr SET joblogid=:joblogid WHERE dms_joberr.prcid = :prcid_1 AND dms_joberr.chunk_no = :chunk_no_1
/
UPDATE dms_prclog SET srcrows=(dms_prclog.srcrows + :srcrows_1), trgrows=(dms_prclog.trgrows + :trgrows_1), errrows=(dms_prclog.errrows + :errrows_1), recupdt=(SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_1, 'SECOND')), inserted=(dms_prclog.inserted + :inserted_1), updated=(dms_prclog.updated + :updated_1), expired=(dms_prclog.expired + :expired_1), unchanged=(dms_prclog.unchanged + :unchanged_1) WHERE dms_prclog.prcid = :prcid_1
/
SELECT dms_prclog.prcid, dms_prclog.sessionid, dms_prclog.jobid, dms_prclog.mapref, dms_prclog.status, dms_prclog.strtdt, dms_prclog.enddt, dms_prclog.param1, dms_prclog.srcrows, dms_prclog.trgrows, dms_prclog.errrows, dms_prclog.prclog, dms_prclog.reccrdt, dms_prclog.recupdt, dms_prclog.run_key, dms_prclog.request_key, dms_prclog.jobspec, dms_prclog.plan, dms_prclog.chunks, dms_prclog.est_rows, dms_prclog.max_workers, dms_prclog.inserted, dms_prclog.updated, dms_prclog.expired, dms_prclog.unchanged, dms_prclog.worker, dms_prclog.token, dms_prclog.lease_until, dms_prclog.cancelled, dms_prclog.stop_now, dms_prclog.sends, dms_prclog.due_at, dms_prclog.wait_for_target, dms_prclog.here, dms_prclog.replays, dms_prclog.moment, dms_prclog.moments
FROM dms_prclog
WHERE dms_prclog.prcid = :prcid_1
/
SELECT dms_prcchunk.chunk_no
FROM dms_prcchunk
WHERE dms_prcchunk.prcid = :prcid_1 AND dms_prcchunk.status = :status_1
 FETCH FIRST 1 ROWS ONLY
/
SELECT dms_prcchunk.status, count(*) AS chunks, sum(dms_prcchunk.source) AS source, sum(dms_prcchunk.inserted) AS inserted, sum(dms_prcchunk.updated) AS updated, sum(dms_prcchunk.expired) AS expired, sum(dms_prcchunk.unchanged) AS unchanged, sum(dms_prcchunk.rejected) AS rejected
FROM dms_prcchunk
WHERE dms_prcchunk.prcid = :prcid_1 GROUP BY dms_prcchunk.status
/
SELECT dms_prcchunk.prcid, dms_prcchunk.chunk_no, dms_prcchunk.slice, dms_prcchunk.status, dms_prcchunk.task_id, dms_prcchunk.attempt, dms_prcchunk.worker, dms_prcchunk.heartbeat, dms_prcchunk.source, dms_prcchunk.inserted, dms_prcchunk.updated, dms_prcchunk.expired, dms_prcchunk.unchanged, dms_prcchunk.rejected, dms_prcchunk.seconds, dms_prcchunk.est_rows, dms_prcchunk.token, dms_prcchunk.lease_until, dms_prcchunk.dispatched_at, dms_prcchunk.sends, dms_prcchunk.workers_lost, dms_prcchunk.strtdt, dms_prcchunk.enddt, dms_prcchunk.error
FROM dms_prcchunk
WHERE dms_prcchunk.prcid = :prcid_1 AND dms_prcchunk.status = :status_1
ORDER BY dms_prcchunk.enddt, dms_prcchunk.chunk_no
 FETCH FIRST 1 ROWS ONLY
/
UPDATE dms_prclog SET status=:status, strtdt=coalesce(dms_prclog.strtdt, (SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_1, 'SECOND'))), enddt=(SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_2, 'SECOND')), param1=:param1, srcrows=:srcrows, trgrows=:trgrows, errrows=:errrows, prclog=:prclog, recupdt=(SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_3, 'SECOND')), inserted=:inserted, updated=:updated, expired=:expired, unchanged=:unchanged, token=NULL, lease_until=NULL, moment=NULL WHERE dms_prclog.prcid = :prcid_1 AND dms_prclog.status = :status_1
/
UPDATE dms_prcreq SET status=:status, completed_at=(SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_1, 'SECOND')) WHERE dms_prcreq.prcid = :prcid_1 AND dms_prcreq.status IN (:status_1_1, :status_1_2)
/
SELECT dms_prclog.param1
FROM dms_prclog
WHERE dms_prclog.mapref = :mapref_1 AND dms_prclog.status = :status_1
ORDER BY dms_prclog.prcid DESC
 FETCH FIRST 1 ROWS ONLY
/
