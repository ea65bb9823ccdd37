import type { Connector, Json } from '@patchbay/core';
import type { ConnectorHarness, ReadContentDocument } from '@patchbay/core/connector-kit';
import { describe, expect, it } from 'vitest';
import type { FakeProvider } from '../providers/fake-provider.ts';
import { errorOf, secretsOf, setConnectorStage } from './connector-stage.ts';
import type { ConnectorSubject, ContentCase } from './connector-subject.ts';
import { openDoor } from './webhook-door.ts';

/** Reads after which a source has come to the end of what there is. */
const mostReads = 100;

interface Read {
  readonly documents: readonly ReadContentDocument[];
  readonly deleted: readonly string[];
  readonly cursor: Json;
}

/** All that there is from a cursor on, and where it ends. */
async function readAll(
  harness: ConnectorHarness,
  { source, containers = [] }: { readonly source: string; readonly containers?: readonly string[] },
  from: Json,
): Promise<Read> {
  const documents: ReadContentDocument[] = [];
  const deleted: string[] = [];
  let cursor = from;
  for (let reads = 0; reads < mostReads; reads += 1) {
    const page = await harness.content({ source, cursor, containers });
    documents.push(...page.documents);
    deleted.push(...page.deleted);
    cursor = page.cursor;
    if (!page.more) return { documents, deleted, cursor };
  }
  throw new Error(`There is still more after ${mostReads} reads: the cursor does not move on.`);
}

const idsOf = ({ documents }: Read): readonly string[] => documents.map(({ id }) => id);

function describeReads<Provider extends FakeProvider>(subject: ConnectorSubject<Provider>, given: ContentCase<Provider>): void {
  const { remove } = given;

  it('is read to an end, each document once', async () => {
    const { provider, harness } = await setConnectorStage(subject);
    const made = [await given.change(provider), await given.change(provider)];
    const ids = idsOf(await readAll(harness, given, null));
    for (const id of made) expect(ids).toContain(id);
    expect(new Set(ids).size, 'ids').toBe(ids.length);
  });

  it('gives after a cursor what has changed since, and nothing that is older', async () => {
    const { provider, harness } = await setConnectorStage(subject);
    await given.change(provider);
    const before = await readAll(harness, given, null);
    const newest = Math.max(...before.documents.map(({ updatedAt }) => updatedAt));
    const changed = await given.change(provider);
    const after = await readAll(harness, given, before.cursor);
    expect(idsOf(after)).toContain(changed);
    // A service may tell times by the second: what changed in the last one can come again.
    const again = after.documents.filter(({ id, updatedAt }) => id !== changed && updatedAt < newest);
    expect(again, 'documents that were read and have not changed').toEqual([]);
  });

  it('gives the same from the same cursor, also after the service has failed', async () => {
    const { provider, harness } = await setConnectorStage(subject);
    const { cursor } = await readAll(harness, given, null);
    const changed = await given.change(provider);
    provider.failNext(1, { kind: 'answer', status: 503, match: /./ });
    expect((await errorOf(harness.content({ ...given, cursor }))).retryable, 'the error while the service is down').toBe(true);
    expect(idsOf(await readAll(harness, given, cursor))).toContain(changed);
  });

  if (remove)
    it('tells of what is gone', async () => {
      const { provider, harness } = await setConnectorStage(subject);
      await given.change(provider);
      const { cursor } = await readAll(harness, given, null);
      const gone = await remove(provider);
      const after = await readAll(harness, given, cursor);
      expect(after.deleted).toContain(gone);
    });
}

function describeManners<Provider extends FakeProvider>(subject: ConnectorSubject<Provider>, given: ContentCase<Provider>): void {
  it('changes nothing at the service, and shows no credential', async () => {
    const { provider, harness } = await setConnectorStage(subject);
    await given.change(provider);
    const effects = provider.effects().length;
    const read = await readAll(harness, given, null);
    expect(provider.effects()).toHaveLength(effects);
    expect(provider.requests.length).toBeGreaterThan(0);
    for (const each of secretsOf(subject.credential)) expect(JSON.stringify(read)).not.toContain(each);
  });

  it('fails with a credential that the service refuses', async () => {
    const { harness } = await setConnectorStage(subject, { credential: subject.wrongCredential });
    expect((await errorOf(harness.content({ ...given, cursor: null }))).code).toBe('authentication_failed');
  });

  const connector: Connector = subject.create('https://api.example.com');
  it.each(Object.keys(connector.manifest.resources))('is not read for a connection that is confined to no %s', async (kind) => {
    const { provider, harness } = await setConnectorStage(subject, { confinedTo: { [kind]: [] } });
    expect(await errorOf(harness.content({ ...given, cursor: null }))).toMatchObject({ code: 'resource_refused', sent: 'no' });
    expect(provider.requests).toEqual([]);
  });

  const { resource } = connector.manifest.content.find(({ name }) => name === given.source) ?? {};
  if (resource)
    it('stays with the containers that the connection is confined to', async () => {
      const { containers = [] } = given;
      expect(containers, `containers of the case, names of a ${resource}`).not.toEqual([]);
      const { provider, harness } = await setConnectorStage(subject, { confinedTo: { [resource]: containers } });
      const changed = await given.change(provider);
      const read = await readAll(harness, { source: given.source }, null);
      expect(idsOf(read)).toContain(changed);
      for (const { container } of read.documents) expect(containers).toContain(container);
    });
}

function describeEvents<Provider extends FakeProvider>(subject: ConnectorSubject<Provider>, { source }: ContentCase<Provider>): void {
  const declared = subject.create('https://api.example.com').definition.content?.[source]?.deletedBy ?? {};
  for (const [trigger, idsOfEvent] of Object.entries(declared)) {
    it.each(subject.deliveries.filter((delivery) => delivery.trigger === trigger))(
      `is told by the delivery $title what is gone`,
      async (delivery) => {
        const { harness, make, url, secret } = openDoor(subject);
        const { events } = await harness.receive({ ...make(delivery), url, secrets: [secret.registered] });
        const ids = events.filter((event) => event.trigger === trigger).flatMap(({ data }) => [...idsOfEvent(data)]);
        expect(ids).not.toEqual([]);
        for (const id of ids) expect(id).toMatch(/\S/);
      },
    );
  }
}

/** Documents for a search index. Nothing is tested of a connector without sources. */
export function describeContent<Provider extends FakeProvider>(subject: ConnectorSubject<Provider>): void {
  const { manifest } = subject.create('https://api.example.com');
  const { content: cases = [] } = subject;
  if (manifest.content.length === 0 && cases.length === 0) return;

  describe('content', () => {
    it('has a case for each source', () => {
      expect(cases.map(({ source }) => source).sort()).toEqual(manifest.content.map(({ name }) => name).sort());
    });

    it.each(manifest.content)('of $name says how documents go: when it is read, by events, or by reading all of it again', (source) => {
      const removes = cases.some((each) => each.source === source.name && each.remove !== undefined);
      expect(removes || source.deletedBy.length > 0 || source.rereadMs !== null, 'remove in a case, deletedBy or rereadMs').toBe(true);
    });
  });
  for (const each of cases)
    describe(`content ${each.source}`, () => {
      describeReads(subject, each);
      describeManners(subject, each);
      describeEvents(subject, each);
    });
}
