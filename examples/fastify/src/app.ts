import type { Hub } from '@patchbay/core';
import fastify, { type FastifyInstance } from 'fastify';
import { type AppOptions, openHub } from './open-hub.ts';

/** A running app. */
export interface App {
  /** Where it listens. */
  readonly origin: string;
  readonly webhookUrl: string;
  stop(): Promise<void>;
}

/** A Fastify plugin: the hub under /hub, in a scope of its own whose content type parser leaves the body to the hub. */
export function mountHub(hub: Hub) {
  return async (scope: FastifyInstance): Promise<void> => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    scope.all('/hub/*', (request, reply) => {
      reply.hijack();
      hub.nodeHandler(request.raw, reply.raw);
    });
  };
}

/** Starts a Fastify app with the hub under /hub. `port` 0 takes a free one. */
export async function startApp({ port, ...options }: AppOptions & { readonly port: number }): Promise<App> {
  const { hub, webhookUrl } = await openHub(options);

  const app = fastify();
  await app.register(mountHub(hub));
  app.get('/', async () => 'This is the host app.');

  const origin = await app.listen({ port, host: '127.0.0.1' });
  await hub.start();
  return {
    origin,
    webhookUrl,
    async stop() {
      await app.close();
      await hub.stop();
    },
  };
}
