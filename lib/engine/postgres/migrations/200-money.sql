-- What all processes have spent or reserved on each day (UTC). Money is micro-USD, so that sums are exact.
create table budget (
  day date primary key,
  usd bigint not null default 0,
  images bigint not null default 0
);

-- Each call that the provider may charge for. Its `usd` and `images` are in the budget of its day: the reserved ones
-- until the call is settled, then the real ones.
create table expense (
  id uuid primary key,
  run_id text not null,
  step text not null,
  attempt integer not null,
  -- The claim under which the call was made.
  fence bigint,
  day date not null,
  state text not null check (state in ('reserved', 'lost', 'settled')),
  expected_usd bigint not null,
  expected_images bigint not null,
  usd bigint not null,
  images bigint not null,
  -- The run has ended: the call no longer counts as one that its step has lost.
  is_closed boolean not null default false,
  reserved_at timestamptz not null default clock_timestamp(),
  unique (run_id, step, attempt)
);
create index expense_day on expense (day);

-- The day that money is booked on. It never goes back when the clock does. Days that lie more than a day ahead of the
-- clock come from a clock that was wrong: what they hold counts as of today.
create function spending_day() returns date language plpgsql as $$
declare
  today date := (clock_timestamp() at time zone 'UTC')::date;
  latest date := (select max(day) from budget);
begin
  if latest between today and today + 1 then
    return latest;
  end if;
  insert into budget (day) values (today) on conflict do nothing;
  if latest > today then
    with ahead as (delete from budget where day > today + 1 returning usd, images)
    update budget set
      usd = budget.usd + (select coalesce(sum(usd), 0) from ahead),
      images = budget.images + (select coalesce(sum(images), 0) from ahead)
    where day = today;
    update expense set day = today where day > today + 1;
  end if;
  return today;
end $$;

-- The circuit breaker of an operation.
create table circuit (
  operation text primary key,
  state text not null default 'CLOSED' check (state in ('CLOSED', 'HALF_OPEN', 'OPEN')),
  -- Grows with each change of state. A call counts only while the state in which it began lasts.
  era bigint not null default 0,
  failures integer not null default 0,
  opened_ns bigint,
  -- The one call that a half-open circuit has admitted, and until when its process answers for it.
  probe uuid,
  probe_until_ns bigint,
  successful_probes integer not null default 0,
  successes bigint not null default 0,
  rejected bigint not null default 0,
  last_failure text,
  last_failure_ns bigint,
  -- The provider asked to wait until then.
  cool_until_ns bigint
);

-- The exponential moving averages of the phases, in nanoseconds.
create table average (
  phase text primary key,
  count bigint not null,
  avg_ns bigint not null
);

-- One row: how many runs and cache hits the averages have seen.
create table average_total (
  id boolean primary key default true check (id),
  runs bigint not null default 0,
  cache_hits bigint not null default 0,
  -- Whether the file of the averages is older than they are.
  is_changed boolean not null default false
);
insert into average_total default values;

-- The lines that are not in the file of the history yet.
create table average_line (
  id bigint generated always as identity primary key,
  line text not null
);
