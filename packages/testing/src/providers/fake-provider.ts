import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Json } from '@patchbay/core';
import { type FaultResult, playFault, sendReply } from './play-fault.ts';
import { type ProviderHandler, type ProviderReply, type ProviderRoutes, routeRequests } from './provider-reply.ts';
import { flattenHeaders, hideCredentials, type ProviderRequest, parseJson, type RecordedRequest, readBody } from './provider-request.ts';
import type { ScriptedFault } from './scripted-fault.ts';

/** What {@link startFakeProvider} is given: routes, or one handler, or both (the handler gets what no route fits). */
export interface FakeProviderOptions {
  readonly routes?: ProviderRoutes;
  /** @default 404 with an empty object */
  readonly handler?: ProviderHandler;
  /** Where a request says which call it is. @default the header idempotency-key */
  readonly idempotencyKeyOf?: (request: ProviderRequest) => string | undefined;
  /**
   * A request whose key came before is answered as the first that had an effect was, and has none itself, as services do that know
   * keys. @default false
   */
  readonly dropsRepeatedKeys?: boolean;
  /** Body of a scripted rate limit. @default an empty object */
  readonly limitBody?: Json;
}

/** A service on 127.0.0.1 that does as it is told. */
export interface FakeProvider {
  /** `http://127.0.0.1:{port}` */
  readonly origin: string;
  /** Every request so far, in the order in which it ended here. A hanging one is there from the moment it hangs. */
  readonly requests: readonly RecordedRequest[];
  /** The requests that changed something. */
  effects(): readonly RecordedRequest[];
  /** The next `count` requests (those that the fault matches) meet the fault. Faults are used up in the order they were given. */
  failNext(count: number, fault: ScriptedFault): void;
  /** Resolves when no request is being worked on. A hanging one is not waited for; a late answer is, so let its caller go first. */
  idle(): Promise<void>;
  /** Ends every connection and the server. Resolves when no socket is left; calling it again does nothing. */
  close(): Promise<void>;
}

interface World {
  readonly handler: ProviderHandler;
  readonly options: FakeProviderOptions;
  readonly log: RecordedRequest[];
  readonly script: ScriptedFault[];
  readonly open: Set<Promise<void>>;
  /** First answers by key. */
  readonly kept: Map<string, Promise<ProviderReply>>;
  arrived: number;
}

/** Starts a service on a free port of 127.0.0.1. */
export async function startFakeProvider(options: FakeProviderOptions): Promise<FakeProvider> {
  const otherwise = options.handler ?? (() => ({ status: 404, json: {} }));
  const handler = options.routes ? routeRequests(options.routes, otherwise) : otherwise;
  const world: World = { handler, options, log: [], script: [], open: new Set(), kept: new Map(), arrived: 0 };
  const server = createServer((message, response) => {
    const served = serve(world, message, response).finally(() => world.open.delete(served));
    world.open.add(served);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  let closing: Promise<void> | undefined;
  return {
    origin: `http://127.0.0.1:${port}`,
    requests: world.log,
    effects: () => world.log.filter(({ effect }) => effect),
    failNext(count, fault) {
      for (let index = 0; index < count; index += 1) world.script.push(fault);
    },
    async idle() {
      while (world.open.size > 0) await Promise.all(world.open);
    },
    close() {
      closing ??= new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      return closing;
    },
  };
}

async function serve(world: World, message: IncomingMessage, response: ServerResponse): Promise<void> {
  world.arrived += 1;
  const number = world.arrived;
  const fault = takeFault(world.script, message);
  const headers = flattenHeaders(message.headers);
  message.on('error', ignore);
  response.on('error', ignore);
  if (fault?.kind === 'reset' && fault.when === 'before_reading') {
    message.socket.resetAndDestroy();
    record(world, { number, request: toRequest(message, headers, ''), fault, result: { effect: false, status: undefined } });
    return;
  }
  const left = new Promise<void>((resolve) => response.once('close', resolve));
  const body = await readBody(message).catch(() => undefined);
  if (body === undefined) return;
  const request = toRequest(message, headers, body);
  const perform = once(() => handle(world, request));
  const result = fault
    ? await playFault(fault, {
        message,
        response,
        credential: headers['authorization'] ?? '',
        limitBody: world.options.limitBody ?? {},
        perform,
        left,
      })
    : await answer(perform, response);
  record(world, { number, request, fault, result });
}

const keyOf = ({ options }: World, request: ProviderRequest): string | undefined =>
  options.idempotencyKeyOf ? options.idempotencyKeyOf(request) : request.headers['idempotency-key'];

async function handle(world: World, request: ProviderRequest): Promise<ProviderReply> {
  const key = world.options.dropsRepeatedKeys ? keyOf(world, request) : undefined;
  if (key === undefined || key === '') return await world.handler(request);
  const kept = world.kept.get(key);
  if (kept !== undefined) return { ...(await kept), effect: false };
  const first = Promise.resolve(request).then(world.handler);
  world.kept.set(key, first);
  const reply = await first.catch(() => undefined);
  // What changed nothing may be asked for again with the same key.
  if (!reply?.effect) world.kept.delete(key);
  return await first;
}

/** A handler that throws is a fault of the test, and is answered in a way that is seen. */
async function answer(perform: () => Promise<ProviderReply>, response: ServerResponse): Promise<FaultResult> {
  try {
    const reply = await perform();
    return { ...sendReply(response, reply), effect: reply.effect ?? false };
  } catch (error) {
    return sendReply(response, { status: 599, json: { message: `The stand-in's handler threw: ${String(error)}` } });
  }
}

function takeFault(script: ScriptedFault[], message: IncomingMessage): ScriptedFault | undefined {
  const line = `${message.method} ${message.url}`;
  const index = script.findIndex(({ match }) => match === undefined || match.test(line));
  return index === -1 ? undefined : script.splice(index, 1)[0];
}

function toRequest(message: IncomingMessage, headers: Readonly<Record<string, string>>, body: string): ProviderRequest {
  const url = new URL(message.url ?? '/', 'http://127.0.0.1');
  return {
    method: message.method ?? '',
    target: message.url ?? '',
    path: url.pathname,
    query: url.searchParams,
    parameters: {},
    headers,
    body,
    json: parseJson(body),
  };
}

interface Outcome {
  readonly number: number;
  readonly request: ProviderRequest;
  readonly fault: ScriptedFault | undefined;
  readonly result: FaultResult;
}

function record(world: World, { number, request, fault, result }: Outcome): void {
  const { method, target: path, headers, body } = request;
  world.log.push({
    number,
    method,
    path,
    headers: hideCredentials(headers),
    body,
    idempotencyKey: keyOf(world, request),
    effect: result.effect,
    status: result.status,
    fault: fault?.kind,
  });
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function ignore(): void {}
