import { z } from 'zod';
import type { TenantHandle } from '../tenant/create-tenant-handle.ts';
import type { Connector } from './connector-definition.ts';
import { defineAction } from './define-action.ts';
import { defineConnector } from './define-connector.ts';
import { defineTrigger } from './define-trigger.ts';

const configuration = z.strictObject({ project: z.string().default('OPS'), limit: z.number().optional() });
const flags = { quiet: { description: 'Says less.' }, loud: { description: 'Says more.', default: true } } as const;
const text = { title: 'Do', description: 'Does.' };

const act = defineAction({
  ...text,
  idempotency: 'read',
  configuration,
  flags,
  input: z.strictObject({}),
  output: z.object({ project: z.string() }),
  async run({ configuration: own, flags: set }) {
    const project: string = own.project;
    const limit: number | undefined = own.limit;
    const quiet: boolean = set.quiet;
    // @ts-expect-error no such property
    void own.nothing;
    // @ts-expect-error no such flag
    void set.nothing;
    void [limit, quiet];
    return { project };
  },
});

defineAction({
  ...text,
  idempotency: 'reconcilable',
  settlesWithin: 0,
  configuration,
  input: z.strictObject({}),
  output: z.object({ project: z.string() }),
  run: async ({ configuration: own }) => ({ project: own.project }),
  reconcile: async ({ configuration: own }) => ({ answer: 'found', output: { project: own.project } }),
});

defineAction({
  ...text,
  idempotency: 'read',
  input: z.strictObject({}),
  output: z.json(),
  async run(context) {
    // @ts-expect-error it reads no configuration, so it is given none
    void context.configuration.project;
    // @ts-expect-error it reads no flags
    void context.flags.quiet;
    return null;
  },
});

const made = defineTrigger({
  ...text,
  kind: 'created',
  delivery: 'webhook',
  configuration,
  flags,
  payload: z.object({ project: z.string() }),
  accepts: ({ data, configuration: own, flags: set }) => data.project === own.project || set.loud,
});

defineTrigger({
  ...text,
  kind: 'created',
  delivery: 'webhook',
  payload: z.object({ project: z.string() }),
  // @ts-expect-error the payload has no such field
  accepts: ({ data }) => data.nothing === 1,
});

const base = { name: 'N', description: 'D', version: '1.0.0', category: 'custom', auth: [{ type: 'none' }] } as const;

const tool = defineConnector({
  ...base,
  id: 'tool',
  origin: 'https://tool.example.com',
  configuration,
  flags,
  actions: { act },
  triggers: { made },
  webhook: {
    scheme: { kind: 'x' } as never,
    deliveryId: 'x',
    toEvents: ({ body }) => [{ trigger: 'made', data: body }],
  },
  async healthCheck({ configuration: own, flags: set }) {
    const project: string = own.project;
    // @ts-expect-error no such flag
    void set.nothing;
    return { healthy: set.quiet, message: project };
  },
});

const plain = defineConnector({
  ...base,
  id: 'plain',
  origin: 'https://plain.example.com',
  actions: {},
  triggers: {},
  healthCheck: async () => ({ healthy: true }),
});

// A specific connector goes where any is taken.
const some: readonly Connector[] = [tool, plain];
void some;

/** Never called: the compiler reads it. */
export async function readsTypes(tenant: TenantHandle<typeof tool | typeof plain>, any: TenantHandle): Promise<void> {
  await tenant.configuration.put('tool', { limit: 3 }, { ifRevision: 2 });
  const { effective } = await tenant.configuration.get('tool');
  const project: string | undefined = effective?.project;
  const isQuiet: boolean = await tenant.flags.isOn('tool', 'quiet');
  await tenant.flags.set('tool', { quiet: true, loud: null });
  await tenant.configuration.turnOff({ action: 'tool.act' });
  await tenant.configuration.turnOn({ event: 'tool.made' });
  // @ts-expect-error the wrong type
  await tenant.configuration.put('tool', { limit: 'three' });
  // @ts-expect-error no such property
  await tenant.configuration.put('tool', { nothing: 1 });
  // @ts-expect-error no such connector
  await tenant.configuration.put('nobody', {});
  // @ts-expect-error it has no configuration
  await tenant.configuration.put('plain', { project: 'OPS' });
  // @ts-expect-error no such flag
  await tenant.flags.isOn('tool', 'nothing');
  // @ts-expect-error it has no flags
  await tenant.flags.isOn('plain', 'quiet');
  // @ts-expect-error no such flag
  await tenant.flags.set('tool', { nothing: true });
  // @ts-expect-error no such action
  await tenant.configuration.turnOff({ action: 'tool.nothing' });
  // Of any hub, names and values are looked at when they come.
  await any.configuration.put('whatever', { anything: 1 });
  await any.flags.set('whatever', { anything: true });
  void [project, isQuiet];
}
