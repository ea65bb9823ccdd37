import { expect } from 'vitest';
import type { HubEvent } from '../../event/hub-event.ts';
import type { Json } from '../../json/json.ts';
import { advance, beginRun } from '../advance.ts';
import { type CompiledAutomation, compileAutomation } from '../compile-automation.ts';
import type { StepResult } from '../flow/walk.ts';
import { parseAutomation } from '../parse-automation.ts';
import type { Advance, Intent } from '../run-advance.ts';
import { decodeRunState, encodeRunState, newRunState, type RunState } from '../run-state.ts';

export const eventWith = (data: Json): HubEvent => ({
  specversion: '1.0',
  id: '01890a5d-ac96-774b-bcce-b302099a8057',
  source: '/tenants/acme',
  type: 'order.placed',
  time: '2026-01-01T00:00:00.000Z',
  datacontenttype: 'application/json',
  data,
  tenant: 'acme',
  correlation: '01890a5d-ac96-774b-bcce-b302099a8057',
  class: 'custom',
  severity: 'info',
});

/** Steps as somebody writes them, checked and compiled. */
export function automationOf(...steps: readonly unknown[]): CompiledAutomation {
  const definition = parseAutomation({ trigger: { event: 'order.placed' }, steps });
  return compileAutomation({ id: 'a', name: 'order', version: 1, definition });
}

/** An action that says what it is given. */
export const say = (id: string, input: Json = {}, more: object = {}) => ({ id, action: 'desk.say', connection: 'main', input, ...more });

export const succeeded = (output: Json = null): StepResult => ({ ended: 'succeeded', output });
export const failed = (message = 'No.'): StepResult => ({ ended: 'failed', error: { code: 'provider_rejected', message } });

/** How a run is played. */
export interface PlayOptions {
  readonly data?: Json;
  readonly state?: RunState;
  /** What becomes of a dispatch. @default it succeeds and gives its own path */
  readonly result?: (intent: Intent) => StepResult;
  /** Which of those under way ends next. @default the first */
  readonly pick?: (count: number) => number;
}

/** A run that has been played until nothing is under way. */
export interface Played extends Advance {
  /** In the order in which they began, with what they were given. */
  readonly sent: readonly (readonly [path: string, input: Json])[];
}

/** Plays a run to its end. The state goes through its text after each outcome, and every outcome comes twice. */
export function play(automation: CompiledAutomation, options: PlayOptions = {}): Played {
  const { data = {}, result = ({ path }) => succeeded({ path }), pick = () => 0 } = options;
  const event = eventWith(data);
  let now = beginRun(automation, event, options.state ?? newRunState());
  const sent: [string, Json][] = [];
  const open: Intent[] = [];
  const take = (intents: readonly Intent[]): void => {
    open.push(...intents);
    sent.push(...intents.map(({ path, input }): [string, Json] => [path, JSON.parse(input) as Json]));
  };
  take(now.intents);
  for (let [intent] = open.splice(pick(open.length), 1); intent !== undefined; [intent] = open.splice(pick(open.length), 1)) {
    if (intent.path.startsWith('escalation.')) continue;
    const state = decodeRunState(encodeRunState(now.state));
    const given = { automation, event, path: intent.path, result: result(intent) };
    const next = advance({ ...given, state });
    if (next === null) throw new Error(`nothing stands at ${intent.path}`);
    now = next;
    if (given.result.ended === 'succeeded') expect(advance({ ...given, state: decodeRunState(encodeRunState(now.state)) })).toBeNull();
    take(next.intents);
  }
  return { ...now, sent };
}
