import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { GET } from '../app/api/work/route.ts';
import { POST } from '../app/hub/[...path]/route.ts';

/** A running app. */
export interface App {
  /** Where it listens. */
  readonly origin: string;
  stop(): Promise<void>;
}

/** The functions of a route file, by method. */
type RouteFile = Readonly<Record<string, (request: Request) => Promise<Response>>>;

/**
 * Stands in for Next's server, so that the route files run without it: a path finds its file, the method its function, and what that
 * answers is sent. `port` 0 takes a free one.
 */
export async function startApp({ port }: { readonly port: number }): Promise<App> {
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    origin: `http://127.0.0.1:${typeof address === 'object' ? address?.port : port}`,
    async stop() {
      server.close();
    },
  };
}

function fileOf(path: string): RouteFile | undefined {
  if (path.startsWith('/hub/')) return { POST };
  return path === '/api/work' ? { GET } : undefined;
}

async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = 'GET', url = '/' } = incoming;
  const file = fileOf(url.split('?', 1)[0] ?? '/');
  const reply = (await file?.[method]?.(toRequest(incoming))) ?? new Response(null, { status: file ? 405 : 404 });
  response.writeHead(reply.status, Object.fromEntries(reply.headers)).end(await reply.text());
}

function toRequest(incoming: IncomingMessage): Request {
  const { method = 'GET', url = '/', headers } = incoming;
  const body = method === 'GET' || method === 'HEAD' ? {} : { body: Readable.toWeb(incoming), duplex: 'half' as const };
  const flat = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
  return new Request(`http://${headers.host}${url}`, { method, headers: flat, ...body });
}
