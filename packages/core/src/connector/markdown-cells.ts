/** A table of Markdown; the cells are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** An author's words as text: nothing in them may end a cell or begin markup. */
export function text(words: string): string {
  return words.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>|#&]/g, '\\$&');
}

/** An author's words as code. */
export function code(words: string): string {
  return `\`${words.replace(/\s+/g, ' ').replaceAll('`', "'").replaceAll('|', '\\|')}\``;
}

/** A yes or no for a cell. */
export function yesOrNo(holds: boolean): string {
  return holds ? 'yes' : 'no';
}
