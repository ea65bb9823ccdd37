import type { z } from 'zod';
import type { richText } from '../jira-schemas.ts';

/**
 * Rich text as version 3 of the API takes it: a document of the Atlassian Document Format. A document is passed on as it is; of
 * plain text an empty line ends a paragraph and any other line break stays a line break. Nothing in the text is markup.
 * https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
 */
export function writeDocument(text: z.output<typeof richText>): object {
  if (typeof text !== 'string') return text;
  const paragraphs = text
    .replaceAll(/\r\n?/g, '\n')
    .split(/\n{2,}/)
    .filter((paragraph) => paragraph.trim() !== '');
  return {
    type: 'doc',
    version: 1,
    content: paragraphs.map((paragraph) => ({ type: 'paragraph', content: writeLines(paragraph.split('\n')) })),
  };
}

/** Jira refuses a text node without text, so an empty line is only its break. */
function writeLines(lines: readonly string[]): readonly object[] {
  return lines.flatMap((line, index) => [
    ...(index === 0 ? [] : [{ type: 'hardBreak' }]),
    ...(line === '' ? [] : [{ type: 'text', text: line }]),
  ]);
}
