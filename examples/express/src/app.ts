import { once } from 'node:events';
import express from 'express';
import { type AppOptions, openHub } from './open-hub.ts';

/** A running app. */
export interface App {
  /** Where it listens. */
  readonly origin: string;
  readonly webhookUrl: string;
  stop(): Promise<void>;
}

/** Starts an Express app with the hub under /hub. `port` 0 takes a free one. */
export async function startApp({ port, ...options }: AppOptions & { readonly port: number }): Promise<App> {
  const { hub, webhookUrl } = await openHub(options);

  const app = express();
  app.use('/hub', hub.nodeHandler); // before every body parser: a signature is over the bytes as they came
  app.use(express.json());
  app.get('/', (_request, response) => void response.send('This is the host app.'));

  const server = app.listen(port, '127.0.0.1');
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
