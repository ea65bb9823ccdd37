import { assert, asyncProperty, constantFrom, nat, record as recordOf, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChainPoint, ChainState, SealedRecord } from '../contracts/audit-store.ts';
import { sampleChain, sampleHash, sampleRecord, sealAll } from './__fixtures__/sample-chain.ts';
import { createChainHash } from './chain-hash.ts';
import { pruneEntry } from './pruned-point.ts';
import { type ChainReport, verifyChain } from './verify-chain.ts';

const start: ChainPoint = { seq: 0, hash: '' };
const hash = sampleHash();
const length = 12;
const chain = sampleChain(length, hash);

const headOf = (records: readonly SealedRecord[]): ChainPoint => {
  const last = records.at(-1);
  return last === undefined ? start : { seq: last.seq, hash: last.hash };
};

const stateOf = (records: readonly SealedRecord[], more: Partial<ChainState> = {}): ChainState => ({
  head: headOf(records),
  base: start,
  unsealed: 0,
  ...more,
});

const verify = (
  records: readonly SealedRecord[],
  more: { readonly state?: ChainState; readonly checkpoints?: readonly ChainPoint[] } = {},
): Promise<ChainReport> =>
  verifyChain({ tenant: 'acme', state: more.state ?? stateOf(records), records, checkpoints: more.checkpoints ?? [], hash });

/** One fault of somebody who writes to the table but has no key. `spot` and `other` are places, `text` is what they write. */
const tamperings: Readonly<Record<string, (spot: number, other: number, text: string) => { records: SealedRecord[]; head?: ChainPoint }>> =
  {
    edit: (spot, other, text) => {
      const fields = ['tenant', 'id', 'action', 'details', 'connection', 'correlation', 'hash'] as const;
      const field = fields[other % fields.length] ?? 'id';
      return { records: chain.map((one, index) => (index === spot ? { ...one, [field]: `${one[field] ?? ''}${text}!` } : one)) };
    },
    'edit time': (spot, other) => ({ records: chain.map((one, index) => (index === spot ? { ...one, at: one.at + 1 + other } : one)) }),
    'edit actor': (spot, _, text) => ({
      records: chain.map((one, index) => (index === spot ? { ...one, actor: { ...one.actor, id: `${one.actor.id}${text}!` } } : one)),
    }),
    'forged newlines': (spot, _, text) => ({
      // The same letters, with the border between two fields elsewhere.
      records: chain.map((one, index) =>
        index === spot ? { ...one, action: `${one.action}\n${one.object.type}${text}`, object: { ...one.object, type: '' } } : one,
      ),
    }),
    delete: (spot) => ({ records: chain.filter((_, index) => index !== spot), head: headOf(chain) }),
    'delete and count anew': (spot) => {
      const left = chain.filter((_, index) => index !== spot).map((one, index) => ({ ...one, seq: index + 1 }));
      // Taking the last one off is a truncation: what finds it is a checkpoint.
      return { records: left, head: spot === length - 1 ? headOf(chain) : headOf(left) };
    },
    swap: (spot, other) => {
      const second = spot === other % length ? (spot + 1) % length : other % length;
      const [one, two] = [chain[spot], chain[second]];
      if (one === undefined || two === undefined) throw new Error('There is no such record.');
      const put = (record: SealedRecord, at: SealedRecord): SealedRecord => ({ ...record, seq: at.seq, hash: at.hash });
      return { records: chain.map((each, index) => (index === spot ? put(two, one) : index === second ? put(one, two) : each)) };
    },
    'swap with their hashes': (spot, other) => {
      const second = spot === other % length ? (spot + 1) % length : other % length;
      const order = chain.map((each, index) => (index === spot ? chain[second] : index === second ? chain[spot] : each));
      return { records: order.flatMap((each, index) => (each === undefined ? [] : [{ ...each, seq: index + 1 }])) };
    },
    insert: (spot, other, text) => {
      const forged = { ...sampleRecord(100 + other, { details: text }), seq: spot + 1, hash: hashOfForger(spot, text) };
      const behind = chain.slice(spot).map((one) => ({ ...one, seq: one.seq + 1 }));
      const records = [...chain.slice(0, spot), forged, ...behind];
      return { records, head: headOf(records) };
    },
    'insert without a number': (spot, other, text) => ({
      records: [...chain.slice(0, spot), { ...sampleRecord(100 + other, { details: text }), seq: spot, hash: 'x' }, ...chain.slice(spot)],
    }),
    append: (_, other, text) => {
      const forged = { ...sampleRecord(100 + other, { details: text }), seq: length + 1, hash: hashOfForger(length, text) };
      return { records: [...chain, forged], head: headOf([...chain, forged]) };
    },
    'copy within the chain': (spot, other) => {
      const source = chain[spot === other % length ? (spot + 1) % length : other % length];
      return { records: chain.map((one, index) => (index === spot && source ? { ...source, seq: one.seq } : one)) };
    },
    'all anew without the key': (spot, _, text) => {
      const changed = chain.map((one, index) => (index === spot ? { ...one, details: text } : one));
      return { records: [...chain.slice(0, 1), ...sealAll(changed.slice(1), createChainHash(null), headOf(chain.slice(0, 1)))] };
    },
    truncate: (spot) => ({ records: chain.slice(0, spot), head: headOf(chain.slice(0, spot)) }),
    'truncate but for the head': (spot) => ({ records: chain.slice(0, spot), head: headOf(chain) }),
    'move the head': (spot) => ({ records: [...chain], head: headOf(chain.slice(0, spot)) }),
  };

/** What somebody without the key writes: plain, or by a key of their own. */
function hashOfForger(spot: number, text: string): string {
  const forger = text.length % 2 === 0 ? createChainHash(null) : sampleHash('f');
  return forger.make(headOf(chain.slice(0, spot)), sampleRecord(100, { details: text }));
}

describe('a chain', () => {
  it('holds as it was sealed, whatever its records hold', async () => {
    await assert(
      asyncProperty(string({ unit: 'binary' }), string(), async (text, other) => {
        const records = [1, 2, 3].map((number) =>
          sampleRecord(number, { action: text, correlation: other, details: JSON.stringify(text) }),
        );
        const sealed = sealAll(records, hash);
        expect(await verify(sealed, { checkpoints: sealed })).toMatchObject({ valid: true, break: null, records: 3, checkpoints: 3 });
      }),
    );
    expect(await verify([])).toMatchObject({ valid: true, records: 0, head: start });
  });

  it('shows each of 10,000 tamperings', { timeout: 120_000 }, async () => {
    const choices = recordOf({
      act: constantFrom(...Object.keys(tamperings)),
      spot: nat({ max: length - 1 }),
      other: nat({ max: 1_000 }),
      text: string({ maxLength: 8 }),
    });
    const checkpoints = [headOf(chain)];
    await assert(
      asyncProperty(choices, async ({ act, spot, other, text }) => {
        const made = tamperings[act]?.(spot, other, text);
        if (made === undefined) throw new Error('There is no such tampering.');
        const state = stateOf(made.records, { head: made.head ?? headOf(chain) });
        const report = await verify(made.records, { state, checkpoints });
        expect({ act, valid: report.valid }).toEqual({ act, valid: false });
      }),
      { numRuns: 10_000 },
    );
  });

  it('is found to be cut off by a checkpoint alone', async () => {
    const cut = chain.slice(0, 7);
    expect(await verify(cut)).toMatchObject({ valid: true });
    expect(await verify(cut, { checkpoints: [headOf(chain.slice(0, 7))] })).toMatchObject({ valid: true, checkpoints: 1 });
    expect(await verify(cut, { checkpoints: [headOf(chain)] })).toMatchObject({ valid: false, break: { seq: 8, fault: 'checkpoint' } });
  });

  it('is found to be another than a checkpoint says, also where it was made anew with its own key', async () => {
    const anew = sealAll(
      chain.map((one, index) => (index === 3 ? { ...one, details: '{}' } : one)),
      hash,
    );
    expect(await verify(anew)).toMatchObject({ valid: true });
    expect(await verify(anew, { checkpoints: [headOf(chain.slice(0, 3))] })).toMatchObject({ valid: true });
    expect(await verify(anew, { checkpoints: [headOf(chain.slice(0, 5))] })).toMatchObject({ break: { seq: 5, fault: 'checkpoint' } });
    const both = [headOf(chain), headOf(anew)];
    expect(await verify(chain, { checkpoints: both })).toMatchObject({ break: { seq: length, fault: 'checkpoint' } });
  });

  it('names the first break and why', async () => {
    const edited = chain.map((one) => (one.seq === 5 || one.seq === 8 ? { ...one, details: '{}' } : one));
    expect(await verify(edited)).toMatchObject({ valid: false, break: { seq: 5, fault: 'hash' }, records: 4 });
    const gone = chain.filter(({ seq }) => seq !== 6);
    expect(await verify(gone)).toMatchObject({ break: { seq: 6, fault: 'gap' } });
    const foreign = chain.map((one) => (one.seq === 2 ? { ...one, tenant: 'globex' } : one));
    expect(await verify(foreign)).toMatchObject({ break: { seq: 2, fault: 'tenant' } });
    const strange = chain.map((one) => (one.seq === 9 ? { ...one, hash: one.hash.replace('k1', 'k9') } : one));
    expect(await verify(strange)).toMatchObject({ break: { seq: 9, fault: 'key_unknown' } });
    const bare = [...chain.slice(0, 4), ...sealAll(chain.slice(4), createChainHash(null), headOf(chain.slice(0, 4)))];
    expect(await verify(bare)).toMatchObject({ break: { seq: 5, fault: 'key_missing' } });
    expect(await verify(chain, { state: stateOf(chain.slice(0, 4)) })).toMatchObject({ break: { seq: 5, fault: 'head' } });
  });

  it('may begin without keys and go on with them', async () => {
    const plain = sampleChain(3, createChainHash(null));
    const both = [...plain, ...sealAll([sampleRecord(4)], hash, headOf(plain))];
    expect(await verify(both)).toMatchObject({ valid: true, records: 4 });
  });

  it('begins behind what retention took away, where a record says so, and nowhere else', async () => {
    const through = headOf(chain.slice(0, 5));
    const act = { ...sampleRecord(50), ...pruneEntry(sampleRecord(50).id, through, 1_790_000_000_005) };
    const pruned = [...chain.slice(5), ...sealAll([act], hash, headOf(chain))];
    const state = stateOf(pruned, { base: through, unsealed: 2 });
    expect(await verify(pruned, { state })).toMatchObject({ valid: true, base: through, records: 8, unsealed: 2 });
    expect(await verify(pruned, { state, checkpoints: [headOf(chain.slice(0, 2)), through] })).toMatchObject({
      valid: true,
      checkpoints: 1,
    });
    const cut = chain.slice(5);
    expect(await verify(cut, { state: stateOf(cut, { base: through }) })).toMatchObject({ break: { seq: 5, fault: 'base' } });
    const further = stateOf(pruned.slice(1), { base: headOf(chain.slice(0, 6)) });
    expect(await verify(pruned.slice(1), { state: further })).toMatchObject({ break: { seq: 6, fault: 'base' } });
    const other = { ...through, hash: 'another' };
    expect(await verify(pruned, { state: { ...state, base: other } })).toMatchObject({ valid: false });
    expect(await verify(pruned, { state: { ...state, base: { seq: 0, hash: 'x' } } })).toMatchObject({ break: { seq: 0, fault: 'base' } });
  });
});
