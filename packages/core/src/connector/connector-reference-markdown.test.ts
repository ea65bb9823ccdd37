import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { echo, sampleConnector, thingCreated } from './__fixtures__/sample-connector.ts';
import { connectorReferenceMarkdown } from './connector-reference-markdown.ts';

const page = (changes: Parameters<typeof sampleConnector>[0] = {}): string => connectorReferenceMarkdown(sampleConnector(changes).manifest);

describe('the reference of a connector', () => {
  it('tells types, bounds, defaults and choices of fields, also of those inside others', () => {
    const input = z.strictObject({
      title: z.string().min(1).max(200).describe('What it is called.'),
      state: z.enum(['open', 'closed']).default('open'),
      labels: z
        .array(z.strictObject({ name: z.string() }))
        .max(5)
        .optional(),
      parent: z.union([z.string(), z.null()]).optional(),
      count: z.int().min(3),
    });
    const written = page({ actions: { echo: { ...echo, input } } });
    expect(written).toContain('| `title` | string | yes | 1 to 200 characters | What it is called. |');
    expect(written).toContain('| `state` | string | no | "open", "closed"; default "open" |  |');
    expect(written).toContain('| `labels` | object\\[\\] | no | at most 5 items |  |');
    expect(written).toContain('| `labels[].name` | string | yes |  |  |');
    expect(written).toContain('| `parent` | string or null | no |  |  |');
    expect(written).toContain('| `count` | integer | yes | at least 3 |  |');
  });

  it('shows a schema that holds itself once, and any JSON as that', () => {
    const node = z.strictObject({
      name: z.string(),
      get children() {
        return z.array(node).optional();
      },
    });
    const written = page({ actions: { echo: { ...echo, input: z.strictObject({ tree: node, more: z.json() }) } } });
    expect(written).toContain('| `tree.name` | string | yes |  |  |');
    expect(written).toContain('| `more` | any | yes |  |  |');
    expect(written).not.toContain('children[].children[].children');
  });

  it('lets no word of an author end a cell or begin markup', () => {
    const written = page({ actions: { echo: { ...echo, title: 'a | b', description: '<b>&\n# head' } } });
    expect(written).toContain('a \\| b. \\<b\\>\\& \\# head');
  });

  it('says what goes away, until when and what takes its place', () => {
    const deprecated = { message: 'It is slow.', sunset: '2027-06-30', replacedBy: 'sample.shout' };
    const written = page({
      deprecated,
      actions: { echo: { ...echo, deprecated } },
      triggers: { 'thing.created': { ...thingCreated, deprecated } },
    });
    expect(written.split('**Deprecated.** It is slow. Use sample.shout. It works until 2027-06-30.')).toHaveLength(4);
    expect(page()).not.toContain('Deprecated');
  });

  it('is the same for the manifest after a way through JSON', () => {
    const { manifest } = sampleConnector();
    expect(connectorReferenceMarkdown(JSON.parse(JSON.stringify(manifest)))).toBe(connectorReferenceMarkdown(manifest));
  });
});

describe('a deprecation', () => {
  it.each([
    [{ message: ' ' }, 'needs a message of 1 to 500 characters'],
    [{ message: 'Gone.', sunset: '2027-02-30' }, 'must be a day, such as 2027-06-30'],
    [{ message: 'Gone.', replacedBy: '' }, 'must be a name of 1 to 200 characters'],
  ])('that cannot be told keeps a connector from being defined: %o', (deprecated, fault) => {
    expect(() => sampleConnector({ deprecated })).toThrow(fault);
    expect(() => sampleConnector({ actions: { echo: { ...echo, deprecated } } })).toThrow(fault);
  });
});
