import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, type DeskProcess, type DeskStage, deskStage, orderAutomation } from '../desk/desk-stage.ts';
import { watchStorage } from './watched-storage.ts';

let stage: DeskStage;
let office: DeskProcess;

beforeEach(() => {
  stage = deskStage();
  office = stage.process({ storage: watchStorage(stage.storage).storage });
});
afterEach(() => stage.close());

const missing: readonly unknown[] = [
  '',
  ' ',
  '\t',
  '\u2003',
  undefined,
  null,
  0,
  {},
  [],
  ['acme'],
  'x'.repeat(201),
  'a\u0000b',
  '\u0000',
  'a\nb',
  'a\u007fb',
  '\ud800',
  'a\udc00',
];

describe('a tenant', () => {
  it.each(missing)('is not named by %j, and there is no default', (name) => {
    expect(() => office.hub.tenant(name as string)).toThrowError(expect.objectContaining({ code: 'tenant_missing' }));
  });

  const odd = [
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '..',
    '.',
    'a/b',
    'a:b',
    '%00',
    '%',
    '*',
    "'; drop table events; --",
    'Ünïcödé 🏢',
    'x'.repeat(200),
    'ACME',
    'acme',
    'acme ',
  ];

  it('may have any other name, and each of them is a tenant of its own through the whole way', async () => {
    office.hub.subscribe('*', { name: 'seen' }, (event) => seen.push([event.tenant, event.id]));
    const seen: [string, string][] = [];
    const published: [string, string][] = [];
    for (const name of odd) {
      const tenant = office.hub.tenant(name);
      await connect(tenant);
      await tenant.automations.put('order', orderAutomation);
      const { eventId } = await tenant.events.publish('order.placed', { number: name }, { dedupeKey: 'the same' });
      published.push([name, eventId]);
    }
    await office.settled();
    expect(seen.toSorted()).toEqual(published.toSorted());
    for (const [name, eventId] of published) {
      const tenant = office.hub.tenant(name);
      expect((await tenant.events.list()).items.map(({ event }) => event.id)).toEqual([eventId]);
      expect((await tenant.runs.list()).items).toMatchObject([{ eventId, status: 'succeeded' }]);
      expect(await tenant.connections.list()).toHaveLength(2);
      expect((await tenant.events.get(eventId)).event.source).toBe(`/tenants/${encodeURIComponent(name)}`);
    }
    const titles = stage.desk.callsOf('file_ticket').map(({ input }) => input);
    expect(titles).toEqual(expect.arrayContaining(odd.map((name) => ({ title: `Order ${name}` }))));
    expect(titles).toHaveLength(odd.length);
  });

  it('is held by a handle that nobody can turn to another tenant', () => {
    const acme = office.hub.tenant('acme');
    expect(Object.isFrozen(acme)).toBe(true);
    expect(() => Object.assign(acme, { id: 'other' })).toThrow(TypeError);
  });
});
