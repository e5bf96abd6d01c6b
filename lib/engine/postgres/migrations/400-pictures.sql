-- The pictures that exist. A row is written when its PNG is whole. The row says which PNG is the picture.
create table picture (
  series text collate "C" not null,
  address text collate "C" not null,
  -- Where the PNG is in the object store; null for the path of the picture in the data folder.
  object_key text,
  etag text,
  bytes bigint not null,
  -- Unix milliseconds with fractions, as the file system gives them.
  modified_ms double precision not null,
  title text not null,
  width integer not null,
  height integer not null,
  -- The run that has made the picture, with its fence; null for pictures that were found in the data folder.
  run_id text,
  fence bigint,
  -- What searches look at: the address, the title in lower case and the series, each on a line.
  search text collate "C" not null,
  put_at timestamptz not null default clock_timestamp(),
  primary key (series, address)
);
create index picture_newest on picture ((-modified_ms), series, address);
create index picture_newest_of_series on picture (series, (-modified_ms), address);
create index picture_search on picture using gin (search gin_trgm_ops);

-- How many pictures each series has: counting ten million rows takes most of a second.
create table picture_count (
  series text collate "C" primary key,
  pictures bigint not null
);

-- The one row counts the changes of pictures.
create table picture_state (
  id integer primary key default 1 check (id = 1),
  -- Names this count: another database counts from the beginning.
  epoch text not null default gen_random_uuid()::text,
  revision bigint not null default 0,
  -- When the pictures of a data folder were taken in last.
  imported_at timestamptz
);
insert into picture_state default values;

-- The latest changes.
create table picture_change (
  revision bigint primary key,
  series text not null,
  address text not null,
  is_there boolean not null
);

-- Counts the pictures that a statement has changed. The update of picture_state comes first: until the transaction ends,
-- no other one counts, so revisions become visible in their order, and counts never wait for each other in a circle.
create function note_pictures() returns trigger language plpgsql set search_path from current as $$
declare
  amount bigint := (select count(*) from changed);
  latest bigint;
begin
  if amount = 0 then
    return null;
  end if;
  update picture_state set revision = revision + amount returning revision into latest;
  if tg_op <> 'UPDATE' then
    insert into picture_count as counted (series, pictures)
      select series, count(*) * (case tg_op when 'INSERT' then 1 else -1 end) from changed group by series
      on conflict (series) do update set pictures = counted.pictures + excluded.pictures;
  end if;
  insert into picture_change (revision, series, address, is_there)
    select latest - age, series, address, tg_op <> 'DELETE'
    from (
      select series, address, row_number() over (order by modified_ms desc, series, address) - 1 as age from changed
    ) as numbered
    where age < 50;
  delete from picture_change where revision <= latest - 50;
  perform pg_notify('dalle_picture', latest::text);
  return null;
end
$$;

create trigger note_inserted after insert on picture referencing new table as changed
  for each statement execute function note_pictures();
create trigger note_updated after update on picture referencing new table as changed
  for each statement execute function note_pictures();
create trigger note_deleted after delete on picture referencing old table as changed
  for each statement execute function note_pictures();
