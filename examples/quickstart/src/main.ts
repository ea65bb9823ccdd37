// A host app with Patchbay in it: an issue on GitHub becomes a ticket in Jira and a message in Slack.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { github } from '@patchbay/connector-github';
import { jira } from '@patchbay/connector-jira';
import { slack } from '@patchbay/connector-slack';
import { createHub, localKeys } from '@patchbay/core';
import { memoryStorage } from '@patchbay/storage-memory';
import { sqliteStorage } from '@patchbay/storage-sqlite';
import { readCommandLine } from './command-line.ts';
import { createLinePrinter } from './line-printer.ts';
import { listen } from './listen.ts';
import { playScenes } from './play-scenes.ts';
import { printNotices } from './print-notices.ts';
import { openServices } from './services.ts';
import { countEverything, report } from './tally.ts';

const { live, file } = readCommandLine();
const services = await openServices(live);
const storage = file === null ? memoryStorage() : sqliteStorage({ file });

const server = createServer((request, response) => hub.nodeHandler(request, response, () => response.end('This is the host app.\n')));
const address = await listen(server);

const hub = createHub({
  connectors: [github(services.github.options), jira(services.jira.options), slack(services.slack.options)],
  storage,
  keys: localKeys({ active: 'k1', keys: { k1: randomBytes(32).toString('base64') } }), // keep yours: openssl rand -base64 32
  publicUrl: `${address}/hub`,
  dangerouslyAllowPrivateNetworks: !services.live, // the stand-ins are on 127.0.0.1
});

const acme = hub.tenant('acme'); // one of the host's customers
const { email, token, settings, project } = services.jira;
await acme.connections.put('code', { connector: 'github', credential: { type: 'bearer', token: services.github.token } });
await acme.connections.put('tickets', { connector: 'jira', credential: { type: 'basic', username: email, password: token }, settings });
await acme.connections.put('team', { connector: 'slack', credential: { type: 'bearer', token: services.slack.token } });

await acme.automations.put('triage', {
  trigger: { event: 'github.issue.opened', connection: 'code' },
  when: { field: 'event.data.issue.labels', op: 'some', where: { field: 'name', op: 'equals', value: 'bug' } },
  steps: [
    {
      id: 'ticket',
      action: 'jira.create_issue',
      connection: 'tickets',
      input: { project, summary: '{{ event.data.issue.title }}', description: '{{ event.data.issue.html_url }}' },
    },
    {
      id: 'tell',
      action: 'slack.send_message',
      connection: 'team',
      input: { channel: services.slack.channel, text: 'Filed {{ steps.ticket.output.key }}: {{ event.data.issue.title }}' },
    },
  ],
});

const secret = randomBytes(20).toString('hex');
const webhook = await acme.webhooks.register({ connection: 'code', trigger: 'issue.opened', secret }); // enter webhook.url at GitHub
await hub.start();

// That was the program. The rest is a show: deliveries as GitHub sends them, what becomes of them, and whether that is right.
const printer = createLinePrinter(process.stdout, process.env['NO_COLOR']);
if (file !== null) printer.plain(`Everything is kept in ${file}`);
printNotices(hub, acme, printer);
try {
  const received = await playScenes({ hub, tenant: acme, webhook, secret, services, printer, address });
  process.exitCode = report(await countEverything({ tenant: acme, services, received }), { live: services.live, print: printer.plain });
  await printer.printed();
} catch (error) {
  console.error(`The quickstart failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  await hub.stop();
  await storage.close();
  server.close();
  await services.close();
}
