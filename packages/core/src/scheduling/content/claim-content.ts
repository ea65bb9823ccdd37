import { contentStateName } from '../../connections/content-dispatches.ts';
import type { ContentReach } from '../../connector/content-containers.ts';
import type { ContentSource } from '../../connector/content-source.ts';
import type { ContentPlace } from '../../contracts/search-index.ts';
import type { ContentParts } from './content-parts.ts';
import { type ContentState, freshContent, readContentState } from './content-state.ts';

/** A state as it was read, and its version. */
export interface HeldContent {
  readonly place: ContentPlace;
  readonly state: ContentState;
  readonly version: number | 'absent';
}

/** The state of a place; `null` where there is none. */
export async function readHeld({ storage }: Pick<ContentParts, 'storage'>, place: ContentPlace): Promise<HeldContent | null> {
  const entry = await storage.states.read(place.tenant, contentStateName(place));
  const state = readContentState(entry?.value);
  return entry && state ? { place, state, version: entry.version } : null;
}

/** Writes a state over the one that was read; `null`: somebody else has written meanwhile. */
export async function writeHeld(
  { storage }: Pick<ContentParts, 'storage'>,
  { place, version }: HeldContent,
  state: ContentState | null,
): Promise<HeldContent | null> {
  const { tenant } = place;
  const [verdict] = await storage.states.write([{ tenant, name: contentStateName(place), expect: version, value: state }]);
  if (verdict?.status !== 'written' || state === null) return null;
  return { place, state, version: version === 'absent' ? 1 : version + 1 };
}

/** Milliseconds for which a read that has been claimed may put documents; one that is alive claims on with every page. */
export const readingMs = 90_000;

/** What a claim is made for. */
export interface Claiming {
  readonly place: ContentPlace;
  readonly sync: string;
  readonly source: Pick<ContentSource, 'rereadMs'>;
  /** `null`: the connection may not read it any more. */
  readonly reach: ContentReach | null;
  readonly now: number;
}

/**
 * Takes the next read of a place, before anything is asked: by compare-and-set, so of racers one has it, and what an earlier one still writes is refused.
 * `null`: another is reading, the sync before this one is being ended, or somebody was faster.
 */
export async function claimContent(parts: Pick<ContentParts, 'storage'>, claiming: Claiming): Promise<HeldContent | null> {
  const { place, sync, now } = claiming;
  const held = (await readHeld(parts, place)) ?? { place, state: freshContent(sync), version: 'absent' as const };
  const { state } = held;
  if (state.sync !== sync || state.isEnding || (state.readingUntil !== null && now < state.readingUntil)) return null;
  return writeHeld(parts, held, claimed(state, claiming));
}

function claimed(state: ContentState, { source, reach, now }: Claiming): ContentState {
  const containers = reach === null ? state.containers : [...reach.containers];
  const isOther = JSON.stringify(containers) !== JSON.stringify(state.containers);
  // Of all that it reached before, and of some that are not read any more, nobody knows which documents they are.
  const isNarrower = isOther && state.sequence > 0 && !isWithin(state.containers, containers);
  const { rereadMs = Number.POSITIVE_INFINITY } = source;
  const isDue = state.isWhole && now - state.begunAt >= rereadMs;
  const sequence = state.sequence + 1;
  const next = {
    ...state,
    sequence,
    containers,
    readingUntil: now + readingMs,
    isToClear: state.isToClear || reach === null || isNarrower,
    isAgain: state.isAgain || reach === null,
  };
  // What is cleared is read from the beginning, once it may be read again.
  if (reach === null || (!state.isAgain && !isOther && !isDue)) return next;
  return { ...next, cursor: null, begun: sequence, begunAt: now, isWhole: false, isAgain: false, movedAt: null };
}

/** Is all that was read before read now too? An empty list is all that there is. */
const isWithin = (before: readonly string[], now: readonly string[]): boolean =>
  now.length === 0 || (before.length > 0 && before.every((name) => now.includes(name)));
