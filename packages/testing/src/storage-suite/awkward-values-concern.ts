import { describe, expect } from 'vitest';
import { only, type Scenario, type Stage, statuses } from './stage.ts';

/** Texts that have broken keys, separators, collations and quoting before. */
const awkward: Readonly<Record<string, string>> = {
  unicode: 'Zoë-Ω-日本語-🧩',
  combining: 'e\u0301 is not \u00e9',
  colons: 'a:b::c:',
  quotes: `it's "quoted" \\ and \`ticked\``,
  markup: "'); drop table events; --<b>&amp;%s$1",
  spaces: '  leading, trailing\tand\nbroken  ',
  'case and accents': 'İSTANBUL straße ﬁ',
  'two hundred characters': 'x'.repeat(200),
  'two hundred wide characters': '🧩'.repeat(100),
};

async function roundTrips(stage: Stage, text: string): Promise<void> {
  const { samples, storage } = stage;
  const root = samples.newId();
  const key = { tenant: text, root, target: `subscriber:${text}`, replay: 0, path: text };
  const dispatch = samples.dispatch(root, {
    key,
    handler: `subscriber:${text}`,
    lane: `lane:${text}`,
    operation: text,
    connection: text,
    input: JSON.stringify(text),
  });
  const event = samples.event({
    id: root,
    tenant: text,
    type: text,
    source: text,
    subject: text,
    receipt: { registration: text, deliveryId: text },
  });
  const item = {
    tenant: text,
    root,
    dedupe: { key: text, hash: text },
    event,
    plan: samples.plan({ dispatches: [dispatch] }),
    lease: null,
  };
  expect(statuses(await storage.ingest([item]))).toEqual(['created']);
  expect(statuses(await storage.ingest([{ ...item, root: samples.newId(), event: null, plan: samples.plan() }]))).toEqual(['duplicate']);
  const { source, subject, type, receipt } = (await storage.history.event(text, root)) ?? {};
  expect({ source, subject, type, receipt }).toEqual({ source: text, subject: text, type: text, receipt: event.receipt });
  const claimed = only(await storage.claim(samples.claim({ holder: text, handlers: [`subscriber:${text}`], keys: [key] })));
  expect(claimed).toMatchObject({
    key,
    lane: `lane:${text}`,
    operation: text,
    connection: text,
    input: JSON.stringify(text),
    holder: text,
  });
  const settle = samples.settle(claimed, { to: 'succeeded', output: JSON.stringify(text) });
  const attempt = {
    ...settle.attempt,
    providerRequestId: text,
    warnings: [text],
    exchange: JSON.stringify({ text }),
    error: { code: 'internal', message: text },
  };
  expect(statuses(await storage.settle([{ ...settle, attempt }]))).toEqual(['settled']);
  expect(await storage.history.attempts(key)).toEqual([attempt]);
  expect(await storage.history.dispatch(key)).toMatchObject({ output: JSON.stringify(text) });
  await storage.configuration.write(text, [
    { put: 'subscriber', id: text, name: text, expect: 'absent', value: { name: text, pattern: text } },
  ]);
  expect(await storage.configuration.find(text, 'subscriber', text)).toMatchObject({ id: text, name: text, value: { pattern: text } });
  await storage.gates.close([{ tenant: text, lane: text, reason: 'paused', forMs: null }]);
  expect(await storage.gates.list(text)).toEqual([{ tenant: text, lane: text, reason: 'paused', until: null }]);
  expect(await storage.leases.acquire({ name: text, holder: text, ttlMs: 1_000 })).toMatchObject({ name: text });
}

async function storesBytes(stage: Stage, bytes: Uint8Array): Promise<void> {
  const root = stage.samples.newId();
  const payloads = { data: { codec: 'compressed' as const, bytes }, original: { codec: 'sealed' as const, bytes: bytes.toReversed() } };
  await stage.storage.ingest([{ ...stage.samples.call(root), event: stage.samples.event({ id: root, ...payloads }) }]);
  const stored = await stage.storage.history.event('acme', root);
  expect([stored?.data.codec, stored?.original?.codec]).toEqual(['compressed', 'sealed']);
  expect(Buffer.from(stored?.data.bytes ?? []).equals(bytes)).toBe(true);
  expect(Buffer.from(stored?.original?.bytes ?? []).equals(bytes.toReversed())).toBe(true);
}

/** Every byte value, scattered, so that no run of them looks like text. */
const scattered = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => (index * 167 + (index >> 8)) % 256);

/** What a store must give back as it was. */
export function awkwardValuesConcern(scenario: Scenario): void {
  describe('awkward values', () => {
    for (const [name, text] of Object.entries(awkward)) {
      scenario(`keeps names, ids and texts with ${name}`, (stage) => roundTrips(stage, text));
    }

    scenario('does not take names for one another that differ in case, accents or where they are split', async (stage) => {
      const { samples, storage } = stage;
      const root = samples.newId();
      const pairs = [
        ['a', 'b:c'],
        ['a:b', 'c'],
        ['A', 'b:c'],
        ['á', 'b:c'],
        ['a', 'b:c '],
        ['', 'ab:c'],
      ] as const;
      const dispatches = pairs.map(([target, path]) => samples.dispatch(root, { key: { tenant: 'acme', root, target, replay: 0, path } }));
      await storage.ingest([samples.call(root, dispatches)]);
      expect(await storage.claim(samples.claim())).toHaveLength(pairs.length);
      const keys = ['k', 'K', 'k ', 'ḱ', ''].map((key) => samples.item({ dedupe: { key, hash: null } }));
      expect(statuses(await storage.ingest(keys))).toEqual(keys.map(() => 'created'));
    });

    scenario('keeps every byte value', (stage) => storesBytes(stage, scattered(1_024)));
    scenario('keeps an empty payload', (stage) => storesBytes(stage, new Uint8Array(0)));
    scenario('keeps a payload of 2 MiB', (stage) => storesBytes(stage, scattered(2 * 1_024 * 1_024)));

    scenario('keeps bytes that are a part of a larger buffer', async (stage) => {
      const buffer = scattered(64);
      await storesBytes(stage, buffer.subarray(7, 21));
      await storesBytes(stage, Buffer.from(buffer));
    });

    scenario('keeps input, output and run state of 256 KiB', async (stage) => {
      const { samples, storage } = stage;
      const big = JSON.stringify('é"\\'.repeat(64 * 1_024));
      const claimed = await stage.takeOne(samples.automated(samples.newId(), { run: { state: big }, dispatch: { input: big } }));
      expect([claimed.input === big, claimed.run?.state === big]).toEqual([true, true]);
      await storage.settle([samples.settle(claimed, { to: 'succeeded', output: big })]);
      expect((await storage.history.dispatch(claimed.key))?.output === big).toBe(true);
    });
  });
}
