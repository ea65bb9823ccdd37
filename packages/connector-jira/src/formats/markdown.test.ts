import { createRequire } from 'node:module';
import AjvDraft04 from 'ajv-draft-04';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markdownDocument } from './markdown.ts';

/** Atlassian's own schema of its documents. */
const schema: object = createRequire(import.meta.url)('@atlaskit/adf-schema/dist/json-schema/v1/full.json');
const isDocument = new AjvDraft04.default({ strict: false }).compile(schema);

/** The blocks, after Atlassian's schema has taken the whole. */
function blocksOf(markdown: string) {
  const document = markdownDocument(markdown);
  expect(isDocument(JSON.parse(JSON.stringify(document))), `${markdown}\n${JSON.stringify(isDocument.errors)}`).toBe(true);
  return document.content;
}

const text = (value: string, ...marks: object[]) => ({ type: 'text', text: value, ...(marks.length === 0 ? {} : { marks }) });
const paragraph = (...content: object[]) => ({ type: 'paragraph', content });
const mark = (type: string) => ({ type });
const item = (...content: object[]) => ({ type: 'listItem', content });

describe('a document of Markdown', () => {
  it('has headings, rules and paragraphs, whatever the line ends', () => {
    expect(blocksOf('# One\r\n\r\nText\r\nand more  \r\nbroken\r\n\r\n---\r\n\r\n###### Six')).toEqual([
      { type: 'heading', attrs: { level: 1 }, content: [text('One')] },
      paragraph(text('Text and more'), { type: 'hardBreak' }, text('broken')),
      { type: 'rule' },
      { type: 'heading', attrs: { level: 6 }, content: [text('Six')] },
    ]);
  });

  it('has emphasis, one inside of the other, and code without it', () => {
    expect(blocksOf('**a _b_** ~~c~~ **`d`** \\*e\\*')).toEqual([
      paragraph(
        text('a ', mark('strong')),
        text('b', mark('strong'), mark('em')),
        text(' '),
        text('c', mark('strike')),
        text(' '),
        text('d', mark('code')),
        text(' '),
        text('*'),
        text('e'),
        text('*'),
      ),
    ]);
  });

  it('has links, and takes an address of another kind for text', () => {
    const link = (href: string) => ({ type: 'link', attrs: { href } });
    expect(blocksOf('[a](https://a.example/x) <mailto:b@example.com> ![c](https://c.example/i.png)')).toEqual([
      paragraph(
        text('a', link('https://a.example/x')),
        text(' '),
        text('mailto:b@example.com', link('mailto:b@example.com')),
        text(' '),
        text('c', link('https://c.example/i.png')),
      ),
    ]);
    expect(blocksOf('[a](javascript:alert(1))')).toEqual([paragraph(text('[a](javascript:alert(1))'))]);
  });

  it('mentions an account by its id', () => {
    expect(blocksOf('[@Ann](accountid:5b10ac8d82e05b22cc7d4ef5) look')).toEqual([
      paragraph({ type: 'mention', attrs: { id: '5b10ac8d82e05b22cc7d4ef5', text: '@Ann' } }, text(' look')),
    ]);
  });

  it('has lists, one inside of the other, and their numbers', () => {
    expect(blocksOf('- a\n  - b\n- c\n\n3. d\n4. e')).toEqual([
      {
        type: 'bulletList',
        content: [item(paragraph(text('a')), { type: 'bulletList', content: [item(paragraph(text('b')))] }), item(paragraph(text('c')))],
      },
      { type: 'orderedList', attrs: { order: 3 }, content: [item(paragraph(text('d'))), item(paragraph(text('e')))] },
    ]);
  });

  it('has lists of tasks with an id for each; a task among points keeps its box as text', () => {
    expect(blocksOf('- [ ] a\n- [x] b')).toEqual([
      {
        type: 'taskList',
        attrs: { localId: 'task-1' },
        content: [
          { type: 'taskItem', attrs: { localId: 'task-2', state: expect.stringMatching(/^TO.O$/) }, content: [text('a')] },
          { type: 'taskItem', attrs: { localId: 'task-3', state: 'DONE' }, content: [text('b')] },
        ],
      },
    ]);
    expect(blocksOf('- [x] a\n- b')).toEqual([
      { type: 'bulletList', content: [item(paragraph(text('[x] '), text('a'))), item(paragraph(text('b')))] },
    ]);
  });

  it('has blocks of code with their language, and quotes', () => {
    expect(blocksOf('```ts\nconst a = 1;\n```\n\n> said\n>\n> > deeper')).toEqual([
      { type: 'codeBlock', attrs: { language: 'ts' }, content: [text('const a = 1;')] },
      { type: 'blockquote', content: [paragraph(text('said')), paragraph(text('deeper'))] },
    ]);
  });

  it('has tables', () => {
    const cell = (type: string, value: string) => ({ type, content: [paragraph(...(value === '' ? [] : [text(value)]))] });
    expect(blocksOf('| a | b |\n| - | - |\n| c |  |')).toEqual([
      {
        type: 'table',
        content: [
          { type: 'tableRow', content: [cell('tableHeader', 'a'), cell('tableHeader', 'b')] },
          { type: 'tableRow', content: [cell('tableCell', 'c'), cell('tableCell', '')] },
        ],
      },
    ]);
  });

  it('makes text of what a document has no form for', () => {
    expect(blocksOf('<b>x</b> &amp; &#65;')).toEqual([paragraph(text('<b>'), text('x'), text('</b>'), text(' & A'))]);
    expect(blocksOf('- # a\n\n  | b |\n  | - |\n  | c |')).toEqual([
      {
        type: 'bulletList',
        content: [
          item(
            paragraph(text('a', mark('strong'))),
            paragraph(text('| b |'), { type: 'hardBreak' }, text('| - |'), { type: 'hardBreak' }, text('| c |')),
          ),
        ],
      },
    ]);
  });

  it('is empty where nothing was written', () => {
    expect(blocksOf('')).toEqual([]);
    expect(blocksOf(' \n\n ')).toEqual([]);
  });

  it('is held to a schema that refuses a heading in a list, a text without text, and an unknown node', () => {
    const heading = { type: 'heading', attrs: { level: 1 }, content: [text('x')] };
    for (const block of [{ type: 'bulletList', content: [item(heading)] }, paragraph(text('')), { type: 'picture' }])
      expect(isDocument({ type: 'doc', version: 1, content: [block] }), JSON.stringify(block)).toBe(false);
  });

  it.each([
    ['quotes', '> '.repeat(5_000)],
    ['lists', '- '.repeat(5_000)],
    ['openings of emphasis', '**_'.repeat(10_000)],
    ['openings of links', '[a]('.repeat(8_000)],
    ['a deep list, line by line', Array.from({ length: 150 }, (_, depth) => `${'  '.repeat(depth)}- x`).join('\n')],
    ['emphasis in emphasis', `${'*a **b '.repeat(100)}${'** *'.repeat(100)}`],
  ])('stands within bounds for %s without end', (_what, markdown) => {
    const document = markdownDocument(markdown);
    expect(isDocument(JSON.parse(JSON.stringify(document)))).toBe(true);
    expect(JSON.stringify(document).length).toBeLessThan(40 * markdown.length);
  });

  it("is one that Atlassian's schema takes, whatever was written", () => {
    const pieces = [
      '# ',
      '- ',
      '1. ',
      '- [ ] ',
      '- [x] ',
      '> ',
      '```',
      '`',
      '**',
      '_',
      '~~',
      '[',
      '](',
      ')',
      '|',
      '---',
      '\n',
      '\n\n',
      '  ',
      '    ',
      '<b>',
      '![',
      'https://a.example',
      '&amp;',
      'a',
      'word ',
      '\\',
      '\t',
      '\u0000',
      '😀',
      '| a |\n| - |\n',
      '[@A](accountid:1)',
    ];
    const written = fc.array(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...pieces) }, fc.string({ unit: 'binary' })), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(written, (parts) => {
        const document = JSON.parse(JSON.stringify(markdownDocument(parts.join(''))));
        expect(isDocument(document), JSON.stringify([document, isDocument.errors])).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
