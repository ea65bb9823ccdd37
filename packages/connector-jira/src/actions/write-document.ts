import type { z } from 'zod';
import { markdownDocument } from '../formats/markdown.ts';
import { plainDocument } from '../formats/plain-text.ts';
import type { richText } from '../jira-schemas.ts';

/**
 * Rich text as version 3 of the API takes it: a document of the Atlassian Document Format. A document is passed on as it is, a text is plain unless it is
 * said to be Markdown. https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
 */
export function writeDocument(text: z.output<typeof richText>): object {
  if (typeof text === 'string') return plainDocument(text);
  return 'markdown' in text && typeof text.markdown === 'string' ? markdownDocument(text.markdown) : text;
}
