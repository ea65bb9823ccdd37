import type { Connector } from '../connector/connector-definition.ts';
import { parseWith } from '../connector/parse-with.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import type { Json } from '../json/json.ts';

/** The settings of a connection as its connector's schema wants them. Throws `invalid_argument` and, for a broken schema, `connector_invalid`. */
export async function parseSettings(
  connector: Connector,
  settings: Readonly<Record<string, Json>>,
): Promise<Readonly<Record<string, Json>>> {
  const schema = connector.definition.settings;
  if (!schema && Object.keys(settings).length === 0) return {};
  if (!schema) {
    throw new PatchbayError({ code: 'invalid_argument', message: `The connector ${connector.id} has no settings. Leave them out.` });
  }
  const parsed: unknown = await parseWith(schema, settings, {
    code: 'invalid_argument',
    what: `A setting of the ${connector.id} connection`,
    advice: 'Correct the settings and put the connection again.',
  });
  if (!isJsonObject(parsed))
    throw new PatchbayError({
      code: 'connector_invalid',
      message: `The settings schema of ${connector.id} does not give an object. Report it to its author.`,
    });
  return parsed;
}
