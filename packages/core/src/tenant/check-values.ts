import { configurationProperties } from '../connector/configuration-properties.ts';
import type { AnyDefinition } from '../connector/connector-definition.ts';
import { parseNow } from '../connector/parse-with.ts';
import type { ConnectorChoices } from '../contracts/configuration-records.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import { isLongerThan } from '../json/is-longer-than.ts';
import { jsonText } from '../json/json-text.ts';

/** Longest JSON text of the values of one connector, bytes. They lie in the configuration that every process of the tenant holds. */
const longestValues = 32_768;

/**
 * Values of a connector's configuration as they are stored: plain JSON, as given. Throws `invalid_argument` for those that its schema does not
 * take; no value is repeated in the message.
 */
export function checkValues(definition: AnyDefinition, given: unknown): ConnectorChoices['values'] {
  const { id, configuration } = definition;
  if (configuration === undefined) throw invalid(`The connector ${id} has no configuration, so nothing was stored.`);
  const text = jsonText(given);
  const values: unknown = text === undefined ? undefined : JSON.parse(text);
  if (text === undefined || !isJsonObject(values)) throw invalid(`The configuration of ${id} is a plain object of JSON. Pass one.`);
  if (isLongerThan(text, longestValues))
    throw invalid(`The configuration of ${id} is longer than ${longestValues} bytes of JSON. Keep large things elsewhere.`);
  const names = configurationProperties(configuration, id)?.names ?? new Set();
  if (Object.keys(values).some((name) => !names.has(name)))
    throw invalid(`The configuration of ${id} has no such property, so nothing was stored. It has: ${[...names].join(', ') || 'none'}.`);
  parseNow(configuration, values, {
    code: 'invalid_argument',
    what: `The configuration of ${id}`,
    advice: 'Nothing was stored. Correct the values.',
  });
  return values;
}

const invalid = (message: string): PatchbayError => new PatchbayError({ code: 'invalid_argument', message });
