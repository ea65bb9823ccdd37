import { PatchbayError } from '../errors/patchbay-error.ts';
import { automationRow } from './automation-view.ts';
import { isReference } from './check-text.ts';
import type { TenantScope } from './tenant-services.ts';

/** Narrows work over many things to one automation or one subscriber. */
export interface TargetReference {
  /** An automation's name or id. */
  readonly automation?: string;
  /** A subscriber's name. */
  readonly subscriber?: string;
}

/**
 * The target's name, `automation:{id}` or `subscriber:{name}`; undefined for all. Throws `not_found` for what is not there, and
 * `invalid_argument` for both at once.
 */
export async function bulkTarget(scope: TenantScope, { automation, subscriber }: TargetReference): Promise<string | undefined> {
  if (automation !== undefined && subscriber !== undefined)
    throw new PatchbayError({ code: 'invalid_argument', message: 'Name an automation or a subscriber, not both.' });
  if (automation !== undefined) return `automation:${(await automationRow(scope, automation)).id}`;
  if (subscriber === undefined) return undefined;
  const configuration = await scope.cache.read(scope.tenant, { fresh: true });
  if (isReference(subscriber) && configuration.subscribers.some(({ name }) => name === subscriber)) return `subscriber:${subscriber}`;
  throw new PatchbayError({
    code: 'not_found',
    message: 'There is no such subscriber. Name one that a process of this hub has subscribed and that is not retired.',
  });
}

/** What a person calls a target: an automation's name as it is now, or a subscriber's. */
export async function targetNames(scope: TenantScope): Promise<(target: string) => string> {
  const { automations } = await scope.cache.read(scope.tenant);
  const names = new Map(automations.map(({ id, name }) => [`automation:${id}`, name]));
  return (target) => names.get(target) ?? target.slice(target.indexOf(':') + 1);
}
