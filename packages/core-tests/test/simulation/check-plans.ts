import { formatDispatchId, formatRunId } from '../../../core/src/contracts/dispatch-id.ts';
import { conditionHolds } from './automations.ts';
import type { LedgerContents } from './read-ledger.ts';
import type { Acknowledged } from './senders.ts';
import type { Town } from './town.ts';

/** What was acknowledged is there, once, with everything that was configured when it was committed. */
export function checkPlans(town: Town, acknowledged: Acknowledged, ledger: LedgerContents): void {
  const { blame } = town.world;
  const stored = new Set(ledger.events.map((event) => event.id));
  for (const { number, eventId } of acknowledged.events) if (!stored.has(eventId)) blame(`the acknowledged order ${number} is lost`);
  const dispatches = new Set(ledger.lines.map(({ dispatch }) => formatDispatchId(dispatch.key)));
  for (const { key, dispatchId } of acknowledged.calls) if (!dispatches.has(dispatchId)) blame(`the acknowledged call ${key} is lost`);
  const runs = new Set(ledger.runs.map((run) => formatRunId(run.key)));
  for (const { key, runId } of acknowledged.runs) if (!runs.has(runId)) blame(`the acknowledged run ${key} is lost`);
  checkOnce(town, acknowledged);
  checkNumbers(town, ledger);
  for (const event of ledger.events) if (event.type === 'order.placed') checkTargets(town, ledger, event.id);
}

/** However often a delivery came, it made one event, and one answer called it new. */
function checkOnce({ world }: Town, { events, calls, runs }: Acknowledged): void {
  for (const [number, same] of Map.groupBy(events, (event) => event.number)) {
    if (new Set(same.map(({ eventId }) => eventId)).size > 1) world.blame(`order ${number} became several events`);
    if (same.filter(({ status }) => status === 'created').length > 1) world.blame(`order ${number} was called new twice`);
  }
  for (const [key, same] of Map.groupBy(calls, (call) => call.key))
    if (new Set(same.map(({ dispatchId }) => dispatchId)).size > 1) world.blame(`call ${key} became several dispatches`);
  for (const [key, same] of Map.groupBy(runs, (run) => run.key))
    if (new Set(same.map(({ runId }) => runId)).size > 1) world.blame(`${key} became several runs`);
}

function orderOf(data: Uint8Array): { readonly number: number; readonly amount: number } {
  // The simulation published it.
  return JSON.parse(new TextDecoder().decode(data)) as { number: number; amount: number };
}

function checkNumbers({ world }: Town, { events }: LedgerContents): void {
  const orders = events.filter(({ type }) => type === 'order.placed').map(({ data }) => orderOf(data.bytes).number);
  if (new Set(orders).size !== orders.length) world.blame('one delivery key stands for several events');
}

function checkTargets({ world, ledger: watched }: Town, ledger: LedgerContents, eventId: string): void {
  const under = watched.plans.get(eventId);
  const event = ledger.events.find(({ id }) => id === eventId);
  if (!under || !event) {
    world.blame(`event ${eventId.slice(-6)} was never planned`);
    return;
  }
  const { amount } = orderOf(event.data.bytes);
  const runs = ledger.runs.filter(({ key }) => key.root === eventId && key.replay === 0);
  const expected = (under.tenant.rows.automation ?? []).filter(
    ({ name, value }) => value.enabled && name !== 'by-hand' && conditionHolds(name, amount),
  );
  for (const { id, name, value } of expected) {
    const run = runs.find(({ key }) => key.automation === id);
    if (!run) world.blame(`event ${eventId.slice(-6)} made no run of ${name}`);
    else if (run.version !== value.version)
      world.blame(`event ${eventId.slice(-6)} runs version ${run.version} of ${name}, not ${value.version}`);
  }
  if (runs.length > expected.length) world.blame(`event ${eventId.slice(-6)} runs what was not configured when it was committed`);
  for (const { name } of under.hub.rows.subscriber ?? []) {
    const called = ledger.lines.some(({ dispatch: { key } }) => key.root === eventId && key.target === `subscriber:${name}`);
    if (!called) world.blame(`event ${eventId.slice(-6)} never reaches the subscriber ${name}`);
  }
}
