import type { Clock } from '../clock/clock.ts';
import type { ActionDefinition } from '../connector/action-definition.ts';
import type { Outcome } from '../contracts/executor.ts';
import { errorClass } from '../errors/error-class.ts';
import type { LastAnswers } from './last-answers.ts';

/** What letting a last answer stand in needs. */
export interface StandInOptions {
  readonly answers: LastAnswers;
  readonly clock: Pick<Clock, 'monotonic' | 'now'>;
}

/** What an action says of it; `undefined`: none may. */
export const degradedOf = (action: ActionDefinition | undefined): { readonly maximumAgeMs: number } | undefined =>
  action?.idempotency === 'read' ? action.degraded : undefined;

/** True for what says that the service is down, or cannot be reached; not for a limit, and not for what it refuses. */
export function isDown(error: unknown): boolean {
  const kind = errorClass(error);
  return kind === 'provider_down' || kind === 'network';
}

/** Keeps a good answer for later, where it has a name. */
export function keepAnswer({ answers, clock }: StandInOptions, name: string | undefined, outcome: Outcome): Outcome {
  if (name !== undefined && outcome.outcome === 'succeeded')
    answers.keep(name, { output: outcome.output, givenAt: clock.monotonic(), at: clock.now() });
  return outcome;
}

/** The last good answer in the place of a failure, where the action allows one of its age. */
export function lastAnswer(options: StandInOptions, action: ActionDefinition | undefined, name: string | undefined): Outcome | undefined {
  const degraded = degradedOf(action);
  const answer = name === undefined ? undefined : options.answers.find(name);
  if (degraded === undefined || answer === undefined) return undefined;
  if (options.clock.monotonic() - answer.givenAt > degraded.maximumAgeMs) return undefined;
  const warning = `degraded: the service is down, and this is its answer of ${new Date(answer.at).toISOString()}.`;
  return { outcome: 'succeeded', output: answer.output, warnings: [warning] };
}
