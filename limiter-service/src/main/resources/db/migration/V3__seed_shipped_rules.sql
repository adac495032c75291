-- The rules that the service also has built in, for whoever starts with none of his own.
INSERT INTO rate_limit_rules (id, name, client_id, rate, window_seconds)
SELECT id, name, client_id, rate, 60
  FROM (VALUES (1, 'default', '*', 100),
               (2, 'api_client', 'api_client', 20),
               (3, 'premium_client', 'premium_client', 500)) AS shipped (id, name, client_id, rate)
 WHERE NOT EXISTS (SELECT FROM rate_limit_rules);
