import { isPatchbayError, PatchbayError } from '../errors/patchbay-error.ts';
import type { MappingFault } from './mapping-fault.ts';

/** Says what is wrong with a mapping and at which place, for example `fields.contact.email.check.pattern`. Code `mapping_invalid`. */
export function invalidMapping(place: string, reason: string, cause?: unknown): PatchbayError {
  return new PatchbayError({
    code: 'mapping_invalid',
    message: `The mapping is not valid at ${place === '' ? 'its root' : place}: ${reason}`,
    cause,
    details: { ...(isPatchbayError(cause) ? cause.details : {}), place },
  });
}

/** Most faults that a message names; the details have them all. */
const namedFaults = 3;

/** Says that a mapping could not be applied, where and why. It tells kinds of values, never a value. Code `mapping_failed`, or `fuel_exhausted`. */
export function failedMapping(name: string, faults: readonly MappingFault[]): PatchbayError {
  const told = faults.slice(0, namedFaults).map(({ to, kind, reason }) => `${to} (${kind}): ${reason}`);
  const more = faults.length > namedFaults ? `; and ${faults.length - namedFaults} more` : '';
  return new PatchbayError({
    code: faults.some(({ isFinal }) => isFinal) ? 'fuel_exhausted' : 'mapping_failed',
    message: `The mapping ${name} does not fit the data at ${told.join('; ')}${more}. Correct the mapping, or have the service send what it takes.`,
    details: { mapping: name, faults: faults.map(({ to, from, kind, reason }) => ({ to, from, kind, reason })) },
  });
}
