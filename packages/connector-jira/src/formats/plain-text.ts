import { documentOf, lineNodes, paragraphOf, type RichDocument } from './document-node.ts';

/** Plain text as a document: an empty line ends a paragraph, any other line break stays a line break, and nothing is markup. */
export function plainDocument(text: string): RichDocument {
  const paragraphs = text
    .replaceAll(/\r\n?/g, '\n')
    .split(/\n{2,}/)
    .filter((paragraph) => paragraph.trim() !== '');
  return documentOf(paragraphs.map((paragraph) => paragraphOf(lineNodes(paragraph))));
}
