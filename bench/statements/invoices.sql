SELECT p.key AS parent_key, r.* FROM unnest($2::text[]) AS p(key) CROSS JOIN LATERAL (
  SELECT t.id, t.number, t.kind, t.issued_on, t.tax_included_minor, t.currency, t.status
  FROM billing_document_solution k JOIN billing_document t ON t.customer = k.customer AND t.id = k.document
  WHERE k.customer = $1 AND k.solution = p.key AND t.status IN ('SENT', 'PARTIALLY_PAID', 'SETTLED')
  ORDER BY k.issued_on DESC, k.document DESC LIMIT $3
) AS r ORDER BY p.key, r.issued_on DESC, r.id DESC
