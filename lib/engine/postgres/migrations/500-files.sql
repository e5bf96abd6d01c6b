-- The files of the data folder that are in an object store. The row says which object is the file now.
create table stored_file (
  -- Relative to the data folder.
  path text collate "C" primary key,
  -- The folder that the file lies in.
  folder text collate "C" not null,
  -- Null for an empty file.
  object_key text,
  etag text not null,
  bytes bigint not null,
  -- Unix milliseconds with fractions.
  modified_ms double precision not null,
  -- Whether it is a PNG with its end.
  is_png boolean not null
);
create index stored_file_folder on stored_file (folder, path);

-- The folders that have had a file, each with the one that it lies in.
create table stored_folder (
  path text collate "C" primary key,
  parent text collate "C" not null
);
create index stored_folder_parent on stored_folder (parent);

-- The objects that are no file: those that are being written, and those that were replaced or removed. They are deleted
-- when they are due, so that a reader that knows an object still finds it.
create table unused_object (
  object_key text collate "C" primary key,
  due timestamptz not null
);
create index unused_object_due on unused_object (due);
