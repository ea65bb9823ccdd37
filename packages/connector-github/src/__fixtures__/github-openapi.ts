import { createRequire } from 'node:module';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

type Schema = Readonly<Record<string, unknown>>;

interface Parameter {
  readonly $ref?: string;
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
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
  /** Lower-case names. @default they are not looked at */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The operation that a request is, by GitHub's own id; `graphql` for what is sent to GraphQL; undefined where it is none. */
export function operationOf({ method, path }: Pick<SentRequest, 'method' | 'path'>): string | undefined {
  const { pathname } = new URL(path, 'https://api.github.com');
  return pathname === '/graphql' && method === 'POST' ? 'graphql' : findOperation(method, pathname)?.operation.operationId;
}

/** Everything in which a request differs from GitHub's description of it; none where it fits. Fields that are not described are faults. */
export function faultsOf({ method, path, body, headers }: SentRequest): readonly string[] {
  const url = new URL(path, 'https://api.github.com');
  if (method === 'POST' && url.pathname === '/graphql') return [...graphqlFaults(body), ...headerFaults('graphql', headers, body)];
  const match = findOperation(method, url.pathname);
  if (!match) return [`no operation ${method} ${url.pathname}`];
  const parameters = (match.operation.parameters ?? []).map((parameter) => (parameter.$ref ? resolve(parameter.$ref) : parameter));
  return [
    ...pathFaults(parameters, match.values),
    ...queryFaults(parameters, url.searchParams),
    ...bodyFaults(match.operation, body),
    ...headerFaults(match.operation.operationId, headers, body),
  ];
}

/** Media types that GitHub documents in words alone: https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api#media-types */
const documentedTypes: ReadonlyMap<string, readonly string[]> = new Map([['pulls/get', ['application/vnd.github.diff']]]);

function headerFaults(operationId: string, headers: SentRequest['headers'], body: string): readonly string[] {
  if (headers === undefined) return [];
  const types = ['application/vnd.github+json', ...(documentedTypes.get(operationId) ?? [])];
  const { accept = '', 'x-github-api-version': version, 'user-agent': agent, 'content-type': type } = headers;
  return [
    types.includes(accept) ? [] : [`header accept ${accept} is not documented`],
    version === '2022-11-28' ? [] : ['header x-github-api-version is not the version of the description'],
    agent === undefined ? ['header user-agent is missing'] : [],
    body === '' || /^application\/json(;|$)/.test(type ?? '') ? [] : ['header content-type is not that of the body'],
  ].flat();
}

/** GraphQL is described apart: here only by the shape of its requests. */
const graphqlRequest = ajv.compile({
  type: 'object',
  additionalProperties: false,
  required: ['query'],
  properties: { query: { type: 'string', minLength: 1 }, variables: { type: 'object' }, operationName: { type: 'string', minLength: 1 } },
});

const graphqlFaults = (body: string): readonly string[] =>
  graphqlRequest(JSON.parse(body))
    ? []
    : (graphqlRequest.errors ?? []).map(({ instancePath, message }) => `graphql ${instancePath} ${message}`);

function resolve(reference: string): Parameter {
  const parameter = description.components.parameters[reference.split('/').at(-1) ?? ''];
  if (!parameter) throw new Error(`The description has no ${reference}.`);
  return parameter;
}

function findOperation(method: string, path: string): { operation: Operation; values: ReadonlyMap<string, string> } | undefined {
  const given = path.split('/');
  const fitting = Object.entries(description.paths).flatMap(([template, operations]) => {
    const operation = operations[method.toLowerCase()];
    const wanted = template.split('/');
    const fits = wanted.length === given.length && wanted.every((segment, index) => segment.startsWith('{') || segment === given[index]);
    return operation && fits ? [{ operation, wanted }] : [];
  });
  // Written out goes before a name: comments are no issue of that number.
  const written = (wanted: readonly string[]): number => wanted.filter((segment) => !segment.startsWith('{')).length;
  const [best] = fitting.sort((a, b) => written(b.wanted) - written(a.wanted));
  if (best === undefined) return undefined;
  const named = best.wanted.map((segment, index) => [segment.slice(1, -1), decodeURIComponent(given[index] ?? '')] as const);
  return { operation: best.operation, values: new Map(named.filter((_pair, index) => best.wanted[index]?.startsWith('{'))) };
}

function pathFaults(parameters: readonly Parameter[], values: ReadonlyMap<string, string>): readonly string[] {
  return parameters.filter((one) => one.in === 'path').flatMap((one) => valueFaults(one, values.get(one.name)));
}

function queryFaults(parameters: readonly Parameter[], query: URLSearchParams): readonly string[] {
  const described = parameters.filter((one) => one.in === 'query');
  const known = new Map(described.map((one) => [one.name, one]));
  const missing = described.filter(({ name, required }) => required === true && !query.has(name));
  const wrong = [...query].flatMap(([name, value]) => {
    const parameter = known.get(name);
    return parameter ? valueFaults(parameter, value) : [`query ${name} is not described`];
  });
  return [...missing.map(({ name }) => `query ${name} is missing`), ...wrong];
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
  const unknown = unknownFields([withoutNullable(schema)], value, '');
  return [...check(schema, value).map((fault) => `body ${fault}`), ...unknown.map((name) => `body ${name} is not described`)];
}

/** Fields of the body that the description of its operation wants. */
export function requiredFields({ method, path }: SentRequest): readonly string[] {
  const operation = findOperation(method, new URL(path, 'https://api.github.com').pathname)?.operation;
  const required = operation?.requestBody?.content['application/json']?.schema['required'];
  return Array.isArray(required) ? required.map(String) : [];
}

const alternatives = ['oneOf', 'anyOf', 'allOf'] as const;

/** A schema and all that it is made of. */
function partsOf(schema: unknown): readonly object[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const lists = alternatives.flatMap((name): unknown[] => (name in schema ? Object(schema)[name] : []));
  return [schema, ...lists.flatMap(partsOf)];
}

/** GitHub's schemas mostly allow further fields; a misspelt one would pass there and be dropped by GitHub without a word. */
function unknownFields(schemas: readonly unknown[], value: unknown, at: string): readonly string[] {
  const parts = schemas.flatMap(partsOf);
  if (Array.isArray(value))
    return value.flatMap((item, index) =>
      unknownFields(
        parts.map((part) => Object(part).items),
        item,
        `${at}${index}/`,
      ),
    );
  if (typeof value !== 'object' || value === null) return [];
  const known: (readonly [string, unknown])[] = parts.flatMap((part) => Object.entries(Object(part).properties ?? {}));
  const isOpen = known.length === 0;
  return Object.entries(value).flatMap(([name, inner]) => {
    const described = known.flatMap(([each, schema]) => (each === name ? [schema] : []));
    const others = parts.map((part) => Object(part).additionalProperties);
    if (described.length === 0 && !isOpen) return [`${at}${name}`];
    return unknownFields(described.length > 0 ? described : others, inner, `${at}${name}/`);
  });
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
