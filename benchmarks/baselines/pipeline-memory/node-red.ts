/**
 * Node-RED as a peer of `pipeline-memory`: its own runtime and HTTP nodes, started as its documentation says for embedding
 * (the same server and express app that its command makes), without the editor.
 *
 * What the flow does: http in (parses the JSON) -> function (label `bug`, text longer than 20 characters; builds the
 * create-issue call) -> http response 202 and http request (kept alive, parses the JSON of the answer).
 * What it leaves out: it does not check the signature, drops no repeated delivery, and keeps neither history nor work.
 */
import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listenOnLoopback } from '../../src/listen-on-loopback.ts';
import type { SubjectSettings } from '../../src/pipeline-memory/messages.ts';
import { runSubject, type StartedSubject } from '../../src/pipeline-memory/subject-process.ts';
import { nodeRedFlow } from './node-red-flow.ts';
import { nodeRedFolder } from './node-red-install.ts';

type RequestListener = Parameters<typeof createServer>[1] & object;

/** The part of Node-RED's embedding interface that is used here. */
interface NodeRed {
  readonly init: (server: object, settings: Readonly<Record<string, unknown>>) => void;
  readonly start: () => Promise<void>;
  readonly httpNode: RequestListener;
  readonly events: { readonly once: (event: string, listener: () => void) => void };
}

function loadNodeRed(): { readonly runtime: NodeRed; readonly newApp: () => RequestListener & { use: (app: RequestListener) => void } } {
  const require = createRequire(join(nodeRedFolder, 'node_modules', 'node-red', 'package.json'));
  // Installed on demand, so there are no types to check it against.
  return { runtime: require('node-red'), newApp: require('express') };
}

async function startNodeRed({ sinkOrigin }: SubjectSettings): Promise<StartedSubject> {
  const userDir = await mkdtemp(join(tmpdir(), 'patchbay-node-red-'));
  process.once('exit', () => rmSync(userDir, { recursive: true, force: true }));
  await writeFile(join(userDir, 'flows.json'), JSON.stringify(nodeRedFlow(sinkOrigin)));
  const { runtime, newApp } = loadNodeRed();
  const app = newApp();
  const server = createServer(app);
  runtime.init(server, {
    userDir,
    flowFile: 'flows.json',
    httpAdminRoot: false,
    httpNodeRoot: '/',
    credentialSecret: false,
    telemetry: { enabled: false },
    logging: { console: { level: 'error', metrics: false, audit: false } },
  });
  app.use(runtime.httpNode);
  const flowsStarted = new Promise<void>((resolve) => runtime.events.once('flows:started', resolve));
  await runtime.start();
  await flowsStarted;
  return { port: await listenOnLoopback(server), path: '/webhooks/github', completed: () => null };
}

await runSubject(startNodeRed);
