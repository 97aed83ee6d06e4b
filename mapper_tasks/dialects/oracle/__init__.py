"""Oracle Database 19c and later, through python-oracledb's thin mode."""
