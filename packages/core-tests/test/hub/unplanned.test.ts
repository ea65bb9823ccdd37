import type { IngestItem } from '@patchbay/core/adapter';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type DeskProcess, type DeskStage, deskStage } from '../desk/desk-stage.ts';

let stage: DeskStage;
/** Takes events in; routes and executes nothing. */
let web: DeskProcess;
let worker: DeskProcess;
let heard: unknown[];

beforeEach(async () => {
  stage = deskStage();
  web = stage.process();
  worker = stage.process();
  heard = [];
  worker.hub.subscribe('order.*', { name: 'index' }, async ({ data }) => void heard.push(data));
  await web.hub.ready();
  await worker.hub.start();
  await stage.clock.settle();
});
afterEach(() => stage.close());

/** An event as it stands after the host's own transaction: stored, and marked to be planned. */
function unplanned(number: string): IngestItem {
  const root = crypto.randomUUID();
  const event = {
    tenant: 'acme',
    id: root,
    type: 'order.placed',
    source: '/tenants/acme',
    subject: null,
    time: stage.clock.now(),
    connection: null,
    correlation: root,
    causation: null,
    class: 'custom',
    severity: 'info',
    data: { codec: 'plain' as const, bytes: new TextEncoder().encode(JSON.stringify({ number })) },
    original: null,
    receipt: null,
  };
  return { tenant: 'acme', root, dedupe: null, event, plan: null, lease: null };
}

it('routes at once what another process has stored unplanned and wakes for', async () => {
  const before = stage.clock.now();
  await stage.storage.ingest([unplanned('A-1'), unplanned('A-2')]);
  await stage.storage.queue.wake({});
  await stage.clock.settle();
  expect(heard).toEqual([{ number: 'A-1' }, { number: 'A-2' }]);
  expect(stage.clock.now()).toBe(before);
});

it('finds it by its poll where the wake-up is lost', async () => {
  await stage.storage.ingest([unplanned('A-1')]);
  await stage.clock.settle();
  expect(heard).toEqual([]);
  await stage.clock.advance(1_000);
  expect(heard).toEqual([{ number: 'A-1' }]);
});
