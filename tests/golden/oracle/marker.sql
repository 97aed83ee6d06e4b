SELECT tables_and_views.table_name
FROM (SELECT a_tables.table_name AS table_name, a_tables.owner AS owner
FROM all_tables a_tables
UNION ALL SELECT a_views.view_name AS table_name, a_views.owner AS owner
FROM all_views a_views) tables_and_views
WHERE tables_and_views.table_name IN (:table_names_1, :table_names_2) AND tables_and_views.owner = :owner
/
CREATE TABLE dms_chunkmark (
	prcid NUMBER(19) NOT NULL,
	chunk_no INTEGER NOT NULL,
	tally VARCHAR2(1000 CHAR),
	applied_at TIMESTAMP,
	run_key VARCHAR2(36 CHAR) NOT NULL,
	PRIMARY KEY (prcid, chunk_no)
)
/
CREATE TABLE dms_targetlease (
	target VARCHAR2(300 CHAR) NOT NULL,
	prcid NUMBER(19) NOT NULL,
	run_key VARCHAR2(36 CHAR) NOT NULL,
	expires_at TIMESTAMP NOT NULL,
	PRIMARY KEY (target)
)
/
