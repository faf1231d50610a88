-- Forecasts of lineages, locked before their truth is known, scored when it has come, and kept whatever comes out. What one was made
-- from is its recipe: these batches, what was withdrawn aside. The counts and the forecast stand as the bytes that were hashed.
create table virus_forecast (
  id uuid primary key default uuidv7(),
  -- An organisation's id, or `public`: whose genomes.
  owner text not null,
  dataset text not null,
  -- Who locked it; neither when the platform did.
  organisation_id uuid references organisation,
  person_id uuid references person,
  manner text not null check (manner in ('public', 'private')),
  grade smallint not null check (grade between 1 and 4),
  categories text[] not null,
  jurisdictions text[] not null,
  state text not null check (state in ('waiting', 'locked', 'scored', 'unscored', 'failed', 'replaced')),
  as_of date not null,
  days integer not null check (days between 1 and 90),
  due_on date not null,
  known_at timestamptz not null,
  batches uuid[] not null,
  counts text,
  counts_sha256 text,
  genomes integer not null default 0,
  locked text,
  locked_sha256 text,
  locked_at timestamptz,
  program text,
  rising text[] not null default '{}',
  truth_batches uuid[],
  truth text,
  truth_sha256 text,
  score jsonb,
  scored_at timestamptz,
  scored_by text,
  reason jsonb,
  replaces uuid unique references virus_forecast
);
create index virus_forecast_of on virus_forecast (owner, dataset, id desc);
create index virus_forecast_due on virus_forecast (due_on) where state = 'locked';

-- No forecast is taken back, and what was locked stays as it was.
revoke delete, truncate on virus_forecast from geneward_app;
create function keep_virus_forecast() returns trigger language plpgsql as $$
begin
  if (old.owner, old.dataset, old.organisation_id, old.person_id, old.as_of, old.days, old.due_on, old.known_at, old.batches, old.replaces)
      is distinct from
      (new.owner, new.dataset, new.organisation_id, new.person_id, new.as_of, new.days, new.due_on, new.known_at, new.batches, new.replaces)
      or (old.locked is not null and (old.locked, old.locked_sha256, old.locked_at, old.counts_sha256, old.program, old.rising)
        is distinct from (new.locked, new.locked_sha256, new.locked_at, new.counts_sha256, new.program, new.rising))
      or (old.counts is not null and new.counts is distinct from old.counts and new.state <> 'replaced')
      or (old.state = 'replaced' and new.state <> 'replaced') then
    raise exception 'a locked forecast stays as it is' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger virus_forecast_stays before update on virus_forecast for each row execute function keep_virus_forecast();

-- Whoever saved a question may be told of lineages that rise as well.
alter table virus_alert add column rising boolean not null default false;

-- Terms of one genome where they are other than those of its batch.
alter table virus_genome add column source text, add column license text, add column terms text;
