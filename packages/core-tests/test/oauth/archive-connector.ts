import { type Connector, defineAction, defineConnector, path } from '@patchbay/core';
import { z } from 'zod';

/** What the tests' connector says of its authorization server; what is left out is as RFC 6749 has it. */
export type ArchiveMethod = Readonly<Record<string, unknown>>;

const answer = z.object({ id: z.string() });

const parseMethod = (value: unknown) => value as Parameters<typeof defineConnector>[0]['auth'][number];

/** A connector of a service with OAuth. Its authorization server and its API are at the same origin. */
export function archiveConnector(origin: string, method: ArchiveMethod = {}, id = 'archive'): Connector {
  return defineConnector({
    id,
    name: 'Archive',
    description: 'Keeps papers.',
    version: '1.0.0',
    category: 'documentation',
    auth: [
      parseMethod({
        type: 'oauth2',
        authorizationUrl: `${origin}/authorize`,
        tokenUrl: `${origin}/token`,
        revocationUrl: `${origin}/revoke`,
        scopes: ['profile'],
        allowedParameters: ['login_hint'],
        ...method,
      }),
    ],
    origin,
    resources: { cabinet: { title: 'Cabinet', example: 'blue', pattern: '[a-z]+', letters: 'lower' } },
    impliedScopes: { papers: ['papers:write'], everything: ['papers', 'papers:read'] },
    ...(JSON.stringify(method).includes('"settings"') ? { settings: z.object({ instance: z.string() }) } : {}),
    actions: {
      file: defineAction({
        title: 'File',
        description: 'Files a paper.',
        idempotency: 'idempotent',
        scopes: ['papers:write'],
        input: z.strictObject({ text: z.string() }),
        output: answer,
        run: ({ http, input }) => http.put(path`/papers`, { json: input, response: answer }),
      }),
      find: defineAction({
        title: 'Find',
        description: 'Finds a paper.',
        idempotency: 'read',
        scopes: ['papers:read'],
        input: z.strictObject({}),
        output: answer,
        run: ({ http }) => http.get(path`/papers`, { response: answer }),
      }),
    },
    triggers: {},
    healthCheck: async () => ({ healthy: true }),
  });
}
