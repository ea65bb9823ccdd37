import { isPatchbayError } from '../errors/patchbay-error.ts';
import type { JsonObject } from '../json/json.ts';
import { canonicalResource, wholeOf } from './canonical-resource.ts';
import { hasField } from './has-field.ts';
import { jsonSchemaOf } from './json-schema-of.ts';
import type { ResourceKinds } from './leaves-confinement.ts';
import type { ResourceField, ResourceKind, ResourcePath, ResourceUses } from './resource-kind.ts';
import type { Schema } from './schema.ts';

const idShape = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;
const pathShape = /^(?:\/(?!\.{1,2}(?:\/|$))(?:\{\}|\*|[A-Za-z0-9._~-]+))+(?:\/\*\*)?$/;
const letters: Readonly<Record<NonNullable<ResourceKind['letters']>, true>> = { lower: true, upper: true, exact: true };

/** What keeps a kind of resource from working, or `undefined`. */
export function resourceKindFault(id: string, kind: ResourceKind, basePath?: string): string | undefined {
  if (!idShape.test(id)) return `the resource kind ${id} must be lower_snake_case`;
  const { title, pattern, separator = '/', paths = [] } = kind;
  if (typeof title !== 'string' || title === '') return `the resource kind ${id} needs a title`;
  if (!Object.hasOwn(letters, kind.letters ?? 'exact')) return `the letters of the resource kind ${id} must be lower, upper or exact`;
  if (typeof pattern !== 'string' || groupsOf(pattern) === undefined)
    return `the pattern of the resource kind ${id} is no regular expression`;
  if (typeof separator !== 'string' || separator === '') return `the separator of the resource kind ${id} must be text`;
  if (canonicalResource(kind, kind.example) === undefined) return `the example of the resource kind ${id} does not fit its pattern`;
  return paths.map((path) => pathFault(path) ?? baseFault(path, basePath)).find((fault) => fault !== undefined);
}

function baseFault({ path }: ResourcePath, basePath: string | undefined): string | undefined {
  if (basePath === undefined || !path.startsWith(`${basePath}/`)) return undefined;
  return `the resource path ${path} begins with the basePath ${basePath}, below which it stands already: leave that away`;
}

function pathFault({ path, within }: ResourcePath): string | undefined {
  if (typeof path !== 'string' || !pathShape.test(path))
    return `the resource path ${path} must be segments, {} and *, with ** at its end alone`;
  if (within === undefined) return undefined;
  const isOne = path.split('{}').length === 2;
  return isOne && groupsOf(within) === 1 ? undefined : `within of the resource path ${path} needs one {} and one group`;
}

/** An action or a trigger and the schema that its fields are in. */
export interface ResourceUser {
  /** `the action create_issue`. */
  readonly what: string;
  readonly resources: ResourceUses | undefined;
  readonly schema: Schema;
}

/** What keeps a declaration of resources from working, or `undefined`: a kind that is not there, a field that its schema does not have. */
export function resourceUseFault(kinds: ResourceKinds, { what, resources, schema }: ResourceUser): string | undefined {
  let described: JsonObject | string | undefined;
  for (const [id, use] of Object.entries(resources ?? {})) {
    if (!Object.hasOwn(kinds, id)) return `${what} names the resource kind ${id}, which the connector does not declare`;
    if (use === 'untouched' || use === 'any') continue;
    if (!Array.isArray(use) || use.length === 0) return `${what} must name the fields of the resource kind ${id}, or say untouched or any`;
    described ??= describe(schema, what);
    if (typeof described === 'string') return described;
    for (const place of use) {
      const fault = placeFault(place, described);
      if (fault !== undefined) return `${what} names a ${id} in ${fault}`;
    }
  }
  return undefined;
}

function describe(schema: Schema, what: string): JsonObject | string {
  try {
    return jsonSchemaOf(schema, 'input', `${what}, in which a resource is named,`);
  } catch (error) {
    if (isPatchbayError(error)) return error.message;
    throw error;
  }
}

function placeFault({ fields, within }: ResourceField, schema: JsonObject): string | undefined {
  if (!Array.isArray(fields) || fields.length === 0) return 'no field';
  for (const field of fields) if (!hasField(schema, String(field))) return `the field ${field}, which its schema does not have`;
  if (within === undefined) return undefined;
  return fields.length === 1 && groupsOf(within) === 1
    ? undefined
    : `the field ${fields.join(', ')}, whose within needs one field and one group`;
}

/** Groups of a regular expression; `undefined` for what is none. */
function groupsOf(source: string): number | undefined {
  try {
    return (wholeOf(`(?:${source})|`).exec('')?.length ?? 0) - 1;
  } catch {
    return undefined;
  }
}
