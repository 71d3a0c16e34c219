SELECT p.key AS parent_key, r.* FROM unnest($2::text[]) AS p(key) CROSS JOIN LATERAL (
  SELECT t.id, t.name, t.kind, t.location, t.status FROM inventory_component t
  WHERE t.customer = $1 AND t.solution = p.key AND t.exclusion IS NULL
  ORDER BY t.name, t.id LIMIT $3
) AS r ORDER BY p.key, r.name, r.id
