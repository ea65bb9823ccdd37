/** A mark of a text of the Atlassian Document Format, such as `strong`. */
export interface DocumentMark {
  readonly type: string;
  readonly attrs?: Readonly<Record<string, unknown>>;
}

/** A node of the Atlassian Document Format. */
export interface DocumentNode {
  readonly type: string;
  readonly attrs?: Readonly<Record<string, unknown>>;
  readonly content?: readonly DocumentNode[];
  readonly text?: string;
  readonly marks?: readonly DocumentMark[];
}

/** A whole document. https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/ */
export interface RichDocument extends DocumentNode {
  readonly type: 'doc';
  readonly version: 1;
  readonly content: readonly DocumentNode[];
}

/** A document of blocks. */
export const documentOf = (content: readonly DocumentNode[]): RichDocument => ({ type: 'doc', version: 1, content });

/** A paragraph of inline nodes. */
export const paragraphOf = (content: readonly DocumentNode[]): DocumentNode => ({ type: 'paragraph', content });

/** A text with its marks. Jira refuses a node without text, so an empty one is no node. */
export function textNodes(text: string, marks: readonly DocumentMark[] = []): readonly DocumentNode[] {
  return text === '' ? [] : [{ type: 'text', text, ...(marks.length === 0 ? {} : { marks }) }];
}

/** The lines of a text with breaks between them. */
export function lineNodes(text: string, marks: readonly DocumentMark[] = []): readonly DocumentNode[] {
  return text.split('\n').flatMap((line, index) => [...(index === 0 ? [] : [{ type: 'hardBreak' }]), ...textNodes(line, marks)]);
}
