-- A checkpoint every two seconds is fifteen million rows a year, and any later one serves the same entries. Behind a day, the last
-- one of each hour stays, at each level that a column of the table tells. The application may ask for it, and choose nothing.
create function thin_ledger_checkpoints() returns bigint language sql security definer set search_path = public, pg_temp as $$
  with gone as (
    delete from ledger_checkpoint where size in (
      select size from (
        select size, row_number() over (
          partition by date_trunc('hour', at, 'UTC'), to_jsonb(c) - array['size', 'root', 'at', 'note'] order by size desc) as back
        from ledger_checkpoint c where at < clock_timestamp() - interval '1 day'
      ) old where back > 1
    ) returning 1
  ) select count(*) from gone
$$;
revoke all on function thin_ledger_checkpoints() from public;
grant execute on function thin_ledger_checkpoints() to geneward_app;
