import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { ofNoProject } from '../jira-resources.ts';
import { fieldsSchema, more, most } from '../jira-schemas.ts';

/** The fields of the site, Jira's own and custom ones. Jira gives them in one answer: only its listing by pages wants the right to configure Jira. */
export const listFields = defineAction({
  title: 'List fields',
  description: 'Lists fields of the site with their ids, those with a text in their name or id where one is given.',
  idempotency: 'read',
  scopes: [{ scope: 'read:jira-work', reason: 'To read fields.' }],
  resources: ofNoProject,
  input: z.strictObject({
    query: z.string().min(1).max(255).optional(),
    type: z.enum(['custom', 'system']).optional(),
    limit: most,
  }),
  output: z.object({
    fields: z.array(z.object({ id: z.string(), name: z.string(), type: z.string().nullable(), custom: z.boolean() })),
    more,
  }),
  async run({ input: { query = '', type, limit }, http }) {
    const all = await http.get(path`/api/3/field`, { response: fieldsSchema });
    const wanted = query.toLowerCase();
    const fields = all
      .map(({ id, name, custom, schema }) => ({ id, name, type: schema?.type ?? null, custom }))
      .filter(
        ({ id, name, custom }) => `${name}\n${id}`.toLowerCase().includes(wanted) && (type === undefined || custom === (type === 'custom')),
      );
    return { fields: fields.slice(0, limit), more: fields.length > limit };
  },
});
