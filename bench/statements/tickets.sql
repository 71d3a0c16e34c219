SELECT p.key AS parent_key, r.* FROM unnest($2::text[]) AS p(key) CROSS JOIN LATERAL (
  SELECT t.id, t.reference, t.title, t.priority, t.status, t.opened_at FROM ticketing_ticket t
  WHERE t.customer = $1 AND t.solution = p.key
  ORDER BY t.opened_at DESC, t.id DESC LIMIT $3
) AS r ORDER BY p.key, r.opened_at DESC, r.id DESC
