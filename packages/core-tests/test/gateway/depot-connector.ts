import {
  type ActionContext,
  type ActionDefinition,
  type AuthMethod,
  type Connector,
  type ConnectorDefinition,
  defineConnector,
  type IdempotencyClass,
  type Json,
  type Reconciliation,
} from '@patchbay/core';
import { z } from 'zod';

/** What an action does. */
export type DepotRun = (context: ActionContext<unknown>) => Promise<Json>;

/** What differs from depot to depot. Every action does `run`; there is one of each class, by its name. */
export interface DepotOptions {
  readonly origin: string;
  readonly run?: DepotRun;
  readonly reconcile?: (context: ActionContext<unknown> & { readonly since: number }) => Promise<Reconciliation<Json>>;
  readonly auth?: readonly [AuthMethod, ...AuthMethod[]];
  readonly timeoutMs?: number;
  readonly degraded?: { readonly maximumAgeMs: number };
  readonly changes?: Partial<
    Pick<
      ConnectorDefinition<string, never, never>,
      | 'apiVersion'
      | 'basePath'
      | 'batch'
      | 'errorsInSuccess'
      | 'headers'
      | 'healthCheck'
      | 'limits'
      | 'mapError'
      | 'rateLimit'
      | 'requestIdHeader'
      | 'resources'
      | 'settings'
      | 'transformRequest'
      | 'transformResponse'
      | 'hosts'
    >
  >;
}

const output = z.json();

/** A connector whose actions do what a test says. */
export function depotConnector(options: DepotOptions): Connector {
  const { origin, run = async () => null, reconcile = async () => ({ answer: 'absent' }), auth, timeoutMs, degraded, changes } = options;
  const action = (idempotency: IdempotencyClass): ActionDefinition => {
    const base = {
      title: idempotency,
      description: 'Does what the test says.',
      input: z.json(),
      output,
      run,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    };
    switch (idempotency) {
      case 'reconcilable':
        return { ...base, idempotency, settlesWithin: 0, reconcile };
      case 'keyed':
        return { ...base, idempotency, keyLifetime: 3_600_000 };
      case 'read':
        return { ...base, idempotency, ...(degraded ? { degraded } : {}) };
      default:
        return { ...base, idempotency };
    }
  };
  return defineConnector({
    id: 'depot',
    name: 'Depot',
    description: 'Keeps things.',
    version: '1.0.0',
    category: 'custom',
    auth: auth ?? [{ type: 'bearer' }, { type: 'basic' }, { type: 'none' }],
    origin,
    basePath: '/v1',
    actions: {
      read: action('read'),
      idempotent: action('idempotent'),
      keyed: action('keyed'),
      reconcilable: action('reconcilable'),
      unsafe: action('unsafe'),
    },
    triggers: {},
    healthCheck: async ({ http }) => {
      const { path } = await import('@patchbay/core');
      await http.get(path`/health`, { response: output });
      return { healthy: true };
    },
    ...changes,
  });
}
