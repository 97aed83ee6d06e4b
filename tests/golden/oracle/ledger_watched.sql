UPDATE dms_prclog SET status=:status, strtdt=coalesce(dms_prclog.strtdt, (SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_1, 'SECOND'))), prclog=NULL, recupdt=(SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_2, 'SECOND')), plan=:plan, chunks=:chunks, est_rows=:est_rows, max_workers=:max_workers, token=CASE WHEN (dms_prclog.here != :here_1) THEN dms_prclog.token ELSE NULL END, lease_until=CASE WHEN (dms_prclog.here != :here_1) THEN dms_prclog.lease_until ELSE NULL END, moment=dms_prclog.moment, moments=CASE WHEN (dms_prclog.moment IS NOT NULL) THEN :param_3 ELSE :param_4 END WHERE dms_prclog.prcid = :prcid_1 AND dms_prclog.status = :status_1 AND (dms_prclog.token IS NULL OR dms_prclog.lease_until < (SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(:param_5, 'SECOND')))
/
SELECT dms_prclog.prcid, dms_prclog.sessionid, dms_prclog.jobid, dms_prclog.mapref, dms_prclog.status, dms_prclog.strtdt, dms_prclog.enddt, dms_prclog.param1, dms_prclog.srcrows, dms_prclog.trgrows, dms_prclog.errrows, dms_prclog.prclog, dms_prclog.reccrdt, dms_prclog.recupdt, dms_prclog.run_key, dms_prclog.request_key, dms_prclog.jobspec, dms_prclog.plan, dms_prclog.chunks, dms_prclog.est_rows, dms_prclog.max_workers, dms_prclog.inserted, dms_prclog.updated, dms_prclog.expired, dms_prclog.unchanged, dms_prclog.worker, dms_prclog.token, dms_prclog.lease_until, dms_prclog.cancelled, dms_prclog.stop_now, dms_prclog.sends, dms_prclog.due_at, dms_prclog.wait_for_target, dms_prclog.here, dms_prclog.replays, dms_prclog.moment, dms_prclog.moments
FROM dms_prclog
ORDER BY dms_prclog.prcid DESC
 FETCH FIRST 20 ROWS ONLY
/
SELECT dms_prclog.prcid, dms_prclog.sessionid, dms_prclog.jobid, dms_prclog.mapref, dms_prclog.status, dms_prclog.strtdt, dms_prclog.enddt, dms_prclog.param1, dms_prclog.srcrows, dms_prclog.trgrows, dms_prclog.errrows, dms_prclog.prclog, dms_prclog.reccrdt, dms_prclog.recupdt, dms_prclog.run_key, dms_prclog.request_key, dms_prclog.jobspec, dms_prclog.plan, dms_prclog.chunks, dms_prclog.est_rows, dms_prclog.max_workers, dms_prclog.inserted, dms_prclog.updated, dms_prclog.expired, dms_prclog.unchanged, dms_prclog.worker, dms_prclog.token, dms_prclog.lease_until, dms_prclog.cancelled, dms_prclog.stop_now, dms_prclog.sends, dms_prclog.due_at, dms_prclog.wait_for_target, dms_prclog.here, dms_prclog.replays, dms_prclog.moment, dms_prclog.moments
FROM dms_prclog
WHERE dms_prclog.mapref = :mapref_1
ORDER BY dms_prclog.prcid DESC
 FETCH FIRST 5 ROWS ONLY
/
SELECT dms_prcchunk.status, count(*) AS count_1
FROM dms_prcchunk
WHERE dms_prcchunk.prcid = :prcid_1 GROUP BY dms_prcchunk.status
/
SELECT dms_prcchunk.prcid, dms_prcchunk.chunk_no, dms_prcchunk.slice, dms_prcchunk.status, dms_prcchunk.task_id, dms_prcchunk.attempt, dms_prcchunk.worker, dms_prcchunk.heartbeat, dms_prcchunk.source, dms_prcchunk.inserted, dms_prcchunk.updated, dms_prcchunk.expired, dms_prcchunk.unchanged, dms_prcchunk.rejected, dms_prcchunk.seconds, dms_prcchunk.est_rows, dms_prcchunk.token, dms_prcchunk.lease_until, dms_prcchunk.dispatched_at, dms_prcchunk.sends, dms_prcchunk.workers_lost, dms_prcchunk.strtdt, dms_prcchunk.enddt, dms_prcchunk.error
FROM dms_prcchunk
WHERE dms_prcchunk.prcid = :prcid_1
ORDER BY dms_prcchunk.chunk_no
/
SELECT dms_joberr.errid, dms_joberr.joblogid, dms_joberr.prcdt, dms_joberr.errtyp, dms_joberr.errmsg, dms_joberr.dberrmsg, dms_joberr.keyvalue, dms_joberr.jobid, dms_joberr.sessionid, dms_joberr.prcid, dms_joberr.mapref, dms_joberr.chunk_no
FROM dms_joberr
WHERE dms_joberr.prcid = :prcid_1
ORDER BY dms_joberr.chunk_no, dms_joberr.errid
 FETCH FIRST 10 ROWS ONLY
/
SELECT dms_joberr.keyvalue
FROM dms_joberr
WHERE dms_joberr.prcid = :prcid_1
/
