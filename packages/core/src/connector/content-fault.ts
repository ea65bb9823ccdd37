import type { ContentSource } from './content-source.ts';
import type { ResourceKinds } from './leaves-confinement.ts';
import { sourceName } from './option-fault.ts';

const intervals = [10_000, 86_400_000] as const;
const leastReread = 3_600_000;

/** What keeps a source of content from working, or `undefined`. */
export function contentFault(
  name: string,
  source: ContentSource,
  known: { readonly kinds: ResourceKinds; readonly triggers: object },
): string | undefined {
  if (!sourceName.test(name) || name.length > 64) return `the content source ${name.slice(0, 64)} must be lower_snake_case, at most 64`;
  const what = `the content source ${name}`;
  if (typeof source?.read !== 'function') return `${what} has no read function`;
  const { title, description, intervalMs, rereadMs, resource, needsContainers = false, deletedBy = {} } = source;
  if (typeof title !== 'string' || title === '' || typeof description !== 'string' || description === '')
    return `${what} needs a title and a description`;
  if (!Number.isInteger(intervalMs) || intervalMs < intervals[0] || intervalMs > intervals[1])
    return `${what} needs an intervalMs of ${intervals[0]} to ${intervals[1]}`;
  if (rereadMs !== undefined && (!Number.isInteger(rereadMs) || rereadMs < leastReread))
    return `the rereadMs of ${what} must be ${leastReread} or more`;
  if (resource !== undefined && !Object.hasOwn(known.kinds, resource))
    return `${what} names the resource kind ${resource}, which the connector does not declare`;
  if (typeof needsContainers !== 'boolean') return `needsContainers of ${what} must be true or false`;
  for (const [trigger, idsOf] of Object.entries(deletedBy)) {
    if (!Object.hasOwn(known.triggers, trigger))
      return `${what} is deleted from by ${trigger.slice(0, 100)}, which is none of the triggers`;
    if (typeof idsOf !== 'function') return `${what} says of ${trigger} no function that gives ids`;
  }
  return undefined;
}
