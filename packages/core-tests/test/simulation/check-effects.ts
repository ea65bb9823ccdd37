import { type LedgerContents, type LedgerLine, nameOf } from './read-ledger.ts';
import type { Effect, EffectKind } from './simulated-provider.ts';
import type { Town } from './town.ts';

/** Kinds of which one dispatch may have one effect, however often it is tried. */
const single: ReadonlySet<EffectKind> = new Set(['keyed', 'findable', 'once']);

/**
 * The side-effect account: each request that was sent belongs to a recorded attempt, what history calls known is true, and a second effect
 * is there only where the class allows it or a person asked for it.
 */
export function checkEffects(town: Town, ledger: LedgerContents): void {
  const byKey = new Map(ledger.lines.map((line) => [line.key, line]));
  checkRequests(town, byKey);
  for (const [key, effects] of Map.groupBy(town.provider.effects, ({ request }) => request.key)) {
    const line = byKey.get(key);
    if (!line) town.world.blame(`an effect of ${key} has no dispatch`);
    else checkCount(town, line, effects);
  }
  for (const line of ledger.lines) checkOutcomes(town, line);
}

/** Nothing was sent by a lease that left no attempt: whoever gave it back said that nothing was. */
function checkRequests({ world, provider }: Town, byKey: ReadonlyMap<string, LedgerLine>): void {
  for (const { key, fence, kind, process, writes, arrived } of provider.requests) {
    if (!writes || !arrived || kind === 'call') continue;
    const line = byKey.get(key);
    if (!line) world.blame(`a request of ${key} has no dispatch`);
    else if (!line.attempts.some((attempt) => attempt.fence === fence))
      world.blame(`${process} sent ${nameOf(line.dispatch)} under fence ${fence}, of which there is no attempt`);
  }
}

function checkCount({ world, ledger }: Town, { dispatch, key }: LedgerLine, effects: readonly Effect[]): void {
  const [first] = effects;
  if (!first || !single.has(first.request.kind)) return;
  const allowed = 1 + (ledger.forced.get(key) ?? 0);
  if (effects.length > allowed)
    world.blame(`${nameOf(dispatch)} (${first.request.kind}) took effect ${effects.length} times, ${allowed} allowed`);
}

function checkOutcomes({ world, provider }: Town, { dispatch, key, attempts }: LedgerLine): void {
  const effects = provider.effects.filter(({ request }) => request.key === key);
  for (const { outcome, fence, number, error } of attempts) {
    if (outcome !== 'failed' || dispatch.handler.startsWith('subscriber:')) continue;
    const own = effects.find(({ request }) => request.fence === fence);
    if (own) world.blame(`attempt ${number} of ${nameOf(dispatch)} failed (${error?.code}) and took effect`);
  }
  const succeeded = attempts.some(({ outcome }) => outcome === 'succeeded');
  const writes = provider.requests.some((request) => request.key === key && request.writes);
  if (succeeded && writes && effects.length === 0) world.blame(`${nameOf(dispatch)} succeeded without an effect`);
}
