-- A regulator looks and does nothing else: he holds no other role, and is one of the offices that watch each other.

alter table role_assignment drop constraint role_assignment_role_check;
alter table role_assignment add constraint role_assignment_role_check check (role in
  ('submitter', 'curator', 'committee_member', 'reader', 'system_administrator', 'security_administrator', 'auditor', 'regulator'));
drop index one_office_per_person;
create unique index one_office_per_person on role_assignment (person_id)
  where role in ('system_administrator', 'security_administrator', 'auditor', 'regulator');

-- Rows of one person are written one after another, so that two that race cannot both find nothing.
create function regulator_stands_apart() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('role:' || new.person_id, 0));
  if exists (select from role_assignment where person_id = new.person_id and role <> new.role
             and (role = 'regulator' or new.role = 'regulator')) then
    raise exception 'a regulator holds no other role' using errcode = 'check_violation', constraint = 'regulator_stands_apart';
  end if;
  return new;
end $$;
create trigger regulator_stands_apart before insert or update on role_assignment
  for each row execute function regulator_stands_apart();
