import { once } from 'node:events';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { type AppOptions, openHub } from './open-hub.ts';

/** A running app. */
export interface App {
  /** Where it listens. */
  readonly origin: string;
  readonly webhookUrl: string;
  stop(): Promise<void>;
}

/** Starts a Hono app with the hub under /hub. `port` 0 takes a free one. */
export async function startApp({ port, ...options }: AppOptions & { readonly port: number }): Promise<App> {
  const { hub, webhookUrl } = await openHub(options);

  const app = new Hono();
  app.all('/hub/*', (context) => hub.handler(context.req.raw));
  app.get('/', (context) => context.text('This is the host app.'));

  const server = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' });
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
