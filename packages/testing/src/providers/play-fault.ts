import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Json } from '@patchbay/core';
import type { ProviderReply } from './provider-reply.ts';
import type { ScriptedFault } from './scripted-fault.ts';

/** One request that meets a fault. */
export interface FaultStage {
  readonly message: IncomingMessage;
  readonly response: ServerResponse;
  /** The request's credential, for the fault that repeats it. */
  readonly credential: string;
  /** What a rate limit's body holds. */
  readonly limitBody: Json;
  /** Lets the request take effect and gives its true answer; it runs at most once. */
  perform(): Promise<ProviderReply>;
  /** Resolves when the caller has closed the connection. */
  readonly left: Promise<void>;
}

/** What became of a request that met a fault. */
export interface FaultResult {
  readonly effect: boolean;
  readonly status: number | undefined;
}

/** Sends an answer. Nothing is thrown where the caller has gone. */
export function sendReply(response: ServerResponse, { status = 200, headers = {}, json, text }: ProviderReply): FaultResult {
  const body = text ?? (json === undefined ? '' : JSON.stringify(json));
  const type = text === undefined ? 'application/json; charset=utf-8' : 'text/plain; charset=utf-8';
  response.writeHead(status, { ...(body === '' ? {} : { 'content-type': type }), ...headers });
  response.end(body);
  return { effect: false, status };
}

/** Plays a fault. The body has been read, except for `before_reading`, which never comes here. */
export async function playFault(fault: ScriptedFault, stage: FaultStage): Promise<FaultResult> {
  const { message, response, perform } = stage;
  switch (fault.kind) {
    case 'answer': {
      const effect = fault.effect ? ((await perform()).effect ?? false) : false;
      return { ...sendReply(response, { status: fault.status, headers: fault.headers ?? {}, json: fault.body ?? {} }), effect };
    }
    case 'rate_limit':
      return sendReply(response, limitReply(fault, stage.limitBody));
    case 'reset': {
      const effect = fault.when === 'after_effect' ? ((await perform()).effect ?? false) : false;
      message.socket.resetAndDestroy();
      return { effect, status: undefined };
    }
    case 'hang':
      return { effect: fault.effect ? ((await perform()).effect ?? false) : false, status: undefined };
    case 'late_answer':
      return await answerLate(fault.effect, stage);
    case 'slow_body':
      return await answerSlowly(fault.pauseMs, stage);
    case 'huge_body':
      return sendHuge(fault.bytes, response);
    case 'echo_credential':
      return await echoCredential(fault, stage);
    case 'malformed': {
      const { effect = false } = await perform();
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"truncated": ');
      return { effect, status: 200 };
    }
  }
}

async function echoCredential(fault: Extract<ScriptedFault, { kind: 'echo_credential' }>, stage: FaultStage): Promise<FaultResult> {
  const { credential = stage.credential, status = 400, headers: names = [], inAnswer = false } = fault;
  const said = `The credential ${credential} is not to our taste.`;
  const headers = Object.fromEntries(/^[ -~]*$/.test(credential) ? names.map((name) => [name, said]) : []);
  if (!inAnswer)
    return sendReply(stage.response, { status, headers, json: { ok: false, error: said, message: said, errorMessages: [said] } });
  const { effect = false, json, ...reply } = await stage.perform();
  const isObject = typeof json === 'object' && json !== null && !Array.isArray(json);
  const further = isObject ? { json: { ...json, said_back: said } } : json === undefined ? {} : { json };
  return { ...sendReply(stage.response, { ...reply, ...further, headers: { ...reply.headers, ...headers } }), effect };
}

function limitReply({ status = 429, retryAfter, headers = {} }: Extract<ScriptedFault, { kind: 'rate_limit' }>, json: Json): ProviderReply {
  if (retryAfter === undefined) return { status, headers, json };
  const value = typeof retryAfter === 'number' ? String(retryAfter) : retryAfter.toUTCString();
  return { status, headers: { ...headers, 'retry-after': value }, json };
}

async function answerLate(when: 'at_once' | 'after_the_client_left', { perform, left, response }: FaultStage): Promise<FaultResult> {
  if (when === 'after_the_client_left') await left;
  const reply = await perform();
  await left;
  sendReply(response, reply);
  return { effect: reply.effect ?? false, status: undefined };
}

async function answerSlowly(pauseMs: number, { perform, response, left }: FaultStage): Promise<FaultResult> {
  const { status = 200, headers = {}, json, effect = false } = await perform();
  response.writeHead(status === 204 ? 200 : status, { 'content-type': 'application/json', ...headers });
  let gone = false;
  void left.then(() => {
    gone = true;
  });
  // A short answer is drawn out with spaces, which JSON allows at its end.
  for (const byte of Buffer.from(JSON.stringify(json ?? {}).padEnd(2_000))) {
    if (gone) break;
    response.write(Uint8Array.of(byte));
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  response.end();
  return { effect, status };
}

function sendHuge(bytes: number, response: ServerResponse): FaultResult {
  response.writeHead(200, { 'content-type': 'application/json' });
  const piece = Buffer.alloc(65_536, 0x20);
  let rest = bytes;
  const more = (): void => {
    while (rest > 0 && !response.destroyed) {
      const size = Math.min(rest, piece.length);
      rest -= size;
      if (!response.write(piece.subarray(0, size))) {
        response.once('drain', more);
        return;
      }
    }
    response.end();
  };
  more();
  return { effect: false, status: 200 };
}
