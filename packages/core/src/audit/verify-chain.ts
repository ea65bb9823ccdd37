import type { ChainPoint, ChainState, SealedRecord } from '../contracts/audit-store.ts';
import type { ChainHash } from './chain-hash.ts';
import { prunedPoint } from './pruned-point.ts';

/**
 * Why a chain does not hold. `gap`: a number is missing, comes twice or out of order. `hash`: a record is not what was sealed. `tenant`: it is
 * another tenant's. `key_unknown`: nobody here has the key of its hash. `key_missing`: its hash was made without a key, behind one that was not.
 * `head`: the chain does not end where it should. `base`: it does not begin where it should. `checkpoint`: it is not what it was when a
 * checkpoint was taken.
 */
export type ChainFault = 'gap' | 'hash' | 'tenant' | 'key_unknown' | 'key_missing' | 'head' | 'base' | 'checkpoint';

/** The first place at which a chain does not hold. */
export interface ChainBreak {
  readonly seq: number;
  readonly fault: ChainFault;
}

/** What became of looking at a chain. */
export interface ChainReport {
  /** True where nothing is wrong with what is sealed. */
  readonly valid: boolean;
  readonly break: ChainBreak | null;
  /** Sealed records that were looked at. */
  readonly records: number;
  /** The point behind which they begin: 0, or where retention has taken away what is older. */
  readonly base: ChainPoint;
  readonly head: ChainPoint;
  /** Records that wait to be sealed; until then nothing shows whether they are changed. */
  readonly unsealed: number;
  /** Checkpoints that were compared; older ones than the base cannot be. */
  readonly checkpoints: number;
}

/** What to look at. */
export interface ChainToVerify {
  readonly tenant: string;
  readonly state: ChainState;
  /** The sealed records in order. */
  readonly records: AsyncIterable<SealedRecord> | Iterable<SealedRecord>;
  /** Points that are known from elsewhere. */
  readonly checkpoints: readonly ChainPoint[];
  /** Points up to which records that are not sealed yet say that older ones were taken away. @default none */
  readonly pending?: readonly ChainPoint[];
  readonly hash: ChainHash;
}

interface Walk {
  point: ChainPoint;
  count: number;
  isKeyed: boolean;
  /** Points up to which records say that older ones were taken away. */
  readonly pruned: ChainPoint[];
}

/** The state where a chain begins: nothing is before its first record. */
const isStart = ({ seq, hash }: ChainPoint): boolean => seq === 0 && hash === '';

const isSame = (left: ChainPoint, right: ChainPoint): boolean => left.seq === right.seq && left.hash === right.hash;

function faultOf(record: SealedRecord, walk: Walk, { tenant, hash }: ChainToVerify): ChainFault | null {
  if (record.tenant !== tenant) return 'tenant';
  if (record.seq !== walk.point.seq + 1) return 'gap';
  const found = hash.check(walk.point, record, record.hash);
  if (found === 'wrong') return 'hash';
  if (found === 'unknown_key') return 'key_unknown';
  if (found === 'unkeyed' && walk.isKeyed) return 'key_missing';
  walk.isKeyed ||= found === 'right';
  return null;
}

/** Points to compare, by number; two that contradict each other cannot both hold. */
function expectedPoints({ checkpoints }: ChainToVerify): ReadonlyMap<number, ReadonlySet<string>> {
  const points = new Map<number, Set<string>>();
  for (const { seq, hash } of checkpoints) points.set(seq, (points.get(seq) ?? new Set()).add(hash));
  return points;
}

/**
 * Walks through a chain and reports the first break. What it cannot see: records that were taken off the end together with the head, unless a
 * checkpoint is younger; and a chain without a key that was made anew from its last checkpoint on.
 */
export async function verifyChain(chain: ChainToVerify): Promise<ChainReport> {
  const { head, base, unsealed } = chain.state;
  const expected = expectedPoints(chain);
  const walk: Walk = { point: base, count: 0, isKeyed: false, pruned: [...(chain.pending ?? [])] };
  let compared = 0;
  const report = (broken: ChainBreak | null): ChainReport => ({
    ...{ valid: broken === null, break: broken, records: walk.count },
    ...{ base, head, unsealed, checkpoints: compared },
  });
  const contradicts = (point: ChainPoint): boolean => {
    const hashes = expected.get(point.seq);
    if (hashes === undefined) return false;
    compared += hashes.size;
    return hashes.size > 1 || !hashes.has(point.hash);
  };
  if (base.seq > head.seq || (base.seq === 0 && !isStart(base))) return report({ seq: base.seq, fault: 'base' });
  if (contradicts(base)) return report({ seq: base.seq, fault: 'checkpoint' });
  for await (const record of chain.records) {
    const fault = faultOf(record, walk, chain);
    if (fault !== null) return report({ seq: walk.point.seq + 1, fault });
    walk.point = { seq: record.seq, hash: record.hash };
    walk.count += 1;
    const pruned = prunedPoint(record);
    if (pruned !== null) walk.pruned.push(pruned);
    if (contradicts(walk.point)) return report({ seq: record.seq, fault: 'checkpoint' });
  }
  if (!isSame(walk.point, head)) return report({ seq: Math.min(walk.point.seq, head.seq) + 1, fault: 'head' });
  const beyond = chain.checkpoints.filter(({ seq }) => seq > head.seq);
  if (beyond.length > 0) return report({ seq: head.seq + 1, fault: 'checkpoint' });
  const isExplained = isStart(base) || walk.pruned.some((point) => isSame(point, base));
  return report(isExplained ? null : { seq: base.seq, fault: 'base' });
}
