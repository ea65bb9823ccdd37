import type { BatchAnswers, BatchRead } from '../connector/batch-declaration.ts';
import type { BytesOptions, ConnectorHttp, HttpOptions, PageOptions, ReadOptions, WriteOptions } from '../connector/connector-http.ts';
import type { GraphqlPageOptions } from '../connector/graphql-options.ts';
import type { RequestPath } from '../connector/path.ts';
import type { RequestBodyKinds } from '../connector/request-body.ts';
import type { Schema, SchemaOutput } from '../connector/schema.ts';
import type { SoapOptions } from '../connector/soap-options.ts';
import type { IdempotencyKey } from '../contracts/idempotency.ts';
import type { BatchParts } from './batch/batch-parts.ts';
import { sendBatch } from './batch/send-batch.ts';
import { pageRequest } from './paging/page-request.ts';
import { makeGraphql } from './protocols/graphql/make-graphql.ts';
import { readConnection } from './protocols/graphql/read-connection.ts';
import { soapRequest } from './protocols/soap/soap-request.ts';
import type { RawCalls } from './raw-calls.ts';
import { isWriting, type RawRequest } from './raw-request.ts';
import { readPages } from './read-pages.ts';
import { requestBody } from './request-body.ts';
import { takeKey } from './take-key.ts';

/** What the `http` of a connector's code is made of. */
export interface ConnectorHttpParts extends BatchParts {
  /** Key of the first writing request. */
  readonly own: IdempotencyKey | null;
  /** Where everything goes. */
  readonly origin: string;
  /** Calls whose answer no schema reads. */
  readonly raw: RawCalls;
}

/** Makes the `http` of a connector's code. `call` makes one request. */
export function makeConnectorHttp(parts: ConnectorHttpParts): ConnectorHttp {
  const { call, origin, own, raw } = parts;
  const used: IdempotencyKey[] = [];
  /** Takes the key of what writes, and makes the request. */
  const ask = async <S extends Schema>(request: RawRequest, response: S, key?: IdempotencyKey): Promise<SchemaOutput<S>> => {
    if (isWriting(request)) takeKey(own, used, key);
    return (await call(request, response)).parsed;
  };
  const read = <S extends Schema>(path: RequestPath, options: ReadOptions<S>): Promise<SchemaOutput<S>> =>
    ask({ method: 'GET', path, ...picked(options), ...(options.cache === undefined ? {} : { cache: options.cache }) }, options.response);
  const write = async <S extends Schema>(method: string, path: RequestPath, options: WriteOptions<S>): Promise<SchemaOutput<S>> =>
    ask(written(method, path, options), options.response, options.key);
  const whole = async (path: RequestPath, options: BytesOptions): Promise<RawRequest> => {
    const request = written(options.method ?? 'GET', path, options);
    if (isWriting(request)) takeKey(own, used, options.key);
    return request;
  };
  const soap = async <S extends Schema>(path: RequestPath, options: SoapOptions<S>): Promise<SchemaOutput<S>> =>
    ask(soapRequest(path, options), options.response, options.key);
  const graphql = makeGraphql(ask);
  return {
    get: (path, options) => handled(read(path, options)),
    post: (path, options) => handled(write('POST', path, options)),
    put: (path, options) => handled(write('PUT', path, options)),
    patch: (path, options) => handled(write('PATCH', path, options)),
    delete: (path, options) => handled(write('DELETE', path, options)),
    bytes: (path, options = {}) => handled(whole(path, options).then(raw.bytes)),
    stream: (path, options = {}) => handled(whole(path, options).then((request) => raw.stream(request, options))),
    pages: <S extends Schema, Item>(path: RequestPath, options: PageOptions<S, Item>) =>
      readPages({ path, options, origin, get: (fields) => call(pageRequest(path, options, fields), options.response) }),
    graphql,
    graphqlPages: <S extends Schema, Node, const Text extends string>(path: RequestPath, options: GraphqlPageOptions<S, Node, Text>) =>
      readConnection({ path, options, get: (variables) => graphql(path, { ...options, variables: variables ?? {} }) }),
    soap: (path, options) => handled(soap(path, options)),
    batch: <const Reads extends readonly BatchRead[]>(reads: Reads) =>
      // Each was parsed by the schema of its own read.
      handled(sendBatch(parts, reads) as Promise<BatchAnswers<Reads>>),
  };
}

/** A call that its action does not wait for must not end the process when it is taken back. */
function handled<Result>(promise: Promise<Result>): Promise<Result> {
  promise.catch(() => undefined);
  return promise;
}

function picked({ query, headers, host }: HttpOptions): HttpOptions {
  return { ...(query ? { query } : {}), ...(headers ? { headers } : {}), ...(host === undefined ? {} : { host }) };
}

function written(method: string, path: RequestPath, options: HttpOptions & RequestBodyKinds): RawRequest {
  const body = requestBody(options);
  return { method, path, ...picked(options), ...(body ? { body } : {}) };
}
