import type { IdempotencyClass } from '../contracts/idempotency.ts';
import type { ActionDefinition } from './action-definition.ts';
import { isSchema } from './is-schema.ts';

const nameShape = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;
const classes: Readonly<Record<IdempotencyClass, true>> = { read: true, idempotent: true, keyed: true, reconcilable: true, unsafe: true };

/** What keeps an action from working, or `undefined`. What its class promises is looked at as well: a promise nobody keeps doubles effects. */
export function actionFault(name: string, action: ActionDefinition): string | undefined {
  if (!nameShape.test(name)) return `the action name ${name} must be lower_snake_case`;
  if (typeof action?.run !== 'function') return `the action ${name} has no run function`;
  if (typeof action.title !== 'string' || typeof action.description !== 'string')
    return `the action ${name} needs a title and a description`;
  if (!isSchema(action.input) || !isSchema(action.output)) return `the input and the output of the action ${name} must be Standard Schemas`;
  if (!Object.hasOwn(classes, action.idempotency))
    return `the action ${name} must declare its idempotency: ${Object.keys(classes).join(', ')}`;
  if (action.timeoutMs !== undefined && !isDuration(action.timeoutMs))
    return `the timeoutMs of the action ${name} must be milliseconds above zero`;
  const fault = promiseFault(action);
  return fault === undefined ? undefined : `the action ${name} is ${action.idempotency}, so ${fault}`;
}

function promiseFault(action: ActionDefinition): string | undefined {
  if (action.idempotency === 'reconcilable') {
    if (typeof action.reconcile !== 'function') return 'it needs a reconcile function';
    return action.settlesWithin === 0 || isDuration(action.settlesWithin) ? undefined : 'it needs settlesWithin in milliseconds';
  }
  if ('degraded' in action && action.degraded !== undefined) {
    if (action.idempotency !== 'read') return 'no last answer can stand in for it';
    return isDuration(action.degraded?.maximumAgeMs) ? undefined : 'its degraded.maximumAgeMs must be milliseconds above zero';
  }
  if (action.idempotency === 'keyed') return isDuration(action.keyLifetime) ? undefined : 'it needs keyLifetime, milliseconds above zero';
  const repeatable = action.idempotency !== 'idempotent' || action.retryWithin === undefined || isDuration(action.retryWithin);
  return repeatable ? undefined : 'its retryWithin must be milliseconds above zero';
}

function isDuration(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}
