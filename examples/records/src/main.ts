// A host with a plain table of invoices: one becomes overdue, and an automation marks the customer, writes a reminder and links it.
import { createPostgresServer } from '@patchbay/postgres-server';
import pg from 'pg';
import { openHub } from './open-hub.ts';
import { tables } from './tables.ts';

const given = process.env['DATABASE_URL'];
const server = given === undefined ? await createPostgresServer({ major: 18, settings: { fsync: 'off' } }) : null;
await server?.start();
const pool = new pg.Pool({ connectionString: given ?? server?.url });
await pool.query(tables);

const { hub, books } = openHub(pool);
await hub.start({ migrate: true });
const acme = hub.tenant('acme');
await acme.automations.put('dunning', {
  trigger: { record: { type: 'invoice', on: 'enters_view', view: 'overdue' } },
  steps: [
    { id: 'mark', action: 'record.update', input: { type: 'customer', id: '{{ event.data.after.customer }}', data: { standing: 'late' } } },
    {
      id: 'remind',
      action: 'record.create',
      input: { type: 'reminder', data: { text: 'Invoice {{ event.data.after.number }} of {{ steps.mark.output.data.name }}' } },
    },
    {
      id: 'join',
      action: 'record.link',
      input: { type: 'invoice', id: '{{ event.data.id }}', link: 'reminders', to: '{{ steps.remind.output.id }}' },
    },
  ],
});
// What the automation does to a customer starts others, as it would if a person had done it.
await acme.automations.put('follow-up', {
  trigger: { record: { type: 'customer', on: 'field_changed', fields: ['standing'] } },
  when: { field: 'event.data.after.standing', op: 'equals', value: 'late' },
  steps: [{ id: 'call', action: 'record.create', input: { type: 'reminder', data: { text: 'Call {{ event.data.after.name }}' } } }],
});

// The host's own code, in its own transactions. Nobody calls the hub but `openBooks`.
const person = { tenant: 'acme', causation: null };
const ada = await books.add({ ...person, type: 'customer' }, { name: 'Ada', standing: 'good' });
const invoice = await books.add({ ...person, type: 'invoice' }, { number: 'R-17', total: 90_000, status: 'open', customer: ada.id });
const place = { ...person, type: 'invoice', id: invoice.id, expectedVersion: null } as const;
await books.change(place, { total: 80_000 }); // not overdue yet: nothing starts
const isOver = new Promise<void>((resolve) => {
  let runs = 0;
  hub.on('run.finished', () => {
    runs += 1;
    if (runs === 2) resolve();
  });
});
await books.change(place, { status: 'overdue' });
await isOver;

const { rows: customers } = await pool.query('select name, standing, version from customers');
const { rows: reminders } = await pool.query('select text from reminders order by text');
const { rows: links } = await pool.query(`
  select i.number, r.text from invoice_reminders l join invoices i on i.id = l.invoice_id join reminders r on r.id = l.reminder_id`);
for (const { name, standing, version } of customers) console.log(`customer ${name}: ${standing}, version ${version}`);
for (const { text } of reminders) console.log(`reminder: ${text}`);
for (const { number, text } of links) console.log(`${number} is linked to: ${text}`);

// Why it all happened, from the last reminder back to the invoice.
const { items } = await acme.events.list({ type: 'record.reminder.created' });
const chain = new Set(items.map(({ event }) => event.correlation));
const [first = ''] = chain;
console.log(`all of it follows from ${(await acme.events.get(first)).event.type}`);
const line = `customers ${customers.length} · reminders ${reminders.length} · links ${links.length} · chains ${chain.size}`;
console.log(line);
process.exitCode = line === 'customers 1 · reminders 2 · links 1 · chains 1' ? 0 : 1;

await hub.stop();
await pool.end();
await server?.remove();
