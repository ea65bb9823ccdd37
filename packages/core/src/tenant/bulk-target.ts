import { PatchbayError } from '../errors/patchbay-error.ts';
import { automationRow } from './automation-view.ts';
import { isReference } from './check-text.ts';
import { endpointRow } from './endpoint-row.ts';
import type { TenantScope } from './tenant-services.ts';

/** Narrows work over many things to one automation, one subscriber or one endpoint. */
export interface TargetReference {
  /** An automation's name or id. */
  readonly automation?: string;
  /** A subscriber's name. */
  readonly subscriber?: string;
  /** An endpoint's name or id. */
  readonly endpoint?: string;
}

/**
 * The target's name, `automation:{id}`, `subscriber:{name}` or `endpoint:{id}`; undefined for all. Throws `not_found` for what is not there, and
 * `invalid_argument` for more than one.
 */
export async function bulkTarget(scope: TenantScope, { automation, subscriber, endpoint }: TargetReference): Promise<string | undefined> {
  if ([automation, subscriber, endpoint].filter((name) => name !== undefined).length > 1)
    throw new PatchbayError({ code: 'invalid_argument', message: 'Name an automation, a subscriber or an endpoint, one of them.' });
  if (endpoint !== undefined) return `endpoint:${(await endpointRow(scope, endpoint)).id}`;
  if (automation !== undefined) return `automation:${(await automationRow(scope, automation)).id}`;
  if (subscriber === undefined) return undefined;
  const configuration = await scope.cache.read(scope.tenant, { fresh: true });
  if (isReference(subscriber) && configuration.subscribers.some(({ name }) => name === subscriber)) return `subscriber:${subscriber}`;
  throw new PatchbayError({
    code: 'not_found',
    message: 'There is no such subscriber. Name one that a process of this hub has subscribed and that is not retired.',
  });
}

/** What a person calls a target: an automation's or endpoint's name as it is now, or a subscriber's. */
export async function targetNames(scope: TenantScope): Promise<(target: string) => string> {
  const { automations, endpoints } = await scope.cache.read(scope.tenant);
  const ofEndpoints = endpoints.map(({ id, name }): [string, string] => [`endpoint:${id}`, name]);
  const names = new Map([...automations.map(({ id, name }): [string, string] => [`automation:${id}`, name]), ...ofEndpoints]);
  return (target) => names.get(target) ?? target.slice(target.indexOf(':') + 1);
}
