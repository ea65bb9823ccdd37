import { z } from 'zod';

const invoice = z.object({
  number: z.string(),
  total: z.number(),
  status: z.enum(['draft', 'sent', 'paid', 'overdue']),
  customer: z.string().optional(),
});

/** What the host of these tests keeps. */
export const bookTypes = {
  invoice: {
    title: 'Invoice',
    schema: invoice,
    create: invoice,
    update: invoice.partial(),
    delete: true,
    links: { reminders: { to: 'task', title: 'Reminders' } },
    views: {
      dunning: {
        title: 'To be dunned',
        when: { all: [{ field: 'record.status', op: 'equals', value: 'overdue' }, { cel: 'record.total >= 10.0' }] },
      },
      large: {},
    },
  },
  task: { title: 'Task', schema: z.object({ text: z.string() }), create: z.object({ text: z.string() }) },
  note: { title: 'Note', schema: z.object({ text: z.string() }) },
} as const;
