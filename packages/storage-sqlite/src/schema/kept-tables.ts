/** Verified deliveries that could not become events. */
export const receipts: readonly string[] = [
  `create table kept_receipts (
    tenant text not null, id text not null, connector text, registration text not null, connection text, delivery_id text, guard text not null,
    code text not null, message text not null, headers text not null, size integer not null, received_at integer not null,
    expires_at integer not null, body blob not null, primary key (tenant, id), unique (tenant, guard)
  )`,
  'create index kept_receipts_age on kept_receipts (expires_at)',
];

/** What happened, for a while. */
export const journal: readonly string[] = [
  `create table journal_entries (
    tenant text not null, stream text not null, id text not null, subject text not null, verdict text not null, at integer not null,
    value text not null, primary key (tenant, stream, id)
  )`,
  'create index journal_entries_subject on journal_entries (tenant, stream, subject, id)',
  'create index journal_entries_age on journal_entries (stream, at)',
  'create index journal_entries_age_of_tenant on journal_entries (tenant, stream, at)',
];
