import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createSocketServer, type Socket } from 'node:net';
import { z } from 'zod';
import { openChildPort } from '../child-port.ts';
import { listenOnLoopback } from '../listen-on-loopback.ts';
import { createIssueCall } from './create-issue-call.ts';

/** The stand-in for Jira, a process of its own: takes create-issue calls, checks each, counts it, tells the loader, answers a key. */

const port = openChildPort();
const seen = new Map<number, number>();
const loaders = new Set<Socket>();
let calls = 0;
let fault: string | null = null;
let arrived: number[] = [];

function flushArrivals(): void {
  const bytes = Buffer.allocUnsafe(arrived.length * 4);
  for (const [position, issueNumber] of arrived.entries()) bytes.writeUInt32LE(issueNumber, position * 4);
  arrived = [];
  for (const loader of loaders) loader.write(bytes);
}

function count(issueNumber: number): void {
  calls += 1;
  seen.set(issueNumber, (seen.get(issueNumber) ?? 0) + 1);
  if (arrived.push(issueNumber) === 1) setImmediate(flushArrivals);
}

function take(request: IncomingMessage, body: string): number | null {
  try {
    return createIssueCall(request, body);
  } catch (error) {
    fault ??= `${request.method} ${request.url}: ${error instanceof Error ? error.message : String(error)}`;
    return null;
  }
}

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => {
    body += chunk;
  });
  request.on('end', () => {
    const issueNumber = take(request, body);
    if (issueNumber === null) {
      response.writeHead(400, { 'content-type': 'application/json' }).end('{"errorMessages":["not as agreed"]}');
      return;
    }
    count(issueNumber);
    const answer = `{"id":"${issueNumber}","key":"OPS-${issueNumber}","self":"http://127.0.0.1/rest/api/3/issue/${issueNumber}"}`;
    response.writeHead(201, { 'content-type': 'application/json', 'content-length': answer.length }).end(answer);
  });
});

const arrivals = createSocketServer((socket) => {
  socket.setNoDelay(true);
  loaders.add(socket);
  socket.on('error', () => {});
  socket.once('close', () => loaders.delete(socket));
});

port.onMessage((message) => {
  z.object({ type: z.literal('tally') }).parse(message);
  port.tell({ type: 'tally', calls, distinct: seen.size, fault });
});

port.tell({ type: 'ready', port: await listenOnLoopback(server), arrivalsPort: await listenOnLoopback(arrivals) });
