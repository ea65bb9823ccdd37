import { z } from 'zod';

const invoice = z.object({ number: z.string(), total: z.number(), status: z.enum(['open', 'overdue', 'paid']), customer: z.string() });
const customer = z.object({ name: z.string(), standing: z.enum(['good', 'late']) });
const reminder = z.object({ text: z.string() });

/** What automations may know and do: they update customers, make and link reminders, and only read invoices. */
export const recordTypes = {
  invoice: {
    title: 'Invoice',
    schema: invoice,
    links: { reminders: { to: 'reminder', title: 'Reminders' } },
    views: { overdue: { title: 'Overdue', when: { field: 'record.status', op: 'equals', value: 'overdue' } } },
  },
  customer: { title: 'Customer', schema: customer, update: customer.pick({ standing: true }).partial() },
  reminder: { title: 'Reminder', schema: reminder, create: reminder, delete: true },
} as const;
