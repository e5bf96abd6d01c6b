-- Where a process keeps its files. All processes keep them in one place. Empty if it is not known.
alter table process add column store text not null default '';

-- The one row names the place of the pictures: the id of the data folder, or the path of the bucket.
create table store (
  id integer primary key default 1 check (id = 1),
  name text not null
);
