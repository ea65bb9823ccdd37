import type { ConnectorRegistry } from './connector/create-registry.ts';
import type { Transforms } from './connector/transform.ts';
import { PatchbayError } from './errors/patchbay-error.ts';

/** The host's transforms by connector id. Throws `invalid_argument` for what is no function, and a connector that is not registered. */
export function checkTransforms(
  transforms: Readonly<Record<string, Transforms>> | undefined,
  registry: Pick<ConnectorRegistry, 'find'>,
): ReadonlyMap<string, Transforms> {
  const given = Object.entries(transforms ?? {});
  for (const [id, { request, response }] of given) {
    if (registry.find(id) === undefined)
      throw invalid(`There is no connector ${id.slice(0, 64)} to transform for. Register it, or leave it out.`);
    if ([request, response].some((each) => each !== undefined && typeof each !== 'function'))
      throw invalid(`A transform of ${id} is no function. Pass { request, response }, either of them or both.`);
  }
  return new Map(given);
}

function invalid(message: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_argument', message });
}
