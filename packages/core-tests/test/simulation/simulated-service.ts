import { type Connector, defineAction, defineConnector, path } from '@patchbay/core';
import { z } from 'zod';
import type { ActionContext } from '../../../core/src/connector/action-definition.ts';
import { figures } from './figures.ts';
import type { EffectKind } from './simulated-provider.ts';

/** Tells under which lease an execution of this dispatch runs; the fence. */
export type FenceOf = (key: string) => number;

const input = z.strictObject({ ref: z.string() });
const output = z.object({ id: z.string() });
const found = z.object({ found: z.boolean().nullable() });

/** A connector with one action of each class. Every request names its dispatch and lease, so that the provider can account for it. */
export function simulatedService(fenceOf: FenceOf): Connector {
  const write = (kind: EffectKind) => (context: ActionContext<z.infer<typeof input>>) => {
    const { http, key } = context;
    return http.post(path`/${kind}/${key.value}/${fenceOf(key.value)}`, { json: {}, response: output });
  };
  const common = { title: 'Act', description: 'Acts at the simulated service.', input, output, timeoutMs: figures.timeoutMs };
  return defineConnector({
    id: 'service',
    name: 'Service',
    description: 'Stands for any service.',
    version: '1.0.0',
    category: 'custom',
    auth: [{ type: 'none' }],
    origin: 'https://service.example.com',
    triggers: {},
    actions: {
      read: defineAction({
        ...common,
        idempotency: 'read',
        async run({ http, key }) {
          await http.get(path`/read/${key.value}/${fenceOf(key.value)}`, { response: found });
          return { id: key.value };
        },
      }),
      put: defineAction({ ...common, idempotency: 'idempotent', retryWithin: figures.retryWithinMs, run: write('put') }),
      keyed: defineAction({ ...common, idempotency: 'keyed', keyLifetime: figures.keyLifetimeMs, run: write('keyed') }),
      findable: defineAction({
        ...common,
        idempotency: 'reconcilable',
        settlesWithin: figures.settlesWithinMs,
        run: write('findable'),
        async reconcile({ http, key, since }) {
          const answer = await http.get(path`/findable/${key.value}/${fenceOf(key.value)}/${since}`, { response: found });
          if (answer.found === null) return { answer: 'cannot_tell', reason: 'the list is being rebuilt' };
          return answer.found ? { answer: 'found', output: { id: key.value } } : { answer: 'absent' };
        },
      }),
      once: defineAction({ ...common, idempotency: 'unsafe', run: write('once') }),
      risky: defineAction({ ...common, idempotency: 'unsafe', run: write('risky') }),
    },
    healthCheck: async () => ({ healthy: true }),
  });
}
