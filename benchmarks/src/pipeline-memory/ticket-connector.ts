import { defineAction, defineConnector, path } from '@patchbay/core';
import { z } from 'zod';

const createIssue = defineAction({
  title: 'Create issue',
  description: 'Creates an issue in a project.',
  idempotency: 'unsafe',
  input: z.strictObject({ project: z.string(), summary: z.string().max(255) }),
  output: z.object({ id: z.string(), key: z.string() }),
  async run({ input, http }) {
    const fields = { project: { key: input.project }, issuetype: { name: 'Task' }, summary: input.summary };
    return await http.post(path`/rest/api/3/issue`, { json: { fields }, response: z.object({ id: z.string(), key: z.string() }) });
  },
});

/** A connector with the one action of this benchmark, pinned to the stand-in for Jira on loopback. */
export function ticketConnector(origin: string) {
  return defineConnector({
    id: 'tickets',
    name: 'Tickets',
    description: 'The create-issue call of Jira.',
    version: '1.0.0',
    category: 'custom',
    auth: [{ type: 'basic' }],
    origin,
    actions: { create_issue: createIssue },
    triggers: {},
    healthCheck: async () => ({ healthy: true }),
  });
}
