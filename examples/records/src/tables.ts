/** The host's tables: plain ones. Each row has its tenant, and a version that grows with every change. */
export const tables = `
  create table customers (
    tenant text not null, id text not null default gen_random_uuid()::text, version int not null default 1,
    name text not null, standing text not null default 'good',
    primary key (tenant, id));
  create table invoices (
    tenant text not null, id text not null default gen_random_uuid()::text, version int not null default 1,
    number text not null, total_cents int not null, status text not null default 'open', customer_id text not null,
    primary key (tenant, id), foreign key (tenant, customer_id) references customers (tenant, id));
  create table reminders (
    tenant text not null, id text not null default gen_random_uuid()::text, version int not null default 1,
    text text not null, creation_key text,
    primary key (tenant, id), unique (tenant, creation_key));
  create table invoice_reminders (
    tenant text not null, invoice_id text not null, reminder_id text not null,
    primary key (tenant, invoice_id, reminder_id),
    foreign key (tenant, invoice_id) references invoices (tenant, id) on delete cascade,
    foreign key (tenant, reminder_id) references reminders (tenant, id) on delete cascade)`;
