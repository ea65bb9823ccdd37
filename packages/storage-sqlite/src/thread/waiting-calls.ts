import { Refusal } from '../sql/refusal.ts';
import { isBusy, refusalOf } from '../sql/sqlite-fault.ts';
import { isRead } from './carry-out.ts';
import type { Answer, Call } from './protocol.ts';

/** Most calls in one transaction: those behind them wait for one commit more, and others come to their turn. */
const mostCalls = 256;

interface Waiting {
  readonly call: Call;
  /** When it gives up while another process writes. */
  readonly until: number;
  tries: number;
}

/** What carries calls out: all of them, or nothing because another process is writing. */
export type CarryOut = (calls: readonly Call[]) => readonly Answer[] | 'busy';

/** Calls that have not been answered yet. */
export interface WaitingCalls {
  add(call: Call, until: number): void;
  /** How often the freshest of them was tried in vain; `null` where none waits. */
  fewestTries(): number | null;
  /** Answers what can be answered, and what has waited too long. */
  answer(carryOut: { readonly read: CarryOut; readonly write: CarryOut }, now: number): readonly Answer[];
}

const busyTooLong = new Refusal({
  code: 'storage_unavailable',
  message: 'Another process kept the file of the storage locked. Repeat the call; let few processes share one file.',
  retryable: true,
}).record;

function tryOut(calls: readonly Call[], carryOut: CarryOut): readonly Answer[] | 'busy' {
  try {
    return carryOut(calls);
  } catch (error) {
    if (isBusy(error)) return 'busy';
    const refusal = refusalOf(error);
    return calls.map(({ id }) => ({ id, refusal }));
  }
}

/** Makes an empty list. Reads go one by one, before the writes, which go together. */
export function waitingCalls(): WaitingCalls {
  let waiting: Waiting[] = [];

  const serve = (some: readonly Waiting[], carryOut: CarryOut, now: number): readonly Answer[] => {
    if (some.length === 0) return [];
    const answers = tryOut(
      some.map(({ call }) => call),
      carryOut,
    );
    const served = new Set(some);
    if (answers !== 'busy') {
      waiting = waiting.filter((one) => !served.has(one));
      return answers;
    }
    for (const one of some) one.tries += 1;
    const late = new Set(some.filter(({ until }) => until <= now));
    waiting = waiting.filter((one) => !late.has(one));
    return [...late].map(({ call: { id } }) => ({ id, refusal: busyTooLong }));
  };

  return {
    add: (call, until) => void waiting.push({ call, until, tries: 0 }),
    fewestTries: () => (waiting.length === 0 ? null : Math.min(...waiting.map(({ tries }) => tries))),
    answer({ read, write }, now) {
      const reading = waiting.filter(({ call }) => isRead(call));
      const writing = waiting.filter(({ call }) => !isRead(call)).slice(0, mostCalls);
      return [...reading.flatMap((one) => serve([one], read, now)), ...serve(writing, write, now)];
    },
  };
}
