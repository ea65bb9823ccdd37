/** A subject that answers 202 to everything and never calls downstream: what the benchmark must not let win. */
import { createServer } from 'node:http';
import { listenOnLoopback } from '../../listen-on-loopback.ts';
import { runSubject } from '../subject-process.ts';

const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => response.writeHead(202, { 'content-length': 0 }).end());
});

await runSubject(async () => ({ port: await listenOnLoopback(server), path: '/webhooks/github', completed: () => null }));
