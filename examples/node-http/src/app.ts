import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AppOptions, openHub } from './open-hub.ts';

/** A running app. */
export interface App {
  /** Where it listens. */
  readonly origin: string;
  readonly webhookUrl: string;
  stop(): Promise<void>;
}

/** Starts a host app on node:http with the hub under /hub. `port` 0 takes a free one. */
export async function startApp({ port, ...options }: AppOptions & { readonly port: number }): Promise<App> {
  const { hub, webhookUrl } = await openHub(options);

  const server = createServer((request, response) => {
    // The hub takes what is below /hub; the rest is the app's own.
    hub.nodeHandler(request, response, () => {
      response.writeHead(request.url === '/' ? 200 : 404, { 'content-type': 'text/plain' }).end('This is the host app.');
    });
  });

  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  await hub.start();
  const address = server.address();
  return {
    origin: `http://127.0.0.1:${typeof address === 'object' ? address?.port : port}`,
    webhookUrl,
    async stop() {
      server.close();
      await hub.stop();
    },
  };
}
