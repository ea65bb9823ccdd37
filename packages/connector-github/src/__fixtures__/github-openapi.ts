import { createRequire } from 'node:module';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

type Schema = Readonly<Record<string, unknown>>;

interface Parameter {
  readonly $ref?: string;
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly schema: Schema;
}

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly parameters: Readonly<Record<string, Parameter>>; readonly schemas: Readonly<Record<string, Schema>> };
}

// GitHub's own description of its REST API, 12 MB.
const description: Description = createRequire(import.meta.url)('@octokit/openapi/generated/api.github.com.json');

const ajv = new Ajv({ strict: false, allErrors: true, coerceTypes: false });
formats.default(ajv);

/** A request as it went over the wire. */
export interface SentRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** Everything in which a request differs from GitHub's description of it; none where it fits. Fields that are not described are faults. */
export function faultsOf({ method, path, body }: SentRequest): readonly string[] {
  const url = new URL(path, 'https://api.github.com');
  const match = findOperation(method, url.pathname);
  if (!match) return [`no operation ${method} ${url.pathname}`];
  const parameters = (match.operation.parameters ?? []).map((parameter) => (parameter.$ref ? resolve(parameter.$ref) : parameter));
  return [...pathFaults(parameters, match.values), ...queryFaults(parameters, url.searchParams), ...bodyFaults(match.operation, body)];
}

function resolve(reference: string): Parameter {
  const parameter = description.components.parameters[reference.split('/').at(-1) ?? ''];
  if (!parameter) throw new Error(`The description has no ${reference}.`);
  return parameter;
}

function findOperation(method: string, path: string): { operation: Operation; values: ReadonlyMap<string, string> } | undefined {
  const given = path.split('/');
  for (const [template, operations] of Object.entries(description.paths)) {
    const operation = operations[method.toLowerCase()];
    const wanted = template.split('/');
    if (!operation || wanted.length !== given.length) continue;
    if (!wanted.every((segment, index) => segment.startsWith('{') || segment === given[index])) continue;
    const named = wanted.map((segment, index) => [segment.slice(1, -1), decodeURIComponent(given[index] ?? '')] as const);
    return { operation, values: new Map(named.filter((_pair, index) => wanted[index]?.startsWith('{'))) };
  }
  return undefined;
}

function pathFaults(parameters: readonly Parameter[], values: ReadonlyMap<string, string>): readonly string[] {
  return parameters.filter((one) => one.in === 'path').flatMap((one) => valueFaults(one, values.get(one.name)));
}

function queryFaults(parameters: readonly Parameter[], query: URLSearchParams): readonly string[] {
  const known = new Map(parameters.filter((one) => one.in === 'query').map((one) => [one.name, one]));
  return [...query].flatMap(([name, value]) => {
    const parameter = known.get(name);
    return parameter ? valueFaults(parameter, value) : [`query ${name} is not described`];
  });
}

function valueFaults(parameter: Parameter, value: string | undefined): readonly string[] {
  if (value === undefined) return [`${parameter.in} ${parameter.name} is missing`];
  const numeric = parameter.schema['type'] === 'integer' && /^\d+$/.test(value);
  return check(parameter.schema, numeric ? Number(value) : value).map((fault) => `${parameter.in} ${parameter.name} ${fault}`);
}

function bodyFaults({ requestBody }: Operation, body: string): readonly string[] {
  const schema = requestBody?.content['application/json']?.schema;
  if (!schema) return body === '' ? [] : ['body is not described'];
  if (body === '') return requestBody?.required ? ['body is missing'] : [];
  const value: unknown = JSON.parse(body);
  const known = Object.keys(typeof schema['properties'] === 'object' ? (schema['properties'] ?? {}) : {});
  // GitHub's schemas mostly allow further fields; a misspelt one would pass there and be dropped by GitHub without a word.
  const unknown = Object.keys(typeof value === 'object' ? (value ?? {}) : {}).filter((name) => !known.includes(name));
  return [...check(schema, value).map((fault) => `body ${fault}`), ...unknown.map((name) => `body ${name} is not described`)];
}

const compiled = new Map<Schema, ValidateFunction>();

function check(schema: Schema, value: unknown): readonly string[] {
  const validate = compiled.get(schema) ?? ajv.compile(Object(withoutNullable(schema)));
  compiled.set(schema, validate);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** References that lead to others, at most; those in requests are a few deep, and one that leads to itself would never end. */
const deepest = 5;

/** OpenAPI 3.0 writes `nullable` where JSON Schema has a further type. A reference is replaced by its target. */
function withoutNullable(schema: unknown, depth = 0): unknown {
  if (Array.isArray(schema)) return schema.map((each) => withoutNullable(each, depth));
  if (typeof schema !== 'object' || schema === null) return schema;
  if ('$ref' in schema) {
    const target = description.components.schemas[String(schema.$ref).split('/').at(-1) ?? ''];
    if (target === undefined || depth >= deepest) throw new Error(`The check does not follow ${String(schema.$ref)}.`);
    return withoutNullable(target, depth + 1);
  }
  const { nullable, ...rest } = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, withoutNullable(value, depth)]));
  return nullable === true ? { anyOf: [rest, { type: 'null' }] } : rest;
}
