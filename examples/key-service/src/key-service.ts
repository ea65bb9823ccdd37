import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { isPatchbayError, localKeys } from '@patchbay/core';
import { z } from 'zod';

/** A stand-in for a key service, listening on this machine. */
export interface KeyService {
  readonly origin: string;
  /** Calls that it has answered, by path. */
  readonly calls: readonly string[];
  /** What the next call meets instead of an answer: a status, silence, or an answer of its own. */
  misbehave(how: number | 'silence' | { readonly answer: string }): void;
  stop(): Promise<void>;
}

const request = z.object({
  key: z.string(),
  dataKey: z.base64().optional(),
  wrapped: z.base64().optional(),
  associatedData: z.base64(),
});

/** Starts a service with fresh keys of these ids. It keeps them in memory: what it wrapped is lost when it ends. */
export async function startKeyService({
  token,
  keys: ids,
}: {
  readonly token: string;
  readonly keys: readonly string[];
}): Promise<KeyService> {
  const held = Object.fromEntries(ids.map((id) => [id, randomBytes(32).toString('base64')]));
  const calls: string[] = [];
  const faults: (number | 'silence' | { readonly answer: string })[] = [];
  const answer = async (call: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = call.url ?? '';
    const text = Buffer.concat(await call.toArray()).toString();
    calls.push(path);
    const fault = faults.shift();
    if (fault === 'silence') return;
    if (typeof fault === 'object') return void response.writeHead(200).end(fault.answer);
    const status = fault ?? (isToken(call.headers.authorization, token) ? undefined : 401);
    if (status !== undefined) return void response.writeHead(status).end();
    const { code, body } = await work(held, path, text);
    response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  const server = createServer((call, response) => {
    answer(call, response).catch(() => response.writeHead(400).end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    origin: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    calls,
    misbehave: (how) => void faults.push(how),
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function isToken(header: string | undefined, token: string): boolean {
  const [given, wanted] = [Buffer.from(header ?? ''), Buffer.from(`Bearer ${token}`)];
  return given.byteLength === wanted.byteLength && timingSafeEqual(given, wanted);
}

/** The cipher of a key file does a service's work here; it binds the associated data. */
async function work(
  held: Readonly<Record<string, string>>,
  path: string,
  text: string,
): Promise<{ readonly code: number; readonly body: Readonly<Record<string, string>> }> {
  const { key, dataKey = '', wrapped = '', associatedData } = request.parse(JSON.parse(text));
  if (!Object.hasOwn(held, key)) return { code: 404, body: {} };
  const keys = localKeys({ active: key, keys: held });
  const bound = Buffer.from(associatedData, 'base64');
  try {
    if (path === '/wrap') {
      const answer = await keys.wrap({ dataKey: Buffer.from(dataKey, 'base64'), associatedData: bound });
      return { code: 200, body: { key, wrapped: Buffer.from(answer.wrapped).toString('base64') } };
    }
    const plain = await keys.unwrap({ kekId: key, wrapped: Buffer.from(wrapped, 'base64'), associatedData: bound });
    return { code: 200, body: { dataKey: Buffer.from(plain).toString('base64') } };
  } catch (error) {
    if (isPatchbayError(error)) return { code: 422, body: {} };
    throw error;
  }
}
