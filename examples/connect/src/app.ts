import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { github } from '@patchbay/connector-github';
import { jira } from '@patchbay/connector-jira';
import { createHub, type Hub, localKeys } from '@patchbay/core';
import { memoryStorage } from '@patchbay/storage-memory';
import { createSite } from './create-site.ts';
import { listen } from './listen.ts';
import { papers } from './papers.ts';
import { type Services, startServices } from './start-services.ts';

/** The host app, with the services that it is connected to. */
export interface App {
  readonly origin: string;
  readonly services: Services;
  stop(): Promise<void>;
}

/** Starts the app on 127.0.0.1 with the hub under /hub. Port 0 takes a free one. */
export async function startApp({ port }: { readonly port: number }): Promise<App> {
  let answer: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => void response.writeHead(503).end();
  const server = createServer((request, response) => answer(request, response));
  const origin = await listen(server, port);
  const services = await startServices(`${origin}/hub`);
  const hub = openHub(origin, services);
  const site = createSite({ hub, tenant: 'acme', users: ['Ada', 'Grace'] });
  answer = (request, response) => hub.nodeHandler(request, response, () => void site(request, response));
  // A worker takes back at the services what people disconnect here.
  await hub.start();
  return {
    origin,
    services,
    async stop() {
      server.close();
      server.closeAllConnections();
      await hub.stop();
      await services.close();
    },
  };
}

function openHub(origin: string, services: Services): Hub {
  const { apps } = services;
  const atlassian = services.jira.origin;
  return createHub({
    // github() and jira() alone are the true ones.
    connectors: [
      papers(services.papers.origin),
      github({ origin: services.github.origin }),
      jira({ oauthOrigin: atlassian, apiOrigin: atlassian }),
    ],
    apps, // what you get when you register your app at a service
    storage: memoryStorage(),
    keys: localKeys({ active: 'k1', keys: { k1: randomBytes(32).toString('base64') } }), // keep yours: openssl rand -base64 32
    publicUrl: `${origin}/hub`,
    dangerouslyAllowPrivateNetworks: true, // the services are on 127.0.0.1
  });
}
