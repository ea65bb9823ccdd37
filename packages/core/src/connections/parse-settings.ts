import { takeApiVersion } from '../connector/api-version.ts';
import type { Connector } from '../connector/connector-definition.ts';
import { parseWith } from '../connector/parse-with.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import type { Json } from '../json/json.ts';

/** The settings of a connection as its connector's schema wants them, with the version of the API that it is pinned to. Throws `invalid_argument` and, for a broken schema, `connector_invalid`. */
export async function parseSettings(
  connector: Connector,
  settings: Readonly<Record<string, Json>>,
): Promise<Readonly<Record<string, Json>>> {
  const { apiVersion, settings: schema } = connector.definition;
  const { own, pinned } = takeApiVersion(apiVersion, settings);
  if (!schema && Object.keys(own).length === 0) return pinned;
  if (!schema) {
    throw new PatchbayError({ code: 'invalid_argument', message: `The connector ${connector.id} has no settings. Leave them out.` });
  }
  const parsed: unknown = await parseWith(schema, own, {
    code: 'invalid_argument',
    what: `A setting of the ${connector.id} connection`,
    advice: 'Correct the settings and put the connection again.',
  });
  if (!isJsonObject(parsed))
    throw new PatchbayError({
      code: 'connector_invalid',
      message: `The settings schema of ${connector.id} does not give an object. Report it to its author.`,
    });
  return { ...parsed, ...pinned };
}
