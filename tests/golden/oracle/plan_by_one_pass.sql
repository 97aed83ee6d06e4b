SELECT mp_keys.k1, mp_keys.k2, mp_keys.place, rank() OVER (ORDER BY mp_keys.k1, mp_keys.k2) AS rank
FROM (SELECT src.shop AS k1, src.id AS k2, row_number() OVER (ORDER BY src.shop, src.id) - :param_1 AS place
FROM (SELECT * FROM crm.customers
) src
WHERE src.shop IS NOT NULL AND src.id IS NOT NULL) mp_keys
WHERE mod(mp_keys.place, :place_1) = :param_2
ORDER BY mp_keys.place
/
