import type { StateStore } from '../contracts/state-store.ts';
import { groupPrefix, readGroup, type StoredGroup } from './error-group.ts';

/** A group that has come up since the last write. */
export interface SeenGroup {
  readonly tenant: string;
  readonly fingerprint: string;
  readonly group: StoredGroup;
}

/** Groups that are written in one call. */
const atOnce = 100;

/** Groups whose version and first time are remembered: without them a write has to look first. */
const mostKnown = 2_000;

/** What writes groups. */
export type WriteGroups = (seen: readonly SeenGroup[]) => Promise<void>;

/**
 * Writes groups by compare-and-set: of two processes that see one, each keeps when the other first saw it. What has lost a race is read and written
 * once more; if that loses too, the next time that the group comes up brings it up to date.
 */
export function createGroupWriter(states: Pick<StateStore, 'write' | 'read'>): WriteGroups {
  const known = new Map<string, { readonly version: number; readonly firstSeen: number }>();
  const keyOf = ({ tenant, fingerprint }: SeenGroup): string => `${tenant}\u0000${fingerprint}`;
  const nameOf = ({ fingerprint }: SeenGroup): string => `${groupPrefix}${fingerprint}`;

  /** Those that have lost. A name may come once in a call, so it holds groups of one tenant. */
  const write = async (seen: readonly SeenGroup[]): Promise<readonly SeenGroup[]> => {
    const items = seen.map((each) => {
      const { group, tenant } = each;
      const { version: expect = 0, firstSeen = group.firstSeen } = known.get(keyOf(each)) ?? {};
      const value = { ...group, firstSeen: Math.min(firstSeen, group.firstSeen), example: { ...group.example } };
      return { tenant, name: nameOf(each), expect, value };
    });
    const verdicts = await states.write(items);
    return seen.filter((each, index) => {
      const item = items[index];
      const isWritten = item !== undefined && verdicts[index]?.status === 'written';
      if (isWritten) known.set(keyOf(each), { version: item.expect + 1, firstSeen: item.value.firstSeen });
      else known.delete(keyOf(each));
      return !isWritten;
    });
  };

  const merged = async (each: SeenGroup): Promise<SeenGroup> => {
    const entry = await states.read(each.tenant, nameOf(each));
    const stored = entry && readGroup(entry.value);
    const { group } = each;
    if (entry) known.set(keyOf(each), { version: entry.version, firstSeen: stored?.firstSeen ?? group.firstSeen });
    if (!stored) return each;
    const newer = stored.lastSeen > group.lastSeen ? stored : group;
    return { ...each, group: { ...newer, firstSeen: Math.min(stored.firstSeen, group.firstSeen) } };
  };

  return async (seen) => {
    if (known.size > mostKnown) known.clear();
    for (const part of partsOf(seen)) {
      const lost = await write(part);
      if (lost.length === 0) continue;
      const again = [];
      for (const each of lost) again.push(await merged(each));
      await write(again);
    }
  };
}

/** Parts of one tenant each. */
function partsOf(seen: readonly SeenGroup[]): readonly (readonly SeenGroup[])[] {
  return [...Map.groupBy(seen, ({ tenant }) => tenant).values()].flatMap((own) =>
    Array.from({ length: Math.ceil(own.length / atOnce) }, (_, index) => own.slice(index * atOnce, (index + 1) * atOnce)),
  );
}
