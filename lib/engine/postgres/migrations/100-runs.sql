-- The clock of the engine: Unix nanoseconds. All processes measure by it, whatever their own clocks say.
create function now_ns() returns bigint language sql volatile
  as 'select (extract(epoch from clock_timestamp()) * 1000000000)::bigint';

-- A run, from its acceptance until a day after its end.
create table run (
  run_id text primary key,
  sequence bigint generated always as identity,
  series text not null,
  address text not null,
  -- Empty if nobody is named.
  client text not null default '',
  state text not null default 'waiting' check (state in ('waiting', 'working', 'completed', 'failed')),
  -- Grows with each change that readers see.
  version bigint not null default 1,
  -- Grows with each claim. A worker writes only while the fence is its own.
  fence bigint not null default 0,
  -- Until then no other worker takes the run.
  lease_until_ns bigint not null default 0,
  worker text,
  accepted_ns bigint not null,
  claimed_ns bigint,
  ended_ns bigint,
  provider text not null,
  step text not null default 'accepted',
  -- How often the run was taken up since its last step.
  restarts integer not null default 0,
  -- What does not change: the definition of the series, the databases, the order of a request of /v1. The type is json
  -- because jsonb refuses the character NUL, which the text of a request may contain.
  image_order json,
  record json not null,
  -- What readers make a snapshot from.
  progress json not null,
  -- Why a working run must end.
  cancel json,
  -- A paid answer was lost: only a forced run replaces this one.
  answer_lost boolean not null default false,
  -- The trace of the request that started the run.
  traceparent text
) with (fillfactor = 60);

-- A picture has one live run.
create unique index run_live on run (series, address) where state in ('waiting', 'working');
create index run_open on run (sequence) where state in ('waiting', 'working');
create index run_of_picture on run (series, address, sequence);
create index run_ended on run (ended_ns) where ended_ns is not null;

-- The newest unfinished image of a working run. Losing it in a crash does no harm.
create unlogged table partial_image (
  run_id text primary key references run on delete cascade,
  media_type text not null,
  image bytea not null
);

-- When a run of a client began last: clients take turns.
create sequence turn;
create table client_turn (
  client text primary key,
  turn bigint not null,
  began_ns bigint not null
);

-- The processes that use the database now.
create table process (
  process_id text primary key,
  role text not null,
  -- Runs that it works at the same time.
  slots integer not null,
  database_hash text not null,
  artist text not null,
  seen_ns bigint not null
);
