SELECT id, name, category, status FROM ordering_solution
WHERE customer = $1 ORDER BY name, id LIMIT $2
