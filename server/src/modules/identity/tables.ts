import type { Category, Role, Scope } from '@geneward/api';
import type { Generated } from 'kysely';

interface LabelColumns {
  grade: Generated<number>;
  categories: Generated<Category[]>;
  jurisdictions: Generated<string[]>;
}

export interface OrganisationTable extends LabelColumns {
  id: Generated<string>;
  code: string;
  name_en: string;
  name_zh: string;
  country: string | null;
  status: Generated<'active' | 'closed'>;
  version: Generated<number>;
  created_at: Date;
}

export interface PersonTable extends LabelColumns {
  id: Generated<string>;
  email: string;
  name: string;
  organisation_id: string;
  language: Generated<'en' | 'zh'>;
  mail_notices: Generated<boolean>;
  status: Generated<'active' | 'disabled'>;
  status_reason: string | null;
  password_hash: string | null;
  password_changed_at: Date | null;
  version: Generated<number>;
  created_at: Date;
}

export interface RoleAssignmentTable {
  person_id: string;
  role: Role;
  assigned_by: string;
  assigned_at: Date;
}

export interface PasswordHistoryTable {
  id: Generated<string>;
  person_id: string;
  password_hash: string;
  replaced_at: Date;
}

export interface SessionTable {
  id: Generated<string>;
  person_id: string;
  secret_sha256: Buffer;
  created_at: Date;
  last_seen_at: Date;
  expires_at: Date;
  revoked_at: Date | null;
  address: string | null;
  user_agent: string | null;
}

export interface ApiTokenTable {
  id: Generated<string>;
  person_id: string;
  secret_sha256: Buffer;
  name: string;
  scopes: Scope[];
  created_at: Date;
  expires_at: Date;
  last_used_at: Date | null;
  first_issued_at: Date | null;
  revoked_at: Date | null;
}

export interface SshKeyTable {
  id: Generated<string>;
  person_id: string;
  name: string;
  type: string;
  public_key: Buffer;
  fingerprint: string;
  created_at: Date;
  last_used_at: Date | null;
}

export interface OneTimeLinkTable {
  id: Generated<string>;
  purpose: 'invitation' | 'password_reset' | 'bootstrap';
  secret_sha256: Buffer;
  email: string | null;
  organisation_id: string | null;
  person_id: string | null;
  roles: Generated<Role[]>;
  created_by: string;
  created_at: Date;
  expires_at: Date;
  used_at: Date | null;
  revoked_at: Date | null;
}

export interface SignInGuardTable {
  subject: string;
  failures: number;
  last_at: Date;
  locked_until: Date | null;
}

export interface NoticeTable {
  id: Generated<string>;
  person_id: string;
  type: string;
  title_en: string;
  title_zh: string;
  body_en: string;
  body_zh: string;
  object_kind: string | null;
  object_id: string | null;
  object_accession: string | null;
  created_at: Date;
  read_at: Date | null;
  mailed_at: Date | null;
}

declare module '../../platform/db.ts' {
  interface Tables {
    organisation: OrganisationTable;
    person: PersonTable;
    role_assignment: RoleAssignmentTable;
    password_history: PasswordHistoryTable;
    session: SessionTable;
    api_token: ApiTokenTable;
    ssh_key: SshKeyTable;
    one_time_link: OneTimeLinkTable;
    sign_in_guard: SignInGuardTable;
    notice: NoticeTable;
  }
}
