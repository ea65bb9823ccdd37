import type { StateStore } from '../contracts/state-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { GenerateId } from '../id/generate-id.ts';
import { type AlertState, readAlertState, writeAlertState } from './alert-state.ts';

/** Where the state of one rule and subject stands. */
export interface AlertPlace {
  /** The tenant, or the hub's own scope for a rule of the operator. */
  readonly scope: string;
  readonly name: string;
}

/** A state with the version that a change of it expects. */
export interface KnownAlertState {
  readonly state: AlertState;
  readonly version: number | 'absent';
}

/** What changing needs. */
export interface ChangeAlertOptions {
  readonly storage: { readonly states: Pick<StateStore, 'read' | 'write'> };
  readonly generateId: GenerateId;
}

/** Races for one state that are tried again. */
const writeTries = 20;

/** The state as it is now. */
export async function readKnownState({ storage }: ChangeAlertOptions, { scope, name }: AlertPlace): Promise<KnownAlertState> {
  const entry = await storage.states.read(scope, name);
  return { state: readAlertState(entry?.value), version: entry?.version ?? 'absent' };
}

/** Writes the state where nobody has changed it since; false where somebody has. */
export async function writeKnownState(
  { storage, generateId }: ChangeAlertOptions,
  { scope, name }: AlertPlace,
  { state, version }: KnownAlertState,
): Promise<boolean> {
  const item = { tenant: scope, name, expect: version, value: writeAlertState(state, generateId()) };
  const write = () => storage.states.write([item]);
  // Where only the answer was lost the same write gives the same verdict.
  const [verdict] = await write().catch(write);
  return verdict?.status === 'written';
}

/**
 * Changes a state by compare-and-set. `decide` is asked again where another was faster, and answers `null` where nothing is to be changed. Throws
 * `conflict` where others are always faster.
 */
export async function changeAlertState(
  options: ChangeAlertOptions,
  place: AlertPlace,
  decide: (state: AlertState) => AlertState | null,
): Promise<{ readonly state: AlertState; readonly isChanged: boolean }> {
  for (let tries = 0; tries < writeTries; tries += 1) {
    const { state, version } = await readKnownState(options, place);
    const next = decide(state);
    if (next === null) return { state, isChanged: false };
    if (await writeKnownState(options, place, { state: next, version })) return { state: next, isChanged: true };
  }
  throw new PatchbayError({
    code: 'conflict',
    message: 'The alert is being changed by others at the same time. Try again.',
    retryable: true,
  });
}
