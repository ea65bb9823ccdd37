import { describe, expect, it } from 'vitest';
import { crookedConnector, echo, sampleConnector, sampleDefinition, thingCreated } from './__fixtures__/sample-connector.ts';
import { capabilityMatrix } from './capability-matrix.ts';
import { capabilityMatrixMarkdown } from './capability-matrix-markdown.ts';
import { defineConnector } from './define-connector.ts';

const { webhook: _, ...unhooked } = sampleDefinition;
const polled = defineConnector({
  ...unhooked,
  id: 'polled',
  name: 'Polled | [service](x)',
  auth: [{ type: 'basic' }, { type: 'basic', description: 'Again.' }],
  actions: {},
  triggers: {
    tick: {
      ...thingCreated,
      title: 'Tick\n| <b>',
      kind: 'custom',
      delivery: 'polling',
      polling: { intervalMs: 60_000, poll: async ({ cursor }) => ({ events: [], cursor }) },
    },
  },
});
const bare = defineConnector({ ...unhooked, id: 'bare', name: 'Bare', actions: { echo: { ...echo, scopes: ['a|b`c'] } }, triggers: {} });

describe('the capability matrix', () => {
  it('says of every connector what its manifest says', () => {
    expect(capabilityMatrix([sampleConnector()])).toEqual([
      {
        id: 'sample',
        name: 'Sample',
        version: '1.2.3',
        category: 'custom',
        deprecated: null,
        auth: ['bearer', 'api_key'],
        webhooks: { scheme: 'hmac-sha256', appScheme: null, registration: 'manual', target: null, perApp: false },
        polling: false,
        actions: [
          {
            name: 'sample.echo',
            title: 'Echo',
            idempotency: 'read',
            reconcile: false,
            pagination: true,
            scopes: ['echo:read', 'echo:all'],
            deprecated: null,
          },
          {
            name: 'sample.create_thing',
            title: 'Create thing',
            idempotency: 'reconcilable',
            reconcile: true,
            pagination: false,
            scopes: [],
            deprecated: null,
          },
        ],
        triggers: [{ type: 'sample.thing.created', title: 'Thing created', kind: 'created', delivery: 'webhook', deprecated: null }],
      },
    ]);
    expect(capabilityMatrix([polled])).toMatchObject([{ auth: ['basic'], webhooks: null, polling: true }]);
  });

  it('does not depend on the order of the connectors', () => {
    const connectors = [sampleConnector(), polled, bare, sampleConnector({ version: '2.0.0' })];
    expect(capabilityMatrix(connectors.toReversed())).toEqual(capabilityMatrix(connectors));
    expect(capabilityMatrix(connectors).map(({ id, version }) => `${id} ${version}`)).toEqual([
      'bare 1.2.3',
      'polled 1.2.3',
      'sample 1.2.3',
      'sample 2.0.0',
    ]);
  });
});

describe('the matrix as Markdown', () => {
  const perApp = crookedConnector({ webhook: { ...sampleDefinition.webhook, accountOf: () => 'T1' } });

  it('has a row for each connector and a section with its actions and triggers', () => {
    expect(capabilityMatrixMarkdown(capabilityMatrix([perApp]))).toBe(`# Capability matrix

| Connector | Version | Category | Actions | Triggers | Auth | Webhooks | Registration | Signature | Polling |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
| Sample | 1.2.3 | custom | 2 | 1 | \`bearer\`, \`api_key\` | one URL per app | manual | \`hmac-sha256\` | no |

## Sample

| Action | What it does | Idempotency | Reconcile | Pagination | Scopes |
| --- | --- | --- | --- | --- | --- |
| \`sample.echo\` | Echo | read | no | yes | \`echo:read\`, \`echo:all\` |
| \`sample.create_thing\` | Create thing | reconcilable | yes | no | none |

| Event type | When | Kind | Delivery |
| --- | --- | --- | --- |
| \`sample.thing.created\` | Thing created | created | webhook |
`);
  });

  it('marks what goes away', () => {
    const ends = (connector: ReturnType<typeof sampleConnector>) => capabilityMatrixMarkdown(capabilityMatrix([connector]));
    const [echo] = Object.values(sampleDefinition.actions);
    const deprecated = { message: 'Too slow.', sunset: '2027-06-30', replacedBy: 'sample.say' };
    const page = ends(
      crookedConnector({ deprecated: { message: 'It ends.' }, actions: { ...sampleDefinition.actions, echo: { ...echo, deprecated } } }),
    );
    expect(page).toContain('| Sample (**deprecated**: It ends.) | 1.2.3 |');
    expect(page).toContain('| `sample.echo` | Echo (**deprecated**: Too slow. Use sample.say. It works until 2027-06-30.) | read |');
  });

  it('keeps the words of an author inside their cell', () => {
    const page = capabilityMatrixMarkdown(capabilityMatrix([polled, bare]));
    expect(page).toContain('| Polled \\| \\[service\\](x) |');
    expect(page).toContain('| `polled.tick` | Tick \\| \\<b\\> | custom | polling |');
    expect(page).toContain("| `a\\|b'c` |");
    expect(page).toContain('| none | none | none | yes |');
    expect(page).toContain('No actions.');
    expect(page).toContain('No triggers.');
  });
});
