import { defineConnector, defineTrigger, hmacSha256, path } from '@patchbay/core';
import type { ContentSource } from '@patchbay/core/host';
import { z } from 'zod';

const page = z.object({
  texts: z.array(z.object({ id: z.string(), place: z.string(), title: z.string(), text: z.string(), change: z.number() })),
  more: z.boolean(),
});
const deleted = z.object({ message: z.string() });

function source(kind: 'issue' | 'message', title: string): Pick<ContentSource, 'title' | 'description' | 'intervalMs' | 'read'> {
  const at = kind === 'issue' ? path`/issues` : path`/messages`;
  return {
    title,
    description: `${title} with their text.`,
    intervalMs: 10_000,
    async read({ http, cursor }) {
      const since = z.number().catch(0).parse(cursor);
      const { texts, more } = await http.get(at, { query: { since }, response: page });
      return {
        documents: texts.map(({ id, place, title: heading, text, change }) => ({
          ...{ id, kind, title: heading, text, container: place },
          url: null,
          updatedAt: change,
        })),
        cursor: texts.at(-1)?.change ?? since,
        more,
      };
    },
  };
}

/** A connector of the example's own, for the service of the example. */
export const teamConnector = (origin: string) =>
  defineConnector({
    id: 'team',
    name: 'Team',
    description: 'Issues and messages of a team.',
    version: '1.0.0',
    category: 'communication',
    auth: [{ type: 'bearer' }],
    origin,
    actions: {},
    triggers: {
      'message.deleted': defineTrigger({
        title: 'Message deleted',
        description: 'Somebody deleted a message.',
        kind: 'deleted',
        delivery: 'webhook',
        payload: deleted,
      }),
    },
    content: {
      // The service does not tell of issues that are gone: all are read once an hour.
      issues: { ...source('issue', 'Issues'), rereadMs: 3_600_000 },
      messages: { ...source('message', 'Messages'), deletedBy: { 'message.deleted': (data) => [deleted.parse(data).message] } },
    },
    webhook: {
      scheme: hmacSha256({ header: 'x-team-signature' }),
      deliveryId: { bodyField: 'delivery' },
      toEvents: ({ body }) => [{ trigger: 'message.deleted', data: body }],
    },
    healthCheck: async () => ({ healthy: true }),
  });
