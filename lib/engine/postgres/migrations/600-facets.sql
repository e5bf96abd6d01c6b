-- What a picture can be chosen by: numbers of facet_value. Null until its dress has been read.
alter table picture add column facets bigint[];
create index picture_facets on picture using gin (facets);
-- The pictures that were made before this column.
create index picture_without_facets on picture (series, address) where facets is null;

-- The values of facets. The number is a hash of facet and value, so all processes know it without a look at the table.
create table facet_value (
  id bigint primary key,
  facet text collate "C" not null,
  value text collate "C" not null
);

-- As before. A statement that changes nothing that anybody sees sets dalle.is_quiet in its transaction.
create or replace function note_pictures() returns trigger language plpgsql set search_path from current as $$
declare
  amount bigint := (select count(*) from changed);
  latest bigint;
begin
  if amount = 0 or current_setting('dalle.is_quiet', true) = 'yes' then
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
