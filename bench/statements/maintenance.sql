SELECT p.key AS parent_key, r.* FROM unnest($2::text[]) AS p(key) CROSS JOIN LATERAL (
  SELECT t.id, t.reference, t.kind, t.starts_at, t.ends_at, t.status
  FROM maintenance_touch k JOIN maintenance_event t ON t.customer = k.customer AND t.id = k.event
  WHERE k.customer = $1 AND k.solution = p.key AND k.first_solution AND t.on_network
  ORDER BY k.starts_at DESC, k.event DESC LIMIT $3
) AS r ORDER BY p.key, r.starts_at DESC, r.id DESC
