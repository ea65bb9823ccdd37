import type { Connector } from '@patchbay/core';
import type { NamedResources } from '@patchbay/core/connector-kit';
import { describe, expect, it } from 'vitest';
import type { FakeProvider } from '../providers/fake-provider.ts';
import { errorOf, setConnectorStage } from './connector-stage.ts';
import type { ActionCase, ConnectorSubject, DeliveryCase } from './connector-subject.ts';
import { openDoor } from './webhook-door.ts';

/** Resources: what is said of each kind, and that a confined connection is held to it. Nothing is tested of a connector without kinds. */
export function describeResources<Provider extends FakeProvider>(subject: ConnectorSubject<Provider>): void {
  const connector: Connector = subject.create('https://api.example.com');
  const { manifest } = connector;
  const kinds = Object.keys(manifest.resources).sort();
  if (kinds.length === 0) return;

  describe('resources', () => {
    it('are told of by each action and trigger, kind by kind', () => {
      const told = [...manifest.actions, ...manifest.triggers].map(({ name, resources }) => [name, Object.keys(resources).sort()]);
      const advice = "each action and trigger says of each kind which fields name it, or 'untouched', or 'any'";
      expect(told, advice).toEqual(told.map(([name]) => [name, kinds]));
    });

    it.each(kinds)('of the kind %s are named in a case of each action that has a place for them', async (kind) => {
      const placed = manifest.actions.filter(({ resources }) => Array.isArray(resources[kind])).map(({ name }) => name);
      const named = await Promise.all(
        subject.actions.map(async (action) => (isNamed((await namesOf(subject, action))[kind]) ? [action.name] : [])),
      );
      expect([...new Set(named.flat())].sort(), `the actions with a case whose input names a ${kind}`).toEqual(placed.sort());
    });

    for (const action of subject.actions) describeCase(subject, action, kinds);
    for (const delivery of subject.deliveries.filter(({ trigger }) => trigger !== null)) describeDelivery(subject, delivery);
  });
}

const isNamed = (names: NamedResources | undefined): names is readonly [string, ...string[]] => Array.isArray(names);

async function namesOf<Provider extends FakeProvider>(
  subject: ConnectorSubject<Provider>,
  { name, input }: ActionCase<Provider>,
): Promise<Readonly<Record<string, NamedResources>>> {
  const { provider, harness } = await setConnectorStage(subject);
  return harness.resourcesOf({ action: name, input: input(provider) });
}

function describeCase<Provider extends FakeProvider>(
  subject: ConnectorSubject<Provider>,
  action: ActionCase<Provider>,
  kinds: readonly string[],
): void {
  it.each(kinds)(`of the kind %s are all that ${action.name} reaches where the connection is confined to them`, async (kind) => {
    const names = (await namesOf(subject, action))[kind];
    const within = await setConnectorStage(subject, { confinedTo: { [kind]: isNamed(names) ? names : [] } });
    const call = within.harness.execute({ action: action.name, input: action.input(within.provider) });
    if (names === 'unknown') await expectRefusal(call);
    else await expect(call).resolves.toBeDefined();
    const outside = await setConnectorStage(subject, { confinedTo: { [kind]: [] } });
    const input = action.input(outside.provider);
    if (names === 'untouched') return;
    await expectRefusal(outside.harness.execute({ action: action.name, input }));
    expect(outside.provider.requests).toEqual([]);
  });
}

async function expectRefusal(call: Promise<unknown>): Promise<void> {
  expect(await errorOf(call)).toMatchObject({ code: 'resource_refused', retryable: false, sent: 'no' });
}

function describeDelivery<Provider extends FakeProvider>(subject: ConnectorSubject<Provider>, delivery: DeliveryCase): void {
  it(`can be told of the delivery ${delivery.title}`, async () => {
    const { connector, harness, make, url, secret } = openDoor(subject);
    const { events } = await harness.receive({ ...make(delivery), url, secrets: [secret.registered] });
    for (const { trigger, data } of events) {
      const names = await harness.resourcesOf({ trigger, data });
      const said = connector.triggers[trigger]?.resources ?? {};
      const lost = Object.entries(names).filter(([kind, found]) => found === 'unknown' && Array.isArray(said[kind]));
      expect(lost, `kinds of which ${trigger} names none where it says`).toEqual([]);
    }
  });
}
