import { isSchema } from '../connector/is-schema.ts';
import { jsonSchemaOf } from '../connector/json-schema-of.ts';
import type { Schema } from '../connector/schema.ts';
import { isPatchbayError, PatchbayError } from '../errors/patchbay-error.ts';
import { isForbiddenName } from '../expression/forbidden-name.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import type { JsonObject } from '../json/json.ts';
import { type CompiledCondition, compileCondition } from '../rules/compile-condition.ts';
import type { Condition } from '../rules/condition.ts';
import { parseCondition } from '../rules/parse-condition.ts';
import { faultOfMembers } from './fault-of-members.ts';
import type { KnownRecords, KnownRecordType } from './known-records.ts';
import type { RecordAdapter } from './record-adapter.ts';
import type { RecordLink, RecordTypeDefinition } from './record-types.ts';

const nameShape = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;

/** Methods that change something at the host. */
const writing = ['create', 'update', 'delete', 'link'] as const;

/**
 * The host's records, checked and with their views compiled. Throws `invalid_argument` for a type that cannot be, and for one that lets
 * automations do what the adapter cannot.
 */
export function readRecords(adapter: RecordAdapter): KnownRecords {
  const { types, writesToldBy, keyLifetimeMs } = adapter;
  require(isJsonObject(types) && Object.keys(types).length > 0, 'types holds none. Declare one: { invoice: { title, schema } }.');
  const writes = writing.some((method) => adapter[method] !== undefined);
  const tellers: readonly unknown[] = writes ? ['adapter', 'hub'] : [undefined, 'adapter', 'hub'];
  require(tellers.includes(writesToldBy), "writesToldBy is missing. Say who tells of what the adapter writes: 'adapter' or 'hub'.");
  require(keyLifetimeMs === undefined || keyLifetimeMs > 0, 'keyLifetimeMs is not a number of milliseconds above 0. Correct it.');
  const known = Object.entries(types).map(([name, definition]) => [name, readType(adapter, name, definition)] as const);
  return { adapter, types: new Map(known) };
}

function readType(adapter: RecordAdapter, name: string, definition: RecordTypeDefinition): KnownRecordType {
  const of = (fault: string): string => `types.${name.slice(0, 64)} ${fault}`;
  require(isName(name), of('is not letters, digits, hyphens and underscores, beginning with a letter, at most 64. Rename it.'));
  require(isJsonObject(definition) && typeof definition.title === 'string', of('has no title. Give it one, for people.'));
  const { schema, create, update, links = {}, views = {} } = definition;
  require(isSchema(schema), of('has no schema. Give it one that follows Standard Schema, such as z.object({ … }).'));
  const described = describe(schema, name);
  const members = Object.keys(isJsonObject(described['properties']) ? described['properties'] : {}).sort();
  for (const [method, allowed] of Object.entries({ create, update, delete: definition.delete || undefined, link: definition.links })) {
    const isThere = allowed === undefined || typeof Reflect.get(adapter, method) === 'function';
    require(isThere, of(`lets automations ${method} records, and the adapter has no method ${method}. Add the method, or leave that out.`));
  }
  for (const [method, allowed] of Object.entries({ create, update }))
    require(allowed === undefined || isSchema(allowed), of(`has no schema at ${method}. Pass one, or leave it out.`));
  return {
    name,
    definition,
    described,
    members,
    links: new Map(Object.entries(links).map(([link, joined]) => [link, readLink(adapter, joined, of(`links.${link.slice(0, 64)}`))])),
    views: new Map(Object.entries(views).map(([view, { when }]) => [view, readView(adapter, when, { view, members, of })])),
  };
}

function describe(schema: Schema, name: string): JsonObject {
  const described = jsonSchemaOf(schema, 'output', `records of type ${name}`);
  require(isJsonObject(
    described['properties'],
  ), `types.${name} has a schema that names no members. Use one of an object: z.object({ … }).`);
  return described;
}

function readLink({ types }: RecordAdapter, link: RecordLink, what: string): RecordLink {
  require(isJsonObject(link) && Object.hasOwn(types, link.to), `${what} leads to no declared type. Name one at to.`);
  return link;
}

interface ViewPlace {
  readonly view: string;
  readonly members: readonly string[];
  readonly of: (fault: string) => string;
}

function readView(adapter: RecordAdapter, when: Condition | undefined, { view, members, of }: ViewPlace): CompiledCondition | null {
  require(isName(view), of(
    `views.${view.slice(0, 64)} is not letters, digits, hyphens and underscores, beginning with a letter. Rename it.`,
  ));
  if (when === undefined) {
    require(adapter.inView !== undefined, of(`views.${view} has no condition, and the adapter has no method inView. Add one of them.`));
    return null;
  }
  try {
    const compiled = compileCondition(parseCondition(when), { roots: ['record'] });
    const fault = faultOfMembers(compiled.roots, members);
    require(fault === null, of(`views.${view}: ${fault}.`));
    return compiled;
  } catch (cause) {
    if (!isPatchbayError(cause) || cause.code === 'invalid_argument') throw cause;
    throw invalid(of(`views.${view}: ${cause.message}`), cause);
  }
}

function isName(name: string): boolean {
  return nameShape.test(name) && !isForbiddenName(name);
}

function require(holds: boolean, fault: string): void {
  if (!holds) throw invalid(fault);
}

function invalid(fault: string, cause?: unknown): PatchbayError {
  return new PatchbayError({ code: 'invalid_argument', message: `The option records: ${fault}`, cause });
}
