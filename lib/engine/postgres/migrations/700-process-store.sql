-- Where a process keeps its files. All processes keep them in one place. Empty if it is not known.
alter table process add column store text not null default '';
