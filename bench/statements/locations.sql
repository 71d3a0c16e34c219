SELECT id, name FROM ordering_location WHERE customer = $1 AND id = ANY($2::text[])
