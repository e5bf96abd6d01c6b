-- Searches look for parts of words.
create extension if not exists pg_trgm;
