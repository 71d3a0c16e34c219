SELECT username, customer, email, active FROM auth_user WHERE username = $1
