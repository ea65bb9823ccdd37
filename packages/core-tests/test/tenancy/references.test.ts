import { isPatchbayError, path, signatures } from '@patchbay/core';
import type { OperatedTenant } from '@patchbay/core/host';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, type DeskStage, type DeskTenant, deskStage, orderAutomation } from '../desk/desk-stage.ts';
import { keptReceipt } from '../webhooks/kept-receipt.ts';
import { dumpStorage } from './dump-storage.ts';
import { type WatchedStorage, watchStorage } from './watched-storage.ts';

let stage: DeskStage;
let watched: WatchedStorage;
let acme: DeskTenant;
let other: DeskTenant;
let operated: OperatedTenant;

/** Ids of one thing of each kind, and names where it has one. */
interface Things {
  readonly connection: readonly string[];
  readonly automation: readonly string[];
  readonly event: readonly string[];
  readonly run: readonly string[];
  readonly dispatch: readonly string[];
  readonly registration: readonly string[];
  readonly kept: readonly string[];
  readonly endpoint: readonly string[];
  readonly receiver: readonly string[];
  readonly delivery: readonly string[];
  readonly mapping: readonly string[];
  readonly enrichment: readonly string[];
  readonly alertRule: readonly string[];
  readonly alert: readonly string[];
  readonly suppression: readonly string[];
}
type Kind = keyof Things;

let foreign: Things;
let deleted: Partial<Things>;

beforeEach(async () => {
  stage = deskStage();
  watched = watchStorage(stage.storage);
  const { hub, settled } = stage.process({ storage: watched.storage, alerts: { channels: { pager() {} } } });
  acme = hub.tenant('acme');
  other = hub.tenant('other');
  operated = hub.operator({ actor: 'grace', reason: 'probes' }).tenant('acme');
  foreign = await thingsOf(other, 'theirs');
  await settled();
  deleted = await deletedOf(acme);
  // The watch sees writes: what it does not see afterwards did not happen.
  expect(watched.writes).toEqual(expect.arrayContaining(['configuration.write', 'ingest', 'settle']));
  watched.writes.length = 0;
});
afterEach(() => stage.close());

const shop = { scheme: signatures.hmac({ header: 'x-signature' }), secret: 'their-long-secret', deliveryId: 'body' } as const;

async function thingsOf(tenant: DeskTenant, name: string): Promise<Things> {
  await connect(tenant);
  const connection = await tenant.connections.put(name, { connector: 'desk', credential: { type: 'bearer', token: 'their-token' } });
  const automation = await tenant.automations.put(name, orderAutomation);
  await tenant.automations.put(`${name}-by-hand`, { ...orderAutomation, trigger: { manual: true } });
  const { eventId } = await tenant.events.publish('order.placed', { number: 'B-1' });
  const run = (await tenant.runs.list({ eventId })).items[0]?.id ?? '';
  const dispatch = (await tenant.dispatches.list({ eventId })).items[0]?.id ?? '';
  const registration = await tenant.webhooks.register({ connection: name, secret: 'their-long-secret' });
  const endpoint = await tenant.endpoints.put(name, unverified);
  const delivery = await deliveryOf(tenant);
  return {
    connection: [connection.id, `desk/${name}`, name],
    automation: [automation.id, name, `${name}-by-hand`],
    event: [eventId],
    run: [run],
    dispatch: [dispatch],
    registration: [registration.id],
    kept: [await keptOf(tenant)],
    endpoint: [endpoint.id, name],
    receiver: [(await tenant.receivers.put('theirs-too', shop)).id, 'theirs-too'],
    delivery: [delivery],
    mapping: [(await tenant.mappings.put('theirs', { fields })).id, 'theirs'],
    enrichment: [(await tenant.enrichments.put('theirs', asking(name))).id, 'theirs'],
    ...(await alertsOf(tenant, `${name}-rule`)),
  };
}

const watching = { on: 'dispatch.dead', levels: [{ channels: [{ host: 'pager' }] }] } as const;

/** A rule, an open alert straight into the store, and a suppression. */
async function alertsOf(tenant: DeskTenant, name: string): Promise<Pick<Things, 'alertRule' | 'alert' | 'suppression'>> {
  const rule = await tenant.alerts.put(name, watching);
  const { id } = await tenant.alerts.suppress({ until: stage.clock.now() + 3_600_000, reason: 'They move.' });
  const alert = '01890a5d-ac96-774b-bcce-b302099a8063';
  const facts = { tenant: tenant.id, rule: name, severity: 'warning', signal: 'dispatch.dead', subject: { kind: 'rule', id: rule.id } };
  const episode = { id: alert, phase: 'open', facts, openedAt: 1, lastSeenAt: 1, occurrences: 1, levels: 0, reminders: 0 };
  const state = { tenant: tenant.id, name: `alert:${rule.id}:rule:${rule.id}`, expect: 'absent', value: { episode } } as const;
  await stage.storage.states.write([state]);
  return { alertRule: [rule.id, name], alert: [alert], suppression: [id] };
}

/** A delivery that waits for its endpoint. */
async function deliveryOf(tenant: DeskTenant): Promise<string> {
  await tenant.endpoints.put('waits', { ...unverified, verification: 'dangerouslyWaived' });
  const { dispatchId } = await tenant.endpoints.sendTest('waits');
  await tenant.endpoints.disable('waits');
  return dispatchId;
}

/** A kept delivery, straight into the store: how it comes there is another test's. */
async function keptOf(tenant: DeskTenant): Promise<string> {
  const receipt = keptReceipt(tenant.id);
  await stage.storage.receipts.keep(receipt);
  return receipt.id;
}

async function deletedOf(tenant: DeskTenant): Promise<Partial<Things>> {
  await connect(tenant);
  const automation = await tenant.automations.put('gone', orderAutomation);
  await tenant.automations.delete('gone');
  const registration = await tenant.webhooks.register({ connection: 'main', secret: 'a-long-secret' });
  await tenant.webhooks.unregister(registration.id);
  const kept = await keptOf(tenant);
  await tenant.webhooks.kept.discard(kept);
  const endpoint = await tenant.endpoints.put('gone', unverified);
  await tenant.endpoints.delete('gone');
  const receiver = await tenant.receivers.put('gone', shop);
  await tenant.receivers.delete('gone');
  const rule = await tenant.alerts.put('gone', watching);
  await tenant.alerts.delete('gone');
  const enrichment = await tenant.enrichments.put('gone', asking('main'));
  await tenant.enrichments.delete('gone');
  const mapping = await tenant.mappings.put('gone', { fields });
  await tenant.mappings.delete('gone');
  return {
    enrichment: [enrichment.id, 'gone'],
    mapping: [mapping.id, 'gone'],
    automation: [automation.id, 'gone'],
    registration: [registration.id],
    kept: [kept],
    endpoint: [endpoint.id, 'gone'],
    receiver: [receiver.id, 'gone'],
    alertRule: [rule.id, 'gone'],
  };
}

/** Asks the desk, about nothing that happens here. */
const asking = (connection: string) => ({ enricher: 'desk.context', connection, events: ['nothing'] });

/** A mapping of nothing in particular. */
const fields = [{ to: 'title', from: 'subject' }];

/** Nothing but a challenge would be sent there. */
const unverified = { url: 'https://receiver.example.com/hook', events: ['*'] };

const uuid = '01890a5d-ac96-774b-bcce-b302099a8057';
const random: Things = {
  connection: [uuid, 'nobody', 'desk/nobody', 'ghost/main'],
  automation: [uuid, 'nobody'],
  event: [uuid],
  run: [`${uuid}:0:${uuid}`],
  dispatch: [`${uuid}:0:call:call`, `${uuid}:0:automation%3A${uuid}:ticket`],
  registration: [uuid],
  kept: [uuid],
  endpoint: [uuid, 'nobody'],
  receiver: [uuid, 'nobodys'],
  delivery: [`${uuid}:0:endpoint%3A${uuid}:deliver`],
  mapping: [uuid, 'nobodys'],
  enrichment: [uuid, 'nobodys'],
  alertRule: [uuid, 'nobodys'],
  alert: [uuid],
  suppression: [uuid],
};

const malformed: readonly unknown[] = [
  ...[
    '',
    ' ',
    'x',
    '../..',
    '%',
    '%zz:0:x:y',
    'a:b:c',
    'a:b:c:d',
    '\u0000',
    'a\u0000b',
    '\ud800',
    `${uuid}\u0000`,
    uuid.toUpperCase(),
    `${uuid}:-1:${uuid}`,
  ],
  ...[`${uuid}:1e3:${uuid}`, 'x'.repeat(100_000), '__proto__', 'constructor', undefined, null, 0, Number.NaN, {}, [], [uuid], true],
];

const input = { title: 'x' };

/** Every method of a tenant that takes a reference, by the kind of thing that it names. */
const methods: Readonly<Record<string, readonly [Kind, (reference: string) => Promise<unknown>]>> = {
  'connections.get': ['connection', (reference) => acme.connections.get(reference)],
  'connections.test': ['connection', (reference) => acme.connections.test(reference)],
  'connections.update': ['connection', (reference) => acme.connections.update(reference, { owner: 'user-2' })],
  'connections.rotate': ['connection', (reference) => acme.connections.rotate(reference, { credential: { type: 'bearer', token: 'new' } })],
  'connections.rollBack': ['connection', (reference) => acme.connections.rollBack(reference)],
  'connections.migrate': ['connection', (reference) => acme.connections.migrate(reference, { to: 1 })],
  'connections.rateLimitStatus': ['connection', (reference) => acme.connections.rateLimitStatus(reference)],
  'connections.scopes': ['connection', (reference) => acme.connections.scopes(reference)],
  'connections.breakerStatus': ['connection', (reference) => acme.connections.breakerStatus(reference)],
  'connections.resetBreaker': ['connection', (reference) => acme.connections.resetBreaker(reference)],
  'connections.health': ['connection', (reference) => acme.connections.health(reference)],
  'connections.healthHistory': ['connection', (reference) => acme.connections.healthHistory(reference)],
  'connections.pause': ['connection', (reference) => acme.connections.pause(reference)],
  'connections.resume': ['connection', (reference) => acme.connections.resume(reference)],
  'connections.askToReconnect': ['connection', (reference) => acme.connections.askToReconnect(reference, { message: 'Again.' })],
  'connections.disconnect': ['connection', (reference) => acme.connections.disconnect(reference)],
  'oauth.sites': ['connection', (reference) => acme.oauth.sites(reference)],
  'oauth.chooseSite': ['connection', (connection) => acme.oauth.chooseSite({ connection, site: 'site-1' })],
  'actions.execute': ['connection', (connection) => acme.actions.execute('desk.file_ticket', { connection, input })],
  'actions.options': ['connection', (connection) => acme.actions.options({ connection, action: 'desk.file_ticket', field: 'title' })],
  'content.put': ['connection', (connection) => acme.content.put({ connection, source: 'pages' })],
  'content.status': ['connection', (connection) => acme.content.status({ connection, source: 'pages' })],
  'content.resync': ['connection', (connection) => acme.content.resync({ connection, source: 'pages' })],
  'content.delete': ['connection', (connection) => acme.content.delete({ connection, source: 'pages' })],
  'webhooks.register': ['connection', (connection) => acme.webhooks.register({ connection, secret: 'a-long-secret' })],
  request: ['connection', (connection) => acme.request(connection, { method: 'GET', path: path`/` })],
  'automations.get': ['automation', (reference) => acme.automations.get(reference)],
  'automations.version': ['automation', (reference) => acme.automations.version(reference, 1)],
  'automations.export': ['automation', (reference) => acme.automations.export(reference)],
  'automations.enable': ['automation', (reference) => acme.automations.enable(reference)],
  'automations.disable': ['automation', (reference) => acme.automations.disable(reference)],
  'automations.delete': ['automation', (reference) => acme.automations.delete(reference)],
  'automations.run': ['automation', (reference) => acme.automations.run(reference)],
  'automations.press': ['automation', (reference) => acme.automations.press(reference, {}, { user: 'ada' })],
  'automations.formLink': ['automation', (reference) => acme.automations.formLink(reference)],
  'automations.schedule': ['automation', (reference) => acme.automations.schedule(reference)],
  'automations.dryRun': ['automation', (reference) => acme.automations.dryRun(reference, { sample: { data: {} } })],
  'automations.analytics': ['automation', (reference) => acme.automations.analytics(reference)],
  'automations.compare': ['automation', (reference) => acme.automations.compare(reference, { versions: [1, 1] })],
  'events.get': ['event', (id) => acme.events.get(id)],
  'events.explain': ['event', (id) => acme.events.explain(id)],
  'events.replay': ['event', (id) => acme.events.replay(id, { all: true })],
  'runs.get': ['run', (id) => acme.runs.get(id)],
  'runs.cancel': ['run', (id) => acme.runs.cancel(id)],
  'runs.replay': ['run', (id) => acme.runs.replay(id)],
  'runs.rerun': ['run', (id) => acme.runs.rerun(id, { from: 'ticket' })],
  'dispatches.get': ['dispatch', (id) => acme.dispatches.get(id)],
  'dispatches.retry': ['dispatch', (id) => acme.dispatches.retry(id)],
  'dispatches.cancel': ['dispatch', (id) => acme.dispatches.cancel(id)],
  'dispatches.resolve': ['dispatch', (id) => acme.dispatches.resolve(id, { as: 'succeeded' })],
  'vault.put': ['connection', (connection) => acme.vault.put({ connection, key: 'signing', value: 'a-secret' })],
  'vault.use': ['connection', (connection) => acme.vault.use({ connection, key: 'signing', purpose: 'look' })],
  'vault.list': ['connection', (connection) => acme.vault.list(connection)],
  'vault.delete': ['connection', (connection) => acme.vault.delete({ connection, key: 'signing' })],
  'events.replayMany': ['automation', (automation) => acme.events.replayMany({ automation: named(automation), idempotencyKey: 'probe' })],
  'dispatches.retryMany': ['automation', (automation) => acme.dispatches.retryMany({ automation: named(automation) })],
  'operator.rateLimitStatus': ['connection', (reference) => operated.rateLimitStatus(reference)],
  'operator.pause': ['connection', (reference) => operated.pause(reference)],
  'operator.resetBreaker': ['connection', (reference) => operated.resetBreaker(reference)],
  'operator.resume': ['connection', (reference) => operated.resume(reference)],
  'operator.connectionHealth': ['connection', (reference) => operated.connectionHealth(reference)],
  'operator.askToReconnect': ['connection', (reference) => operated.askToReconnect(reference, { message: 'Again.' })],
  'operator.disconnect': ['connection', (reference) => operated.disconnect(reference)],
  'endpoints.get': ['endpoint', (reference) => acme.endpoints.get(reference)],
  'endpoints.delete': ['endpoint', (reference) => acme.endpoints.delete(reference)],
  'endpoints.verify': ['endpoint', (reference) => acme.endpoints.verify(reference)],
  'endpoints.sendTest': ['endpoint', (reference) => acme.endpoints.sendTest(reference)],
  'endpoints.rotateSecret': ['endpoint', (reference) => acme.endpoints.rotateSecret(reference)],
  'endpoints.revealSecret': ['endpoint', (reference) => acme.endpoints.revealSecret(reference)],
  'endpoints.enable': ['endpoint', (reference) => acme.endpoints.enable(reference)],
  'endpoints.disable': ['endpoint', (reference) => acme.endpoints.disable(reference)],
  'webhooks.reconcile': ['connection', (connection) => acme.webhooks.reconcile({ connection })],
  'webhooks.update': ['registration', (id) => acme.webhooks.update(id, { rules: { sample: 0.5 } })],
  'webhooks.rotateSecret': ['registration', (id) => acme.webhooks.rotateSecret(id, { secret: 'another-long-secret' })],
  'endpoints.statistics': ['endpoint', (reference) => acme.endpoints.statistics(reference)],
  'endpoints.deliveries.get': ['delivery', (id) => acme.endpoints.deliveries.get(id)],
  'endpoints.deliveries.retry': ['delivery', (id) => acme.endpoints.deliveries.retry(id)],
  'endpoints.deliveries.replay': ['delivery', (id) => acme.endpoints.deliveries.replay(id)],
  'endpoints.deliveries.retryMany': ['endpoint', (endpoint) => acme.endpoints.deliveries.retryMany({ endpoint })],
  'endpoints.deliveries.replayMany': [
    'endpoint',
    (endpoint) => acme.endpoints.deliveries.replayMany({ endpoint, from: 0, idempotencyKey: 'probe' }),
  ],
  'requests.list': ['connection', (reference) => acme.requests.list({ connection: named(reference) })],
  'webhooks.get': ['registration', (id) => acme.webhooks.get(id)],
  'webhooks.unregister': ['registration', (id) => acme.webhooks.unregister(id)],
  'receivers.get': ['receiver', (reference) => acme.receivers.get(reference)],
  'receivers.rotateSecret': ['receiver', (reference) => acme.receivers.rotateSecret(reference, { secret: 'another-long-secret' })],
  'receivers.delete': ['receiver', (reference) => acme.receivers.delete(reference)],
  'mappings.get': ['mapping', (reference) => acme.mappings.get(reference)],
  'mappings.version': ['mapping', (reference) => acme.mappings.version(reference, 1)],
  'mappings.history': ['mapping', (reference) => acme.mappings.history(reference)],
  'mappings.delete': ['mapping', (reference) => acme.mappings.delete(reference)],
  'mappings.test': ['mapping', (reference) => acme.mappings.test(reference, input)],
  'mappings.apply': ['mapping', (reference) => acme.mappings.apply(reference, input)],
  'mappings.reverse': ['mapping', (reference) => acme.mappings.reverse(reference, input)],
  'evidence.forEvent': ['event', (id) => acme.evidence.forEvent(id)],
  'enrichments.get': ['enrichment', (reference) => acme.enrichments.get(reference)],
  'enrichments.delete': ['enrichment', (reference) => acme.enrichments.delete(reference)],
  'enrichments.run': ['enrichment', (reference) => acme.enrichments.run(reference)],
  'actions.executeMapped': [
    'mapping',
    (mapping) => acme.actions.executeMapped('desk.file_ticket', { connection: 'main', mapping, record: input }),
  ],
  'alerts.get': ['alertRule', (reference) => acme.alerts.get(reference)],
  'alerts.delete': ['alertRule', (reference) => acme.alerts.delete(reference)],
  'alerts.enable': ['alertRule', (reference) => acme.alerts.enable(reference)],
  'alerts.disable': ['alertRule', (reference) => acme.alerts.disable(reference)],
  'alerts.acknowledge': ['alert', (id) => acme.alerts.acknowledge(id)],
  'alerts.resolve': ['alert', (id) => acme.alerts.resolve(id)],
  'alerts.endSuppression': ['suppression', (id) => acme.alerts.endSuppression(id)],
  'webhooks.kept.get': ['kept', (id) => acme.webhooks.kept.get(id)],
  'webhooks.kept.replay': ['kept', (id) => acme.webhooks.kept.replay(id)],
  'webhooks.kept.discard': ['kept', (id) => acme.webhooks.kept.discard(id)],
  'webhooks.offeredSecret': ['registration', (id) => acme.webhooks.offeredSecret(id)],
  'webhooks.allowAddresses': ['registration', (id) => acme.webhooks.allowAddresses(id, ['192.0.2.0/24'])],
};

/** Left out it means all of them, which is no reference. */
function named(reference: string | undefined): string {
  return reference ?? '';
}

/** What a method is tried with: another tenant's, deleted, made up and malformed, of its own kind and of every other, and what is nearly theirs. */
function probesOf(kind: Kind): readonly unknown[] {
  const theirs = Object.values(foreign).flat();
  const nearly = theirs.flatMap((id: string) => [id.toUpperCase(), `${id} `, `other/${id}`, id.slice(0, -1)]);
  return [...theirs, ...nearly, ...(deleted[kind] ?? []), ...Object.values(random).flat(), ...malformed];
}

/** Those that take no reference, or only one to narrow a list or to name what comes. */
const others = [
  ...[
    'connections.put',
    'connections.list',
    'connections.page',
    'connections.healthSummary',
    'automations.put',
    'automations.parse',
    'automations.list',
    'automations.fromTemplate',
    'templates.parse',
    'templates.check',
    'events.publish',
    'events.list',
  ],
  // They go by a declared type; whose event a change may name as its cause, records/changed.test.ts tries.
  ...['records.changed', 'records.types'],
  ...['audit.list', 'audit.verify', 'audit.export'],
  ...[
    'runs.list',
    'dispatches.list',
    'webhooks.list',
    'webhooks.page',
    'webhooks.analytics',
    'endpoints.put',
    'endpoints.list',
    'endpoints.deliveries.list',
  ],
  // What they narrow by is an id of this tenant's or finds nothing.
  ...['errors.list', 'webhooks.kept.list', 'webhooks.kept.replayMany'],
  ...['receivers.put', 'receivers.list'],
  ...['mappings.put', 'mappings.parse', 'mappings.list', 'mappings.preview'],
  ...['enrichments.available', 'enrichments.put', 'enrichments.list', 'content.available', 'content.list'],
  ...['alerts.put', 'alerts.list', 'alerts.open', 'alerts.suppress', 'alerts.suppressions', 'alerts.history'],
  ...['plan.get', 'plan.remaining', 'plan.has'],
  // They go by the connector's name; that they touch no other tenant, configuration/configuration.test.ts tries.
  ...[
    'configuration.get',
    'configuration.put',
    'configuration.list',
    'configuration.history',
    'configuration.turnOff',
    'configuration.turnOn',
  ],
  ...['flags.list', 'flags.isOn', 'flags.set'],
  // Apps go by the connector's name; whose a flow is, oauth/connect.test.ts tries.
  ...[
    'oauth.beginConnect',
    'oauth.completeConnect',
    'oauth.redirectUri',
    'oauth.putApp',
    'oauth.listApps',
    'oauth.removeApp',
    'oauth.revokeAll',
  ],
  ...['vault.import', 'vault.keys', 'vault.rotate', 'vault.rewrap', 'vault.setMinDecryptVersion', 'vault.shred'],
];

function methodsOf(handle: object): string[] {
  return Object.entries(handle).flatMap(([name, part]: [string, unknown]) => {
    if (typeof part === 'function') return [name];
    return typeof part === 'object' && part !== null ? methodsOf(part).map((method) => `${name}.${method}`) : [];
  });
}

const answerOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'an answer',
    (error: unknown) => {
      if (!isPatchbayError(error)) return `a raw error: ${String(error)}`;
      // All of it, to the last byte: what is not the same could tell one from the other.
      const { sent = null, retryAfterMs = null } = error;
      return `${error.code}: ${error.message} ${JSON.stringify([error.name, error.toJSON(), sent, retryAfterMs, String(error.cause)])}`;
    },
  );

describe("a tenant's handle", () => {
  it('has no method that this test does not know', () => {
    const ofOperators = Object.keys(methods).filter((name) => name.startsWith('operator.'));
    expect(methodsOf(acme).toSorted()).toEqual(
      [...Object.keys(methods).filter((name) => !ofOperators.includes(name)), ...others].toSorted(),
    );
    // Those over many things are the tenant's own verbs, with a record before.
    const overMany = [
      'health',
      'healthSummary',
      'configurations',
      'deprecations',
      'deadLetters',
      'errors',
      'requests',
      'disconnectAll',
      'pauseAll',
      'resumeAll',
      'retryMany',
      'replayMany',
    ];
    const verbs = Object.entries(operated).flatMap(([name, verb]: [string, unknown]) => (typeof verb === 'function' ? [name] : []));
    expect(verbs.toSorted()).toEqual([...ofOperators.map((name) => name.slice('operator.'.length)), ...overMany].toSorted());
  });

  it('is tried 2,000 times and more', () => {
    const count = Object.values(methods).reduce((sum, [kind]) => sum + probesOf(kind).length, 0);
    expect(count).toBeGreaterThanOrEqual(2_000);
  });

  it.each(Object.keys(methods))(
    'answers %s for what is foreign, deleted, unknown or malformed in one way, and writes nothing',
    async (name) => {
      const [kind, call] = methods[name] ?? ['connection', async () => 'no method'];
      const references = probesOf(kind);
      const before = await dumpStorage(stage.storage, ['acme', 'other']);
      const answers = await Promise.all(references.map((reference) => answerOf(call(reference as string))));
      expect(new Set(answers).size, answers.join('\n')).toBe(1);
      expect(answers[0]).toMatch(/^not_found: There is no such /);
      expect(answers[0]).not.toMatch(/theirs|other|B-1/);
      expect(watched.writes).toEqual([]);
      expect(await dumpStorage(stage.storage, ['acme', 'other'])).toBe(before);
    },
  );

  it('is probed over a storage whose dump shows every kind of thing that a probe could change', async () => {
    const before = await dumpStorage(stage.storage, ['acme', 'other']);
    for (const part of ['their-token', 'their-long-secret']) expect(before).not.toContain(part);
    for (const kind of Object.keys(foreign) as Kind[]) for (const id of foreign[kind]) expect(before).toContain(id.split(':')[0]);
    const changes: readonly (() => Promise<unknown>)[] = [
      () => other.events.replay(foreign.event[0] ?? '', { all: true }),
      () => other.connections.update('theirs', { owner: 'ada' }),
      () => other.automations.disable('theirs'),
      () => other.webhooks.unregister(foreign.registration[0] ?? ''),
      () => other.endpoints.disable('theirs'),
      () => other.connections.disconnect('theirs'),
    ];
    const dumps = [before];
    for (const change of changes) {
      await change();
      dumps.push(await dumpStorage(stage.storage, ['acme', 'other']));
    }
    expect(new Set(dumps).size).toBe(dumps.length);
  });

  it('leaves what the other tenant has as it is', async () => {
    await Promise.allSettled(Object.values(methods).flatMap(([kind, call]) => foreign[kind].map((reference) => call(reference))));
    expect(await other.connections.get(foreign.connection[0] ?? '')).toMatchObject({ status: 'active' });
    expect(await other.automations.get('theirs')).toMatchObject({ enabled: true, version: 1 });
    expect((await other.runs.list()).items).toMatchObject([{ status: 'succeeded', replay: 0 }]);
    expect(await other.webhooks.list()).toHaveLength(1);
    expect(await other.endpoints.get('theirs')).toMatchObject({ status: 'unverified', secrets: [{ notAfter: null }] });
  });

  it('filters lists by what it does not have as if that were not there', async () => {
    const empty = { items: [], cursor: null };
    for (const reference of [...foreign.event, ...malformed.filter((each) => each !== undefined)]) {
      expect(await acme.runs.list({ eventId: reference as string })).toEqual(empty);
      expect(await acme.dispatches.list({ eventId: reference as string })).toEqual(empty);
    }
    for (const reference of [...foreign.endpoint, ...malformed.filter((each) => each !== undefined)])
      expect(await acme.endpoints.deliveries.list({ endpoint: reference as string })).toEqual(empty);
    for (const reference of [...foreign.alert, ...malformed.filter((each) => each !== undefined)])
      expect(await acme.alerts.history({ alert: reference as string })).toEqual(empty);
    for (const reference of [...foreign.automation, ...malformed.filter((each) => each !== undefined)]) {
      expect(await acme.runs.list({ automation: reference as string })).toEqual(empty);
      expect(await acme.events.list({ type: reference as string })).toEqual(empty);
    }
  });

  it('pages by a cursor of another tenant without showing what is theirs', async () => {
    await other.events.publish('order.placed', { number: 'B-2' });
    const { cursor } = await other.events.list({ limit: 1 });
    const { items } = await acme.events.list({ cursor, limit: 500 });
    expect(items.every(({ event }) => event.tenant === 'acme')).toBe(true);
  });
});
