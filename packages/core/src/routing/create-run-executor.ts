import { createHash } from 'node:crypto';
import { readDefinition } from '../automation/read-definition.ts';
import { decodeRunState } from '../automation/run-state.ts';
import { type RunInput, readRunInput } from '../automation/timer-input.ts';
import { ownEventOf } from '../automation/trigger-event.ts';
import type { ConfigurationCache } from '../configuration/create-configuration-cache.ts';
import { formatDispatchId, formatRunId } from '../contracts/dispatch-id.ts';
import type { ClaimedDispatch, RunRecord } from '../contracts/dispatch-records.ts';
import type { Executor, Outcome } from '../contracts/executor.ts';
import type { Storage } from '../contracts/storage.ts';
import { toErrorRecord } from '../errors/error-record.ts';
import { isPatchbayError, PatchbayError } from '../errors/patchbay-error.ts';
import { buildEvent } from '../events/build-event.ts';
import type { Publisher } from '../events/create-publisher.ts';
import { eventData } from '../events/event-data.ts';
import { StaleStateError } from '../events/stale-state-error.ts';
import { idAt } from '../id/id-time.ts';
import { isLongerThan } from '../json/is-longer-than.ts';
import { patientPolicy } from './create-timer-executor.ts';
import { oneMoreRun } from './one-more-run.ts';
import { runHandler } from './timer-dispatch.ts';

/** What starting another automation needs. */
export interface RunExecutorOptions {
  readonly storage: Pick<Storage<unknown>, 'history' | 'states'>;
  readonly cache: ConfigurationCache;
  readonly publisher: Pick<Publisher, 'publish'>;
  /** Most runs in a day that go back to one event. */
  readonly maximumFlowRuns: number;
}

/** What executing needs. */
interface RunParts extends RunExecutorOptions {
  /** Lets those of one name begin one after another in this process, so that they do not race each other for the count. */
  readonly inLine: <Result>(name: string, act: () => Promise<Result>) => Promise<Result>;
}

/** Milliseconds between looks at a run that is waited for: a quarter of the time that it has taken, within these. */
const looks = { least: 100, most: 30_000 } as const;

/** Longest outputs that are handed on, in bytes of their JSON text. */
const longestOutput = 1_048_576;

/** Starts other automations by `flow.run`, and waits for their end. */
export function createRunExecutor(options: RunExecutorOptions): Executor {
  const parts = { ...options, inLine: createLines() };
  return {
    handler: runHandler,
    policy: () => patientPolicy,
    async execute({ dispatch }) {
      try {
        const input = readRunInput(dispatch.input);
        if (input !== null) return await run(parts, dispatch, input);
        return failed({
          code: 'unsupported',
          message: 'This version of the hub cannot read which automation is to run. Update the package.',
        });
      } catch (error) {
        // Others have begun runs of the same event meanwhile.
        if (error instanceof StaleStateError) return { outcome: 'deferred', delayMs: looks.least, reason: 'moved' };
        return { outcome: 'failed', error: toErrorRecord(error), retryable: !isPatchbayError(error) || error.retryable };
      }
    },
  };
}

function failed(error: { readonly code: string; readonly message: string }): Outcome {
  return { outcome: 'failed', error, retryable: false };
}

async function run(options: RunParts, dispatch: ClaimedDispatch, input: RunInput): Promise<Outcome> {
  const { tenant } = dispatch.key;
  const { history } = options.storage;
  const eventId = eventIdOf(dispatch);
  if ((await history.event(tenant, eventId)) === null) await begin(options, dispatch, { eventId, input });
  const [begun] = (await history.runs(tenant, { root: eventId }, { cursor: null, limit: 1 })).items;
  // Its condition did not hold for the data.
  if (begun === undefined) return succeeded({ eventId, runId: null, status: 'succeeded', outputs: {} });
  const runId = formatRunId(begun.key);
  if (!input.wait) return succeeded({ eventId, runId });
  if (begun.status !== 'running') return succeeded({ eventId, runId, status: begun.status, error: begun.error, outputs: outputsOf(begun) });
  const age = dispatch.storeNow - dispatch.createdAt;
  if (age < input.timeoutMs) {
    const delayMs = Math.min(looks.most, Math.max(looks.least, Math.floor(age / 4)), input.timeoutMs - age);
    return { outcome: 'deferred', delayMs, reason: 'automation' };
  }
  const error = { code: 'timeout', message: 'It has not ended within the time of the step. It goes on by itself.' };
  return succeeded({ eventId, runId, status: 'running', error, outputs: {} });
}

function succeeded(output: object): Outcome {
  return { outcome: 'succeeded', output: JSON.stringify(output) };
}

function outputsOf({ state }: RunRecord): object {
  const outputs = Object.fromEntries(Object.entries(decodeRunState(state).steps).map(([id, { output }]) => [id, output]));
  return isLongerThan(JSON.stringify(outputs), longestOutput) ? {} : outputs;
}

/** The same event for every try: whoever publishes it a second time finds it there. */
function eventIdOf({ key, createdAt }: ClaimedDispatch): string {
  const hex = createHash('sha256')
    .update(`${key.tenant}\u0000${formatDispatchId(key)}`)
    .digest('hex');
  return idAt(createdAt, `00000000-0000-7${hex.slice(0, 3)}-8${hex.slice(3, 6)}-${hex.slice(6, 18)}`);
}

async function begin(
  { storage, cache, publisher, maximumFlowRuns, inLine }: RunParts,
  { key, storeNow }: ClaimedDispatch,
  { eventId, input }: { readonly eventId: string; readonly input: RunInput },
): Promise<void> {
  const { tenant, root } = key;
  const { automations } = await cache.read(tenant, { fresh: true });
  const row = automations.find(({ id, name }) => id === input.automation || name === input.automation);
  if (row === undefined) throw cannot(`There is no automation ${input.automation}`, 'Put it, or correct the step.');
  const type = ownEventOf(readDefinition(row.value.definition).trigger);
  if (type !== 'manual.requested') throw cannot(`The automation ${row.name} does not start by being asked`, 'Give it a manual trigger.');
  if (!row.value.enabled) throw cannot(`The automation ${row.name} is disabled`, 'Enable it.');
  const { bytes, data } = eventData(input.data, 'The data of the run');
  const cause = await storage.history.event(tenant, root);
  const correlation = cause?.correlation ?? root;
  const event = buildEvent({
    tenant,
    id: eventId,
    type,
    time: storeNow,
    subject: row.name,
    correlation,
    causation: root,
    class: 'custom',
    severity: 'info',
    data: bytes,
  });
  await inLine(`${tenant}\u0000${correlation}`, async () => {
    const state = await oneMoreRun({ states: storage.states, most: maximumFlowRuns }, { tenant, correlation, now: storeNow });
    if (state === null) throw tooMany(maximumFlowRuns);
    await publisher.publish({ event, data, dedupe: null, automation: row.id, state });
  });
}

function createLines(): RunParts['inLine'] {
  const last = new Map<string, Promise<unknown>>();
  return async (name, act) => {
    const own = (last.get(name) ?? Promise.resolve()).then(act);
    const ended = own.catch(() => undefined);
    last.set(name, ended);
    try {
      return await own;
    } finally {
      if (last.get(name) === ended) last.delete(name);
    }
  };
}

/** Not what an error path could mend by trying again. */
function tooMany(most: number): PatchbayError {
  return new PatchbayError({
    code: 'fuel_exhausted',
    message: `${most} runs were begun by flow.run in a day that go back to the same event, so nothing was started: automations that start each other would go on without end. Have them start fewer, or raise maximumFlowRuns of the hub.`,
  });
}

function cannot(what: string, advice: string): PatchbayError {
  return new PatchbayError({ code: 'not_found', message: `${what}, so nothing was started. ${advice}` });
}
