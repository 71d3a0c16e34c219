SELECT id, name FROM ordering_customer WHERE customer = $1 AND id = $1
