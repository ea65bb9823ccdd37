// A reverse proxy in a process of its own, for scale: what a gateway beside the host costs before it does anything.
import { Agent, createServer } from 'node:http';
import { createProxyServer } from 'http-proxy-3';
import { z } from 'zod';
import { openChildPort } from '../child-port.ts';
import { listenOnLoopback } from '../listen-on-loopback.ts';

const { argument, tell } = openChildPort();
const target = z.string().parse(argument);
const proxy = createProxyServer({ target, agent: new Agent({ keepAlive: true }) });
const server = createServer((request, response) => proxy.web(request, response));
server.keepAliveTimeout = 60_000;
tell({ type: 'ready', origin: `http://127.0.0.1:${await listenOnLoopback(server)}` });
