-- Organisations, people, what they may be, how they prove who they are, and what they are told.

create table organisation (
  id uuid primary key default uuidv7(),
  code text not null unique check (code ~ '^[a-z0-9][a-z0-9-]{1,39}$'),
  name_en text not null,
  name_zh text not null,
  country text check (country ~ '^[A-Z]{2}$'),
  status text not null default 'active' check (status in ('active', 'closed')),
  -- Lowest label of what the organisation submits.
  grade smallint not null default 1 check (grade between 1 and 4),
  categories text[] not null default '{}',
  jurisdictions text[] not null default '{}',
  version integer not null default 1,
  created_at timestamptz not null
);
create index organisation_name on organisation using gin ((code || ' ' || name_en || ' ' || name_zh) gin_trgm_ops);

create table person (
  id uuid primary key default uuidv7(),
  email text not null unique check (email = lower(email)),
  name text not null check (length(name) between 1 and 200),
  organisation_id uuid not null references organisation,
  language text not null default 'en' check (language in ('en', 'zh')),
  mail_notices boolean not null default true,
  status text not null default 'active' check (status in ('active', 'disabled')),
  status_reason text,
  -- Argon2id in PHC form. Without one the person cannot sign in by password.
  password_hash text,
  password_changed_at timestamptz,
  -- What the person is cleared to see of other organisations.
  grade smallint not null default 1 check (grade between 1 and 4),
  categories text[] not null default '{}',
  jurisdictions text[] not null default '{}',
  version integer not null default 1,
  created_at timestamptz not null
);
create index person_organisation on person (organisation_id);
create index person_search on person using gin ((name || ' ' || email) gin_trgm_ops);

create table role_assignment (
  person_id uuid not null references person on delete cascade,
  role text not null check (role in ('submitter', 'curator', 'committee_member', 'reader',
                                     'system_administrator', 'security_administrator', 'auditor')),
  assigned_by text not null,
  assigned_at timestamptz not null,
  primary key (person_id, role)
);
create index role_holders on role_assignment (role);
-- Nobody holds two of the three offices: each row of an office takes the person's only place here.
create unique index one_office_per_person on role_assignment (person_id)
  where role in ('system_administrator', 'security_administrator', 'auditor');

-- Earlier passwords, for profiles that refuse their return.
create table password_history (
  id uuid primary key default uuidv7(),
  person_id uuid not null references person on delete cascade,
  password_hash text not null,
  replaced_at timestamptz not null
);
create index password_history_person on password_history (person_id, id desc);

create table session (
  id uuid primary key default uuidv7(),
  person_id uuid not null references person on delete cascade,
  secret_sha256 bytea not null unique,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  address inet,
  user_agent text
);
create index session_person on session (person_id) where revoked_at is null;
create index session_expiry on session (expires_at);

create table api_token (
  id uuid primary key default uuidv7(),
  person_id uuid not null references person on delete cascade,
  secret_sha256 bytea not null unique,
  name text not null,
  scopes text[] not null check (scopes <@ '{read,submit,review,administer,audit}' and cardinality(scopes) > 0),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index api_token_person on api_token (person_id) where revoked_at is null;

-- Links good for one use: an invitation, a new password, the first administrator.
create table one_time_link (
  id uuid primary key default uuidv7(),
  purpose text not null check (purpose in ('invitation', 'password_reset', 'bootstrap')),
  secret_sha256 bytea not null unique,
  email text check (email = lower(email)),
  organisation_id uuid references organisation,
  person_id uuid references person on delete cascade,
  roles text[] not null default '{}',
  created_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  revoked_at timestamptz,
  check (purpose <> 'invitation' or (email is not null and organisation_id is not null)),
  check (purpose <> 'password_reset' or person_id is not null)
);
create index one_time_link_open on one_time_link (purpose, id) where used_at is null and revoked_at is null;

-- Failed attempts by account (hash of the address that was typed, whether or not it exists) and by client address.
create table sign_in_guard (
  subject text primary key,
  failures integer not null,
  last_at timestamptz not null,
  locked_until timestamptz
);
create index sign_in_guard_age on sign_in_guard (last_at);

create table notice (
  id uuid primary key default uuidv7(),
  person_id uuid not null references person on delete cascade,
  type text not null,
  title_en text not null,
  title_zh text not null,
  body_en text not null,
  body_zh text not null,
  object_kind text,
  object_id text,
  object_accession text,
  created_at timestamptz not null,
  read_at timestamptz,
  mailed_at timestamptz
);
create index notice_person on notice (person_id, id desc);
create index notice_unread on notice (person_id) where read_at is null;
