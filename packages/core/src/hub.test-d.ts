import { expectTypeOf } from 'vitest';
import { z } from 'zod';
import type { Connector } from './connector/connector-definition.ts';
import { defineAction } from './connector/define-action.ts';
import { defineConnector } from './connector/define-connector.ts';
import { defineTrigger } from './connector/define-trigger.ts';
import { defineFunction } from './connector/host-function.ts';
import type { Storage } from './contracts/storage.ts';
import type { PublishResult } from './events/create-publisher.ts';
import { createHub, type Hub } from './hub.ts';
import type { TenantHandle } from './tenant/create-tenant-handle.ts';
import type { KeyProvider } from './vault/key-provider.ts';

declare const storage: Storage<never>;
declare const keys: KeyProvider;

const file = defineAction({
  title: 'File',
  description: 'Files a ticket.',
  idempotency: 'read',
  input: z.strictObject({
    title: z.string(),
    priority: z.enum(['low', 'high']).optional(),
    count: z.number().optional(),
    labels: z.array(z.string()).optional(),
    owner: z.strictObject({ name: z.string() }).optional(),
  }),
  output: z.object({ key: z.string() }),
  run: async () => ({ key: 'A-1' }),
});

const say = defineAction({
  title: 'Say',
  description: 'Says a text.',
  idempotency: 'read',
  input: z.strictObject({ text: z.string() }),
  output: z.object({}),
  run: async () => ({}),
});

const desk = defineConnector({
  id: 'desk',
  name: 'Desk',
  description: 'Keeps tickets.',
  version: '1.0.0',
  category: 'custom',
  auth: [{ type: 'bearer' }],
  origin: 'https://desk.example.com',
  actions: { file_ticket: file },
  triggers: {
    'ticket.filed': defineTrigger({
      title: 'Filed',
      description: 'A ticket was filed.',
      kind: 'created',
      delivery: 'webhook',
      payload: z.object({ key: z.string() }),
    }),
  },
  healthCheck: async () => ({ healthy: true }),
});

const chat = defineConnector({
  id: 'chat',
  name: 'Chat',
  description: 'Says things.',
  version: '1.0.0',
  category: 'custom',
  auth: [{ type: 'bearer' }],
  origin: 'https://chat.example.com',
  actions: { say },
  triggers: {},
  healthCheck: async () => ({ healthy: true }),
});

const hub = createHub({
  connectors: [desk, chat],
  storage,
  keys,
  publicUrl: 'https://app.example.com/hub',
  events: { 'order.placed': z.object({ number: z.string(), amount: z.number(), at: z.coerce.date().optional() }) },
});
const acme = hub.tenant('acme');

// Everything that fits: values, and expressions where text, a number, a list or an object is wanted.
void acme.automations.put('triage', {
  trigger: { event: 'desk.ticket.filed', connection: 'main' },
  when: { field: 'event.data.key', op: 'exists' },
  steps: [
    { id: 'file', action: 'desk.file_ticket', connection: 'main', input: { title: 'Plain', priority: 'low', count: 3 } },
    {
      id: 'again',
      action: 'desk.file_ticket',
      connection: 'main',
      input: {
        title: 'A {{ event.data.key }}',
        priority: '{{ event.data.priority }}',
        count: '{{ size(event.data.key) }}',
        labels: '{{ event.data.labels }}',
        owner: { name: '{{ event.data.owner }}' },
      },
    },
    { id: 'whole', action: 'desk.file_ticket', connection: 'main', input: '{{ event.data }}' },
    { id: 'say', action: 'chat.say', connection: 'team', input: { text: 'Filed {{ steps.file.output.key }}' }, onUnknown: 'retry' },
  ],
  escalation: { action: 'chat.say', connection: 'team', input: { text: '{{ failure.step }}: {{ failure.message }}' } },
  ordering: { key: '{{ event.data.number }}', onDead: 'block' },
});
// Steps inside of steps are of the same connectors.
void acme.automations.put('flow', {
  trigger: { event: 'order.placed' },
  concurrency: 3,
  steps: [
    { id: 'keep', action: 'flow.set', vars: { total: '{{ event.data.amount }}' } },
    {
      id: 'each',
      action: 'flow.each',
      list: '{{ event.data.items }}',
      steps: [{ ...step(), timeout: '10s', retry: { attempts: 3 }, onError: { steps: [{ ...step(), id: 'mend' }], afterwards: 'fail' } }],
    },
    {
      id: 'choose',
      action: 'flow.branch',
      branches: [{ when: { cel: 'vars.total > 1' }, steps: [{ id: 'nap', action: 'flow.delay', for: '1h' }] }],
      else: [{ id: 'wait', action: 'flow.wait', event: 'order.placed', timeout: '1d', onTimeout: 'continue' }],
    },
    { id: 'run', action: 'flow.run', automation: 'asked', input: { a: '{{ vars.total }}' } },
    { id: 'stop', action: 'flow.stop', as: 'failed', message: 'No.' },
  ],
});
void acme.automations.put('faults', {
  trigger: { manual: true },
  steps: [
    // @ts-expect-error a loop needs a list
    { id: 'each', action: 'flow.each', steps: [step()] },
    // @ts-expect-error no connector has this action
    { id: 'group', action: 'flow.group', steps: [{ id: 'b', action: 'chat.shout', connection: 'team', input: { text: 'x' } }] },
    // @ts-expect-error there is no such control step
    { id: 'c', action: 'flow.repeat', steps: [step()] },
  ],
});
void acme.automations.put('host', { trigger: { event: 'order.placed' }, steps: [step()] });
void acme.automations.put('asked', { trigger: { manual: true }, steps: [step()] });
void acme.automations.put('parsed', acme.automations.parse({}));

function step() {
  return { id: 'say', action: 'chat.say', connection: 'team', input: { text: 'x' } } as const;
}

void acme.automations.put('faults', {
  // @ts-expect-error nothing emits this event
  trigger: { event: 'desk.ticket.closed' },
  steps: [
    // @ts-expect-error the input has no such field
    { id: 'a', action: 'desk.file_ticket', connection: 'main', input: { title: 'x', summary: 'y' } },
  ],
});

void acme.automations.put('faults', {
  trigger: { manual: true },
  steps: [
    { id: 'a', action: 'chat.say', connection: 'team', input: { text: 'x' } },
    // @ts-expect-error no connector has this action
    { id: 'b', action: 'chat.shout', connection: 'team', input: { text: 'x' } },
    // @ts-expect-error a number is no text
    { id: 'c', action: 'chat.say', connection: 'team', input: { text: 7 } },
    // @ts-expect-error the text is missing
    { id: 'd', action: 'chat.say', connection: 'team', input: {} },
    // @ts-expect-error a word that is none of the enumeration, and no expression
    { id: 'e', action: 'desk.file_ticket', connection: 'main', input: { title: 'x', priority: 'urgent' } },
    // @ts-expect-error text that is no expression is no number
    { id: 'f', action: 'desk.file_ticket', connection: 'main', input: { title: 'x', count: 'three' } },
    // @ts-expect-error a fault deep inside
    { id: 'g', action: 'desk.file_ticket', connection: 'main', input: { title: 'x', owner: { name: 7 } } },
    // @ts-expect-error a step names its connection
    { id: 'h', action: 'chat.say', input: { text: 'x' } },
  ],
});

// @ts-expect-error a number is no text
void acme.automations.put('faults', { trigger: { manual: true }, steps: [step()], escalation: { ...step(), input: { text: 7 } } });

void acme.automations.put('faults', {
  trigger: { manual: true },
  // @ts-expect-error this operator takes no value
  when: { field: 'event.data', op: 'exists', value: 1 },
  steps: [step()],
});

// The host's own events.
expectTypeOf(acme.events.publish('order.placed', { number: 'A-1', amount: 3 })).toEqualTypeOf<Promise<PublishResult>>();
// @ts-expect-error no such type is declared
void acme.events.publish('order.cancelled', { number: 'A-1', amount: 3 });
// @ts-expect-error the amount is a number
void acme.events.publish('order.placed', { number: 'A-1', amount: '3' });
// @ts-expect-error a connector's events come by its webhooks only
void acme.events.publish('desk.ticket.filed', { key: 'A-1' });

const quiet = createHub({ connectors: [chat], storage, keys, publicUrl: 'https://app.example.com/hub' });
// @ts-expect-error a hub without events of its own publishes none
void quiet.tenant('acme').events.publish('order.placed', {});

// A transaction is taken where the storage can join one, and there is no such option elsewhere.
interface Client {
  query(text: string): Promise<unknown>;
}
declare const client: Client;
declare const joining: Storage<Client>;
const outbox = createHub({ connectors: [chat], storage: joining, keys, publicUrl: 'https://app.example.com/hub', events: hostEvents() });
expectTypeOf(outbox).toEqualTypeOf<Hub<typeof chat, ReturnType<typeof hostEvents>, Client, Record<never, never>>>();
expectTypeOf(hub.wake()).toEqualTypeOf<Promise<void>>();
void outbox.tenant('acme').events.publish('order.placed', { number: 'A-1' }, { transaction: client, dedupeKey: 'k' });
void outbox.tenant('acme').events.publish('order.placed', { number: 'A-1' }, { dedupeKey: 'k' });
// @ts-expect-error this is no transaction of that storage
void outbox.tenant('acme').events.publish('order.placed', { number: 'A-1' }, { transaction: 'open' });
// @ts-expect-error the storage joins no transaction
void acme.events.publish('order.placed', { number: 'A-1', amount: 3 }, { transaction: client });
// @ts-expect-error nor does any hub that is handed in
void (outbox satisfies Hub as Hub).tenant('acme').events.publish('order.placed', { number: 'A-1' }, { transaction: client });
void joinsOf(outbox);

/** A library that publishes with its host's rows. */
function joinsOf(any: Hub<Connector, never, Client>): Promise<PublishResult> {
  return any.tenant('acme').events.publish('order.placed', { number: 'A-1' }, { transaction: client });
}

function hostEvents() {
  return { 'order.placed': z.object({ number: z.string() }) };
}

// Direct calls.
void acme.actions.execute('desk.file_ticket', { connection: 'main', input: { title: 'x' } });
// @ts-expect-error a direct call takes no expressions but text, and this is no number
void acme.actions.execute('desk.file_ticket', { connection: 'main', input: { title: 'x', count: '{{ 1 }}' } });
// @ts-expect-error no such action
void acme.actions.execute('desk.close_ticket', { connection: 'main', input: {} });

// Notices.
hub.on('run.finished', (notice) => expectTypeOf(notice.status).toEqualTypeOf<'succeeded' | 'failed' | 'cancelled'>());
hub.on('action.executed', async (notice) => {
  expectTypeOf(notice.durationMs).toEqualTypeOf<number>();
});
// @ts-expect-error there is no such notice
hub.on('run.started', () => undefined);

// A library that takes any hub.
function anyHub(any: Hub): void {
  void any.tenant('acme').automations.put('x', {
    trigger: { event: 'anything.at.all' },
    steps: [{ id: 'a', action: 'some.action', connection: 'main', input: { any: ['thing'] } }],
  });
  void any.tenant('acme').events.publish('anything', { at: 'all' });
  void any.tenant('acme').actions.execute('some.action', { connection: 'main', input: {} });
}
anyHub(hub);
anyHub(quiet);
const wide: Hub = hub;
void wide;

// And one that takes any tenant.
async function anyTenant(any: TenantHandle): Promise<void> {
  void any.events.publish('anything', { at: 'all' });
  const { steps } = await any.runs.get('a run');
  expectTypeOf(steps[0]?.action).toEqualTypeOf<string | null | undefined>();
}
void anyTenant(acme);
void anyTenant(quiet.tenant('acme'));
void anyTenant(wide.tenant('acme'));

// A replay of many has a key, unless it is a dry run.
void acme.events.replayMany({ type: 'order.*', dryRun: true });
void acme.events.replayMany({ type: 'order.*', idempotencyKey: 'k', limit: 10 });
// @ts-expect-error nobody could start it again
void acme.events.replayMany({ type: 'order.*' });

// @ts-expect-error a hub has a public address
createHub({ connectors: [chat], storage, keys });
// @ts-expect-error an object is no connector
createHub({ connectors: [{ id: 'chat' }], storage, keys, publicUrl: 'https://app.example.com' });

// Built-in actions go through no connection; the host's functions are typed by their schemas.
const charging = createHub({
  connectors: [chat],
  storage,
  keys,
  publicUrl: 'https://app.example.com/hub',
  functions: {
    charge: defineFunction({
      idempotency: 'keyed',
      input: z.strictObject({ amount: z.number() }),
      output: z.object({ receipt: z.string() }),
      run: ({ input, key, tenant }) => ({ receipt: `${tenant}${input.amount.toFixed()}${key.value}` }),
    }),
  },
});
const charged = charging.tenant('acme');
void charged.automations.put('charge', {
  trigger: { manual: true },
  steps: [
    { id: 'charge', action: 'host.charge', input: { amount: '{{ event.data.amount }}' } },
    { id: 'mail', action: 'email.send', input: { to: ['a@example.com'], subject: 'Paid', text: '{{ steps.charge.output.receipt }}' } },
    { id: 'hook', action: 'webhook.send', input: { endpoint: 'orders', data: { paid: '{{ event.data.amount }}' } } },
    { id: 'sum', action: 'script.run', input: { source: 'return input', input: [1, 2] } },
  ],
  escalation: { action: 'notify.user', input: { user: 'ada', message: { text: '{{ failure.message }}' } } },
});
void charged.automations.put('faults', {
  trigger: { manual: true },
  steps: [
    // @ts-expect-error there is no such function
    { id: 'a', action: 'host.refund', input: { amount: 1 } },
    // @ts-expect-error the amount is a number
    { id: 'b', action: 'host.charge', input: { amount: true } },
    // @ts-expect-error it goes through no connection
    { id: 'c', action: 'email.send', connection: 'main', input: { to: 'a@example.com', subject: 'x', text: 'y' } },
    // @ts-expect-error an action of a connector needs a connection
    { id: 'd', action: 'chat.say', input: { text: 'x' } },
  ],
});
void charged.actions.execute('host.charge', { input: { amount: 1 }, idempotencyKey: 'once' });
// @ts-expect-error the amount is a number
void charged.actions.execute('host.charge', { input: { amount: 'much' } });
// @ts-expect-error there is no such function
void charged.actions.execute('host.refund', { input: {} });
// @ts-expect-error this hub has no functions
void hub.tenant('acme').actions.execute('host.charge', { input: { amount: 1 } });
anyHub(charging);
const before: Hub<typeof chat, Record<never, never>, never> = charging;
void before;
