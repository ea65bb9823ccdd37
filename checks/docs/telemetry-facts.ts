/** What a notice carries. */
export interface NoticeFacts {
  readonly name: string;
  readonly fields: readonly string[];
}

const comments = /\/\*[\s\S]*?\*\/|\/\/.*$/gm;

/** The notices that the source of `notices.ts` declares, with the names of their fields in order. */
export function noticesIn(source: string): readonly NoticeFacts[] {
  const text = source.replace(comments, '');
  const shared = new Map(
    [...text.matchAll(/^(?:export )?interface (\w+)(?: extends [\w, ]+)? \{([\s\S]*?)^\}/gm)].map(
      ([, name = '', body = '']) => [name, body] as const,
    ),
  );
  const declared = [...shared].flatMap(([name, body]) => (name.endsWith('Notices') ? [body] : [])).join('\n');
  const parts = declared.split(/^ {2}(?=')/m).slice(1);
  return parts.map((part) => {
    const [, name = '', body = ''] = /^'([\w.]+)':([\s\S]*)$/.exec(part) ?? [];
    const taken = [...body.matchAll(/\b[A-Z]\w+\b/g)].map(([type]) => fieldsOf(shared.get(type) ?? ''));
    return { name, fields: [...taken.flat(), ...fieldsOf(body)] };
  });
}

function fieldsOf(body: string): readonly string[] {
  return [...body.matchAll(/(?:^|[{;\s])(\w+)\??: /g)].map(([, field = '']) => field);
}

/** Names in backquotes, in order. */
const quoted = (cell: string): readonly string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

/** A row of a table: the name in its first cell, and the names in backquotes of its others. */
export interface NamedRow {
  readonly name: string;
  readonly cells: readonly (readonly string[])[];
}

/** The rows of the table below a heading. */
export function rowsBelow(markdown: string, heading: string): readonly NamedRow[] {
  const section = markdown.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('| `'));
  return lines.map((line) => {
    const [first = '', ...cells] = line.split('|').slice(1, -1);
    return { name: quoted(first)[0] ?? '', cells: cells.map(quoted) };
  });
}

/** The attributes that the source of `span-attributes.ts` declares. */
export function spanAttributesIn(source: string): readonly string[] {
  return [...source.matchAll(/^ {2}readonly '([\w.]+)'/gm)].map(([, name = '']) => name);
}
