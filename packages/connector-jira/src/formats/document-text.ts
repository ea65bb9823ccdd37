import { z } from 'zod';

const node = z.object({
  type: z.string(),
  text: z.string().optional().catch(undefined),
  attrs: z.record(z.string(), z.unknown()).optional().catch(undefined),
  content: z.array(z.unknown()).optional().catch(undefined),
  marks: z
    .array(z.object({ type: z.string(), attrs: z.object({ href: z.string().optional() }).optional() }).catch({ type: '' }))
    .optional()
    .catch(undefined),
});

type Node = z.output<typeof node>;

/** Nodes inside of each other that are read. */
const deepest = 60;

const headingMarks = '######';

/** Blocks between which stands one line break; an empty line stands between others. */
const closeBlocks: ReadonlySet<string> = new Set(['bulletList', 'orderedList', 'taskList', 'decisionList', 'table', 'listItem']);

/**
 * A document of the Atlassian Document Format as plain text, for reading and searching. A text is given as it is, and nothing else has any. Kinds of nodes
 * that are not known give what they hold.
 */
export function documentText(value: unknown): string {
  if (typeof value === 'string') return value;
  return textOf(value, 0).trim();
}

function textOf(value: unknown, depth: number): string {
  const parsed = depth > deepest ? undefined : node.safeParse(value).data;
  if (parsed === undefined) return '';
  return leafText(parsed) ?? blockText(parsed, depth);
}

/** What a node without content says; `undefined` for one that has content. */
function leafText({ type, text = '', attrs = {}, marks = [] }: Node): string | undefined {
  switch (type) {
    case 'text':
      return withAddress(text, marks.find((mark) => mark.type === 'link')?.attrs?.href);
    case 'hardBreak':
      return '\n';
    case 'rule':
      return '---';
    case 'mention':
    case 'status':
    case 'placeholder':
      return textIn(attrs, 'text');
    case 'emoji':
      return textIn(attrs, 'text') || textIn(attrs, 'shortName');
    case 'date':
      return dateText(attrs['timestamp']);
    case 'inlineCard':
    case 'blockCard':
    case 'embedCard':
      return textIn(attrs, 'url');
    case 'media':
    case 'mediaInline':
      return textIn(attrs, 'alt');
    default:
      return undefined;
  }
}

function blockText({ type, attrs = {}, content = [] }: Node, depth: number): string {
  const parts = content.map((inner) => textOf(inner, depth + 1));
  switch (type) {
    case 'paragraph':
    case 'codeBlock':
    case 'caption':
      return parts.join('');
    case 'heading':
      return `${headingMarks.slice(0, typeof attrs['level'] === 'number' ? attrs['level'] : 1)} ${parts.join('')}`;
    case 'bulletList':
    case 'decisionList':
      return parts.map((part) => `- ${indented(part)}`).join('\n');
    case 'orderedList':
      return parts.map((part, index) => `${index + orderOf(attrs)}. ${indented(part)}`).join('\n');
    case 'taskItem':
      return `[${attrs['state'] === 'DONE' ? 'x' : ' '}] ${parts.join('')}`;
    case 'decisionItem':
      return parts.join('');
    case 'tableRow':
      return parts.map((part) => part.replaceAll('\n', ' ')).join(' | ');
    default:
      return parts.filter((part) => part !== '').join(closeBlocks.has(type) ? '\n' : '\n\n');
  }
}

const indented = (text: string): string => text.replaceAll('\n', '\n  ');

const orderOf = (attrs: Readonly<Record<string, unknown>>): number => (typeof attrs['order'] === 'number' ? attrs['order'] : 1);

/** An address that the text does not show itself stands behind it. */
function withAddress(text: string, href: string | undefined): string {
  return href === undefined || text.trim() === href ? text : `${text} (${href})`;
}

function textIn(attrs: Readonly<Record<string, unknown>>, name: string): string {
  const value = attrs[name];
  return typeof value === 'string' ? value : '';
}

function dateText(timestamp: unknown): string {
  const time = new Date(Number(timestamp));
  return Number.isNaN(time.getTime()) ? '' : time.toISOString().slice(0, 10);
}
