import { defineAction, defineConnector, path } from '@patchbay/core';
import { createTestHub, type FakeProvider, startFakeProvider } from '@patchbay/testing';
import { z } from 'zod';

const answer = z.object({ id: z.string() });

/** Sends letters over a true socket; nobody can tell whether a letter whose answer was lost has gone. */
const post = (origin: string) =>
  defineConnector({
    id: 'post',
    name: 'Post',
    description: 'Sends letters.',
    version: '1.0.0',
    category: 'custom',
    auth: [{ type: 'bearer' }],
    origin,
    actions: {
      send_letter: defineAction({
        title: 'Send letter',
        description: 'Sends a letter.',
        idempotency: 'unsafe',
        input: z.strictObject({ to: z.string() }),
        output: answer,
        run: ({ input, http }) => http.post(path`/letters`, { json: input, response: answer }),
      }),
    },
    triggers: {},
    healthCheck: async () => ({ healthy: true }),
  });

/** A tenant with an automation of two letters; the second names the first. */
export async function letterStage() {
  const provider = await startFakeProvider({
    routes: { 'POST /letters': () => ({ status: 200, json: { id: `L-${provider.effects().length + 1}` }, effect: true }) },
  });
  const test = createTestHub({
    connectors: [post(provider.origin)],
    events: { 'order.placed': z.object({ number: z.string() }) },
    retry: { maximumAttempts: 2 },
  });
  const acme = test.tenant('acme');
  await acme.connections.put('main', { connector: 'post', credential: { type: 'bearer', token: 'post-token' } });
  await acme.automations.put('letters', {
    trigger: { event: 'order.placed' },
    steps: [
      { id: 'first', action: 'post.send_letter', connection: 'main', input: { to: '{{ event.data.number }}' } },
      { id: 'second', action: 'post.send_letter', connection: 'main', input: { to: 'After {{ steps.first.output.id }}' } },
    ],
  });
  const place = async () => {
    const { eventId } = await acme.events.publish('order.placed', { number: 'A-1' });
    await test.settled();
    return (await acme.runs.list({ eventId })).items[0]?.id ?? '';
  };
  return { provider, test, acme, place, close: () => closeAll(test, provider) };
}

async function closeAll(test: { close(): Promise<void> }, provider: FakeProvider): Promise<void> {
  await test.close();
  await provider.close();
}
