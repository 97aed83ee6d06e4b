"""MariaDB 10.6 and later through PyMySQL; MySQL 8 as a source."""
