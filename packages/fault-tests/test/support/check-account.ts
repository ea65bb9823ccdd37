import type { AttemptRecord } from '@patchbay/core/adapter';
import type { EffectRequest, EffectsProvider } from './effects-provider.ts';
import type { Account, AccountLine } from './read-account.ts';

/** What an account is held against. */
export interface Expected {
  readonly account: Account;
  readonly provider: Pick<EffectsProvider, 'requests' | 'effects'>;
  /** Numbers of the deliveries that were acknowledged. */
  readonly acknowledged: ReadonlySet<number>;
  /** Whether an attempt that did not succeed has an excuse. */
  readonly isExcused: (attempt: AttemptRecord) => boolean;
  /** Effects that were asked for besides the deliveries'. @default 0 */
  readonly besides?: number;
  /** Leases' holders by worker, where every request must be that of a recorded attempt of its own worker. */
  readonly holders?: ReadonlyMap<string, string>;
}

interface Order {
  readonly number: number;
}

function numberOf(data: Uint8Array): number {
  // A delivery of the test.
  return (JSON.parse(new TextDecoder().decode(data)) as Order).number;
}

const nameOf = ({ dispatch: { key } }: AccountLine): string => `${key.root.slice(-8)}/${key.path}`;

const told = ({ attempts }: AccountLine): string =>
  attempts
    .map(({ number, outcome, error, holder, fence }) => `${number} ${outcome} ${error?.code ?? ''} by ${holder} under ${fence}`)
    .join('; ');

/**
 * Holds the ledger against what was sent and what the provider logged: what was acknowledged is there once and has ended, each outcome is
 * recorded once, each effect was applied once, and every repeat is that of an attempt with an excuse. Answers what is wrong.
 */
export function checkAccount(expected: Expected): readonly string[] {
  return [...checkEvents(expected), ...expected.account.lines.flatMap((line) => checkLine(line, expected)), ...checkEffects(expected)];
}

function checkEvents({ account, acknowledged }: Expected): readonly string[] {
  const numbers = account.events.map(({ data }) => numberOf(data.bytes));
  const stored = new Set(numbers);
  const lost = [...acknowledged].filter((number) => !stored.has(number)).map((number) => `delivery ${number} was acknowledged and is lost`);
  const twice = numbers.length === stored.size ? [] : [`${numbers.length - stored.size} deliveries became two events`];
  const runs = Map.groupBy(account.runs, ({ key }) => key.root);
  const unrun = account.events.flatMap(({ id }) => {
    const statuses = (runs.get(id) ?? []).map(({ status }) => status).join();
    return statuses === 'succeeded' ? [] : [`event ${id.slice(-8)} has these runs: ${statuses || 'none'}`];
  });
  const dispatches = Map.groupBy(account.lines, ({ dispatch }) => dispatch.key.root);
  const uneven = account.events.flatMap(({ id }) => {
    const paths = (dispatches.get(id) ?? []).map(({ dispatch }) => dispatch.key.path).toSorted();
    return paths.join() === 'first,second' ? [] : [`event ${id.slice(-8)} has these dispatches: ${paths.join() || 'none'}`];
  });
  return [...lost, ...twice, ...unrun, ...uneven];
}

function checkLine(line: AccountLine, { provider, isExcused, holders }: Expected): readonly string[] {
  const { dispatch, attempts, key } = line;
  const faults: string[] = [];
  if (dispatch.status !== 'succeeded') faults.push(`is ${dispatch.status}`);
  if (attempts.some(({ number }, index) => number !== index + 1)) faults.push('has attempts missing or twice');
  if (new Set(attempts.map(({ fence }) => fence)).size !== attempts.length) faults.push('has two outcomes of one lease');
  const successes = attempts.filter(({ outcome }) => outcome === 'succeeded').length;
  if (successes !== 1 || attempts.at(-1)?.outcome !== 'succeeded') faults.push(`has ${successes} successes`);
  const unexcused = attempts.filter((attempt) => attempt.outcome !== 'succeeded' && !isExcused(attempt));
  if (unexcused.length > 0) faults.push('has an attempt without an excuse');
  const requests = requestsOf(provider).get(key) ?? [];
  if (requests.length > attempts.length) faults.push(`was requested ${requests.length} times`);
  if (holders !== undefined) {
    const known = new Set(attempts.map(({ holder }) => holder));
    const strangers = requests.filter(({ worker }) => !known.has(holders.get(worker) ?? worker));
    if (strangers.length > 0) faults.push(`was requested by ${strangers.map(({ worker }) => worker).join()} without an attempt`);
  }
  return faults.map((fault) => `dispatch ${nameOf(line)} ${fault}: ${told(line)}`);
}

const logs = new WeakMap<
  readonly EffectRequest[],
  { readonly size: number; readonly byKey: ReadonlyMap<string, readonly EffectRequest[]> }
>();

/** Requests by their key; grouped once for a log of one length. */
export function requestsOf({ requests }: Pick<EffectsProvider, 'requests'>): ReadonlyMap<string, readonly EffectRequest[]> {
  const known = logs.get(requests);
  if (known?.size === requests.length) return known.byKey;
  const byKey = Map.groupBy(requests, ({ key }) => key);
  logs.set(requests, { size: requests.length, byKey });
  return byKey;
}

/** The provider honours keys, so a second effect of one subject means a second key. */
function checkEffects({ provider, acknowledged, besides = 0 }: Expected): readonly string[] {
  const faults: string[] = [];
  for (const number of acknowledged)
    for (const step of ['first', 'second']) {
      const count = provider.effects.get(`${number}-${step}`) ?? 0;
      if (count !== 1) faults.push(`effect ${number}-${step} was applied ${count} times`);
    }
  if (provider.effects.size > acknowledged.size * 2 + besides) faults.push('effects were applied that nobody asked for');
  return faults;
}
