import { type Connector, defineAction, defineConnector, defineTrigger, type HealthReport, hmacSha256, type Json } from '@patchbay/core';
import { z } from 'zod';

/** One call of an action, as the connector's code saw it. */
export interface DeskCall {
  readonly action: string;
  readonly input: Json;
  readonly key: string;
}

/** What the next calls of an action do: a value to give back, or something to throw. */
export type DeskScript = (call: DeskCall) => unknown;

/** Two connectors whose actions run in this process, with everything that they were asked to do. */
export interface Desk {
  readonly calls: readonly DeskCall[];
  /** Calls of one action, in order. */
  callsOf(action: string): readonly DeskCall[];
  /** Decides what the next call of this action does; several are taken in order, then it succeeds again. */
  next(action: string, ...scripts: readonly DeskScript[]): void;
  /** What a look at the desk's account shows. */
  readonly health: { report: HealthReport };
  readonly connectors: ReturnType<typeof connectorsOf>;
}

type Run = (action: string, input: object, key: string) => unknown;

const anything = z.json();

function connectorsOf(run: Run, health: Desk['health']) {
  const desk = defineConnector({
    id: 'desk',
    name: 'Desk',
    description: 'Keeps tickets.',
    version: '1.0.0',
    category: 'custom',
    auth: [{ type: 'bearer' }],
    origin: 'https://desk.example.com',
    actions: {
      file_ticket: defineAction({
        title: 'File ticket',
        description: 'Files a ticket.',
        idempotency: 'keyed',
        keyLifetime: 86_400_000,
        input: z.strictObject({ title: z.string(), details: anything.optional() }),
        output: z.object({ key: z.string(), title: z.string() }),
        run: async ({ input, key }) => run('file_ticket', input, key.value) as { key: string; title: string },
      }),
    },
    triggers: {
      'ticket.filed': defineTrigger({
        title: 'Ticket filed',
        description: 'A ticket was filed.',
        kind: 'created',
        delivery: 'webhook',
        payload: z.object({ key: z.string() }),
      }),
    },
    webhook: {
      scheme: hmacSha256({ header: 'x-desk-signature' }),
      deliveryId: 'x-desk-delivery',
      toEvents: ({ body }) => [{ trigger: 'ticket.filed', data: body }],
    },
    enrichers: {
      context: {
        title: 'Context',
        description: 'What the desk knows of an event.',
        events: ['*'],
        run: async ({ event, signal }) => {
          const told = await run('context', { id: event.id, type: event.type, aborted: signal.aborted }, '');
          // A script that gives a function gets the event itself.
          return (typeof told === 'function' ? told(event) : told) as Json;
        },
      },
    },
    healthCheck: async () => health.report,
  });
  const chat = defineConnector({
    id: 'chat',
    name: 'Chat',
    description: 'Says things.',
    version: '1.0.0',
    category: 'custom',
    auth: [{ type: 'bearer' }],
    origin: 'https://chat.example.com',
    actions: {
      say: defineAction({
        title: 'Say',
        description: 'Says a text.',
        idempotency: 'keyed',
        keyLifetime: 86_400_000,
        input: z.strictObject({ text: z.string() }),
        output: z.object({ said: z.string() }),
        run: async ({ input, key }) => run('say', input, key.value) as { said: string },
      }),
    },
    triggers: {},
    healthCheck: async () => ({ healthy: true }),
  });
  return [desk, chat] as const satisfies readonly Connector[];
}

/** Makes the connectors of one test. */
export function makeDesk(): Desk {
  const calls: DeskCall[] = [];
  const health: Desk['health'] = { report: { healthy: true } };
  const scripts = new Map<string, DeskScript[]>();
  const run: Run = (action, input, key) => {
    const call = { action, input: JSON.parse(JSON.stringify(input)) as Json, key };
    calls.push(call);
    const script = scripts.get(action)?.shift() ?? usual;
    return script(call);
  };
  return {
    calls,
    callsOf: (action) => calls.filter((call) => call.action === action),
    next: (action, ...more) => scripts.set(action, [...(scripts.get(action) ?? []), ...more]),
    health,
    connectors: connectorsOf(run, health),
  };
  function usual({ action, input }: DeskCall): unknown {
    const { title = '', text = '' } = input as { title?: string; text?: string };
    return action === 'file_ticket' ? { key: `T-${calls.filter((call) => call.action === action).length}`, title } : { said: text };
  }
}
