"""Who somebody is: passwords, wrong tries, second factors, and how long a sign-in lasts."""
