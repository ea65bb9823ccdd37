/** A heading of a Markdown file with the text below it, down to the next heading of its level or above. */
export interface Section {
  readonly level: number;
  readonly title: string;
  readonly text: string;
}

/** The text without its code: blanks stand where blocks and spans of code were, so that lines keep their numbers. */
export function withoutCode(markdown: string): string {
  const blank = (code: string): string => code.replace(/[^\n]/g, ' ');
  return markdown.replace(/^(`{3,}|~{3,}).*?^\1`*$/gms, blank).replace(/(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)/g, blank);
}

/** Every section of a file, in order; a section holds those below it. */
export function sectionsOf(markdown: string): readonly Section[] {
  const plain = markdown.replace(/^(`{3,}|~{3,}).*?^\1`*$/gms, (code) => code.replace(/[^\n]/g, ' '));
  const headings = [...plain.matchAll(/^(#{1,6}) +(.+?) *#* *$/gm)].map((match) => ({
    level: match[1]?.length ?? 0,
    title: match[2] ?? '',
    start: match.index,
  }));
  return headings.map(({ level, title, start }, index) => {
    const end = headings.slice(index + 1).find((later) => later.level <= level)?.start;
    return { level, title, text: plain.slice(start, end) };
  });
}

/** The anchors of a file's headings, as GitHub makes them: lower case, no punctuation, hyphens for blanks, numbers behind repeats. */
export function anchorsOf(markdown: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const { title } of sectionsOf(markdown)) {
    const shown = title.replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1');
    const plain = shown
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '')
      .replaceAll(' ', '-');
    let anchor = plain;
    for (let repeat = 1; anchors.has(anchor); repeat += 1) anchor = `${plain}-${repeat}`;
    anchors.add(anchor);
  }
  return anchors;
}
