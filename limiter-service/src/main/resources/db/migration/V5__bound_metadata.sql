-- Bounds of metadata: the table accepts exactly what the admin API accepts. NOT VALID: earlier rows
-- stay unchanged and in force, and the admin API shows metadata beyond the bounds as unreadable.
-- A change of such a row has to bring its metadata within the bounds.

-- Every value in metadata with the number of objects and arrays around it, itself included where it is one.
-- Goes no deeper than one level below the bound.
CREATE FUNCTION metadata_parts(metadata jsonb) RETURNS TABLE (level integer, part jsonb)
LANGUAGE sql IMMUTABLE AS $$
  WITH RECURSIVE parts (level, part) AS (
    SELECT 1, metadata
    UNION ALL
    SELECT parent.level + 1, child
      FROM parts AS parent,
           LATERAL (
             SELECT value FROM jsonb_each(
               CASE jsonb_typeof(parent.part) WHEN 'object' THEN parent.part ELSE '{}' END)
             UNION ALL
             SELECT value FROM jsonb_array_elements(
               CASE jsonb_typeof(parent.part) WHEN 'array' THEN parent.part ELSE '[]' END)
           ) AS children (child)
     WHERE parent.level <= 32)
  SELECT parts.level, parts.part FROM parts
$$;

CREATE FUNCTION metadata_is_shallow(metadata jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
  SELECT NOT EXISTS (
    SELECT FROM limiter.metadata_parts(metadata)
     WHERE level > 32 AND jsonb_typeof(part) IN ('object', 'array'))
$$;

-- A reader that holds numbers in doubles, as a browser does, must be able to write the same number
-- again. The shortest text of a double depends on extra_float_digits.
CREATE FUNCTION numbers_survive(metadata jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE SET extra_float_digits = 1 AS $$
  SELECT NOT EXISTS (
    SELECT FROM (
      SELECT part::numeric AS number FROM (
        SELECT CASE jsonb_typeof(part) WHEN 'number' THEN part END AS part
          FROM limiter.metadata_parts(metadata)) AS parts
       WHERE part IS NOT NULL) AS numbers
     WHERE CASE WHEN number = 0 THEN false
                WHEN abs(number) NOT BETWEEN 1e-300 AND 1e300 THEN true
                ELSE number::float8::text::numeric <> number END)
$$;

-- PostgreSQL checks constraints in the order of their names: the size comes first.
ALTER TABLE rate_limit_rules
  ADD CONSTRAINT metadata_has_at_most_16384_bytes CHECK (
    octet_length(metadata::text) <= 16384) NOT VALID,
  ADD CONSTRAINT metadata_has_at_most_32_levels CHECK (
    limiter.metadata_is_shallow(metadata)) NOT VALID,
  ADD CONSTRAINT metadata_numbers_survive_a_round_trip CHECK (
    limiter.numbers_survive(metadata)) NOT VALID;

-- A rule that names no algorithm may have a burst: it is used while the service's is token_bucket.
ALTER TABLE rate_limit_rules
  DROP CONSTRAINT burst_is_for_token_bucket_only,
  ADD CONSTRAINT burst_is_for_token_bucket_only CHECK (
    burst IS NULL OR algorithm IS NULL OR algorithm = 'token_bucket');
