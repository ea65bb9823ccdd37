import { isPatchbayError } from '../errors/patchbay-error.ts';
import type { JsonObject } from '../json/json.ts';
import type { ActionDefinition } from './action-definition.ts';
import { hasField } from './has-field.ts';
import { jsonSchemaOf } from './json-schema-of.ts';
import type { ResourceKinds } from './leaves-confinement.ts';
import { optionPlace } from './option-place.ts';
import type { OptionSource } from './option-source.ts';

/** Names of sources, of choices and of content. */
export const sourceName = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;
const needShape = /^[A-Za-z][A-Za-z0-9_]*$/;

/** Sources of choices by name. */
export type OptionSources = Readonly<Record<string, OptionSource>>;

/** What keeps a source of choices from working, or `undefined`. */
export function optionSourceFault(name: string, source: OptionSource, kinds: ResourceKinds): string | undefined {
  if (!sourceName.test(name) || name.length > 64) return `the option source ${name.slice(0, 64)} must be lower_snake_case, at most 64`;
  const what = `the option source ${name}`;
  if (typeof source?.list !== 'function') return `${what} has no list function`;
  if (typeof source.title !== 'string' || source.title === '') return `${what} needs a title`;
  const { needs = [], resource, resources = {}, searches = false } = source;
  if (!Array.isArray(needs) || new Set(needs).size !== needs.length || !needs.every(isNeed))
    return `the needs of ${what} must be names, each once`;
  if (typeof searches !== 'boolean') return `searches of ${what} must be true or false`;
  const unknown = [...(resource === undefined ? [] : [resource]), ...Object.keys(resources)].find((kind) => !Object.hasOwn(kinds, kind));
  if (unknown !== undefined) return `${what} names the resource kind ${unknown}, which the connector does not declare`;
  for (const [kind, use] of Object.entries(resources)) {
    if (use === 'untouched' || use === 'any') continue;
    if (!Array.isArray(use) || use.length === 0) return `${what} must name needs of the resource kind ${kind}, or say untouched or any`;
    const field = use.flatMap(({ fields }) => [...fields]).find((each) => !needs.includes(each));
    if (field !== undefined) return `${what} names a ${kind} in ${field}, which is none of its needs`;
  }
  return undefined;
}

const isNeed = (need: unknown): boolean => typeof need === 'string' && needShape.test(need) && need.length <= 64;

/** What keeps the choices that an action names for its fields from working, or `undefined`. */
export function optionUseFault(
  name: string,
  action: Pick<ActionDefinition, 'input' | 'options'>,
  sources: OptionSources,
): string | undefined {
  const what = `the action ${name}`;
  const uses = Object.entries(action.options ?? {});
  if (uses.length === 0) return undefined;
  const schema = describe(action, what);
  if (typeof schema === 'string') return schema;
  for (const [field, use] of uses) {
    if (use === undefined) continue;
    const { source, from } = optionPlace(use, sources);
    const declared = Object.hasOwn(sources, source) ? sources[source] : undefined;
    if (!declared) return `${what} takes the options of ${field} from ${source}, which is no option source of the connector`;
    const { needs = [] } = declared;
    if (!hasField(schema, field)) return `${what} has options for the field ${field}, which its input does not have`;
    const open = needs.find((need) => !Object.hasOwn(from, need));
    if (open !== undefined) return `${what} does not say where the options of ${field} find ${open}; name it in from`;
    for (const [need, path] of Object.entries(from)) {
      if (!needs.includes(need)) return `${what} names ${need} for the options of ${field}, which ${source} does not need`;
      if (!hasField(schema, path)) return `${what} takes ${need} for the options of ${field} from ${path}, which its input does not have`;
      if (path === field) return `${what} takes ${need} for the options of ${field} from that field itself`;
    }
  }
  return undefined;
}

function describe({ input }: Pick<ActionDefinition, 'input'>, what: string): JsonObject | string {
  try {
    return jsonSchemaOf(input, 'input', `${what}, whose fields have options,`);
  } catch (error) {
    if (isPatchbayError(error)) return error.message;
    throw error;
  }
}
