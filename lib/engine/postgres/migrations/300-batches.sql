-- Many addresses of a series in one request, until a day after their end.
create table batch (
  batch_id text primary key,
  sequence bigint generated always as identity,
  client text not null,
  -- What does not change. The type is json because jsonb refuses the character NUL.
  record json not null,
  -- How many addresses it has, how many of them had a picture, and how many have ended.
  total integer not null,
  existing integer not null,
  ended integer not null default 0,
  end_state text check (end_state in ('completed', 'cancelled')),
  end_reason json,
  ended_ns bigint,
  -- The process that feeds it. After the lease another one may.
  feeder text,
  lease_until_ns bigint not null default 0,
  -- What it does in that process, and until when it is paused.
  activity json,
  paused_until_ns bigint
);
create index batch_living on batch (sequence) where end_state is null;
create index batch_ended on batch (ended_ns) where end_state is not null;

-- How an address ended. The first end counts. The numbers of a batch have no gap, in the order of the commits.
create table batch_end (
  batch_id text not null references batch on delete cascade,
  number integer not null,
  index integer not null,
  outcome text not null,
  usd double precision not null,
  code text,
  error text,
  primary key (batch_id, index),
  unique (batch_id, number)
);
